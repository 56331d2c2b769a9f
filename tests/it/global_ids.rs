//! One id, one value: every object with an id is a node, and its fields do not depend on the
//! arguments of the fields above it.

mod selection;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::harness::{Server, on_both_databases, on_both_engines};
use selection::Types;

const CACHES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/caches.mjs");
const GENERATORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/generators.mjs");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/schema.graphql");

/// Two views for each document: the arguments that replace `VIEW`.
const VIEWS: [[&str; 2]; 2] = [
    [r#"asOf: "2010-06-30""#, r#"asOf: "2026-06-30""#],
    [r#"asOf: "2025-06-30", boundaries: AT_THE_TIME"#, r#"asOf: "2025-06-30", boundaries: TODAY"#],
];

/// Documents of every root field with such arguments; `TYPE` is replaced by the fields of a type.
const ROOTS: [(&str, &str); 18] = [
    ("relations", "{ relations(first: 4, VIEW) { nodes { Relation } } }"),
    ("agreements", "{ agreements(first: 4, VIEW) { nodes { Agreement } } }"),
    ("events", "{ events(first: 4, VIEW) { nodes { Event } } }"),
    ("organizations", "{ organizations(first: 4, VIEW) { nodes { Organization } } }"),
    ("programmes", "{ programmes(first: 4, VIEW) { nodes { Programme } } }"),
    ("figures", "{ figures(first: 4, VIEW) { nodes { Figure } } }"),
    (
        "statistics",
        "{ statistics(VIEW) { agreements { groups(by: [{key: UNIT}], first: 5) {
            nodes { keys { node { __typename id ... on AdminUnit { AdminUnit } } } } } } } }",
    ),
    (
        "statistics",
        "{ statistics(VIEW) { relations { groups(by: [{key: PROVINCE}], first: 5) {
            nodes { keys { node { __typename id ... on Province { Province } } } } } } } }",
    ),
    ("statistics", "{ statistics(VIEW) { coverage { byProvince { province { Province } } } } }"),
    ("statistics", "{ statistics(VIEW) { expiring(withinDays: 20000, first: 3) { nodes { Agreement } } } }"),
    ("statistics", "{ statistics(VIEW) { dormant(first: 3) { nodes { Relation } } } }"),
    ("statistics", "{ statistics(VIEW) { frameworkOnly(first: 3) { nodes { Agreement } } } }"),
    ("statistics", "{ statistics(VIEW) { clashes { partnerLocality { Locality } } } }"),
    ("statistics", "{ statistics(VIEW) { clashes { visits { Event } } } }"),
    ("statistics", "{ statistics(VIEW) { overlaps { unit { AdminUnit } partnerLocality { Locality } } } }"),
    ("statistics", "{ statistics(VIEW) { overlaps { relations { Relation } } } }"),
    ("statistics", "{ statistics(VIEW) { overlaps { agreements { Agreement } } } }"),
    ("statistics", "{ statistics(VIEW) { alarms { figures { Figure } } } }"),
];

/// Documents of the root fields with `asOf` and without `boundaries`.
const UNITS: [(&str, &str); 2] = [
    ("units", "{ units(VIEW) { AdminUnit } }"),
    ("unit", r#"{ unit(by: {slug: "HO_CHI_MINH"}, VIEW) { AdminUnit } }"#),
];

/// Lists without rows under some of these views.
const MAY_BE_EMPTY: [&str; 4] = ["programmes(", "frameworkOnly(", "clashes ", "overlaps "];

/// A cache of objects by id, as those of Apollo Client, Relay and urql.
#[derive(Default)]
struct NormalisedCache(BTreeMap<String, Map<String, Value>>);

impl NormalisedCache {
    /// Stores the objects of a response, and asserts that no field of an id has two values.
    fn insert(&mut self, value: &Value, document: &str) -> Value {
        match value {
            Value::Array(members) => members.iter().map(|member| self.insert(member, document)).collect(),
            Value::Object(fields) => {
                let fields: Map<String, Value> =
                    fields.iter().map(|(name, value)| (name.clone(), self.insert(value, document))).collect();
                let Some(id) = fields.get("id").and_then(Value::as_str) else { return Value::Object(fields) };
                let known = self.0.entry(id.to_owned()).or_default();
                for (name, value) in &fields {
                    let before = known.entry(name.clone()).or_insert_with(|| value.clone());
                    assert_eq!(
                        before, value,
                        "{}.{name} depends on an argument above: {document}",
                        fields["__typename"]
                    );
                }
                json!({ "ref": id })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
}

#[tokio::test]
async fn fields_of_an_id_do_not_depend_on_arguments_above() {
    on_both_databases(|mut settings| async move {
        // All fields of a type cost more than the public may ask for.
        settings.execution_limits.cost.public = 100_000;
        settings.execution_limits.rates.public = 0;
        let server = Server::start(settings).await;
        let types = Types::read(&server).await;
        let tested: BTreeSet<&str> = ROOTS.iter().chain(&UNITS).map(|(root, _)| *root).collect();
        assert_eq!(types.roots_with(&["asOf", "boundaries", "knownAt"]), tested, "a new root is tested here");
        for (root, document) in ROOTS.iter().chain(&UNITS) {
            for views in VIEWS.iter().take(if UNITS.iter().any(|(unit, _)| unit == root) { 1 } else { 2 }) {
                let mut cache = NormalisedCache::default();
                for view in views {
                    let document = types.with_fields(&document.replace("VIEW", view));
                    let answer = server.execute(&document, Value::Null).await;
                    assert!(answer["errors"].is_null(), "{document}: {answer}");
                    cache.insert(&answer["data"], &document);
                }
                assert!(
                    !cache.0.is_empty() || MAY_BE_EMPTY.iter().any(|part| document.contains(part)),
                    "{document}"
                );
            }
        }
        server.stop().await;
    })
    .await;
}

/// For each type of node, a document with an id of it, and the caller who sees it.
const NODES: [(&str, &str, Option<&str>); 16] = [
    ("Province", "{ x: province(slug: \"HUE\") { id } }", None),
    ("AdminUnit", "{ x: unit(by: {slug: \"HUE\"}) { id } }", None),
    ("Country", "{ x: country(code: \"JP\") { id } }", None),
    ("Locality", "{ x: locality(slug: \"kr-gyeongsangnam\") { id } }", None),
    ("Term", "{ x: terms(vocabulary: FIELD) { id } }", None),
    ("Source", "{ x: sources(first: 1) { nodes { id } } }", None),
    ("Relation", "{ x: relations(first: 1) { nodes { id } } }", None),
    ("Agreement", "{ x: agreements(first: 1) { nodes { id } } }", None),
    ("Event", "{ x: events(first: 1) { nodes { id } } }", None),
    ("Organization", "{ x: organizations(first: 1) { nodes { id } } }", None),
    ("Programme", "{ x: programmes(first: 1) { nodes { id } } }", None),
    ("Figure", "{ x: figures(first: 1) { nodes { id } } }", None),
    ("Instrument", "{ x: instruments { id } }", None),
    (
        "LocalityProposal",
        r#"mutation { x: proposeLocality(input: {province: "HUE", country: "KR", name: {vi: "Trang"}}) { proposal { id } } }"#,
        Some("clerk:HUE"),
    ),
    ("Viewer", "{ x: viewer { id } }", Some("clerk:HUE")),
    // Tested where a caller withdraws an entry.
    ("Tombstone", "", None),
];

/// The types of objects that only a partner has; see `webhooks::rights`.
const OF_PARTNERS: [&str; 2] = ["Webhook", "WebhookDelivery"];

/// Returns the first id in a response.
fn first_id(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(fields) => fields.get("id").or_else(|| fields.values().find_map(first_id)),
        Value::Array(members) => members.iter().find_map(first_id),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

async fn execute(server: &Server, caller: Option<&str>, document: &str, variables: Value) -> Value {
    match caller {
        Some(caller) => server.execute_as(caller, document, variables).await,
        None => server.execute(document, variables).await,
    }
}

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";

#[tokio::test]
async fn every_type_with_an_id_is_a_node_and_found() {
    on_both_engines(|server| async move {
        let types = Types::read(&server).await;
        let with_id = types.objects_with("id");
        assert_eq!(types.implementing("Node"), with_id);
        let tested: BTreeSet<&str> = NODES.iter().map(|(kind, _, _)| *kind).chain(OF_PARTNERS).collect();
        assert_eq!(with_id, tested, "a new node is found here");
        for (kind, document, caller) in NODES.iter().filter(|(_, document, _)| !document.is_empty()) {
            let answer = execute(&server, *caller, document, Value::Null).await;
            let id = first_id(&answer["data"]).unwrap_or_else(|| panic!("{kind}: {answer}"));
            let found = execute(&server, *caller, NODE, json!({ "id": id })).await;
            assert_eq!(found["data"]["node"], json!({"__typename": kind, "id": id}), "{found}");
            if caller.is_some() {
                for other in [None, Some("publisher:NGHE_AN")] {
                    let found = execute(&server, other, NODE, json!({ "id": id })).await;
                    assert_eq!(found["data"], json!({ "node": null }), "{kind} as {other:?}");
                }
            }
        }
        for payload in types.names().filter(|name| name.ends_with("Payload")) {
            assert!(!with_id.contains(payload), "{payload} has the id of another object");
        }
    })
    .await;
}

/// Runs a script of `audit/`.
fn run_script(script: &str, arguments: &[&str]) {
    let output = Command::new("node").arg(script).args(arguments).output();
    let output = output.expect("node can be run; tests/run installs it");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}{complained}", output.status);
}

#[tokio::test]
async fn caches_of_clients_give_the_answers_of_the_server() {
    on_both_engines(|server| async move {
        let url = server.url("/graphql");
        // On a separate thread, because the server runs on this one.
        let clients = tokio::task::spawn_blocking(move || run_script(CACHES, &[url.as_str(), SCHEMA]));
        clients.await.expect("the caches agree");
    })
    .await;
}

#[test]
fn generators_of_clients_accept_the_schema() {
    run_script(GENERATORS, &[SCHEMA]);
}
