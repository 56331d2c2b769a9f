//! Webhooks of partners: what is sent where, how often, in which order, and who may see any of it.

mod delivering;
mod epochs;
mod failing;
mod guard;
mod killed;
mod lifecycle;
mod nodes;
mod rights;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use caunoi_server::identity::Grant;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::Server;

const WEBHOOK: &str =
    "id url description filter document state disabledReason cursor failures nextAttemptAt createdAt
    deliveries(first: 50) {
        id messageId kind attempt attemptedAt isDelivered status error response durationMs nextAttemptAt
    }";

/// A clock that can be turned ahead of the real one.
struct Turned {
    real: Arc<dyn Clock>,
    ahead_us: AtomicI64,
}

impl Turned {
    fn new() -> Arc<Self> {
        Arc::new(Self { real: Settings::default().clock, ahead_us: AtomicI64::new(0) })
    }

    /// Lets so many hours pass.
    fn turn(&self, hours: i64) {
        self.ahead_us.fetch_add(hours * 3_600_000_000, Ordering::Relaxed);
    }

    /// Lets so many hours pass, again and again, until the handle is dropped or aborted.
    fn run(self: &Arc<Self>, hours: i64) -> Running {
        let clock = Arc::clone(self);
        Running(tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                clock.turn(hours);
            }
        }))
    }
}

impl Clock for Turned {
    fn now_us(&self) -> i64 {
        self.real.now_us() + self.ahead_us.load(Ordering::Relaxed)
    }
}

/// Time that runs fast until this is dropped.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Settings under which this machine may be called.
fn open(settings: Settings) -> Settings {
    Settings { webhook_allow_loopback: true, ..settings }
}

/// A partner at a server.
struct Partner<'a> {
    server: &'a Server,
    name: &'static str,
}

impl<'a> Partner<'a> {
    fn of(server: &'a Server, name: &'static str) -> Self {
        Self { server, name }
    }

    fn token(&self) -> String {
        self.server
            .token_of(&Grant::new("partner", None).and_then(|grant| grant.named(self.name)).expect("a grant"))
    }

    /// The whole answer.
    async fn ask(&self, document: &str, variables: Value) -> Value {
        self.server.ask_with(Some(&self.token()), document, variables).await
    }

    /// The payload of a mutation.
    async fn write(&self, mutation: &str, arguments: &str, variables: Value, selection: &str) -> Value {
        let errors = "errors { code path vi: message(locale: VI) en: message(locale: EN) }";
        let field = mutation.split('(').next().unwrap_or_default();
        let document = format!("mutation({arguments}) {{ {mutation} {{ {selection} {errors} }} }}");
        let mut answer = self.ask(&document, variables).await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"][field].take()
    }

    async fn create(&self, input: Value) -> Value {
        let selection = format!("secret webhook {{ {WEBHOOK} }}");
        self.write(
            "createWebhook(input: $input)",
            "$input: CreateWebhookInput!",
            json!({"input": input}),
            &selection,
        )
        .await
    }

    /// A webhook of this URL, and its secret.
    async fn hook(&self, url: &str) -> (Value, String) {
        let mut created = self.create(json!({"url": url})).await;
        assert_eq!(created["errors"], json!([]));
        let secret = created["secret"].as_str().expect("a secret").to_owned();
        (created["webhook"].take(), secret)
    }

    async fn update(&self, input: Value) -> Value {
        let selection = format!("webhook {{ {WEBHOOK} }}");
        self.write(
            "updateWebhook(input: $input)",
            "$input: UpdateWebhookInput!",
            json!({"input": input}),
            &selection,
        )
        .await
    }

    /// A mutation that takes the id of a webhook, or of a delivery.
    async fn by_id(&self, mutation: &str, id: &Value, selection: &str) -> Value {
        let argument = if mutation == "redeliverWebhook" { "delivery" } else { "id" };
        self.write(&format!("{mutation}({argument}: $id)"), "$id: ID!", json!({"id": id}), selection).await
    }

    async fn list(&self) -> Vec<Value> {
        let answer = self.ask(&format!("{{ webhooks {{ {WEBHOOK} }} }}"), Value::Null).await;
        answer["data"]["webhooks"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// The only webhook, once it is as it should be.
    async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(webhook) = self.list().await.into_iter().find(|webhook| is_so(webhook)) {
                return webhook;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The codes and paths of what the caller can mend.
fn refused(payload: &Value) -> Vec<(&str, String)> {
    let told = |error: &'_ Value| -> String {
        let path: Vec<&str> =
            error["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        path.join(".")
    };
    let errors = payload["errors"].as_array().expect("errors").iter();
    errors.map(|error| (error["code"].as_str().expect("a code"), told(error))).collect()
}

fn deliveries(webhook: &Value) -> &Vec<Value> {
    webhook["deliveries"].as_array().expect("deliveries")
}
