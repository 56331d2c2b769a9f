//! Selections with the same response name: equal fields are merged, conflicting ones rejected.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::on_both_engines;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/merging.mjs");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/schema.graphql");
const CORPUS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/graphql/src/validation/overlapping_fields/corpus.graphql"
);

#[test]
fn field_merging_verdicts_equal_graphql_js() {
    let output = Command::new("node").args([SCRIPT, SCHEMA, CORPUS]).output();
    let output = output.expect("node can be run; tests/run installs it");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}{complained}", output.status);
}

#[tokio::test]
async fn conflicting_fields_are_rejected_before_execution() {
    on_both_engines(|server| async move {
        let document = "{ statistics { agreements { count } ...F } }
            fragment F on Statistics { agreements(filter: {country: {in: [\"JP\"]}}) { count } }";
        let answer = server.execute(document, Value::Null).await;
        assert!(answer.get("data").is_none(), "{answer}");
        let error = &answer["errors"][0];
        assert_eq!(
            error["message"],
            "Two selections have the response name `agreements` (line 1, column 16; line 2, column 40) and cannot be merged: their arguments differ. Give one of them an alias."
        );
        assert_eq!(error["locations"], json!([{"line": 1, "column": 16}, {"line": 2, "column": 40}]));
        assert_eq!(error["extensions"]["code"], "BAD_INPUT");
        let both = "{ statistics { agreements { count } japan: agreements(filter: {country: {in: [\"JP\"]}}) { count } } }";
        let counts = server.execute(both, Value::Null).await["data"]["statistics"].take();
        assert!(counts["agreements"]["count"].as_i64() > counts["japan"]["count"].as_i64(), "{counts}");
        for deep in [
            "{ a: statistics { agreements { count } } a: statistics { agreements(filter: {search: \"x\"}) { count } } }",
            "{ provinces { unit { n: slug } ...P } } fragment P on Province { unit { n: name } }",
            "{ agreements(first: 1) { nodes { province { name(locale: EN) } } nodes { province { name(locale: VI) } } } }",
            "subscription { statistics { cursor agreements { count } agreements { count: inForce } } }",
        ] {
            let answer = server.execute(deep, Value::Null).await;
            let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(message.contains("cannot be merged") && answer.get("data").is_none(), "{deep}: {answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn equal_fields_are_merged() {
    on_both_engines(|server| async move {
        let one = "{ province(slug: \"HUE\") { slug name relations(first: 2) { nodes { code partnerLocality { slug name } } totalCount { value } } } }";
        let split = "{ province(slug: \"HUE\") { slug ...P relations(first: 2) { nodes { code partnerLocality { slug } } } }
            province(slug: \"HUE\") { relations(first: 2) { nodes { partnerLocality { name } } totalCount { value } } } }
            fragment P on Province { name slug }";
        assert_eq!(server.execute(split, Value::Null).await, server.execute(one, Value::Null).await);
        // Groups are compared as text if there is nothing to merge.
        let one = "{ relations { groups(by: [{key: PROVINCE}], first: 3) { nodes { aggregate { count } keys { value label } } } } }";
        let split = "{ relations { groups(by: [{key: PROVINCE}], first: 3) { nodes { aggregate { count } keys { value } } }
            groups(first: 3, by: [{key: PROVINCE}]) { nodes { keys { label } } } } }";
        let (one, split) = (server.execute(one, Value::Null).await, server.execute(split, Value::Null).await);
        assert!(one["data"]["relations"]["groups"]["nodes"][0]["keys"][0]["label"].is_string(), "{one}");
        assert_eq!(split, one);
    })
    .await;
}
