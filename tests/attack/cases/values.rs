//! Values of variables and arguments.

use serde_json::{Value, json};

use super::super::case::{Case, Exchange};
use super::super::request::{document, junk, post, with_variables};

const BY_UNIT: &str = "query($in: [String!]) { relations(filter: {unit: {in: $in}}) { nodes { code } } }";
const SEARCH: &str = "query($text: String!) { search(query: $text, first: 3) { nodes { __typename } } }";
const PAGE: &str = "query($first: Int) { relations(first: $first) { nodes { code } } }";

fn refused(requirement: &'static str, name: &str, exchange: Exchange) -> Case {
    Case::new(requirement, name, exchange, &["422", "294", "200"]).code("BAD_INPUT")
}

fn page(first: &Value) -> Exchange {
    with_variables(PAGE, &json!({ "first": first }))
}

pub(super) fn all() -> Vec<Case> {
    [variables(), numbers(), texts(), dates()].into_iter().flatten().collect()
}

fn variables() -> Vec<Case> {
    let many: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    let members: serde_json::Map<String, Value> = (0..10_000).map(|n| (format!("v{n}"), json!(n))).collect();
    let deep = format!(
        "{{\"query\":\"{{ __typename }}\",\"variables\":{{\"a\":{}1{}}}}}",
        "[".repeat(120),
        "]".repeat(120)
    );
    let prototype = json!({"in": ["HUE"], "__proto__": {"isAdmin": true}, "constructor": {"prototype": 1}});
    vec![
        refused("4", "20,000 values in a variable", with_variables(BY_UNIT, &json!({ "in": many }))),
        refused(
            "4",
            "2,001 values in a variable",
            with_variables(BY_UNIT, &json!({"in": vec!["HUE"; 2_001]})),
        ),
        refused("4", "10,000 variables", with_variables(BY_UNIT, &Value::Object(members))),
        Case::new("4", "unused variable nested 120 deep", post(deep.as_bytes()), &["200"]),
        Case::new("4", "variables with names of prototypes", with_variables(BY_UNIT, &prototype), &["200"])
            .bytes(6_000),
        refused("4", "object instead of a text", with_variables(SEARCH, &json!({"text": {"$ne": null}}))),
        refused("4", "list instead of a text", with_variables(SEARCH, &json!({"text": ["a"]}))),
        refused("4", "required variable is absent", with_variables(SEARCH, &json!({}))),
        refused(
            "4",
            "number instead of an enum value",
            with_variables(
                "query($t: RelationTier!) { relations(filter: {tier: {eq: $t}}) { nodes { code } } }",
                &json!({"t": 1}),
            ),
        ),
    ]
}

fn numbers() -> Vec<Case> {
    vec![
        refused("3", "Int of 2^31 in a variable", page(&json!(2_147_483_648_i64))),
        refused("3", "Int of 2^64 in a variable", page(&json!(u64::MAX))),
        refused("3", "Int of 1e308 in a variable", page(&json!(1e308))),
        refused("3", "text instead of an Int", page(&json!("1"))),
        refused("3", "true instead of an Int", page(&json!(true))),
        Case::new(
            "3",
            "number of 1e400 in JSON",
            post(br#"{"query":"{ __typename }","variables":{"a":1e400}}"#),
            &["400"],
        )
        .code("BAD_INPUT"),
        refused("3", "NaN as a text", page(&json!("NaN"))),
        refused(
            "3",
            "Float of 1e999999 in a document",
            document("{ relations(first: 1e999999) { nodes { code } } }"),
        ),
    ]
}

fn texts() -> Vec<Case> {
    let search = |name: &str, text: &str| {
        Case::new(
            "15",
            format!("search for {name}"),
            with_variables(SEARCH, &json!({ "text": text })),
            &["200"],
        )
    };
    let refused = |name: &str, text: &str| {
        let exchange = with_variables(SEARCH, &json!({ "text": text }));
        Case::new("15", format!("search for {name}"), exchange, &["422", "294", "200"]).code("BAD_INPUT")
    };
    vec![
        search("the end of an SQL text", "' OR '1'='1' --"),
        search("a second SQL statement", "x'; DROP TABLE change; --"),
        search("wildcards", "%_%_%_%_%_%"),
        search("a full-text operator", "\"a\" AND b* NEAR(c, 2) OR -d:e"),
        search("a slow regular expression", "(a+)+$aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
        search("a format", "%s%n${jndi:ldap://127.0.0.1/a}{{7*7}}"),
        search("190 combining marks", &format!("a{}", "\u{301}".repeat(190))),
        search("direction marks", "\u{202e}\u{2066}abc\u{2069}"),
        search("letters outside of the first plane", &"𠀀".repeat(100)),
        search("a NUL", "a\0b"),
        search("spaces only", "   "),
        refused("500 words", &"a ".repeat(500)),
        refused("junk of 10,000 bytes", &junk(10_000)),
    ]
}

fn dates() -> Vec<Case> {
    let days = [
        "2025-02-30",
        "99999999-01-01",
        "-0001-01-01",
        "2025-13-01",
        "'; --",
        "2025-06-30T00:00:00Z",
        "٢٠٢٥-٠٦-٣٠",
    ];
    days.into_iter()
        .map(|day| {
            let text = "query($day: Date!) { statistics(asOf: $day) { relations { count } } }";
            refused("15", &format!("{day} as a day"), with_variables(text, &json!({ "day": day })))
        })
        .collect()
}
