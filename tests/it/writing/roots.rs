//! Every root of the schema has a row in `roots.txt`: who may ask it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::write;
use crate::harness::on_both_engines;

const TABLE: &str = include_str!("roots.txt");

/// The roots of the table and who may ask each.
fn rows() -> Vec<(&'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').map(|(root, who)| (root, who.trim())).expect("root and who"))
        .collect()
}

#[tokio::test]
async fn every_root_has_a_row_and_no_row_is_left_over() {
    on_both_engines(|server| async move {
        let document = "{ __schema {
            Query: queryType { fields { name } } Mutation: mutationType { fields { name } }
            Subscription: subscriptionType { fields { name } }
        } }";
        let answer = server.ask(document, Value::Null).await;
        let mut roots = BTreeSet::new();
        for (kind, fields) in answer["data"]["__schema"].as_object().expect("roots") {
            for field in fields["fields"].as_array().into_iter().flatten() {
                roots.insert(format!("{kind}.{}", field["name"].as_str().expect("a name")));
            }
        }
        let told: BTreeSet<String> = rows().into_iter().map(|(root, _)| root.to_owned()).collect();
        assert_eq!(roots, told);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_no_token_writes_nothing() {
    on_both_engines(|server| async move {
        let entry = json!({"id": "none", "expectedVersion": 1});
        for (root, who) in rows() {
            let Some(mutation) = root.strip_prefix("Mutation.") else { continue };
            assert_ne!(who, "anybody", "{root}");
            if mutation == "confirmPeriod" {
                continue; // It writes no entry; the tests of coverage ask it.
            }
            if who == "steward" || who.starts_with("partner") || mutation == "proposeLocality" {
                // Their inputs are of another shape: `super::reference`, `super::proposals` and
                // `webhooks` ask them.
                continue;
            }
            let draft = super::drafts("x").into_iter().find(|(create, _)| *create == mutation);
            let mut input = draft.map_or_else(|| entry.clone(), |(_, input)| input);
            if mutation == "recordAct" {
                input["act"] = json!({"kind": "SIGN", "on": "2024"});
            }
            let written = write(&server, "public", mutation, input).await;
            assert_eq!(written.fault(), Some("UNAUTHENTICATED"), "{root}: {}", written.answer);
        }
    })
    .await;
}
