//! Entries that only one province sees, with a secret word in each of their texts.

use std::sync::Arc;

use caunoi_server::Settings;
use serde_json::{Value, json};

use super::documents::Pool;
use crate::harness::{FixedClock, Server};
use crate::mutations::{create_inputs, event, transition, write};

/// The province that has the secrets, and its people.
pub(super) const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";
/// The secret word before and after it changes, and the beginning of both.
pub(super) const WORDS: [&str; 3] = ["Zqwvergealpha", "Zqwvergebravo", "Zqwverge"];

/// Returns settings with a fixed clock and without a cache, so that equal requests take equal
/// statements.
pub(super) fn settings(mut settings: Settings) -> Settings {
    settings.response_cache.bytes = 0;
    let clock = Arc::new(FixedClock(settings.clock.now_us()));
    Settings { clock, redis_url: None, ..settings }
}

/// The entries with secrets.
pub(super) struct Secrets {
    /// The update mutation of each, with its entry.
    entries: Vec<(&'static str, Value)>,
    /// The path of an uploaded file.
    pub(super) file: String,
}

fn bilingual(word: &str) -> Value {
    json!({"vi": format!("{word} bí mật"), "en": format!("{word} secret")})
}

/// Returns the texts that an update of this kind changes.
fn texts(mutation: &str, word: &str) -> Value {
    match mutation {
        "updateRelation" => json!({"note": word, "summary": bilingual(word)}),
        "updateAgreement" => json!({"title": bilingual(word), "summary": bilingual(word)}),
        "updateEvent" => {
            json!({"title": bilingual(word), "summary": bilingual(word), "place": word, "otherTitle": word})
        }
        "updateOrganization" => json!({"name": bilingual(word), "summary": bilingual(word), "note": word}),
        _ => json!({"title": bilingual(word), "summary": bilingual(word), "partnerName": word}),
    }
}

const UPDATES: [&str; 5] =
    ["updateRelation", "updateAgreement", "updateEvent", "updateOrganization", "updateProgramme"];

impl Secrets {
    /// Creates a draft of every kind, and a draft of a published entry.
    pub(super) async fn create(server: &Server) -> Self {
        let mut entries = Vec::new();
        for (update, (create, mut input)) in UPDATES.into_iter().zip(create_inputs("Entry")) {
            for (field, value) in texts(update, WORDS[0]).as_object().expect("texts") {
                input[field] = value.clone();
            }
            entries.push((update, write(server, CLERK, create, input).await.expect_entry()));
        }
        let draft = write(server, CLERK, "createEvent", event("Published")).await.expect_entry();
        let published = transition(server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        entries.push(("updateEvent", published));
        let mut secrets = Self { entries, file: upload(server).await };
        let last = secrets.entries.len() - 1;
        secrets.rewrite_one(server, last, WORDS[0]).await;
        secrets
    }

    async fn rewrite_one(&mut self, server: &Server, at: usize, word: &str) {
        let (update, entry) = &self.entries[at];
        let mut input = texts(update, word);
        input["id"] = entry["id"].clone();
        input["expectedVersion"] = entry["version"].clone();
        self.entries[at].1 = write(server, CLERK, update, input).await.expect_entry();
    }

    /// Changes every secret, adds a draft, and discards nothing that others see.
    pub(super) async fn rewrite(&mut self, server: &Server) {
        for at in 0..self.entries.len() {
            self.rewrite_one(server, at, WORDS[1]).await;
        }
        let more = event(&format!("{} again", WORDS[1]));
        write(server, CLERK, "createEvent", more).await.expect_entry();
    }

    /// Returns id and type of each entry.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .filter_map(|(_, entry)| Some((entry["id"].as_str()?, entry["__typename"].as_str()?)))
    }

    /// Submits a draft and proposes a locality, which the ministry sees too.
    pub(super) async fn submit(&mut self, server: &Server) {
        let draft = &self.entries[1].1;
        transition(server, CLERK, "submitEntry", draft).await.expect_entry();
        let document =
            "mutation($input: ProposeLocalityInput!) { proposeLocality(input: $input) { errors { code } } }";
        let input =
            json!({"province": "DONG_NAI", "country": "KR", "name": bilingual(WORDS[1]), "note": WORDS[1]});
        let answer = server.execute_as(CLERK, document, json!({ "input": input })).await;
        assert_eq!(answer["data"]["proposeLocality"]["errors"], json!([]), "{answer}");
    }

    /// Returns values that lead to the secrets, and others.
    pub(super) async fn pool(&self, server: &Server) -> Pool {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entries = || self.entries.iter().map(|(_, entry)| entry);
        let document = "{ changes(first: 1) { cursor } relations(first: 2) { nodes { id code } pageInfo { endCursor } }
            agreements(first: 1) { nodes { id } pageInfo { endCursor } } province(slug: \"DONG_NAI\") { id } }";
        let mut pool = Pool::default();
        for caller in [CLERK, "steward"] {
            let answer = server.execute_as(caller, document, Value::Null).await;
            let data = &answer["data"];
            pool.cursors.push(text(&data["changes"]["cursor"]));
            pool.cursors.push(text(&data["relations"]["pageInfo"]["endCursor"]));
            pool.ids.extend([&data["relations"]["nodes"][0]["id"], &data["province"]["id"]].map(text));
            pool.words.push(text(&data["relations"]["nodes"][0]["code"]));
        }
        pool.ids.extend(entries().map(|entry| text(&entry["id"])));
        pool.words.extend(entries().map(|entry| text(&entry["code"])));
        pool.words.extend(WORDS.map(str::to_owned));
        let known =
            ["DONG_NAI", "HUE", "kr-gyeongsangnam", "jp-yamanashi", "CONFERENCE", "MOU", "total_agreements"];
        pool.words.extend(known.map(str::to_owned));
        assert!(pool.ids.iter().chain(&pool.cursors).all(|one| !one.is_empty()));
        pool
    }
}

async fn upload(server: &Server) -> String {
    let request = server.http(reqwest::Method::POST, &format!("/files?name={}.pdf", WORDS[0]));
    let request = request.header("caunoi-upload", "1").bearer_auth(server.token("clerk", Some("DONG_NAI")));
    let response = request.body("%PDF-1.7\nZqwvergealpha\n%%EOF\n").send().await.expect("a response");
    let stored: Value = response.json().await.expect("JSON");
    stored["url"].as_str().expect("a path").to_owned()
}
