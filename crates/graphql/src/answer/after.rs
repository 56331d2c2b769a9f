//! The argument of a subscription by which each asker begins somewhere else.

use async_graphql_parser::types::{Field, OperationDefinition, Selection};
use async_graphql_value::Value;
use serde_json::Value as Json;

/// The field that can be resumed, and its argument.
const FIELD: &str = "changes";
const ARGUMENT: &str = "after";

/// Whether a subscription of one root field is one of the feed.
pub(super) fn is_feed(subscription: &OperationDefinition) -> bool {
    root(subscription).is_some_and(|field| field.name.node == FIELD)
}

/// What a subscription says of where it begins; none where it says nothing.
pub(super) fn given(subscription: &OperationDefinition, variables: &Json) -> Option<Json> {
    value_of(subscription, ARGUMENT, variables)
}

/// The value of an argument of the root field; none where it is absent or null.
pub(super) fn value_of(subscription: &OperationDefinition, name: &str, variables: &Json) -> Option<Json> {
    let value = argument(subscription, name)?;
    let given = if let Value::Variable(name) = value {
        variables.get(name.as_str()).cloned().or_else(|| default_of(subscription, name))?
    } else {
        value.clone().into_json().ok()?
    };
    Some(given).filter(|given| !given.is_null())
}

/// The variables without the one that says it: who differs in nothing else can be told together.
/// One that is read elsewhere in the document too stays.
pub(super) fn without(subscription: &OperationDefinition, document: &str, variables: &Json) -> Json {
    let mut variables = variables.clone();
    if let Json::Object(all) = &mut variables {
        // What the document does not define it cannot read.
        let defined = |name: &str| {
            let mut definitions = subscription.variable_definitions.iter();
            definitions.any(|definition| definition.node.name.node == name)
        };
        all.retain(|name, _| defined(name));
    }
    if let (Some(Value::Variable(name)), Json::Object(all)) = (argument(subscription, ARGUMENT), &mut variables)
        // Once where it is defined, once where it is used.
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
    fn where_it_begins_is_read_from_a_literal_a_variable_or_its_default() {
        let given = |document: &str, variables| read(document, |asked| given(asked, &variables));
        assert_eq!(given("subscription { changes { x } }", json!({"after": "a"})), None);
        assert_eq!(given(r#"subscription { changes(after: "a") { x } }"#, json!({})), Some(json!("a")));
        let document = r#"subscription ($a: Cursor = "d") { all: changes(after: $a) { x } }"#;
        assert_eq!(given(document, json!({"a": "v"})), Some(json!("v")));
        assert_eq!(given(document, json!({})), Some(json!("d")));
        assert_eq!(given(document, json!({"a": null})), None);
    }

    #[test]
    fn variables_differ_only_where_something_else_reads_them() {
        let variables = json!({"a": "v", "f": 1});
        let without = |document: &str| read(document, |asked| without(asked, document, &variables));
        let alone = "subscription ($a: Cursor, $f: X) { changes(after: $a, filter: $f) { x } }";
        assert_eq!(without(alone), json!({"f": 1}));
        let twice = "subscription ($a: Cursor, $f: X) { changes(after: $a, filter: $f) { x(after: $a) } }";
        assert_eq!(without(twice), variables);
        assert_eq!(without("subscription ($f: X) { changes(filter: $f) { x } }"), json!({"f": 1}));
    }

    #[test]
    fn an_alias_does_not_hide_the_feed() {
        assert!(read("subscription { a: changes { x } }", is_feed));
        assert!(!read("subscription { changes: statistics { x } }", is_feed));
    }
}
