//! The arguments of a subscription's root field, and the variables without its cursor:
//! subscriptions that differ in the cursor only share a stream.

use async_graphql_parser::types::{Field, OperationDefinition, Selection};
use async_graphql_value::Value;
use serde_json::Value as Json;

/// The field that can be resumed, and the argument for its cursor.
const FIELD: &str = "changes";
const ARGUMENT: &str = "after";

/// Whether the root field of a subscription is the feed.
pub(super) fn is_feed(subscription: &OperationDefinition) -> bool {
    root(subscription).is_some_and(|field| field.name.node == FIELD)
}

/// Returns the cursor that a subscription begins after, unverified; none if it has none.
pub(super) fn find_cursor(subscription: &OperationDefinition, variables: &Json) -> Option<Json> {
    value_of(subscription, ARGUMENT, variables)
}

/// Returns the value of an argument of the root field; none if it is absent or null.
pub(super) fn value_of(subscription: &OperationDefinition, name: &str, variables: &Json) -> Option<Json> {
    let value = argument(subscription, name)?;
    let given = if let Value::Variable(name) = value {
        variables.get(name.as_str()).cloned().or_else(|| default_of(subscription, name))?
    } else {
        value.clone().into_json().ok()?
    };
    Some(given).filter(|given| !given.is_null())
}

/// Returns the variables without that of the cursor, and without undefined ones. A variable that is
/// used elsewhere in the document too is retained.
pub(super) fn without_cursor(subscription: &OperationDefinition, document: &str, variables: &Json) -> Json {
    let mut variables = variables.clone();
    if let Json::Object(all) = &mut variables {
        // A document cannot use a variable that it does not define.
        let defined = |name: &str| {
            let mut definitions = subscription.variable_definitions.iter();
            definitions.any(|definition| definition.node.name.node == name)
        };
        all.retain(|name, _| defined(name));
    }
    if let (Some(Value::Variable(name)), Json::Object(all)) = (argument(subscription, ARGUMENT), &mut variables)
        // One occurrence in its definition, one in its use.
        && document.matches(&format!("${name}")).count() == 2
    {
        all.remove(name.as_str());
    }
    variables
}

fn default_of(subscription: &OperationDefinition, name: &str) -> Option<Json> {
    let mut definitions = subscription.variable_definitions.iter().map(|definition| &definition.node);
    let definition = definitions.find(|definition| definition.name.node == name)?;
    definition.default_value.clone()?.node.into_json().ok()
}

fn argument<'a>(subscription: &'a OperationDefinition, name: &str) -> Option<&'a Value> {
    root(subscription)?.get_argument(name).map(|value| &value.node)
}

fn root(subscription: &OperationDefinition) -> Option<&Field> {
    match &subscription.selection_set.node.items.first()?.node {
        Selection::Field(field) => Some(&field.node),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::{parse_query, types::DocumentOperations};
    use serde_json::json;

    fn read<T>(document: &str, read: impl Fn(&OperationDefinition) -> T) -> T {
        match parse_query(document).unwrap().operations {
            DocumentOperations::Single(operation) => read(&operation.node),
            DocumentOperations::Multiple(all) => read(&all.values().next().unwrap().node),
        }
    }

    #[test]
    fn cursor_comes_from_literal_variable_or_default() {
        let cursor =
            |document: &str, variables| read(document, |operation| find_cursor(operation, &variables));
        assert_eq!(cursor("subscription { changes { x } }", json!({"after": "a"})), None);
        assert_eq!(cursor(r#"subscription { changes(after: "a") { x } }"#, json!({})), Some(json!("a")));
        let document = r#"subscription ($a: Cursor = "d") { all: changes(after: $a) { x } }"#;
        assert_eq!(cursor(document, json!({"a": "v"})), Some(json!("v")));
        assert_eq!(cursor(document, json!({})), Some(json!("d")));
        assert_eq!(cursor(document, json!({"a": null})), None);
    }

    #[test]
    fn cursor_variable_is_removed_unless_used_elsewhere() {
        let variables = json!({"a": "v", "f": 1});
        let without =
            |document: &str| read(document, |operation| without_cursor(operation, document, &variables));
        let alone = "subscription ($a: Cursor, $f: X) { changes(after: $a, filter: $f) { x } }";
        assert_eq!(without(alone), json!({"f": 1}));
        let twice = "subscription ($a: Cursor, $f: X) { changes(after: $a, filter: $f) { x(after: $a) } }";
        assert_eq!(without(twice), variables);
        assert_eq!(without("subscription ($f: X) { changes(filter: $f) { x } }"), json!({"f": 1}));
    }

    #[test]
    fn aliased_feed_is_recognized() {
        assert!(read("subscription { a: changes { x } }", is_feed));
        assert!(!read("subscription { changes: statistics { x } }", is_feed));
    }
}
