//! Bad input gets a clear error or finds nothing, tells nothing of what is inside, and the next request is answered.

mod days;
mod mutations;
mod numbers;
mod pages;
mod searches;
mod unknown;
mod words;

use serde_json::Value;

use crate::harness::Server;

/// Words of SQL, drivers, paths, types and panics: no answer may say them.
const INSIDE: [&str; 18] = [
    "select ",
    "insert ",
    "syntax error",
    "sqlite",
    "postgres",
    "sqlx",
    "sea_orm",
    "seaorm",
    "sea-query",
    "_fkey",
    "_check",
    "crates/",
    "src/",
    ".rs",
    "::",
    "panicked",
    "i32",
    "u16",
];

pub(crate) fn assert_nothing_leaks(answer: &Value) {
    let text = answer["errors"].to_string().to_lowercase();
    for word in INSIDE {
        assert!(!text.contains(word), "{word:?} leaks: {text}");
    }
}

/// Demands one refusal that names what is wrong, and an answer to the next question.
async fn refuses(server: &Server, document: &str, variables: Value, saying: &str) {
    let answer = server.ask(document, variables).await;
    assert_refused(&answer, saying);
    let next = server.ask("{ province(slug: \"HUE\") { slug } }", Value::Null).await;
    assert_eq!(next["data"]["province"]["slug"], "HUE", "after {document}: {next}");
}

fn assert_refused(answer: &Value, saying: &str) {
    let error = &answer["errors"][0];
    let is_empty = answer["data"].as_object().is_none_or(|data| data.values().all(Value::is_null));
    assert!(is_empty, "{answer}");
    assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{answer}");
    assert_eq!(error["extensions"]["retryable"], false, "{answer}");
    assert!(error["extensions"]["requestId"].is_string(), "{answer}");
    assert!(
        error["message"].as_str().is_some_and(|message| message.contains(saying)),
        "not {saying:?}: {answer}"
    );
    assert_nothing_leaks(answer);
}

/// Demands an answer without errors; gives its data.
async fn answers(server: &Server, document: &str, variables: Value) -> Value {
    let mut answer = server.ask(document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}
