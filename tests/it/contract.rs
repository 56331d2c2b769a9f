//! Runs the documents of tests/contract/ against the shipped data.
//!
//! A case is `{name, why, as, document, variables, expect: {path: matcher}, save: {name: path}}`,
//! or a list of such `steps`. `as` is the caller: `public` by default, or for example
//! `clerk:DONG_NAI`. Later steps use saved values as `${name}`.

pub(crate) mod matcher;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};
use matcher::{mismatch, walk};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contract");

type Saved = BTreeMap<String, Value>;

#[tokio::test]
async fn every_contract_case_holds() {
    on_both_engines(|server| async move {
        let mut failures = Vec::new();
        for (name, case) in cases() {
            if let Err(mismatch) = run(&server, &case).await {
                failures.push(format!("{name}: {mismatch}"));
            }
        }
        assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    })
    .await;
}

/// Returns the cases by file name.
fn cases() -> BTreeMap<String, Value> {
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(FOLDER).expect("the folder of the cases") {
        let path = entry.expect("the folder of the cases").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).expect("a case can be read");
            let case =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            cases.insert(path.file_stem().unwrap_or_default().display().to_string(), case);
        }
    }
    assert!(!cases.is_empty(), "no case in {FOLDER}");
    cases
}

async fn run(server: &Server, case: &Value) -> Result<(), String> {
    let mut saved = Saved::from([("run".to_owned(), json!("1"))]);
    let alone = vec![case.clone()];
    let steps = case["steps"].as_array().unwrap_or(&alone);
    for (number, step) in (1..).zip(steps) {
        let document = fill(&step["document"], &saved);
        let document = document.as_str().ok_or(format!("step {number} has no document"))?;
        let variables = fill(&step["variables"], &saved);
        let answer = match step.get("as").or(case.get("as")).and_then(Value::as_str) {
            None | Some("public") => server.execute(document, variables).await,
            Some(caller) => server.execute_as(caller, document, variables).await,
        };
        check(&answer, &step["expect"], &saved).map_err(|mismatch| format!("step {number}: {mismatch}"))?;
        for (name, path) in step["save"].as_object().into_iter().flatten() {
            saved.insert(name.clone(), walk(&answer, path.as_str().unwrap_or_default()));
        }
    }
    Ok(())
}

/// A case without an expectation about errors expects none.
fn check(answer: &Value, expect: &Value, saved: &Saved) -> Result<(), String> {
    let expect = expect.as_object().ok_or("it expects nothing")?;
    if !expect.keys().any(|path| path.contains("errors")) && !answer["errors"].is_null() {
        return Err(format!("errors {}", answer["errors"]));
    }
    for (path, matcher) in expect {
        if let Some(mismatch) = mismatch(&walk(answer, path), &fill(matcher, saved)) {
            return Err(format!("{path} {mismatch}"));
        }
    }
    Ok(())
}

/// Inserts saved values: a value alone keeps its type, a value inside a text becomes text.
fn fill(value: &Value, saved: &Saved) -> Value {
    match value {
        Value::String(text) => fill_text(text, saved),
        Value::Array(items) => items.iter().map(|item| fill(item, saved)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), fill(value, saved))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn fill_text(text: &str, saved: &Saved) -> Value {
    let mut filled = text.to_owned();
    for (name, value) in saved {
        let place = format!("${{{name}}}");
        if text == place {
            return value.clone();
        }
        let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        filled = filled.replace(&place, &plain);
    }
    filled.into()
}

#[test]
fn saved_value_keeps_type_alone_and_is_text_inside_text() {
    let saved = Saved::from([("v".to_owned(), json!(7))]);
    assert_eq!(
        fill(&json!({"whole": "${v}", "part": ["v${v}"]}), &saved),
        json!({"whole": 7, "part": ["v7"]})
    );
}

#[test]
fn case_without_expected_errors_fails_on_an_error() {
    let answer = json!({"data": {"a": 1}, "errors": [{"message": "no"}]});
    assert!(check(&answer, &json!({"data.a": 1}), &Saved::new()).is_err());
    assert_eq!(check(&answer, &json!({"errors[*].message": ["no"]}), &Saved::new()), Ok(()));
}
