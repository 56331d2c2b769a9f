//! Compares our results with those of graphql-js (`tests/audit`), and bounds them for hostile
//! documents.

use super::*;
use crate::execution::variables::coerce_variables;
use crate::guard::{self, GuardError, MAX_BYTES, MAX_TOKENS, Rule};
use crate::schema_types::TYPES;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::process::Command;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/audit/");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/schema.graphql");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/validation/corpus.graphql");

/// Runs a script with the schema and these arguments. Returns the JSON values that it prints.
fn run_script(name: &str, arguments: &[&str]) -> Vec<Value> {
    let script = format!("{SCRIPTS}{name}");
    let output = Command::new("node").arg(script).arg(SCHEMA).args(arguments).output();
    let output = output.expect("node can be run; tests/run installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn read(document: &str) -> Result<ExecutableDocument, String> {
    let parsed = guard::check(document).map_err(|refused| refused.message())?;
    check(&parsed, &TYPES).map(|_| ()).map_err(|errors| format!("{errors:?}"))?;
    Ok(parsed)
}

#[test]
fn corpus_has_the_results_of_graphql_js() {
    let mut lines = run_script("validation.mjs", &[CORPUS]).into_iter();
    let rules: Vec<String> = serde_json::from_value(lines.next().unwrap()).unwrap();
    let (mut counts, mut wrong) = (BTreeMap::<String, (usize, usize)>::new(), Vec::new());
    for line in lines {
        let (rule, document) = (line["rule"].as_str().unwrap(), line["document"].as_str().unwrap());
        let is_valid = line["valid"] == true;
        let count = counts.entry(rule.to_owned()).or_default();
        count.0 += usize::from(is_valid);
        count.1 += usize::from(!is_valid);
        let ours = read(document);
        if ours.is_ok() != is_valid {
            wrong.push(format!(
                "{rule}: {document}\n  graphql-js: {}\n  ours: {:?}",
                line["broken"],
                ours.err()
            ));
        }
        let is_by_rule = line["broken"].as_array().unwrap().iter().any(|broken| *broken == rule);
        assert!(is_valid || is_by_rule, "{document} breaks {}", line["broken"]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for rule in &rules {
        let (valid, invalid) = counts.get(rule).copied().unwrap_or_default();
        assert!(valid >= 3 && invalid >= 3 && valid + invalid >= 10, "{rule}: {valid} and {invalid}");
    }
}

/// A setting of the random comparison from the environment.
fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

#[test]
fn random_documents_and_variables_have_the_results_of_graphql_js() {
    let seed = setting("CAUNOI_TEST_RANDOM_SEED", "7");
    let count = setting("CAUNOI_TEST_RANDOM_DOCUMENTS", "3000");
    let (mut valid, mut coerced, mut wrong) = (0, 0, Vec::new());
    for line in run_script("random.mjs", &[&seed, &count]) {
        let (document, variables) = (line["document"].as_str().unwrap(), line["variables"].as_str().unwrap());
        let ours = read(document);
        if ours.is_ok() != (line["valid"] == true) {
            wrong.push(format!("{document}\n  graphql-js: {}\n  ours: {:?}", line["valid"], ours.err()));
            continue;
        }
        let Ok(parsed) = ours else { continue };
        valid += 1;
        let (_, operation) = parsed.operations.iter().next().unwrap();
        let sent = serde_json::from_str(variables).unwrap();
        let values = coerce_variables(&TYPES, &operation.node, sent);
        let values = values.map_or(Value::Null, |values| values.variables);
        coerced += usize::from(values.is_object());
        if values != line["coerced"] {
            wrong.push(format!(
                "{document}\n{variables}\n  graphql-js: {}\n  ours: {values}",
                line["coerced"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differences with seed {seed}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(valid > 0 && coerced > 0, "{valid} valid documents, {coerced} with values");
}

fn errors_of(document: &str) -> Vec<DocumentError> {
    check(&guard::check(document).unwrap(), &TYPES).err().unwrap_or_default()
}

#[test]
fn errors_have_locations_and_are_limited() {
    let errors = errors_of("{\n  provinces { nothing }\n  province(slug: 1) { slug }\n}");
    let found: Vec<_> =
        errors.iter().map(|error| (error.message.as_str(), error.locations[0].line)).collect();
    assert_eq!(
        found,
        [
            ("Unknown field \"nothing\" on type \"Province\".", 2),
            ("Invalid value for argument \"slug\", expected type \"String!\"", 3)
        ]
    );
    let unknown = |count: usize| format!("{{ {} }}", "unknown ".repeat(count));
    assert_eq!(errors_of(&unknown(1_900)).len(), MAX_ERRORS);
    let refused = guard::check(&unknown(10_000)).map(|_| ());
    assert!(matches!(refused, Err(GuardError { rule: Rule::Tokens, .. })), "{refused:?}");
}

#[test]
fn hostile_documents_are_refused_by_counts() {
    let fragments = |count: usize, body: &dyn Fn(usize) -> String| {
        let fragment = |number: usize| format!("fragment F{number} on Query {{ {} }} ", body(number));
        (0..count).map(fragment).collect::<Vec<_>>().concat()
    };
    let next = |count: usize| move |number: usize| format!("...F{}", (number + 1) % count);
    let rule = |document: &str| guard::check(document).map(|_| ()).map_err(|refused| refused.rule);
    assert_eq!(rule(&format!("{{ ...F0 }} {}", fragments(1_000, &next(1_000)))), Err(Rule::Tokens));
    assert_eq!(rule(&format!("{{ ...F0 }} {}", fragments(400, &next(400)))), Err(Rule::Cycle));

    // As large as a request may be: nested fragments whose fields conflict.
    let conflict = |number: usize| format!("x: province(slug: \"{number}\") {{ slug }} ");
    let large = format!("{{ ...F0 }} {}", fragments(90, &|number| conflict(number).repeat(85)));
    assert!((MAX_BYTES / 2..=MAX_BYTES).contains(&large.len()), "{}", large.len());
    assert_eq!(rule(&large), Err(Rule::Tokens));
    let small = format!("{{ ...F0 }} {}", fragments(1, &|_| (0..50).map(conflict).collect()));
    assert!(check(&guard::check(&small).unwrap(), &TYPES).is_err());

    let variables: Vec<String> = (0..MAX_TOKENS / 8).map(|number| format!("$v{number}: Int ")).collect();
    let variables = variables.concat();
    let errors = errors_of(&format!("query({variables}) {{ agreements(first: $v1) {{ nodes {{ id }} }} }}"));
    assert_eq!(errors.len(), MAX_ERRORS);
    assert_eq!(errors[0].message, "Variable \"$v0\" is not used");
}

#[test]
fn root_of_a_subscription_is_flattened() {
    let mut document = guard::check(
        "subscription { ...F ... { changes { cursor: __typename } } } fragment F on Subscription { changes { __typename } }",
    )
    .unwrap();
    check(&document, &TYPES).unwrap();
    flatten_subscriptions(&mut document);
    let (_, operation) = document.operations.iter().next().unwrap();
    let [only] = operation.node.selection_set.node.items.as_slice() else { panic!("one field") };
    let async_graphql_parser::types::Selection::Field(field) = &only.node else { panic!("a field") };
    assert_eq!((field.node.name.node.as_str(), field.node.selection_set.node.items.len()), ("changes", 2));
}

#[test]
fn messages_quote_little_of_the_document() {
    let long = "x".repeat(190);
    let document = format!("query($a: {long}) {{ {long} provinces({long}: 1) @{long} {{ ...{long} }} }}");
    let errors = errors_of(&document);
    let names: HashSet<_> = errors.iter().map(|error| error.message.split(' ').next()).collect();
    assert!(errors.len() >= 5 && names.len() >= 2, "{errors:?}");
    assert!(errors.iter().all(|error| error.message.len() < 150), "{errors:?}");
}
