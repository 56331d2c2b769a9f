//! Page sizes, cursors and groups.

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_refused, expect_data, expect_rejection};
use crate::harness::on_both_engines;

#[tokio::test]
async fn page_size_out_of_range_is_refused_in_every_list() {
    on_both_engines(|server| async move {
        let places = [
            "query($n: Int) { relations(first: $n) { nodes { id } } }",
            "query($n: Int) { relations(first: $n) { totalCount { value } } }",
            "query($n: Int) { agreements(last: $n) { nodes { id } } }",
            "query($n: Int) { events(first: $n) { nodes { id } } }",
            "query($n: Int) { organizations(first: $n) { nodes { id } } }",
            "query($n: Int) { programmes(first: $n) { nodes { id } } }",
            "query($n: Int) { figures(first: $n) { nodes { id } } }",
            "query($n: Int) { localities(first: $n) { nodes { id } } }",
            "query($n: Int) { search(query: \"hue\", first: $n) { nodes { __typename } } }",
            "query($n: Int) { relations { groups(by: [{key: TIER}], first: $n) { nodes { keys { value } } } } }",
            "query($n: Int) { statistics { events { groups(by: [{key: KIND}], first: $n) { nodes { keys { value } } } } } }",
            "query($n: Int) { province(slug: \"HUE\") { relations(first: $n) { nodes { id } } } }",
        ];
        for place in places {
            for size in [0, -1, 101, i64::from(i32::MIN), i64::from(i32::MAX)] {
                expect_rejection(&server, place, json!({"n": size}), "must be from 1 to 100").await;
            }
            expect_rejection(&server, place, json!({"n": 10_000_000_000_i64}), "from -2147483648 to 2147483647").await;
            expect_rejection(&server, place, json!({"n": 1.5}), "$n is not a whole number").await;
            for size in [json!("20"), json!(true), json!([1])] {
                expect_rejection(&server, place, json!({"n": size}), "Int").await;
            }
            expect_data(&server, place, json!({"n": null})).await;
            expect_data(&server, place, json!({"n": 100})).await;
        }
        let literal = "{ relations(first: 10000000000) { nodes { id } } }";
        expect_rejection(&server, literal, Value::Null, "from -2147483648 to 2147483647").await;
    })
    .await;
}

#[tokio::test]
async fn both_paging_directions_together_are_refused() {
    on_both_engines(|server| async move {
        for arguments in [
            "first: 1, last: 1",
            "first: 1, before: \"x\"",
            "last: 1, after: \"x\"",
            "after: \"x\", before: \"x\"",
        ] {
            for list in ["relations", "agreements", "events"] {
                let document = format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}");
                expect_rejection(&server, &document, Value::Null, "not both").await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn cursor_is_valid_under_its_own_parent_only() {
    on_both_engines(|server| async move {
        let below = "query($slug: String!, $after: String) {
            province(slug: $slug) { relations(after: $after, first: 2) { pageInfo { endCursor } nodes { id } } }
        }";
        let data = expect_data(&server, below, json!({"slug": "DA_NANG", "after": null})).await;
        let cursor = data["province"]["relations"]["pageInfo"]["endCursor"].as_str().expect("a cursor");
        let next = expect_data(&server, below, json!({"slug": "DA_NANG", "after": cursor})).await;
        assert_ne!(next["province"]["relations"]["nodes"], data["province"]["relations"]["nodes"]);
        let saying = "The cursor is not one of this list";
        expect_rejection(&server, below, json!({"slug": "HA_NOI", "after": cursor}), saying).await;
    })
    .await;
}

#[tokio::test]
async fn cursors_of_other_lists_are_refused() {
    on_both_engines(|server| async move {
        let own = "query($after: String) {
            relations(after: $after, first: 2, orderBy: [{by: NAME, direction: ASC}]) { pageInfo { endCursor } nodes { id } }
        }";
        let data = expect_data(&server, own, json!({"after": null})).await;
        let cursor = data["relations"]["pageInfo"]["endCursor"].as_str().expect("a cursor");
        expect_data(&server, own, json!({"after": cursor})).await;

        let others = [
            "agreements(after: $after) { nodes { id } }",
            "events(after: $after) { nodes { id } }",
            "organizations(after: $after) { nodes { id } }",
            "figures(after: $after) { nodes { id } }",
            "programmes(after: $after) { nodes { id } }",
            "localities(after: $after) { nodes { slug } }",
            "search(query: \"hue\", after: $after) { nodes { __typename } }",
            "relations { groups(by: [{key: TIER}], after: $after) { nodes { keys { value } } } }",
            // The same list with another order, filter or day.
            "relations(after: $after) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: DESC}]) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: ASC}], filter: {country: {in: [\"KR\"]}}) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: ASC}], asOf: \"2025-01-01\") { nodes { id } }",
            // The same order under one parent and under several.
            "province(slug: \"HUE\") { relations(after: $after, orderBy: [{by: NAME, direction: ASC}]) { nodes { id } } }",
            "provinces { relations(after: $after, orderBy: [{by: NAME, direction: ASC}], first: 1) { nodes { id } } }",
        ];
        let saying = "The cursor is not one of this list";
        for other in others {
            let document = format!("query($after: String) {{ {other} }}");
            expect_rejection(&server, &document, json!({"after": cursor}), saying).await;
        }
        for broken in broken_cursors(cursor) {
            expect_rejection(&server, own, json!({"after": broken}), saying).await;
        }
        // Names are ordered by language, and a cursor is bound to that order.
        let in_english = server
            .http(Method::POST, "/graphql")
            .header("accept-language", "en")
            .json(&json!({"query": own, "variables": {"after": cursor}}));
        let answer = in_english.send().await.expect("an answer").json().await.expect("JSON");
        assert_refused(&answer, saying);
    })
    .await;
}

/// Returns invalid cursors: empty, truncated, extended, not Base64, too long, and with one changed
/// letter.
fn broken_cursors(cursor: &str) -> Vec<String> {
    let mut broken = vec![
        String::new(),
        "abc".to_owned(),
        "💥".to_owned(),
        "\0".to_owned(),
        "A".repeat(5_000),
        cursor[1..].to_owned(),
        cursor[..cursor.len() - 1].to_owned(),
        format!("{cursor}A"),
        format!("{cursor}="),
    ];
    for place in [0, cursor.len() / 3, cursor.len() / 2, cursor.len() - 2] {
        let mut letters = cursor.as_bytes().to_vec();
        letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
        broken.push(String::from_utf8(letters).expect("ASCII"));
    }
    broken
}

#[tokio::test]
async fn impossible_groups_are_refused() {
    on_both_engines(|server| async move {
        for (groups, saying) in [
            ("relations { groups(by: [{key: TIER}, {key: PILLAR}, {key: COUNTRY}]) { totalCount { value } } }", "one or two keys"),
            ("relations { groups(by: []) { totalCount { value } } }", "one or two keys"),
            ("events { groups(by: [{key: TIER}]) { totalCount { value } } }", "events have no TIER"),
            ("agreements { groups(by: [{key: DIRECTION}]) { totalCount { value } } }", "agreements have no DIRECTION"),
            ("organizations { groups(by: [{key: STATUS}]) { totalCount { value } } }", "organizations have no STATUS"),
            ("events { groups(by: [{bucket: {field: SIGNED_ON, unit: YEAR}}]) { totalCount { value } } }", "events have no SIGNED_ON"),
            ("events { aggregate { distinct(of: FORM) } }", "events have no FORM"),
            ("statistics { events { groups(by: [{key: TIER}]) { totalCount { value } } } }", "events have no TIER"),
            ("statistics { relations { distinct(of: KIND) } }", "relations have no KIND"),
            ("relations { groups(by: [{key: TIER, bucket: {field: ESTABLISHED, unit: YEAR}}]) { totalCount { value } } }", "exactly one"),
            ("relations { groups(by: [{}]) { totalCount { value } } }", "exactly one"),
        ] {
            expect_rejection(&server, &format!("{{ {groups} }}"), Value::Null, saying).await;
        }
    })
    .await;
}
