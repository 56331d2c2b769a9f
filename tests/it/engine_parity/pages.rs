//! Pages of every list, read from both ends.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{data, on_each_engine};
use crate::harness::Server;

/// The page size, which does not divide the length of any list.
const PAGE: usize = 37;

/// Lists that can be read from both ends, with their sort keys; the name comes last.
const LISTS: [(&str, [&str; 2], &str); 3] = [
    ("relations", ["ESTABLISHED", "UPDATED_AT"], "NAME"),
    ("agreements", ["SIGNED_ON", "EXPIRES"], "TITLE"),
    ("events", ["HELD_ON", "UPDATED_AT"], "TITLE"),
];

/// Lists that can only be read from the start.
const FORWARDS: [&str; 7] = [
    "organizations(first: $n, after: $c)",
    "programmes(first: $n, after: $c)",
    "figures(first: $n, after: $c)",
    "localities(first: $n, after: $c)",
    r#"localities(search: "ha", first: $n, after: $c)"#,
    "sources(first: $n, after: $c)",
    r#"search(query: "da", first: $n, after: $c)"#,
];

#[tokio::test]
async fn both_directions_of_every_order_return_each_row_once() {
    let orders = on_each_engine(|server| async move {
        let mut orders = Vec::new();
        for (list, dates, name) in LISTS {
            for direction in ["ASC", "DESC"] {
                for date in dates {
                    let order = format!("{{by: {date}, direction: {direction}}}");
                    orders.push(walk_both_ways(&server, "vi", list, &order).await);
                    let order = format!("{order}, {{by: {name}, direction: ASC}}");
                    orders.push(walk_both_ways(&server, "vi", list, &order).await);
                }
                for language in ["vi", "en"] {
                    let order = format!("{{by: {name}, direction: {direction}}}");
                    orders.push(walk_both_ways(&server, language, list, &order).await);
                }
            }
        }
        orders
    })
    .await;
    assert_eq!(orders[0], orders[1], "the engines order alike");
}

/// Returns the codes of a list in an order, after checking that both directions agree.
async fn walk_both_ways(server: &Server, language: &str, list: &str, order: &str) -> Vec<String> {
    let (forwards, total) =
        walk(server, language, list, order, ["first", "after", "endCursor", "hasNextPage"]).await;
    let (backwards, _) =
        walk(server, language, list, order, ["last", "before", "startCursor", "hasPreviousPage"]).await;
    let forwards = forwards.concat();
    let backwards: Vec<_> = backwards.into_iter().rev().flatten().collect();
    assert_eq!(forwards.len(), total, "{list} by {order}");
    assert_eq!(forwards.iter().collect::<HashSet<_>>().len(), total, "{list} by {order} repeats a row");
    assert_eq!(forwards, backwards, "{list} by {order}");
    forwards
}

/// Returns the pages of a list in reading order, and its total count.
async fn walk(
    server: &Server,
    language: &str,
    list: &str,
    order: &str,
    [size, from, cursor, more]: [&str; 4],
) -> (Vec<Vec<String>>, usize) {
    let document = format!(
        "query($n: Int!, $c: String) {{ {list}({size}: $n, {from}: $c, orderBy: [{order}]) {{
            totalCount {{ value }} pageInfo {{ {cursor} {more} }} nodes {{ code }}
        }} }}"
    );
    read_pages(server, (language, &document), list, [cursor, more]).await
}

async fn read_pages(
    server: &Server,
    (language, document): (&str, &str),
    list: &str,
    [cursor, more]: [&str; 2],
) -> (Vec<Vec<String>>, usize) {
    let mut pages = Vec::new();
    let mut at = Value::Null;
    loop {
        let mut answer = data(server, language, document, &json!({"n": PAGE, "c": at})).await;
        let mut page = answer[list].take();
        let rows: Vec<_> = page["nodes"].as_array().expect("rows").iter().map(ToString::to_string).collect();
        assert!(rows.len() <= PAGE && pages.len() < 50, "{document}");
        pages.push(rows);
        if page["pageInfo"][more] == false {
            let total = page["totalCount"]["value"].as_u64().and_then(|total| usize::try_from(total).ok());
            return (pages, total.expect("a count"));
        }
        assert_eq!(pages.last().map(Vec::len), Some(PAGE), "a page before the last one is full: {document}");
        at = page["pageInfo"][cursor].take();
    }
}

#[tokio::test]
async fn forward_only_lists_return_each_row_once() {
    let rows = on_each_engine(|server| async move {
        let mut lists = Vec::new();
        for list in FORWARDS {
            let row = "__typename ... on Node { id }";
            let document = format!(
                "query($n: Int!, $c: String) {{ list: {list} {{
                    totalCount {{ value }} pageInfo {{ endCursor hasNextPage }} nodes {{ {row} }}
                }} }}"
            );
            let (pages, total) =
                read_pages(&server, ("vi", &document), "list", ["endCursor", "hasNextPage"]).await;
            let rows = pages.concat();
            assert!(total > 0, "{list}");
            assert_eq!(rows.len(), total, "{list}");
            assert_eq!(rows.iter().collect::<HashSet<_>>().len(), total, "{list} repeats a row");
            lists.push(rows);
        }
        lists
    })
    .await;
    assert_eq!(rows[0], rows[1], "the engines order alike");
}
