//! Checks against the served schema; `tests/it/overlapping_fields.rs` compares the corpus with graphql-js.

use super::*;
use crate::guard;
use crate::schema_types::TYPES;

fn steps(document: &str) -> Result<usize, DocumentError> {
    check(&guard::check(document).unwrap(), &TYPES)
}

fn message(document: &str) -> String {
    steps(document).unwrap_err().message
}

#[test]
fn conflicting_arguments_are_refused_with_both_locations() {
    let document = "{ statistics { agreements { count } ...F } }
        fragment F on Statistics { agreements(filter: {country: {in: [\"JP\"]}}) { count } }";
    let invalid = steps(document).unwrap_err();
    assert_eq!(
        invalid.message,
        "Two selections have the response name `agreements` (line 1, column 16; line 2, column 36) and cannot be merged: their arguments differ. Give one of them an alias."
    );
    let locations: Vec<_> = invalid.locations.iter().map(|pos| (pos.line, pos.column)).collect();
    assert_eq!((invalid.code, locations), (ErrorCode::BadInput, vec![(1, 16), (2, 36)]));
}

#[test]
fn corpus_has_the_same_results_as_graphql_js() {
    let mut expected = "";
    let mut wrong = Vec::new();
    for line in include_str!("corpus.graphql").lines() {
        if line.starts_with("#+") || line.starts_with("#-") {
            expected = line;
        } else if !line.is_empty() && !line.starts_with('#') {
            let result = steps(line);
            if result.is_ok() != expected.starts_with("#+") {
                wrong.push((expected, result));
            }
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn error_message_names_the_difference() {
    for (document, expected) in [
        ("{ provinces { a: slug a: name } }", "`slug` and `name` are different fields"),
        ("{ provinces { name(locale: EN) name } }", "their arguments differ"),
        (
            "{ nodes(ids: []) { ... on Agreement { x: code } ... on Event { x: version } } }",
            "the types String! and Int! differ",
        ),
    ] {
        assert!(message(document).contains(expected), "{document}: {}", message(document));
    }
    let long = "x".repeat(199);
    let text = message(&format!("{{ {long}: {long}y {long}: {long}z }}"));
    assert!(text.len() <= 300 && text.ends_with("Give one of them an alias."), "{text}");
}

#[test]
fn steps_grow_linearly_with_the_document() {
    let same = |count: usize| format!("{{ {} }}", "provinces { slug } ".repeat(count));
    // Each is compared with the first only.
    for count in [1, 100, 900] {
        assert_eq!(steps(&same(count)).unwrap(), 7 * count - 2);
    }
    let each = |text: fn(usize) -> String| (0..300).map(text).collect::<Vec<_>>().concat();
    let fragments = each(|number| format!("fragment F{number} on Query {{ provinces {{ slug }} }} "));
    let spreads = each(|number| format!("...F{number} "));
    assert!(steps(&format!("{{ {spreads} }} {fragments}")).unwrap() < 3_000);
}

#[test]
fn nested_conditions_are_refused_at_the_step_limit() {
    // On an interface and on two object types at each level: each level doubles the steps.
    let level = |below: String| {
        format!(
            "... on Node {{ x {{ {below} }} }} ... on Agreement {{ x {{ a }} }} ... on Event {{ x {{ a }} }}"
        )
    };
    let bomb = |levels: usize| format!("{{ {} }}", (0..levels).fold("a".to_owned(), |below, _| level(below)));
    let (small, larger) = (steps(&bomb(4)).unwrap(), steps(&bomb(5)).unwrap());
    assert!(larger > small && larger < 2 * small + 100, "{small}, {larger}");
    let invalid = steps(&bomb(14)).unwrap_err();
    assert_eq!(invalid.code, ErrorCode::CostExceeded);
    assert!(invalid.message.contains("100000 steps"), "{}", invalid.message);

    // Fragments that spread each other, as many as the guard allows.
    let chain: Vec<_> = (0..7)
        .map(|number| format!("fragment F{number} on Query {{ ...F{} ...F{} a }} ", number + 1, number + 1))
        .collect();
    let chain = chain.concat();
    let document = format!("{{ ...F0 ...F0 }} {chain} fragment F7 on Query {{ a }}");
    assert!(steps(&document).unwrap() < 200, "each fragment is written out once in one place");
    // Large arguments under one name: each compared value is a step.
    let ids = "\"i\" ".repeat(900);
    let pair = format!("nodes(ids: [{ids}]) {{ id }} ");
    assert!(steps(&format!("{{ {pair}{pair}{pair}{pair} }}")).unwrap() > 2_700);
}
