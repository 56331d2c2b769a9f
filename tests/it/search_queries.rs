//! Searches as people write them, over the shipped data: with marks, without, and misspelt.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

/// Queries, the code or slug that each asks for, and how it is written. A query that fails stays.
const QUERIES: &str = include_str!("search_queries.csv");
/// The hits in which the expected one must be.
const FIRST: usize = 5;
/// The least share of queries that succeed, in percent.
const LEAST_PERCENT: usize = 95;

const DOCUMENT: &str = "query($q: String!, $first: Int) { search(query: $q, first: $first) { nodes {
    __typename ... on Entry { entry: code } ... on AdminUnit { unit: slug } ... on Country { country: code }
    ... on Locality { locality: slug } ... on Term { term: code }
    ... on Figure { figure: code } ... on Instrument { instrument: code }
} } }";

/// A row of the list.
#[derive(Debug)]
struct Query {
    text: String,
    expected: String,
    writing: String,
}

fn queries() -> Vec<Query> {
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [text, expected, writing] = fields[..] else { panic!("{line}") };
        Query { text: text.to_owned(), expected: expected.to_owned(), writing: writing.to_owned() }
    };
    QUERIES.lines().skip(1).map(row).collect()
}

/// Returns the codes and slugs of the first hits.
async fn first_hits(server: &Server, text: &str) -> Vec<String> {
    let answer = server.execute(DOCUMENT, json!({"q": text, "first": FIRST})).await;
    let nodes = answer["data"]["search"]["nodes"].as_array().unwrap_or_else(|| panic!("{text}: {answer}"));
    let code = |node: &Value| {
        let fields = node.as_object().expect("an object").iter().filter(|(name, _)| *name != "__typename");
        fields.filter_map(|(_, code)| code.as_str()).map(str::to_owned).collect::<String>()
    };
    nodes.iter().map(code).collect()
}

#[test]
fn list_of_queries_has_the_parts_that_it_states() {
    let queries = queries();
    assert_eq!(queries.len(), 300);
    let without_marks = queries.iter().filter(|query| query.text.is_ascii()).count();
    let misspelt = queries.iter().filter(|query| query.writing == "misspelt").count();
    assert!(without_marks >= 150 && misspelt >= 75, "{without_marks} {misspelt}");
}

#[tokio::test]
async fn queries_find_what_they_ask_for_in_the_first_five() {
    on_both_engines(|server| async move {
        let queries = queries();
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut failed = Vec::new();
        for query in &queries {
            let hits = first_hits(&server, &query.text).await;
            let (found, all) = counts.entry(&query.writing).or_default();
            *all += 1;
            if hits.contains(&query.expected) {
                *found += 1;
            } else {
                failed.push(format!("{:?} expects {}, has {hits:?}", query.text, query.expected));
            }
        }
        let found = queries.len() - failed.len();
        println!("{found} of {} queries, by writing {counts:?}\n{}", queries.len(), failed.join("\n"));
        assert!(
            found * 100 >= queries.len() * LEAST_PERCENT,
            "{found} of {}, {counts:?}: {failed:#?}",
            queries.len()
        );
    })
    .await;
}
