//! Every name of the schema has a description.

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
async fn every_type_field_argument_and_value_has_a_description() {
    let response = builder().finish().execute(NAMES).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let data = response.data.into_json().unwrap();
    let (mut count, mut undescribed) = (0, Vec::new());
    let types = members(&data["__schema"], "types").iter();
    for kind in types.filter(|kind| !name(kind).starts_with("__") && name(kind) != BUILT_IN) {
        let mut check = |path: String, thing: &Value| {
            count += 1;
            let text = thing["description"].as_str().unwrap_or_default();
            if text.trim().is_empty() {
                undescribed.push(path);
            }
        };
        check(name(kind).to_owned(), kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for member in members(kind, list) {
                let path = format!("{}.{}", name(kind), name(member));
                for argument in members(member, "args") {
                    check(format!("{path}({})", name(argument)), argument);
                }
                check(path, member);
            }
        }
    }
    assert!(count > 500, "only {count} names were found");
    assert!(undescribed.is_empty(), "without a description: {}", undescribed.join(", "));
}

fn members<'a>(value: &'a Value, list: &str) -> &'a [Value] {
    value[list].as_array().map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}
