//! Whoever meets a name of the schema can read what it means.

use crate::builder;
use serde_json::Value;

const NAMES: &str = "{ __schema { types {
    name description
    fields(includeDeprecated: true) { name description args { name description } }
    inputFields { name description }
    enumValues(includeDeprecated: true) { name description }
} } }";

/// The engine does not describe this scalar of the specification.
const BUILT_IN: &str = "ID";

#[tokio::test]
async fn every_type_field_argument_and_value_is_described() {
    let answer = builder().finish().execute(NAMES).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data.into_json().unwrap();
    let (mut seen, mut bare) = (0, Vec::new());
    let types = members(&data["__schema"], "types").iter();
    for kind in types.filter(|kind| !name(kind).starts_with("__") && name(kind) != BUILT_IN) {
        let mut note = |path: String, thing: &Value| {
            seen += 1;
            let text = thing["description"].as_str().unwrap_or_default();
            if text.trim().is_empty() {
                bare.push(path);
            }
        };
        note(name(kind).to_owned(), kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for member in members(kind, list) {
                let path = format!("{}.{}", name(kind), name(member));
                for argument in members(member, "args") {
                    note(format!("{path}({})", name(argument)), argument);
                }
                note(path, member);
            }
        }
    }
    assert!(seen > 500, "only {seen} names were seen");
    assert!(bare.is_empty(), "without a description: {}", bare.join(", "));
}

fn members<'a>(value: &'a Value, list: &str) -> &'a [Value] {
    value[list].as_array().map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}
