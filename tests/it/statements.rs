//! The number of SQL statements of queries on both engines; it must not grow unnoticed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

/// Returns the number of statements and the `data` of a response without errors.
async fn cost(server: &Server, document: &str, variables: Value) -> (u64, Value) {
    let before = server.statements();
    let mut answer = server.execute(document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {}", answer["errors"]);
    (server.statements() - before, answer["data"].take())
}

fn rows(list: &Value) -> &Vec<Value> {
    list.as_array().expect("a list")
}

// Several threads, as in production: batches must be complete however the tasks of a request are
// scheduled.

#[tokio::test(flavor = "multi_thread")]
async fn fifty_agreements_with_partners_take_one_statement() {
    on_both_engines(|server| async move {
        let page =
            "nodes { code title partnerLocality { name country { name } } country { name } fields { name } }";
        for extra in ["", "totalCount { value } pageInfo { hasNextPage }"] {
            let document = format!("{{ agreements(first: 50) {{ {extra} {page} }} }}");
            let (statements, data) = cost(&server, &document, Value::Null).await;
            assert_eq!(rows(&data["agreements"]["nodes"]).len(), 50);
            assert_eq!(statements, 1, "{extra}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_alone_take_no_statement() {
    on_both_engines(|server| async move {
        for document in [
            "{ agreements { totalCount { value } } relations { totalCount { value } } }",
            "{ events { totalCount { value } } organizations { totalCount { value } } }",
            "{ agreements(filter: {country: {in: [\"JP\"]}}) { totalCount { value } } }",
            "{ relations { groups(by: [{key: PROVINCE}]) { nodes { aggregate { count } } } } }",
            "{ statistics(asOf: \"2022-12-31\") { agreements { count inForce } events { count } } }",
            "{ statistics { relations { groups(by: [{key: COUNTRY}]) { totalCount { value } } } } }",
            "{ provinces { slug name region neighbours { name } inheritedUnits { slug } } }",
            "{ province(slug: \"DONG_NAI\") { relations { totalCount { value } } } }",
            "{ localities(first: 50) { nodes { name country { name } } } countries { code name } }",
        ] {
            assert_eq!(cost(&server, document, Value::Null).await.0, 0, "{document}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_selected_in_memory_take_one_statement() {
    on_both_engines(|server| async move {
        for (document, statements) in [
            ("{ statistics(asOf: \"2026-11-22\") { expiring(withinDays: 900) { nodes { code } } } }", 1),
            ("{ statistics(asOf: \"2029-06-30\") { dormant { nodes { code } } } }", 1),
            // The selection is empty, so no statement is needed.
            ("{ statistics(asOf: \"2026-11-22\") { frameworkOnly { nodes { code } } } }", 0),
        ] {
            assert_eq!(cost(&server, document, Value::Null).await.0, statements, "{document}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn provinces_with_two_child_lists_take_two_statements() {
    on_both_engines(|server| async move {
        let (_, data) = cost(&server, "{ provinces { id } }", Value::Null).await;
        let ids: Vec<&Value> =
            rows(&data["provinces"]).iter().map(|province| &province["id"]).take(20).collect();
        let newest = "agreements(first: 5) { nodes { code } }";
        for below in
            [format!("partnerLocality {{ name {newest} }}"), format!("partnerLocality {{ name }} {newest}")]
        {
            let relations = format!("relations(first: 10) {{ nodes {{ code {below} }} }}");
            let document = format!(
                "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Province {{ slug {relations} }} }} }}"
            );
            let (statements, data) = cost(&server, &document, json!({ "ids": ids })).await;
            let relations: Vec<&Value> = rows(&data["nodes"])
                .iter()
                .flat_map(|province| rows(&province["relations"]["nodes"]))
                .collect();
            let with_agreements =
                relations.iter().filter(|relation| relation.to_string().contains("AGR-")).count();
            assert!(relations.len() > 50 && with_agreements > 5, "{data}");
            assert_eq!(statements, 2, "{below}");
        }
    })
    .await;
}

/// A batch that starts before all keys are collected would sometimes cost more, so this query is
/// repeated often.
#[tokio::test(flavor = "multi_thread")]
async fn batches_are_complete_every_time() {
    on_both_engines(|server| async move {
        let document = "{ agreements(first: 100) { nodes { code renews { code } renewedBy { code } } } }";
        for turn in 0..20 {
            // A different text each time, so that no cached response is used.
            let document = format!("{document} # {turn}");
            let (statements, data) = cost(&server, &document, Value::Null).await;
            let agreements = rows(&data["agreements"]["nodes"]);
            assert!(agreements.iter().filter(|row| !row["renews"].is_null()).count() > 1, "{data}");
            assert!(agreements.iter().filter(|row| !row["renewedBy"].is_null()).count() > 1, "{data}");
            assert_eq!(statements, 3);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn page_with_linked_relations_takes_two_statements() {
    on_both_engines(|server| async move {
        let filter = "filter: {province: {in: [\"DA_NANG\"]}}";
        let document =
            format!("{{ relations({filter}, first: 100) {{ nodes {{ code continues {{ code }} }} }} }}");
        let (statements, data) = cost(&server, &document, Value::Null).await;
        let relations = rows(&data["relations"]["nodes"]);
        let continued = |row: &&Value| row["code"] == "REL-0061" && row["continues"]["code"] == "REL-0230";
        assert!(relations.len() > 10 && relations.iter().any(|row| continued(&row)), "{data}");
        assert_eq!(statements, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_takes_one_statement() {
    on_both_engines(|server| async move {
        let by_code = "{ agreement(by: {code: \"AGR-0001\"}) { id code partnerLocality { name } } }";
        let (statements, data) = cost(&server, by_code, Value::Null).await;
        assert_eq!(data["agreement"]["code"], "AGR-0001");
        assert_eq!(statements, 1);

        let by_id = "query($id: ID!) { node(id: $id) { ... on Agreement { code } } }";
        let (statements, data) = cost(&server, by_id, json!({ "id": data["agreement"]["id"] })).await;
        assert_eq!(data["node"]["code"], "AGR-0001");
        assert_eq!(statements, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_ids_take_one_statement_per_kind() {
    on_both_engines(|server| async move {
        let document = "{ agreements(first: 50) { nodes { id } } relations(first: 50) { nodes { id } } }";
        let (statements, data) = cost(&server, document, Value::Null).await;
        assert_eq!(statements, 2);
        let lists = ["agreements", "relations"].map(|name| rows(&data[name]["nodes"]));
        let ids: Vec<&Value> = lists.into_iter().flatten().map(|row| &row["id"]).collect();
        let (statements, data) =
            cost(&server, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        assert!(rows(&data["nodes"]).iter().map(|row| &row["id"]).eq(ids), "{data}");
        assert_eq!(statements, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_without_facts_take_one_count_statement() {
    on_both_engines(|server| async move {
        for list in ["programmes", "figures"] {
            let document = format!("{{ {list}(first: 50) {{ nodes {{ code }} }} }}");
            assert_eq!(cost(&server, &document, Value::Null).await.0, 1, "{list}");
            let counted = format!("{{ {list}(first: 50) {{ nodes {{ code }} totalCount {{ value }} }} }}");
            assert_eq!(cost(&server, &counted, Value::Null).await.0, 2, "{list}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_takes_one_statement_per_kind_on_the_page() {
    on_both_engines(|server| async move {
        let document = "query($q: String!) { search(query: $q, first: 50) {
            totalCount { value } nodes { __typename ... on Entry { code } ... on Relation { partnerLocality { name } } }
        } }";
        for query in ["kandal", "hữu nghị", "dong nai", "zzzzzz"] {
            let (statements, data) = cost(&server, document, json!({ "q": query })).await;
            let types = rows(&data["search"]["nodes"]).iter().filter_map(|hit| hit["__typename"].as_str());
            let in_memory = ["AdminUnit", "Country", "Locality", "Term"];
            let kinds: BTreeSet<&str> = types.filter(|name| !in_memory.contains(name)).collect();
            assert_eq!(statements, kinds.len() as u64, "{query}: {kinds:?}");
        }
        let filtered = "{ agreements(filter: {search: \"kandal\"}) { totalCount { value } nodes { code } } }";
        assert_eq!(cost(&server, filtered, Value::Null).await.0, 2);
    })
    .await;
}

#[tokio::test]
async fn pings_are_not_counted_as_statements() {
    on_both_engines(|server| async move {
        let before = server.statements();
        for _ in 0..3 {
            server.register().ping().await.expect("the database answers");
        }
        let ready = server.http(reqwest::Method::GET, "/readyz").send().await.expect("the server answers");
        assert!(ready.status().is_success());
        assert_eq!(server.statements(), before);
    })
    .await;
}
