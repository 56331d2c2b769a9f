//! What questions cost in SQL statements, on both engines: numbers that must not grow unseen.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

/// The `data` of an answer without errors, and how many statements it took.
async fn cost(server: &Server, document: &str, variables: Value) -> (u64, Value) {
    let before = server.statements();
    let mut answer = server.ask(document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {}", answer["errors"]);
    (server.statements() - before, answer["data"].take())
}

/// How many rows a list has in which something is not null.
fn present(rows: &Value, name: &str) -> usize {
    rows.as_array().expect("a list").iter().filter(|row| !row[name].is_null()).count()
}

// Several threads, as in the real process: batches must hold however the tasks of a request are spread.

#[tokio::test(flavor = "multi_thread")]
async fn fifty_agreements_with_partner_and_country_are_one_statement() {
    on_both_engines(|server| async move {
        let rows = "nodes { code title partner { name country { name } } country { name } fields { name } }";
        let document = format!("{{ agreements(first: 50) {{ {rows} }} }}");
        let (statements, data) = cost(&server, &document, Value::Null).await;
        assert_eq!(data["agreements"]["nodes"].as_array().map(Vec::len), Some(50));
        assert_eq!(statements, 1);

        let counted = format!(
            "{{ agreements(first: 50) {{ totalCount {{ value }} {rows} pageInfo {{ hasNextPage }} }} }}"
        );
        let (statements, data) = cost(&server, &counted, Value::Null).await;
        assert!(data["agreements"]["totalCount"]["value"].as_u64() >= Some(50));
        assert_eq!(statements, 1, "the total comes from memory");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_alone_ask_the_database_nothing() {
    on_both_engines(|server| async move {
        for document in [
            "{ agreements { totalCount { value } } relations { totalCount { value } } events { totalCount { value } } }",
            "{ agreements(filter: {country: {in: [\"JP\"]}}) { totalCount { value } } }",
            "{ relations { groups(by: [{key: PROVINCE}]) { nodes { aggregate { count } } } } }",
            "{ statistics(asOf: \"2022-12-31\") { relations { count inForce groups(by: [{key: COUNTRY}]) { totalCount { value } } } agreements { count inForce } events { count } } }",
            "{ provinces { slug name region neighbours { name } inheritedUnits { slug } } countries { iso2 name } }",
            "{ province(slug: \"DONG_NAI\") { relations { totalCount { value } } } localities(first: 50) { nodes { name country { name } } } }",
        ] {
            assert_eq!(cost(&server, document, Value::Null).await.0, 0, "{document}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_provinces_with_relations_and_agreements_are_two_statements() {
    on_both_engines(|server| async move {
        let (_, data) = cost(&server, "{ provinces { id } }", Value::Null).await;
        let provinces = data["provinces"].as_array().expect("a list").iter();
        let ids: Vec<Value> = provinces.take(20).map(|province| province["id"].clone()).collect();
        for (agreements, of_partner) in [("partner { name agreements(first: 5) { nodes { code } } }", true), ("partner { name } agreements(first: 5) { nodes { code } }", false)] {
            let document = format!(
                "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Province {{ slug relations(first: 10) {{ nodes {{ code {agreements} }} }} }} }} }}"
            );
            let (statements, data) = cost(&server, &document, json!({ "ids": ids })).await;
            let nodes = data["nodes"].as_array().expect("a list");
            let relations: Vec<&Value> = nodes.iter().flat_map(|province| province["relations"]["nodes"].as_array().expect("a list")).collect();
            let newest = |relation: &&Value| if of_partner { &relation["partner"]["agreements"]["nodes"] } else { &relation["agreements"]["nodes"] }.as_array().map_or(0, Vec::len);
            assert!(nodes.len() == 20 && relations.len() > 50, "{data}");
            assert!(relations.iter().map(newest).sum::<usize>() > 5, "{data}");
            assert_eq!(statements, 2, "{agreements}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_is_one_statement() {
    on_both_engines(|server| async move {
        let by_code = "{ agreement(by: {code: \"AGR-0001\"}) { id code partner { name } } }";
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
async fn links_between_entries_go_together() {
    on_both_engines(|server| async move {
        let document = "{ relations(first: 100) { nodes { code continues { code province { slug } } } } }";
        let (statements, data) = cost(&server, document, Value::Null).await;
        let mut continued = present(&data["relations"]["nodes"], "continues");
        assert_eq!(statements, 1 + u64::from(continued > 0));
        let document = "{ relations(last: 100) { nodes { code continues { code } } } }";
        let (statements, data) = cost(&server, document, Value::Null).await;
        continued += present(&data["relations"]["nodes"], "continues");
        assert_eq!(statements, 1 + u64::from(present(&data["relations"]["nodes"], "continues") > 0));
        assert!(continued > 1, "there is nothing to go together");

        let document = "{ agreements(first: 100) { nodes { code renews { code } renewedBy { code } } } }";
        let (statements, data) = cost(&server, document, Value::Null).await;
        assert!(present(&data["agreements"]["nodes"], "renews") > 1, "{data}");
        assert!(present(&data["agreements"]["nodes"], "renewedBy") > 1, "{data}");
        assert_eq!(statements, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kinds_without_facts_are_counted_by_one_more_statement() {
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
async fn a_search_is_two_statements_for_each_kind_that_answers() {
    on_both_engines(|server| async move {
        let document = "query($q: String!) { search(query: $q, first: 50) { totalCount { value } nodes { __typename ... on Relation { code partner { name } } ... on Agreement { code } ... on Event { code } } } }";
        let entries = BTreeSet::from(["Relation", "Agreement", "Event"]);
        for query in ["kandal", "hữu nghị", "dong nai", "zzzzzz"] {
            let (statements, data) = cost(&server, document, json!({ "q": query })).await;
            let nodes = data["search"]["nodes"].as_array().expect("a list");
            let answer: BTreeSet<&str> = nodes.iter().filter_map(|node| node["__typename"].as_str()).collect();
            let kinds = answer.intersection(&entries).count() as u64;
            assert!((3 + kinds..=6).contains(&statements), "{query}: {statements} for {answer:?}");
        }
        let filtered = "{ agreements(filter: {search: \"kandal\"}) { totalCount { value } nodes { code } } }";
        assert_eq!(cost(&server, filtered, Value::Null).await.0, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zz_race() {
    on_both_engines(|server| async move {
        let (_, data) = cost(&server, "{ provinces { id } }", Value::Null).await;
        let provinces = data["provinces"].as_array().expect("a list").iter();
        let ids: Vec<Value> = provinces.take(20).map(|province| province["id"].clone()).collect();
        let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Province { slug relations(first: 10) { nodes { code partner { name agreements(first: 5) { nodes { code } } } } } } } }";
        let renewals = "{ agreements(first: 100) { nodes { code renews { code } renewedBy { code } } } }";
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..100 {
            let (statements, _) = cost(&server, document, json!({ "ids": ids })).await;
            *seen.entry(("tree", statements)).or_insert(0) += 1;
            let (statements, _) = cost(&server, renewals, Value::Null).await;
            *seen.entry(("renew", statements)).or_insert(0) += 1;
        }
        panic!("{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn pings_are_no_statements() {
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
