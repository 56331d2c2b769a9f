//! Failures of the machine during a write: a full disk, a file that cannot be written, a cut
//! connection, a read-only database.
//!
//! After each failure follow an ordinary refusal and an ordinary write. After a final restart
//! every acknowledged entry exists once, no refused entry exists, and no code was assigned twice.

mod connections;
mod disk;
mod read_only;
mod rows;
mod write_kinds;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Client;
use serde_json::{Value, json};

use crate::harness::Server;

const CREATE: &str = "mutation($title: String!) {
    createEvent(input: {sources: [\"seed-000\"], province: \"DONG_NAI\", title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\"})
        { event { id code } errors { code } }
}";
const REFUSE: &str = "mutation($id: ID!) {
    publishEntry(input: {id: $id, expectedVersion: 77}) { errors { code } }
}";
const FIND: &str = "query($title: String!) {
    events(first: 100, filter: {search: $title}) { nodes { code title } }
}";

/// A publisher of a province, connected to a server.
struct TestWriter {
    base: String,
    token: String,
    client: Client,
}

/// A created event.
struct Created {
    id: String,
    code: String,
}

impl TestWriter {
    fn new(base: String, token: String) -> Self {
        Self { base, token, client: Client::builder().no_proxy().build().expect("a client") }
    }

    fn of(server: &Server) -> Self {
        Self::new(server.url(""), server.token("publisher", Some("DONG_NAI")))
    }

    async fn execute(&self, document: &str, variables: Value) -> Value {
        let request = self.client.post(format!("{}/graphql", self.base)).bearer_auth(&self.token);
        let body = json!({ "query": document, "variables": variables });
        let response = request.json(&body).send().await.expect("the server answers");
        response.json().await.expect("the answer is JSON")
    }

    /// Creates an event, or returns the error.
    async fn create(&self, title: &str) -> Result<Created, Value> {
        let answer = self.execute(CREATE, json!({ "title": title })).await;
        if answer["errors"].is_array() {
            return Err(answer["errors"][0].clone());
        }
        let event = &answer["data"]["createEvent"]["event"];
        let text = |name: &str| event[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Ok(Created { id: text("id"), code: text("code") })
    }

    /// Sends a write with a version that does not exist, which must be refused.
    async fn expect_refusal(&self, id: &str) {
        let answer = self.execute(REFUSE, json!({ "id": id })).await;
        assert_eq!(answer["data"]["publishEntry"]["errors"][0]["code"], "VERSION_CONFLICT", "{answer}");
    }

    /// Returns the codes of the events with exactly this title.
    async fn codes_of(&self, title: &str) -> Vec<String> {
        let answer = self.execute(FIND, json!({ "title": title })).await;
        let nodes = answer["data"]["events"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let same = nodes.iter().filter(|node| node["title"] == title);
        same.map(|node| node["code"].as_str().expect("a code").to_owned()).collect()
    }

    /// Returns the reason why the server is not ready; `None` if it is.
    async fn unready_reason(&self) -> Option<String> {
        let response = self.client.get(format!("{}/readyz", self.base)).send().await.expect("it answers");
        if response.status().is_success() {
            return None;
        }
        let body: Value = response.json().await.expect("the answer is JSON");
        Some(body["reason"].as_str().expect("a reason").to_owned())
    }

    /// Waits until the readiness has this value.
    async fn wait_until_unready_reason_is(&self, wanted: Option<&str>) {
        while self.unready_reason().await.as_deref() != wanted {
            tokio::task::yield_now().await;
        }
    }
}

/// The responses that a writer received.
#[derive(Default)]
struct Ledger {
    /// Codes by title.
    acknowledged: BTreeMap<String, String>,
    refused: BTreeSet<String>,
}

impl Ledger {
    /// Creates an event with this title; returns the error if it fails.
    async fn attempt(&mut self, writer: &TestWriter, title: &str) -> Option<Value> {
        match writer.create(title).await {
            Ok(created) => {
                self.acknowledged.insert(title.to_owned(), created.code);
                None
            }
            Err(error) => {
                self.refused.insert(title.to_owned());
                Some(error)
            }
        }
    }

    /// The steps after each failure: a refusal, then a write.
    async fn write_after(&mut self, writer: &TestWriter, refused_id: &str, title: &str) {
        writer.expect_refusal(refused_id).await;
        let error = self.attempt(writer, title).await;
        assert!(error.is_none(), "{title}: {error:?}");
    }

    async fn check(&self, writer: &TestWriter) {
        for (title, code) in &self.acknowledged {
            assert_eq!(writer.codes_of(title).await, std::slice::from_ref(code), "{title}");
        }
        for title in &self.refused {
            assert!(writer.codes_of(title).await.is_empty(), "{title} was refused and is there");
        }
        let codes: BTreeSet<&String> = self.acknowledged.values().collect();
        assert_eq!(codes.len(), self.acknowledged.len(), "a code was given twice");
        let next = writer.create("Faulty after all").await.unwrap_or_else(|error| panic!("{error}"));
        assert!(!codes.contains(&next.code), "{} was given twice", next.code);
    }
}

fn assert_unavailable(error: &Value) {
    let extensions = &error["extensions"];
    assert_eq!(
        (&extensions["code"], &extensions["retryable"]),
        (&json!("UNAVAILABLE"), &json!(true)),
        "{error}"
    );
}
