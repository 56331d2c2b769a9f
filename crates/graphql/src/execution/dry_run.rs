//! `rateLimit(dryRun: true)`: the other root fields of the query are not executed.

use crate::cost::OperationRef;
use async_graphql::Positioned;
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql_value::{Name, Value};

/// The field, and the argument that requests a dry run.
const FIELD: &str = "rateLimit";
const ARGUMENT: &str = "dryRun";

/// Whether a query has a field that requests a dry run.
pub(super) fn is_requested(operation_ref: OperationRef<'_>) -> bool {
    operation_ref.operation.ty == OperationType::Query
        && find_fields(operation_ref.document, &operation_ref.operation.selection_set.node)
            .iter()
            .any(|field| is_dry(&field.node, operation_ref.variables))
}

/// Removes all root fields but `rateLimit` from an operation.
pub(super) fn remove_other_fields(document: &mut ExecutableDocument, operation_name: Option<&str>) {
    let fields = |document: &ExecutableDocument, operation: &OperationDefinition| {
        let selected =
            |field: &Positioned<Field>| Positioned::new(Selection::Field(field.clone()), field.pos);
        find_fields(document, &operation.selection_set.node).into_iter().map(selected).collect::<Vec<_>>()
    };
    let kept = super::find_operation(document, operation_name).map(|operation| fields(document, operation));
    let Ok(kept) = kept else { return };
    let operation = match (&mut document.operations, operation_name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(all), Some(name)) => all.get_mut(&Name::new(name)),
        (DocumentOperations::Multiple(all), None) => all.values_mut().next(),
    };
    if let Some(operation) = operation {
        operation.node.selection_set.node.items = kept;
    }
}

/// Returns the fields `rateLimit` of a root selection set, also those in fragments.
fn find_fields<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Vec<&'a Positioned<Field>> {
    let mut found = Vec::new();
    // Invariant: the guard has refused cycles of fragments and limits the expanded selections.
    let mut waiting = vec![set];
    while let Some(set) = waiting.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == FIELD => found.push(field),
                Selection::Field(_) => {}
                Selection::InlineFragment(fragment) => waiting.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let fragment = document.fragments.get(&spread.node.fragment_name.node);
                    waiting.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                }
            }
        }
    }
    found
}

/// Whether the argument is true, as a literal or as a variable with its default applied.
fn is_dry(field: &Field, variables: &serde_json::Value) -> bool {
    match field.get_argument(ARGUMENT).map(|argument| &argument.node) {
        Some(Value::Boolean(is_dry)) => *is_dry,
        Some(Value::Variable(name)) => variables[name.as_str()] == true,
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::parse_query;
    use serde_json::json;

    fn dry(text: &str, name: Option<&str>) -> (bool, usize) {
        let mut document = parse_query(text).unwrap();
        let variables = json!({ "yes": true, "no": false });
        let operation = super::super::find_operation(&document, name).unwrap().clone();
        let operation_ref =
            OperationRef { document: &document, operation: &operation, variables: &variables };
        let is_dry = is_requested(operation_ref);
        remove_other_fields(&mut document, name);
        let left = super::super::find_operation(&document, name).unwrap();
        (is_dry, left.selection_set.node.items.len())
    }

    #[test]
    fn dry_run_is_found_in_literals_variables_and_fragments() {
        assert_eq!(dry("{ a rateLimit(dryRun: true) { cost } b }", None), (true, 1));
        assert!(!dry("{ a rateLimit(dryRun: false) { cost } b }", None).0);
        assert!(!dry("{ a rateLimit { cost } }", None).0);
        assert_eq!(dry("query ($yes: Boolean!) { x: rateLimit(dryRun: $yes) { cost } b }", None), (true, 1));
        assert!(!dry("query ($no: Boolean!) { rateLimit(dryRun: $no) { cost } }", None).0);
        let fragments = "{ ...F a } fragment F on Query { ... { rateLimit(dryRun: true) { cost } c } }";
        assert_eq!(dry(fragments, None), (true, 1));
        let named = "query A { a } query B { b rateLimit(dryRun: true) { cost } }";
        assert_eq!(dry(named, Some("B")), (true, 1));
        assert!(!dry(named, Some("A")).0);
    }
}
