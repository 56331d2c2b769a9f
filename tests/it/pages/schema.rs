//! The shape of connections, for all of the schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lists;
use super::reading::execute;
use crate::bad_input::assert_refused;
use crate::harness::{Server, on_both_engines};

const TYPE: &str = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";

async fn read_types(server: &Server) -> Vec<Value> {
    let document = format!(
        "{{ __schema {{ types {{ name fields {{ name type {{ {TYPE} }} args {{ name type {{ {TYPE} }} }} }} }} }} }}"
    );
    let mut answer = server.execute(&document, Value::Null).await;
    let Value::Array(types) = answer["data"]["__schema"]["types"].take() else { panic!("{answer}") };
    types
}

fn name(value: &Value) -> &str {
    value["name"].as_str().expect("a name")
}

fn fields(kind: &Value) -> impl Iterator<Item = &Value> {
    kind["fields"].as_array().into_iter().flatten()
}

/// Writes a type as GraphQL does.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => name(kind).to_owned(),
    }
}

fn is_connection(kind: &str) -> bool {
    kind.trim_end_matches('!').ends_with("Connection")
}

#[tokio::test]
async fn every_connection_is_tested() {
    on_both_engines(|server| async move {
        let types = read_types(&server).await;
        let found: BTreeSet<String> = types
            .iter()
            .flat_map(|kind| fields(kind).map(move |field| (kind, field)))
            .filter(|(_, field)| is_connection(&written(&field["type"])))
            .map(|(kind, field)| format!("{}.{}", name(kind), name(field)))
            .collect();
        let tested: BTreeSet<String> = lists::all().iter().map(|list| list.field.to_owned()).collect();
        assert_eq!(found, tested, "a new connection is read in pages in this module");
    })
    .await;
}

#[tokio::test]
async fn connections_have_the_parts_of_relay() {
    on_both_engines(|server| async move {
        let types = read_types(&server).await;
        let parts = |kind: &Value| -> BTreeSet<String> {
            fields(kind).map(|field| format!("{}: {}", name(field), written(&field["type"]))).collect()
        };
        for kind in &types {
            let Some(row) = name(kind).strip_suffix("Connection") else {
                let is_page = fields(kind).any(|field| matches!(name(field), "edges" | "pageInfo"));
                assert!(!is_page, "{} is a connection by another name", name(kind));
                continue;
            };
            let expected = [
                format!("edges: [{row}Edge!]!"),
                "pageInfo: PageInfo!".to_owned(),
                "totalCount: Count!".to_owned(),
            ];
            let own = parts(kind);
            assert!(expected.iter().all(|part| own.contains(part)), "{}: {own:?}", name(kind));
            let edge = types.iter().find(|edge| name(edge) == format!("{row}Edge")).expect("an edge");
            let node = own.iter().find_map(|part| part.strip_prefix("nodes: [")).expect("rows");
            let expected = ["cursor: String!".to_owned(), format!("node: {}", node.trim_end_matches("]!"))];
            assert!(expected.iter().all(|part| parts(edge).contains(part)), "{row}Edge");
        }
        for (kind, field) in types.iter().flat_map(|kind| fields(kind).map(move |field| (kind, field))) {
            if !is_connection(&written(&field["type"])) {
                continue;
            }
            let arguments = field["args"].as_array().expect("arguments");
            let arguments: BTreeSet<String> = arguments
                .iter()
                .map(|argument| format!("{}: {}", name(argument), written(&argument["type"])))
                .collect();
            for argument in ["first: Int", "after: String", "last: Int", "before: String"] {
                assert!(arguments.contains(argument), "{}.{}: {arguments:?}", name(kind), name(field));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_connection_refuses_invalid_pages() {
    on_both_engines(|server| async move {
        for list in lists::all().iter().filter(|list| !list.document().contains("kr-trang")) {
            for (page, saying) in [
                (json!({"first": 0}), "phải từ 1 đến 100"),
                (json!({"first": -1}), "phải từ 1 đến 100"),
                (json!({"first": 101}), "phải từ 1 đến 100"),
                (json!({"last": 0}), "phải từ 1 đến 100"),
                (json!({"last": -1}), "phải từ 1 đến 100"),
                (json!({"last": 101}), "phải từ 1 đến 100"),
                (json!({"first": 1, "last": 1}), "không dùng cả hai"),
                (json!({"first": 1, "before": "x"}), "không dùng cả hai"),
                (json!({"after": "x", "last": 1}), "không dùng cả hai"),
                (json!({"first": 1, "after": "x"}), "con trỏ không thuộc danh sách này"),
                (json!({"last": 1, "before": "x"}), "con trỏ không thuộc danh sách này"),
            ] {
                assert_refused(&execute(&server, list, list.caller, page).await, saying);
            }
        }
    })
    .await;
}
