//! Objects whose fields wait for nothing, resolved without a future for each field.
//!
//! The engine makes a future for every field of every object. Where a page holds thousands of small
//! objects that are in memory already, that is most of the work. What is asked of them is nearly
//! always a list of plain fields; whatever is more than that (fragments, directives, arguments) is
//! left to the engine, which means the same.

use async_graphql::Value;
use async_graphql::indexmap::IndexMap;
use async_graphql_parser::types::{Field, Selection, SelectionSet};

/// An object of this type, if all that is selected of it are fields that `field` gives.
pub(crate) fn object(
    type_name: &str,
    selected: &SelectionSet,
    field: impl Fn(&Field) -> Option<Value>,
) -> Option<Value> {
    let mut values = IndexMap::with_capacity(selected.items.len());
    for selection in &selected.items {
        let Selection::Field(asked) = &selection.node else { return None };
        let asked = &asked.node;
        if !asked.directives.is_empty() || !asked.arguments.is_empty() {
            return None;
        }
        let value =
            if asked.name.node == "__typename" { Value::String(type_name.to_owned()) } else { field(asked)? };
        // A name that is asked for twice is one field, of two selections.
        if values.insert(asked.response_key().node.clone(), value).is_some() {
            return None;
        }
    }
    Some(Value::Object(values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::{parse_query, types::DocumentOperations};

    fn ask(document: &str) -> Option<String> {
        let DocumentOperations::Single(operation) = parse_query(document).unwrap().operations else {
            panic!("one operation");
        };
        let field = |field: &Field| (field.name.node == "one").then(|| Value::from(1));
        object("Thing", &operation.node.selection_set.node, field).map(|value| value.to_string())
    }

    #[test]
    fn plain_fields_are_given_in_their_order_and_under_their_aliases() {
        assert_eq!(
            ask("{ b: one __typename a: one }").as_deref(),
            Some("{b: 1, __typename: \"Thing\", a: 1}")
        );
    }

    #[test]
    fn everything_else_is_left_to_the_engine() {
        for document in [
            "{ two }",
            "{ one(x: 1) }",
            "{ one @skip(if: false) }",
            "{ ... on Thing { one } }",
            "{ one one }",
        ] {
            assert_eq!(ask(document), None, "{document}");
        }
    }
}
