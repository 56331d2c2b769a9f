//! SIGKILL during calls: every published change is still delivered, in order.

use reqwest::Client;
use serde_json::{Value, json};

use crate::harness::on_both_databases;
use crate::harness::receiver::{WebhookCall, WebhookReceiver};
use crate::process::program::{Program, RunningProgram};

const MESSAGES: usize = 12;

const PUBLISH: &str =
    "mutation($id: ID!) { publishEntry(input: {id: $id, expectedVersion: 1}) { entry { code } } }";
const DRAFT: &str = "mutation($title: String!) { createEvent(input: {sources: [\"seed-000\"],
    province: \"DONG_NAI\", title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\", place: \"Vinh\", allowDuplicate: true
}) { event { id } errors { code } } }";
const HOOK: &str = "mutation($url: String!) { createWebhook(input: {url: $url}) { secret errors { code } } }";

struct GraphqlClient {
    client: Client,
    url: String,
}

impl GraphqlClient {
    fn of(running: &mut RunningProgram) -> Self {
        Self { client: Client::new(), url: format!("http://{}/graphql", running.address()) }
    }

    async fn execute(&self, token: &str, document: &str, variables: Value) -> Value {
        let body = json!({"query": document, "variables": variables});
        let response = self.client.post(&self.url).bearer_auth(token).json(&body).send().await;
        let mut answer: Value = response.expect("it answers").json().await.expect("JSON");
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].take()
    }

    async fn publish(&self, token: &str, title: &str) -> String {
        let drafted = self.execute(token, DRAFT, json!({"title": title})).await;
        let id = &drafted["createEvent"]["event"]["id"];
        let published = self.execute(token, PUBLISH, json!({"id": id})).await;
        published["publishEntry"]["entry"]["code"].as_str().unwrap_or_else(|| panic!("{drafted}")).to_owned()
    }
}

fn code(call: &WebhookCall) -> String {
    call.json()["data"]["entry"]["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn deliveries_survive_sigkill_of_the_sender() {
    on_both_databases(|settings| async move {
        let token = |wish: [&str; 5]| {
            let ended = Program::new(wish).on(&settings).run();
            ended.out.lines().last().expect("a token").to_owned()
        };
        let author = token(["token", "--role", "publisher", "--province", "DONG_NAI"]);
        let partner = token(["token", "--role", "partner", "--name", "busan"]);
        let serve = || {
            let program = Program::new(["serve"]).on(&settings);
            RunningProgram::start(program.with("CAUNOI_WEBHOOK_ALLOW_LOOPBACK", "true"))
        };
        let receiver = WebhookReceiver::start().await;
        let mut running = serve();
        let client = GraphqlClient::of(&mut running);
        let made = client.execute(&partner, HOOK, json!({"url": receiver.url()})).await;
        let verifier =
            standardwebhooks::Webhook::new(made["createWebhook"]["secret"].as_str().expect("a secret"));
        let verifier = verifier.expect("a secret");
        let mut written = Vec::new();
        for number in 0..MESSAGES / 2 {
            written.push(client.publish(&author, &format!("Before {number}")).await);
        }
        receiver.wait_for_accepted(MESSAGES / 4).await;
        running.signal("KILL");
        running.wait();

        let mut running = serve();
        let client = GraphqlClient::of(&mut running);
        for number in MESSAGES / 2..MESSAGES {
            written.push(client.publish(&author, &format!("After {number}")).await);
        }
        let mut count = MESSAGES;
        let last = written.last().expect("messages").clone();
        let mut calls = receiver.wait_for_accepted(count).await;
        while !calls.iter().any(|call| code(call) == last) {
            count += 1;
            calls = receiver.wait_for_accepted(count).await;
        }
        let mut delivered: Vec<String> = Vec::new();
        for call in &calls {
            verifier.verify(&call.body, &call.headers).expect("a good signature");
            if !delivered.contains(&code(call)) {
                delivered.push(code(call));
            }
        }
        assert_eq!(delivered, written);
        running.signal("TERM");
        assert_eq!(running.wait().code, Some(0));
    })
    .await;
}
