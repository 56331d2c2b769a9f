//! Webhooks of partners: deliveries, retries, order and permissions.

mod crash_recovery;
mod delivery;
mod epochs;
mod failing_endpoints;
mod lifecycle;
mod nodes;
mod outbound_policy;
mod rights;
mod secrets_at_rest;
mod unknown_words;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use caunoi_server::identity::Grant;
use sea_orm::prelude::DateTimeUtc;
use serde_json::{Value, json};

use crate::harness::Server;

const WEBHOOK: &str =
    "id url description filter document state disabledReason cursor failures nextAttemptAt createdAt
    deliveries(first: 50) {
        id messageId kind attempt attemptedAt isDelivered status error response durationMs nextAttemptAt
    }";

/// A clock that a test can advance beyond the real one.
struct AdjustableClock {
    real: Arc<dyn Clock>,
    ahead_us: AtomicI64,
}

impl AdjustableClock {
    fn new() -> Arc<Self> {
        Arc::new(Self { real: Settings::default().clock, ahead_us: AtomicI64::new(0) })
    }

    /// Advances the clock by this number of hours.
    fn advance(&self, hours: i64) {
        self.ahead_us.fetch_add(hours * 3_600_000_000, Ordering::Relaxed);
    }

    /// Advances the clock to this time unless it is past.
    fn advance_to(&self, at: DateTimeUtc) {
        let ahead_us = at.timestamp_micros() - self.real.now_us();
        self.ahead_us.fetch_max(ahead_us, Ordering::Relaxed);
    }
}

impl Clock for AdjustableClock {
    fn now_us(&self) -> i64 {
        self.real.now_us() + self.ahead_us.load(Ordering::Relaxed)
    }
}

/// Returns settings that allow calls to loopback. Partners have no rate limit: a test reads a webhook
/// until it meets a condition, without a pause.
fn allow_loopback(mut settings: Settings) -> Settings {
    settings.execution_limits.rates.partner = 0;
    Settings { webhook_allow_loopback: true, ..settings }
}

/// A partner as a client of a server.
struct PartnerClient<'a> {
    server: &'a Server,
    name: &'static str,
}

impl<'a> PartnerClient<'a> {
    fn of(server: &'a Server, name: &'static str) -> Self {
        Self { server, name }
    }

    fn token(&self) -> String {
        self.server.token_of(
            &Grant::new("partner", None).and_then(|grant| grant.with_name(self.name)).expect("a grant"),
        )
    }

    /// Returns the whole response.
    async fn execute(&self, document: &str, variables: Value) -> Value {
        self.server.execute_with_token(Some(&self.token()), document, variables).await
    }

    /// Executes a mutation and returns its payload.
    async fn write(&self, mutation: &str, arguments: &str, variables: Value, selection: &str) -> Value {
        let errors = "errors { code path vi: message(locale: VI) en: message(locale: EN) }";
        let field = mutation.split('(').next().unwrap_or_default();
        let document = format!("mutation({arguments}) {{ {mutation} {{ {selection} {errors} }} }}");
        let mut answer = self.execute(&document, variables).await;
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

    /// Creates a webhook with this URL; returns it and its secret.
    async fn create_webhook(&self, url: &str) -> (Value, String) {
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

    /// Executes a mutation with the ID of a webhook or a delivery.
    async fn by_id(&self, mutation: &str, id: &Value, selection: &str) -> Value {
        let argument = if mutation == "redeliverWebhook" { "delivery" } else { "id" };
        self.write(&format!("{mutation}({argument}: $id)"), "$id: ID!", json!({"id": id}), selection).await
    }

    async fn list(&self) -> Vec<Value> {
        let answer = self.execute(&format!("{{ webhooks {{ {WEBHOOK} }} }}"), Value::Null).await;
        answer["data"]["webhooks"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// Reads the only webhook until it meets a condition, and returns it.
    async fn wait_for_webhook(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(webhook) = self.list().await.into_iter().find(|webhook| is_so(webhook)) {
                return webhook;
            }
        }
    }
}

/// Returns the codes and paths of the errors of a payload.
fn refused(payload: &Value) -> Vec<(&str, String)> {
    let received = |error: &'_ Value| -> String {
        let path: Vec<&str> =
            error["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        path.join(".")
    };
    let errors = payload["errors"].as_array().expect("errors").iter();
    errors.map(|error| (error["code"].as_str().expect("a code"), received(error))).collect()
}

fn deliveries(webhook: &Value) -> &Vec<Value> {
    webhook["deliveries"].as_array().expect("deliveries")
}
