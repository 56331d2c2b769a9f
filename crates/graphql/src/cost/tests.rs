//! Expected costs, computed by hand from the tables and the default sizes.

use super::*;
use crate::guard;
use async_graphql::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

mod recorded;
mod suggestion;

/// The cost limit of the public.
const PUBLIC: u64 = 2_000;

fn estimate_document(document: &str, variables: &Value) -> Cost {
    let parsed = guard::check(document).unwrap();
    let (_, operation) = parsed.operations.iter().next().unwrap();
    let operation_ref = OperationRef { document: &parsed, operation: &operation.node, variables };
    estimate(operation_ref, &Sizes::default())
}

fn cost(document: &str, variables: &Value) -> u64 {
    estimate_document(document, variables).units
}

#[test]
fn page_costs_its_rows_and_itself() {
    assert_eq!(cost("{ relations(first: 100) { nodes { id } } }", &json!(null)), 101);
    assert_eq!(cost("{ relations { nodes { id partnerLocality { slug } } } }", &json!(null)), 41);
    assert_eq!(cost("query($n: Int = 7) { relations(first: $n) { nodes { id } } }", &json!({"n": 3})), 4);
    assert_eq!(cost("query($n: Int = 7) { relations(first: $n) { nodes { id } } }", &json!({})), 8);
    assert_eq!(cost("{ relations(first: 5) { totalCount { value } } }", &json!(null)), 6);
    assert_eq!(cost("{ relations(first: 5) { nodes { established { edtf } } } }", &json!(null)), 6);
    assert_eq!(cost("{ search(query: \"hoa\", first: 5) { nodes { __typename } } }", &json!(null)), 106);
}

#[test]
fn twenty_provinces_with_relations_fit_the_public_limit() {
    let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Province { relations(first: 10) { nodes { partnerLocality { name agreements(first: 5) { nodes { code } } } } } } } }";
    assert_eq!(cost(document, &json!({"ids": ids})), 1_640);
}

#[test]
fn nested_pages_return_no_more_rows_than_the_register() {
    // 34 provinces, their pages, and all 150 agreements once; not 34 pages of 100.
    let all = "{ provinces { agreements(first: 100) { nodes { code } } } }";
    assert_eq!(cost(all, &json!(null)), 34 + 34 + 150);
    // The partners of relations repeat, so each may return a whole page.
    let repeated = "{ relations(first: 10) { nodes { partnerLocality { agreements(first: 100) { nodes { code } } } } } }";
    assert_eq!(cost(repeated, &json!(null)), 1 + 10 + 10 + 10 + 10 * 100);
    // The same id may be given a hundred times.
    let ids: Vec<String> = vec!["x".to_owned(); 100];
    let named = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Province { agreements(first: 100) { nodes { code } } } } }";
    assert_eq!(cost(named, &json!({"ids": ids})), 100 + 100 + 100 * 100);
}

#[test]
fn groups_do_not_exceed_the_values_of_their_keys() {
    let groups = |by: &str| {
        let document = format!(
            "{{ provinces {{ agreements {{ groups(by: [{by}], first: 100) {{ nodes {{ aggregate {{ count }} }} }} }} }} }}"
        );
        cost(&document, &json!(null))
    };
    // The pages, the groupings with their weight, then two objects for each group: 30 fields in
    // each province would be more than 150 agreements with four each.
    assert_eq!(groups("{key: FIELD}"), 34 + 34 + 34 * (5 + 1) + 600 * 2);
    assert_eq!(groups("{bucket: {field: SIGNED_ON, unit: DECADE}}"), 34 + 34 + 34 * (5 + 1) + 34 * 12 * 2);
}

#[test]
fn ministry_dashboard_fits_the_analyst_limit() {
    let board = include_str!("../../../../tests/bench/ministry/board.graphql");
    let cost = cost(board, &json!({"asOf": "2025-06-30"}));
    assert!(cost > PUBLIC && cost < 10_000, "{cost}");
}

#[test]
fn fragments_on_different_types_are_not_added_up() {
    let one =
        "{ search(query: \"hoa\", first: 10) { nodes { ... on Relation { partnerLocality { name } } } } }";
    let all = "{ search(query: \"hoa\", first: 10) { nodes { ... on Relation { partnerLocality { name } } ... on Agreement { partnerLocality { name } } ... on Event { kind { code } } } } }";
    assert_eq!(cost(one, &json!(null)), 100 + 1 + 10 * 2);
    assert_eq!(cost(all, &json!(null)), cost(one, &json!(null)));
}

#[test]
fn list_of_an_entry_costs_less_than_the_root_list() {
    assert_eq!(cost("{ countries { code } }", &json!(null)), 249);
    assert_eq!(cost("{ programmes(first: 5) { nodes { countries { code } } } }", &json!(null)), 26);
    assert_eq!(cost("{ events(first: 5) { nodes { occasions { code } } } }", &json!(null)), 16);
}

#[test]
fn ids_count_in_lists_literals_and_variables() {
    let each = "{ ... on Relation { partnerLocality { slug } } }";
    let listed = format!("query($a: ID!, $b: ID!) {{ nodes(ids: [$a, $b]) {each} }}");
    let literal = format!("{{ nodes(ids: [\"x\", \"y\"]) {each} }}");
    let variable = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {each} }}");
    assert_eq!(cost(&listed, &json!({"a": "x", "b": "y"})), 4);
    assert_eq!(cost(&literal, &json!(null)), 4);
    assert_eq!(cost(&variable, &json!({"ids": ["x", "y"]})), 4);
}

#[test]
fn nested_pages_multiply_without_overflow() {
    let mut document = String::from("{ slug }");
    for _ in 0..4 {
        document = format!("{{ relations(first: 100) {{ nodes {{ partnerLocality {document} }} }} }}");
    }
    assert!(cost(&document, &json!(null)) > 100_000_000);
}

#[test]
fn write_costs_itself_and_its_payload() {
    let document = "mutation { createEvent(input: {}) { event { id } errors { code } cursor } }";
    assert_eq!(cost(document, &json!(null)), 15);
    let document = "mutation { a: createEvent(input: {}) { ...F } b: createEvent(input: {}) { ...F } } fragment F on EventPayload { query { countries { code } } }";
    assert_eq!(cost(document, &json!(null)), 2 * (10 + 1 + 1 + 249));
}

#[test]
fn feed_costs_its_page_and_log_and_a_stream_its_message() {
    assert_eq!(cost("{ changes(first: 50) { messages { __typename } } }", &json!(null)), 71);
    assert_eq!(cost("{ changes { nodes { entry { code } } } }", &json!(null)), 61);
    assert_eq!(cost("{ latestChanges(first: 50) { nodes { entry { code } } } }", &json!(null)), 121);
    assert_eq!(cost("subscription { changes { ... on Change { entry { code } } } }", &json!(null)), 22);
}

#[test]
fn narrow_feed_filter_costs_the_skipped_changes() {
    let narrow = "{ changes(first: 1, filter: {locality: {in: [\"kr-busan\"]}}) { cursor } }";
    assert_eq!(cost(narrow, &json!(null)), 20 + 500 + 1);
    let wide = "{ changes(first: 1, filter: {province: {in: [\"HUE\"]}}) { cursor } }";
    assert_eq!(cost(wide, &json!(null)), 20 + 1);
    let variable = "query($f: ChangeFilter) { a: changes(filter: $f) { cursor } b: changes(filter: $f) { cursor } c: changes(filter: $f) { cursor } d: changes(filter: $f) { cursor } }";
    assert!(cost(variable, &json!({"f": {"entryType": ["EVENT"]}})) > PUBLIC);
    assert_eq!(cost(variable, &json!({"f": {"entryType": []}})), 4 * (20 + 500 + 1));
    assert_eq!(cost(variable, &json!({"f": null})), 4 * 21);
}

#[test]
fn feed_documents_fit_the_public_limit_with_any_filter() {
    let filter = json!({"locality": {"in": ["kr-busan"]}});
    let lines = cost(crate::feed_documents::LINES, &json!({"first": 100, "filter": filter}));
    let newest = json!({"first": 1, "newest": 100, "follows": false, "filter": filter});
    let following = json!({"first": 100, "newest": 1, "follows": true, "filter": filter});
    let headlines = [newest, following].map(|variables| cost(crate::feed_documents::HEADLINES, &variables));
    assert!(lines <= PUBLIC && headlines.iter().all(|cost| *cost <= PUBLIC), "{lines} {headlines:?}");
}

#[test]
fn filter_conditions_cost_in_each_list() {
    let lists = |alternatives: usize, lists: usize| {
        let one = "{field: {in: [\"TRADE\"]}, signingLevel: {in: [PROVINCE]}}";
        let any = vec![one; alternatives].join(", ");
        let list = |number: usize| {
            format!("a{number}: agreements(first: 1, filter: {{anyOf: [{any}]}}) {{ nodes {{ id }} }}")
        };
        let lists: Vec<String> = (0..lists).map(list).collect();
        cost(&format!("{{ {} }}", lists.join(" ")), &json!(null))
    };
    assert_eq!(lists(1, 1), 2);
    assert_eq!(lists(18, 1), 2 + 36 - 4);
    assert_eq!(lists(18, 5), 5 * (2 + 36 - 4));
    let variable = "query($f: AgreementFilter) { agreements(first: 1, filter: $f) { nodes { id } } }";
    assert_eq!(cost(variable, &json!({"f": {"search": "hoa"}})), 2 + 20 - 4);
    let codes: Vec<String> = (0..249).map(|code| code.to_string()).collect();
    assert_eq!(
        cost(variable, &json!({"f": {"country": {"in": codes}, "not": {"pillar": {"in": ["STATE"]}}}})),
        2 + 26 - 4
    );
}

#[test]
fn filters_and_orders_of_large_tables_cost_their_rows() {
    let text = "{ agreements(first: 1, filter: {field: {in: [\"TRADE\"]}}, orderBy: [{by: NAME}]) { nodes { id } } }";
    let sizes = Sizes::of_agreements(1_000_000);
    let document = guard::check(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let operation_ref =
        OperationRef { document: &document, operation: &operation.node, variables: &json!(null) };
    assert_eq!(estimate(operation_ref, &sizes).units, 2 + 100 + 100);
}

#[test]
fn long_texts_and_their_aliases_cost_their_bytes() {
    let aliases = |count: usize| {
        let titles: Vec<String> = (0..count).map(|number| format!("a{number}: title")).collect();
        estimate_document(
            &format!("{{ agreements(first: 100) {{ nodes {{ {} }} }} }}", titles.join(" ")),
            &json!(null),
        )
    };
    assert_eq!(aliases(4).units, 101);
    // 49 × 116 bytes are eleven times 512 beyond the first.
    assert_eq!(aliases(49).units, 1 + 100 * 12);
    assert!(aliases(49).bytes > 500_000);
}

#[test]
fn computed_fields_of_a_figure_cost_a_scan_of_the_facts() {
    assert_eq!(cost("{ figures(first: 10) { nodes { code gap } } }", &json!(null)), 61);
    assert_eq!(cost("{ figures(first: 10) { nodes { computed { value } } } }", &json!(null)), 61);
    assert_eq!(cost("{ statistics { coverage { filed missing { slug } } } }", &json!(null)), 36);
    assert_eq!(cost("{ statistics { alarms { rule figures { code } } } }", &json!(null)), 71);
    assert_eq!(cost("{ statistics { expiring(first: 5) { nodes { code } } } }", &json!(null)), 12);
}

#[test]
fn deliveries_cost_the_requested_number() {
    assert_eq!(cost("{ webhooks { id } }", &json!(null)), 20);
    assert_eq!(cost("{ webhooks { deliveries { id } } }", &json!(null)), 20 * 21);
    assert_eq!(cost("{ webhooks { deliveries(first: 3) { id } } }", &json!(null)), 20 * 4);
}

#[tokio::test]
async fn introspection_costs_about_the_bytes_of_its_response() {
    let schema = crate::builder().finish();
    for document in [
        include_str!("../guard/introspection.graphql"),
        "{ __schema { types { name kind description } } }",
        "{ __schema { types { possibleTypes { interfaces { name } } } } }",
        "{ __schema { types { fields { name args { name type { name kind ofType { name } } } type { fields { name } } } } } }",
        "{ a: __type(name: \"Query\") { fields { name description } } b: __type(name: \"Pillar\") { enumValues { name } } }",
    ] {
        let response = schema.execute(Request::new(document)).await;
        assert!(response.errors.is_empty(), "{document}: {:?}", response.errors);
        let bytes = serde_json::to_vec(&response.data).unwrap().len() as u64;
        let expected = estimate_document(document, &json!(null));
        let is_near = expected.bytes >= bytes - bytes / 4 && expected.bytes <= bytes * 3 / 2;
        assert!(is_near, "{document}: expected {}, made {bytes}", expected.bytes);
        // Each field at the root counts its last KiB whole.
        let whole = expected.bytes.div_ceil(1_024);
        assert!((whole..=whole + 1).contains(&expected.units), "{document}: {expected:?}");
    }
}

#[test]
fn cyclic_introspection_grows_and_is_too_deep() {
    for rounds in 3..=5 {
        let open = "possibleTypes { interfaces { ".repeat(rounds);
        let document = format!("{{ __schema {{ types {{ {open} name {} }} }} }}", "} } ".repeat(rounds));
        let parsed = guard::check(&document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        assert!(introspection::is_too_deep(&parsed, &operation.node));
    }
    let bytes = |document: &str| estimate_document(document, &json!(null)).bytes;
    let round = |rounds: usize| {
        let open = "possibleTypes { interfaces { ".repeat(rounds);
        bytes(&format!("{{ __schema {{ types {{ {open} name {} }} }} }}", "} } ".repeat(rounds)))
    };
    assert!(round(5) > 5 * round(4) && round(4) > 1_000_000);
}

#[test]
fn two_nested_introspection_lists_pass_and_three_do_not() {
    let is_deep = |document: &str| {
        let parsed = guard::check(document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        introspection::is_too_deep(&parsed, &operation.node)
    };
    assert!(!is_deep(include_str!("../guard/introspection.graphql")));
    assert!(!is_deep("{ __schema { types { possibleTypes { interfaces { name } } } } }"));
    assert!(!is_deep("{ agreements { nodes { fields { code } sources { code } } } }"));
    assert!(is_deep("{ __schema { types { possibleTypes { interfaces { possibleTypes { name } } } } } }"));
    assert!(is_deep(
        "{ __schema { ...S } } fragment S on __Schema { types { fields { type { fields { type { inputFields { name } } } } } } }"
    ));
}
