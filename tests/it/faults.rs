//! Faults of the machine below a write: a full disk, a file that cannot be written, a connection that is cut, a
//! database that takes no writes.
//!
//! After each fault follow an ordinary refusal and an ordinary write. In the end, after a restart: what was
//! acknowledged is there once, what was refused is not there, and no code was given twice.

mod connections;
mod disk;
mod kinds;
mod read_only;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Client;
use serde_json::{Value, json};

use crate::harness::Server;

const CREATE: &str = "mutation($title: String!) {
    createEvent(input: {province: \"DONG_NAI\", title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, when: \"2026-12\"})
        { event { id code } errors { code } }
}";
const REFUSE: &str = "mutation($id: ID!) {
    publishEntry(input: {id: $id, expectedVersion: 77}) { errors { code } }
}";
const FIND: &str = "query($title: String!) {
    events(first: 100, filter: {search: $title}) { nodes { code title } }
}";

/// A publisher of a province, at a server of any kind.
struct Writer {
    base: String,
    token: String,
    client: Client,
}

/// A created event.
struct Created {
    id: String,
    code: String,
}

impl Writer {
    fn new(base: String, token: String) -> Self {
        Self { base, token, client: Client::builder().no_proxy().build().expect("a client") }
    }

    fn of(server: &Server) -> Self {
        Self::new(server.url(""), server.token("publisher", Some("DONG_NAI")))
    }

    async fn ask(&self, document: &str, variables: Value) -> Value {
        let request = self.client.post(format!("{}/graphql", self.base)).bearer_auth(&self.token);
        let body = json!({ "query": document, "variables": variables });
        let response = request.json(&body).send().await.expect("the server answers");
        response.json().await.expect("the answer is JSON")
    }

    /// Creates an event, or gives the error.
    async fn create(&self, title: &str) -> Result<Created, Value> {
        let answer = self.ask(CREATE, json!({ "title": title })).await;
        if answer["errors"].is_array() {
            return Err(answer["errors"][0].clone());
        }
        let event = &answer["data"]["createEvent"]["event"];
        let text = |name: &str| event[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Ok(Created { id: text("id"), code: text("code") })
    }

    /// Is refused for a version that was never written.
    async fn be_refused(&self, id: &str) {
        let answer = self.ask(REFUSE, json!({ "id": id })).await;
        assert_eq!(answer["data"]["publishEntry"]["errors"][0]["code"], "VERSION_CONFLICT", "{answer}");
    }

    /// The codes of the events with exactly this title.
    async fn codes_of(&self, title: &str) -> Vec<String> {
        let answer = self.ask(FIND, json!({ "title": title })).await;
        let nodes = answer["data"]["events"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let same = nodes.iter().filter(|node| node["title"] == title);
        same.map(|node| node["code"].as_str().expect("a code").to_owned()).collect()
    }

    /// Why the server is not ready; none where it is.
    async fn obstacle(&self) -> Option<String> {
        let response = self.client.get(format!("{}/readyz", self.base)).send().await.expect("it answers");
        if response.status().is_success() {
            return None;
        }
        let body: Value = response.json().await.expect("the answer is JSON");
        Some(body["reason"].as_str().expect("a reason").to_owned())
    }

    /// Waits until the readiness is as wanted.
    async fn wait_until_obstacle_is(&self, wanted: Option<&str>) {
        while self.obstacle().await.as_deref() != wanted {
            tokio::task::yield_now().await;
        }
    }
}

/// What a writer was answered.
#[derive(Default)]
struct Ledger {
    /// Title to code.
    acknowledged: BTreeMap<String, String>,
    refused: BTreeSet<String>,
}

impl Ledger {
    /// Creates an event of this title; gives the error where that is refused.
    async fn attempt(&mut self, writer: &Writer, title: &str) -> Option<Value> {
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

    /// What follows each fault: a refusal, then a write.
    async fn write_after(&mut self, writer: &Writer, refused_id: &str, title: &str) {
        writer.be_refused(refused_id).await;
        let error = self.attempt(writer, title).await;
        assert!(error.is_none(), "{title}: {error:?}");
    }

    async fn check(&self, writer: &Writer) {
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
