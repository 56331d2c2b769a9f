//! Global ids and cursors: forged, altered, of other lists, of other provinces.

use serde_json::json;

use super::super::case::{Case, Exchange};
use super::super::fixture::Fixture;
use super::super::request::{document, junk, post_with, with_variables};

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    [cursors(fixture), ids(fixture)].into_iter().flatten().collect()
}

fn refused(name: &str, exchange: Exchange) -> Case {
    Case::new("22", name, exchange, &["294", "200", "422"]).code("BAD_INPUT")
}

fn page(name: &str, cursor: &str) -> Case {
    let text = "query($after: String) { relations(after: $after) { nodes { code } } }";
    refused(name, with_variables(text, &json!({ "after": cursor })))
}

/// Returns the text with one bit of one sign altered.
fn flip(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= 1;
    String::from_utf8(bytes).unwrap_or_default()
}

fn cursors(fixture: &Fixture) -> Vec<Case> {
    let good = &fixture.page_cursor;
    let other_list = format!("{{ agreements(after: \"{good}\") {{ nodes {{ code }} }} }}");
    let other_order = format!(
        "{{ relations(after: \"{good}\", orderBy: [{{field: ESTABLISHED, direction: DESC}}]) {{ nodes {{ code }} }} }}"
    );
    let other_filter = format!(
        "{{ relations(after: \"{good}\", filter: {{tier: {{eq: SISTER}}}}) {{ nodes {{ code }} }} }}"
    );
    let feed = |cursor: &str| document(&format!("{{ changes(after: \"{cursor}\") {{ __typename }} }}"));
    vec![
        page("forged cursor", "qJxqJxqJxqJxqJxqJxqJx"),
        page("empty cursor", ""),
        page("cursor with the first bit altered", &flip(good, 0)),
        page("cursor with a bit in the middle altered", &flip(good, good.len() / 2)),
        page("cursor with the last bit altered", &flip(good, good.len() - 1)),
        page("cursor that breaks off", &good[..good.len() / 2]),
        page("cursor twice", &format!("{good}{good}")),
        page("cursor with padding", &format!("{good}==")),
        page("cursor of 5,000 bytes", &junk(5_000)),
        page("cursor of the feed in a list", &fixture.log_cursor),
        page("row number as a cursor", "MTAw"),
        page("SQL as a cursor", "' OR 1=1 --"),
        refused("cursor of another list", document(&other_list)),
        refused("cursor of another order", document(&other_order)),
        refused("cursor of another filter", document(&other_filter)),
        refused("altered cursor of the feed", feed(&flip(&fixture.log_cursor, 3))),
        refused("cursor of a list in the feed", feed(good)),
    ]
}

fn ids(fixture: &Fixture) -> Vec<Case> {
    let node = |name: &str, id: &str| {
        let text = "query($id: ID!) { node(id: $id) { __typename id } }";
        Case::new("21", name, with_variables(text, &json!({ "id": id })), &["200", "294", "422"])
    };
    let foreign = json!({
        "query": "query($id: ID!) { node(id: $id) { __typename id } }", "variables": {"id": fixture.draft},
    });
    let other_kind = "mutation($id: ID!) { updateAgreement(input: {id: $id, expectedVersion: 1, title: {vi: \"x\"}}) { errors { code } } }";
    let other_kind = json!({"query": other_kind, "variables": {"id": fixture.relation}});
    vec![
        node("draft of a province without a token", &fixture.draft),
        Case::new("21", "draft of another province", post_with(&fixture.other_clerk, &foreign), &["200"]),
        Case::new("21", "id of another type in a mutation", post_with(&fixture.clerk, &other_kind), &["200"])
            .code("NOT_FOUND"),
        node("id that nothing has", "qJxqJx"),
        node("id of 10,000 bytes", &junk(10_000)),
        node("altered id", &flip(&fixture.relation, 2)),
        node("number as an id", "1"),
        node("SQL as an id", "' OR 1=1 --"),
        node("path as an id", "../../etc/passwd"),
        Case::new(
            "21",
            "number 2^64 as an id",
            document("{ node(id: 18446744073709551616) { id } }"),
            &["422"],
        )
        .code("BAD_INPUT"),
    ]
}
