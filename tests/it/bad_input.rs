//! Invalid input gets a clear error or an empty result, reveals nothing internal, and does not
//! affect the next request.

mod closed_lists;
mod dates;
mod languages;
mod mutations;
mod numbers;
mod pages;
mod peoples_words;
mod ranges;
mod searches;
mod unknown_words;

use serde_json::Value;

use crate::harness::Server;

/// Words of SQL, drivers, paths, types and panics that no response may contain.
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

/// Asserts that the response is one error with this text, and that the next request succeeds.
async fn expect_rejection(server: &Server, document: &str, variables: Value, saying: &str) {
    let answer = server.execute_in_english(document, variables.clone()).await;
    assert_refused(&answer, saying);
    let vietnamese = server.execute(document, variables).await;
    for extension in ["code", "path", "word", "candidates"] {
        let [vi, en] = [&vietnamese, &answer].map(|answer| &answer["errors"][0]["extensions"][extension]);
        assert_eq!(vi, en, "{vietnamese}");
    }
    assert_nothing_leaks(&vietnamese);
    let next = server.execute("{ province(slug: \"HUE\") { slug } }", Value::Null).await;
    assert_eq!(next["data"]["province"]["slug"], "HUE", "after {document}: {next}");
}

pub(crate) fn assert_refused(answer: &Value, saying: &str) {
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

/// Returns the data of a response without errors.
async fn expect_data(server: &Server, document: &str, variables: Value) -> Value {
    let mut answer = server.execute(document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}
