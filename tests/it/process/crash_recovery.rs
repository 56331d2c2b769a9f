//! Repeated SIGKILL during writes: every acknowledged write exists once, no write is partial, and
//! the logs are consistent. `CAUNOI_KILL_ROUNDS` is the number of kills on each engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::program::{Program, RunningProgram};
use crate::harness::on_both_databases;

const USUAL_ROUNDS: u64 = 5;
const WRITERS: u64 = 8;

const CREATE: &str = "mutation($key: String!, $title: String!) {
    createEvent(input: {sources: [\"seed-000\"], province: \"DONG_NAI\", title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\", place: \"Vinh\"})
        @idempotent(key: $key) { event { id version } errors { code } }
}";
const PUBLISH: &str = "mutation($id: ID!, $key: String!) {
    publishEntry(input: {id: $id, expectedVersion: 1}) @idempotent(key: $key) { entry { publication } errors { code } }
}";

/// The number of acknowledged steps in a round.
type Steps = Arc<watch::Sender<u64>>;

/// The responses of a writer: for each key, the ID of its entry and whether its publication was
/// acknowledged.
type Acknowledgements = Arc<Mutex<BTreeMap<String, (Option<String>, bool)>>>;

#[derive(Clone)]
struct KilledServerWriter {
    url: String,
    token: String,
    client: Client,
}

impl KilledServerWriter {
    async fn execute(&self, document: &str, variables: Value) -> Option<Value> {
        let body = json!({"query": document, "variables": variables});
        let request = self.client.post(&self.url).bearer_auth(&self.token).json(&body);
        let response = request.send().await.ok()?;
        response.json().await.ok()
    }

    async fn create(&self, key: &str) -> Option<String> {
        let answer = self.execute(CREATE, json!({"key": key, "title": format!("Killed {key}")})).await?;
        let id = answer["data"]["createEvent"]["event"]["id"].as_str();
        assert!(id.is_some(), "{answer}");
        id.map(str::to_owned)
    }

    async fn publish(&self, id: &str, key: &str) -> Option<()> {
        let answer = self.execute(PUBLISH, json!({"id": id, "key": format!("{key} published")})).await?;
        assert_eq!(answer["data"]["publishEntry"]["entry"]["publication"], "PUBLISHED", "{answer}");
        Some(())
    }

    /// Writes until the server is killed.
    async fn write(self, of: String, acknowledged: Acknowledgements, steps: Steps) {
        for number in 0.. {
            let key = format!("{of}x{number}");
            acknowledged.lock().expect("no thread panicked").insert(key.clone(), (None, false));
            let Some(id) = self.create(&key).await else { return };
            acknowledged.lock().expect("no thread panicked").insert(key.clone(), (Some(id.clone()), false));
            steps.send_modify(|steps| *steps += 1);
            if self.publish(&id, &key).await.is_none() {
                return;
            }
            acknowledged.lock().expect("no thread panicked").insert(key, (Some(id), true));
            steps.send_modify(|steps| *steps += 1);
        }
    }
}

#[tokio::test]
async fn acknowledged_writes_survive_sigkill() {
    let rounds = std::env::var("CAUNOI_KILL_ROUNDS").ok();
    let rounds = rounds.map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    on_both_databases(move |settings| async move {
        let arguments = ["token", "--role", "publisher", "--province", "DONG_NAI"];
        let ended = Program::new(arguments).on(&settings).run();
        let token = ended.out.lines().last().expect("a token").to_owned();
        let (mut keys, mut published) = (0, 0);
        for round in 0..=rounds {
            let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
            let url = format!("http://{}/graphql", server.address());
            let writer = KilledServerWriter { url, token: token.clone(), client: Client::new() };
            let total = total(&writer).await;
            assert_eq!(total, keys, "round {round}");
            if round == rounds {
                break;
            }
            let (acknowledged, steps) = (Acknowledgements::default(), Steps::default());
            let writers: Vec<_> = (0..WRITERS)
                .map(|each| {
                    let of = format!("{round}r{each}");
                    writer.clone().write(of, Arc::clone(&acknowledged), Arc::clone(&steps))
                })
                .map(tokio::spawn)
                .collect();
            // The number of steps differs in every round, so that over time every step of a write
            // is hit. It exceeds the number of writers, so that at least one entry is published.
            let wanted = WRITERS + 1 + round * 7 % 30;
            steps.subscribe().wait_for(|steps| *steps >= wanted).await.expect("the writers write");
            server.signal("KILL");
            server.wait();
            for writer in writers {
                writer.await.expect("no writer was told anything wrong");
            }
            let acknowledged = std::mem::take(&mut *acknowledged.lock().expect("no thread panicked"));
            published += acknowledged.values().filter(|(_, is_published)| *is_published).count();
            keys += settle(&settings, &token, acknowledged).await;
        }
        assert!(published > 0, "nothing was written between the kills");
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
    })
    .await;
}

/// Repeats every request of a round: acknowledged ones return the same result, others are executed
/// now, so every key has one entry. Returns the number of keys.
async fn settle(
    settings: &caunoi_server::Settings,
    token: &str,
    acknowledged: BTreeMap<String, (Option<String>, bool)>,
) -> u64 {
    let mut server = RunningProgram::start(Program::new(["serve"]).on(settings));
    let url = format!("http://{}/graphql", server.address());
    let writer = KilledServerWriter { url, token: token.to_owned(), client: Client::new() };
    for (key, (acknowledged, is_published)) in &acknowledged {
        let id = writer.create(key).await.expect("the server answers");
        if let Some(acknowledged) = acknowledged {
            assert_eq!(&id, acknowledged, "{key}");
        }
        if *is_published {
            let document = "query($id: ID!) { node(id: $id) { ... on Event { publication version } } }";
            let answer = writer.execute(document, json!({"id": id})).await.expect("the server answers");
            assert_eq!(answer["data"]["node"], json!({"publication": "PUBLISHED", "version": 2}), "{key}");
        }
    }
    acknowledged.len() as u64
}

async fn total(writer: &KilledServerWriter) -> u64 {
    let document = "{ events(filter: {search: \"Killed\"}) { totalCount { value } } }";
    let answer = writer.execute(document, Value::Null).await.expect("the server answers");
    answer["data"]["events"]["totalCount"]["value"].as_u64().unwrap_or_else(|| panic!("{answer}"))
}
