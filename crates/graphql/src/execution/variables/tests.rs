//! The values and arguments of operations whose variables were not all sent.

use super::*;
use crate::guard;
use crate::schema_types::TYPES;
use crate::validation::{self, VariableUsages};
use async_graphql_parser::types::{ExecutableDocument, Selection};
use caunoi_domain::locale::Locale;
use serde_json::json;
use std::collections::HashMap;

const UPDATE: &str = "mutation($id: ID!, $v: Int! = 1, $p: String, $t: String, $l: [String!], $n: QuantityInput) {
    updateEvent(input: {id: $id, expectedVersion: $v, place: $p, title: {en: $t}, partnerLocalities: $l, delegates: $n}) { cursor }
}";

/// Returns the variables, and the arguments of each field as passed to the engine.
fn run(document: &str, name: Option<&str>, sent: Value) -> Result<(Value, Vec<String>), String> {
    let to_text = |text: ApiText| text.text(Locale::En);
    let parsed = guard::check(document).unwrap();
    let usages = validation::check(&parsed, &TYPES).map_err(|mut errors| {
        let first = errors.remove(0);
        first.text.map_or(first.message, |text| to_text(*text))
    })?;
    let known = name_of(&parsed.operations, name);
    let (_, operation) = parsed.operations.iter().find(|(name, _)| *name == known.as_ref()).unwrap();
    let Value::Object(sent) = sent else { panic!("an object") };
    let values = coerce_variables(&TYPES, &operation.node, sent).map_err(to_text)?;
    refuse_null(&values, usages.find(known.as_ref())).map_err(to_text)?;
    let mut engine = parsed.clone();
    omit_variables(&mut engine, name, &values.absent, &usages);
    Ok((values.variables, arguments(&engine, known.as_ref())))
}

fn arguments(document: &ExecutableDocument, name: Option<&Name>) -> Vec<String> {
    let (_, operation) = document.operations.iter().find(|(known, _)| *known == name).unwrap();
    let mut values = Vec::new();
    let mut sets = vec![&operation.node.selection_set.node];
    while let Some(set) = sets.pop() {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let all = field.node.arguments.iter();
                    let all: Vec<_> = all.map(|(name, value)| format!("{name}: {}", value.node)).collect();
                    if !all.is_empty() {
                        values.push(all.join(", "));
                    }
                    sets.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    sets.push(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    sets.push(&document.fragments[&spread.node.fragment_name.node].node.selection_set.node);
                }
            }
        }
    }
    values
}

fn arguments_of(document: &str, sent: Value) -> Vec<String> {
    run(document, None, sent).unwrap().1
}

fn flaw_of(document: &str, sent: Value) -> String {
    run(document, None, sent).unwrap_err()
}

#[test]
fn absent_variable_is_omitted_at_any_depth() {
    assert_eq!(
        run(UPDATE, None, json!({"id": "x"})),
        Ok((json!({"id": "x", "v": 1}), vec!["input: {id: $id, expectedVersion: $v, title: {}}".to_owned()]))
    );
    assert_eq!(
        run(UPDATE, None, json!({"id": "x", "v": 2, "p": null, "t": "T", "l": null, "n": null})).unwrap().1,
        [
            "input: {id: $id, expectedVersion: $v, place: $p, title: {en: $t}, partnerLocalities: $l, delegates: $n}"
        ]
    );
}

#[test]
fn absent_argument_gets_its_default_from_the_engine() {
    let document = "query($d: Int, $f: Int) { statistics { expiring(withinDays: $d, first: $f) { pageInfo { hasNextPage } } } }";
    assert_eq!(arguments_of(document, json!({})), Vec::<String>::new());
    assert_eq!(arguments_of(document, json!({"d": 3})), ["withinDays: $d"]);
    assert_eq!(arguments_of(document, json!({"f": null})), ["first: $f"]);
    assert_eq!(
        flaw_of(document, json!({"d": null})),
        "The variable $d needs a value: `withinDays` does not take null."
    );
}

#[test]
fn variable_defaults_apply_where_nothing_was_sent() {
    let document = "query($f: Int = 7, $s: Boolean = true, $w: EventFilter = {pillar: {in: [STATE]}}) {
        events(first: $f, filter: $w) { nodes { id @include(if: $s) } }
    }";
    let values = |sent| run(document, None, sent).map(|(variables, _)| variables);
    assert_eq!(values(json!({})), Ok(json!({"f": 7, "s": true, "w": {"pillar": {"in": ["STATE"]}}})));
    assert_eq!(values(json!({"f": null, "w": null})), Ok(json!({"f": null, "s": true, "w": null})));
    assert_eq!(
        values(json!({"s": null})),
        Err("The variable $s needs a value: `if` does not take null.".to_owned())
    );
    assert!(guard::check("query($a: Int = 1, $b: Int = $a) { a }").is_err(), "a default is a constant");
}

#[test]
fn missing_required_variable_is_named() {
    for (document, name) in [
        ("query($x: Boolean) { provinces @include(if: $x) { slug } }", "x"),
        ("query($x: Boolean) { ... @skip(if: $x) { provinces { slug } } }", "x"),
        ("query($x: Boolean) { ...F @skip(if: $x) } fragment F on Query { provinces { slug } }", "x"),
        ("query($s: String) { province(slug: $s) { slug } }", "s"),
        ("query($s: String!) { province(slug: $s) { slug } }", "s"),
        ("query($o: ID!, $s: String!) { node(id: $o) { id } province(slug: $s) { slug } }", "o"),
        (
            "query($c: CountryCode) { agreements(filter: {country: {in: [\"JP\", $c]}}) { nodes { id } } }",
            "c",
        ),
        ("query($i: ID) { agreement(by: {id: $i}) { id } }", "i"),
        (
            "mutation($k: String) { confirmPeriod(input: {province: \"HUE\", period: \"2026\"}) @idempotent(key: $k) { cursor } }",
            "k",
        ),
        ("query($s: String) { ...F } fragment F on Query { province(slug: $s) { slug } }", "s"),
    ] {
        let values = flaw_of(document, json!({}));
        assert!(values.starts_with(&format!("The variable ${name} needs a value")), "{document}: {values}");
    }
}

#[test]
fn absent_variable_in_a_list_is_null() {
    let absent = HashSet::from([Name::new("a")]);
    let mut document =
        guard::check("query($a: Int, $b: Int) { x(l: [1, $a, [$a, $b], {y: $a, z: [$a]}]) }").unwrap();
    let usages = OperationUsages { fragments: HashSet::new(), non_null: HashMap::new() };
    let usages = VariableUsages::new(HashMap::from([(None, usages)]));
    omit_variables(&mut document, None, &absent, &usages);
    assert_eq!(arguments(&document, None), ["l: [1, null, [null, $b], {z: [null]}]"]);
}

#[test]
fn shared_fragment_is_copied_for_one_operation() {
    let document = "query A($n: Int) { ...F ...G } query B($n: Int) { ...F ...F_ }
        fragment F on Query { agreements(first: $n) { nodes { id } } ...H }
        fragment G on Query { events(first: $n) { nodes { id } } }
        fragment H on Query { relations(first: $n) { nodes { id } } } fragment F_ on Query { __typename }";
    let parsed = guard::check(document).unwrap();
    let usages = validation::check(&parsed, &TYPES).unwrap();
    let mut engine = parsed.clone();
    omit_variables(&mut engine, Some("A"), &HashSet::from([Name::new("n")]), &usages);
    assert_eq!(arguments(&engine, Some(&Name::new("A"))), Vec::<String>::new());
    assert_eq!(arguments(&engine, Some(&Name::new("B"))), ["first: $n", "first: $n"]);
    let mut names: Vec<&str> = engine.fragments.keys().map(Name::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["F", "F_", "F__", "G", "H", "H_"]);
}

#[test]
fn document_is_unchanged_if_all_variables_were_sent() {
    let (_, values) = run(UPDATE, None, json!({"id": "x", "p": "a", "t": null, "l": [], "n": null})).unwrap();
    let parsed = guard::check(UPDATE).unwrap();
    assert_eq!(values, arguments(&parsed, None));
}
