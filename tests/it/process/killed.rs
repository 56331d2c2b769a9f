//! Killed in the midst of writes, again and again: what was acknowledged stands once, nothing is
//! half-written, and the logs hold.
//!
//! `CAUNOI_KILL_ROUNDS` says how often it is killed on each engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::program::{Program, Running};
use crate::harness::on_both_databases;

const USUAL_ROUNDS: u64 = 5;
const WRITERS: u64 = 8;

const CREATE: &str = "mutation($key: String!, $title: String!) {
    createEvent(input: {province: \"DONG_NAI\", title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, when: \"2026-12\"})
        @idempotent(key: $key) { event { id version } errors { code } }
}";
const PUBLISH: &str = "mutation($id: ID!, $key: String!) {
    publishEntry(input: {id: $id, expectedVersion: 1}) @idempotent(key: $key) { entry { publication } errors { code } }
}";

/// How many steps were acknowledged in a round.
type Steps = Arc<watch::Sender<u64>>;

/// What a writer was told: for each key, the id of its entry and whether its publication was acknowledged.
type Told = Arc<Mutex<BTreeMap<String, (Option<String>, bool)>>>;

#[derive(Clone)]
struct Writer {
    url: String,
    token: String,
    client: Client,
}

impl Writer {
    async fn ask(&self, document: &str, variables: Value) -> Option<Value> {
        let body = json!({"query": document, "variables": variables});
        let request = self.client.post(&self.url).bearer_auth(&self.token).json(&body);
        let response = request.send().await.ok()?;
        response.json().await.ok()
    }

    async fn create(&self, key: &str) -> Option<String> {
        let answer = self.ask(CREATE, json!({"key": key, "title": format!("Killed {key}")})).await?;
        let id = answer["data"]["createEvent"]["event"]["id"].as_str();
        assert!(id.is_some(), "{answer}");
        id.map(str::to_owned)
    }

    async fn publish(&self, id: &str, key: &str) -> Option<()> {
        let answer = self.ask(PUBLISH, json!({"id": id, "key": format!("{key} published")})).await?;
        assert_eq!(answer["data"]["publishEntry"]["entry"]["publication"], "PUBLISHED", "{answer}");
        Some(())
    }

    /// Writes until the server is gone.
    async fn write(self, of: String, told: Told, steps: Steps) {
        for number in 0.. {
            let key = format!("{of}x{number}");
            told.lock().expect("nobody panicked").insert(key.clone(), (None, false));
            let Some(id) = self.create(&key).await else { return };
            told.lock().expect("nobody panicked").insert(key.clone(), (Some(id.clone()), false));
            steps.send_modify(|steps| *steps += 1);
            if self.publish(&id, &key).await.is_none() {
                return;
            }
            told.lock().expect("nobody panicked").insert(key, (Some(id), true));
            steps.send_modify(|steps| *steps += 1);
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_being_killed() {
    let rounds = std::env::var("CAUNOI_KILL_ROUNDS").ok();
    let rounds = rounds.map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    on_both_databases(move |settings| async move {
        let wish = ["token", "--role", "publisher", "--province", "DONG_NAI"];
        let ended = Program::new(wish).on(&settings).run();
        let token = ended.out.lines().last().expect("a token").to_owned();
        let (mut keys, mut published) = (0, 0);
        for round in 0..=rounds {
            let mut server = Running::start(Program::new(["serve"]).on(&settings));
            let url = format!("http://{}/graphql", server.address());
            let writer = Writer { url, token: token.clone(), client: Client::new() };
            let total = total(&writer).await;
            assert_eq!(total, keys, "round {round}");
            if round == rounds {
                break;
            }
            let (told, steps) = (Told::default(), Steps::default());
            let writers: Vec<_> = (0..WRITERS)
                .map(|each| {
                    let of = format!("{round}r{each}");
                    writer.clone().write(of, Arc::clone(&told), Arc::clone(&steps))
                })
                .map(tokio::spawn)
                .collect();
            // After another number of steps in every round, one more than there are writers at
            // least: so every step of a write is hit in the long run, and one has published.
            let wanted = WRITERS + 1 + round * 7 % 30;
            steps.subscribe().wait_for(|steps| *steps >= wanted).await.expect("the writers write");
            server.signal("KILL");
            server.wait();
            for writer in writers {
                writer.await.expect("no writer was told anything wrong");
            }
            let told = std::mem::take(&mut *told.lock().expect("nobody panicked"));
            published += told.values().filter(|(_, is_published)| *is_published).count();
            keys += settle(&settings, &token, told).await;
        }
        assert!(published > 0, "nothing was written between the kills");
        let ended = Program::new(["verify"]).on(&settings).run();
        assert_eq!(ended.code, Some(0), "{ended}");
    })
    .await;
}

/// Repeats every request of a round: what was acknowledged is answered as before, what was not is
/// done now; so every key stands for one entry. Gives the number of keys.
async fn settle(
    settings: &caunoi_server::Settings,
    token: &str,
    told: BTreeMap<String, (Option<String>, bool)>,
) -> u64 {
    let mut server = Running::start(Program::new(["serve"]).on(settings));
    let url = format!("http://{}/graphql", server.address());
    let writer = Writer { url, token: token.to_owned(), client: Client::new() };
    for (key, (acknowledged, is_published)) in &told {
        let id = writer.create(key).await.expect("the server answers");
        if let Some(acknowledged) = acknowledged {
            assert_eq!(&id, acknowledged, "{key}");
        }
        if *is_published {
            let document = "query($id: ID!) { node(id: $id) { ... on Event { publication version } } }";
            let answer = writer.ask(document, json!({"id": id})).await.expect("the server answers");
            assert_eq!(answer["data"]["node"], json!({"publication": "PUBLISHED", "version": 2}), "{key}");
        }
    }
    told.len() as u64
}

async fn total(writer: &Writer) -> u64 {
    let document = "{ events(filter: {search: \"Killed\"}) { totalCount { value } } }";
    let answer = writer.ask(document, Value::Null).await.expect("the server answers");
    answer["data"]["events"]["totalCount"]["value"].as_u64().unwrap_or_else(|| panic!("{answer}"))
}
