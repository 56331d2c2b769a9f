//! SQLite and PostgreSQL return the same responses, byte for byte; lists neither lose nor repeat
//! rows; lists in SQL equal counts in memory.

mod documents;
mod filters;
mod pages;

use std::sync::{Arc, Mutex};

use caunoi_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{FixedClock, Server, on_both_databases, on_both_engines};
use documents::DOCUMENTS;

/// 2026-11-28T08:00:00Z: statuses of today do not change with the day of the test.
const NOW_US: i64 = 1_795_852_800_000_000;

/// The responses are committed as snapshots (`tests/README.md`).
#[tokio::test]
async fn every_document_has_the_same_response_on_both_engines() {
    let found = Arc::new(Mutex::new(Vec::new()));
    on_both_databases(|settings| {
        let found = Arc::clone(&found);
        async move {
            let server = Server::start(Settings { clock: Arc::new(FixedClock(NOW_US)), ..settings }).await;
            let mut answers = Vec::new();
            for (language, document) in DOCUMENTS {
                answers.push(bytes(&server, language, document).await);
            }
            found.lock().expect("no test panics while it holds this").push(answers);
            server.stop().await;
        }
    })
    .await;
    let answers = found.lock().expect("both engines are done");
    for (number, (language, document)) in DOCUMENTS.iter().enumerate() {
        let (sqlite, postgres) = (&answers[0][number], &answers[1][number]);
        assert!(sqlite.starts_with(r#"{"data":{"#), "{document}\n{sqlite}");
        assert_eq!(sqlite, postgres, "{document}");
        insta::with_settings!({ description => unindent(document), omit_expression => true }, {
            insta::assert_snapshot!(format!("document_{number:02}_{language}"), in_lines(sqlite));
        });
    }
}

/// Removes the indentation of a document in the source.
fn unindent(document: &str) -> String {
    document.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Breaks a response into lines, one for each object: a difference shows the row that it is in.
fn in_lines(response: &str) -> String {
    response.replace("},{", "},\n{")
}

/// A word is the same in NFC and NFD, and with the tone mark on either vowel.
#[tokio::test]
async fn search_ignores_how_diacritics_are_encoded() {
    on_both_engines(|server| async move {
        let document = "query($text: String!) {
            search(query: $text, first: 100) { totalCount { value } nodes { __typename ... on AdminUnit { slug } ... on Event { code } ... on Relation { code } } }
            events(filter: {search: $text}, first: 100) { nodes { code } }
            relations(filter: {search: $text}, first: 100) { nodes { code } }
        }";
        for same in [
            ["Hoà Bình", "Hòa Bình", "Hoa\u{300} Bi\u{300}nh", "Ho\u{300}a Bi\u{300}nh"],
            ["Thanh Hoá", "Thanh Hóa", "Thanh Hoa\u{301}", "Thanh Ho\u{301}a"],
            ["Khánh Hòa", "Khánh Hoà", "Kha\u{301}nh Ho\u{300}a", "Kha\u{301}nh Hoa\u{300}"],
            ["Đà Nẵng", "ĐÀ NẴNG", "Đa\u{300} Na\u{306}\u{303}ng", "đà nẵng"],
        ] {
            let first = server.execute(document, json!({"text": same[0]})).await;
            assert_ne!(first["data"]["search"]["totalCount"]["value"], 0, "{first}");
            for other in &same[1..] {
                assert_eq!(server.execute(document, json!({"text": other})).await, first, "{other:?}");
            }
        }
    })
    .await;
}

/// Returns the results on SQLite and on PostgreSQL, in this order.
async fn on_each_engine<Run, Outcome, Found>(execute: Run) -> Vec<Found>
where
    Run: Fn(Arc<Server>) -> Outcome,
    Outcome: Future<Output = Found> + Send + 'static,
    Found: Send + 'static,
{
    let found = Arc::new(Mutex::new(Vec::new()));
    on_both_engines(|server| {
        let (asked, found) = (execute(server), Arc::clone(&found));
        async move {
            let answer = asked.await;
            found.lock().expect("no test panics while it holds this").push(answer);
        }
    })
    .await;
    Arc::into_inner(found).and_then(|found| found.into_inner().ok()).expect("both engines are done")
}

async fn bytes(server: &Server, language: &str, document: &str) -> String {
    let request = server
        .http(Method::POST, "/graphql")
        .header("accept-language", language)
        .json(&json!({"query": document}));
    request.send().await.expect("an answer").text().await.expect("a whole answer")
}

/// Returns the data of a response without errors.
async fn data(server: &Server, language: &str, document: &str, variables: &Value) -> Value {
    let request = server
        .http(Method::POST, "/graphql")
        .header("accept-language", language)
        .json(&json!({"query": document, "variables": variables}));
    let mut answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert!(answer["errors"].is_null(), "{document} with {variables}: {answer}");
    answer["data"].take()
}
