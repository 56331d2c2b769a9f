//! SQLite and PostgreSQL give the same answers, to the byte; lists lose and repeat nothing; what SQL lists is what
//! memory counts.

mod documents;
mod filters;
mod walks;

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};
use documents::DOCUMENTS;

#[tokio::test]
async fn every_document_is_answered_with_the_same_bytes() {
    let answers = on_each_engine(|server| async move {
        let mut answers = Vec::new();
        for (language, document) in DOCUMENTS {
            answers.push(bytes(&server, language, document).await);
        }
        answers
    })
    .await;
    for ((_, document), (sqlite, postgres)) in DOCUMENTS.iter().zip(answers[0].iter().zip(&answers[1])) {
        assert!(sqlite.starts_with(r#"{"data":{"#), "{document}\n{sqlite}");
        assert_eq!(sqlite, postgres, "{document}");
    }
}

/// What the user typed is the same word in either composition and with the tone on either vowel.
#[tokio::test]
async fn a_search_means_the_same_however_its_marks_are_written() {
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
            let first = server.ask(document, json!({"text": same[0]})).await;
            assert_ne!(first["data"]["search"]["totalCount"]["value"], 0, "{first}");
            for other in &same[1..] {
                assert_eq!(server.ask(document, json!({"text": other})).await, first, "{other:?}");
            }
        }
    })
    .await;
}

/// What a question gives on SQLite, then on PostgreSQL.
async fn on_each_engine<Ask, Outcome, Found>(ask: Ask) -> Vec<Found>
where
    Ask: Fn(Arc<Server>) -> Outcome,
    Outcome: Future<Output = Found> + Send + 'static,
    Found: Send + 'static,
{
    let found = Arc::new(Mutex::new(Vec::new()));
    on_both_engines(|server| {
        let (asked, found) = (ask(server), Arc::clone(&found));
        async move {
            let answer = asked.await;
            found.lock().expect("nobody panics while holding it").push(answer);
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

/// The data of an answer that has no errors.
async fn data(server: &Server, language: &str, document: &str, variables: &Value) -> Value {
    let request = server
        .http(Method::POST, "/graphql")
        .header("accept-language", language)
        .json(&json!({"query": document, "variables": variables}));
    let mut answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert!(answer["errors"].is_null(), "{document} with {variables}: {answer}");
    answer["data"].take()
}
