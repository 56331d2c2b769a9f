//! Every root field of the schema has a row in `roots.txt` with the roles that may use it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::write;
use crate::harness::on_both_engines;

const TABLE: &str = include_str!("roots.txt");

/// Returns the root fields of the table and their roles.
fn rows() -> Vec<(&'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').map(|(root, caller)| (root, caller.trim())).expect("root and who"))
        .collect()
}

#[tokio::test]
async fn every_root_field_has_exactly_one_row() {
    on_both_engines(|server| async move {
        let document = "{ __schema {
            Query: queryType { fields { name } } Mutation: mutationType { fields { name } }
            Subscription: subscriptionType { fields { name } }
        } }";
        let answer = server.execute(document, Value::Null).await;
        let mut roots = BTreeSet::new();
        for (kind, fields) in answer["data"]["__schema"].as_object().expect("roots") {
            for field in fields["fields"].as_array().into_iter().flatten() {
                roots.insert(format!("{kind}.{}", field["name"].as_str().expect("a name")));
            }
        }
        let received: BTreeSet<String> = rows().into_iter().map(|(root, _)| root.to_owned()).collect();
        assert_eq!(roots, received);
    })
    .await;
}

#[tokio::test]
async fn mutations_without_token_are_refused() {
    on_both_engines(|server| async move {
        let entry = json!({"id": "none", "expectedVersion": 1});
        for (root, caller) in rows() {
            let Some(mutation) = root.strip_prefix("Mutation.") else { continue };
            assert_ne!(caller, "anybody", "{root}");
            if mutation == "confirmPeriod" {
                continue; // It writes no entry; the tests of coverage ask it.
            }
            if caller == "steward" || caller.starts_with("partner") || mutation == "proposeLocality" {
                // Their inputs have another shape: tested in `super::reference_data`,
                // `super::proposals` and `webhooks`.
                continue;
            }
            let draft = super::create_inputs("x").into_iter().find(|(create, _)| *create == mutation);
            let mut input = draft.map_or_else(|| entry.clone(), |(_, input)| input);
            match mutation {
                "recordAct" => input["act"] = json!({"kind": "SIGN", "on": "2024"}),
                "amendAct" | "voidAct" => {
                    input["actId"] = json!("1");
                    input["reason"] = json!({"vi": "x"});
                }
                _ => {}
            }
            let written = write(&server, "public", mutation, input).await;
            assert_eq!(written.error_code(), Some("UNAUTHENTICATED"), "{root}: {}", written.answer);
        }
    })
    .await;
}
