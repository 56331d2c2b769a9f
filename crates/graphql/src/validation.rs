//! Validation of documents, as chapter 5 of the specification defines it. Each document is
//! validated once, when it is parsed; the engine then executes it without validation of its own.
//!
//! The guard has checked before: `NoFragmentCycles`, and the rules about equal names that the tree
//! of a document cannot break. Each name in backquotes is that of the rule in the specification and
//! in graphql-js. `tests.rs` compares the results with graphql-js.

use crate::execution::{DocumentError, ErrorCode};
use crate::schema_types::{SchemaTypes, root_of};
use async_graphql_parser::Pos;
use async_graphql_parser::types::{
    DirectiveLocation, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
};
use async_graphql_value::Name;
use caunoi_texts::ApiText;
use selections::DefinitionCheck;
use std::collections::HashMap;
pub(crate) use subscription::flatten_subscriptions;
use usages::{DefinitionUsages, UsageSite};
pub(crate) use usages::{OperationUsages, VariableUsages};

mod overlapping_fields;
mod selections;
mod subscription;
mod usages;
mod values;
mod variables;

/// The most errors of one document; further ones are not reported.
const MAX_ERRORS: usize = 10;

/// Validates a document that has passed the guard. Returns where it uses its variables.
///
/// # Errors
/// Returns at most [`MAX_ERRORS`] errors, in the order of the document.
pub(crate) fn check(
    document: &ExecutableDocument,
    types: &SchemaTypes,
) -> Result<VariableUsages, Vec<DocumentError>> {
    let mut errors = Errors::default();
    let mut fragments: Vec<_> = document.fragments.iter().collect();
    // In the order of the text, so that a document always gets the same errors.
    fragments.sort_by_key(|(_, fragment)| offset(fragment.pos));
    let mut operations: Vec<_> = document.operations.iter().collect();
    operations.sort_by_key(|(_, operation)| offset(operation.pos));

    let of_operations: Vec<_> = operations
        .iter()
        .map(|(_, operation)| check_operation(document, types, &operation.node, &mut errors))
        .collect();
    let of_fragments: HashMap<&Name, DefinitionUsages<'_>> = fragments
        .iter()
        .map(|(name, fragment)| (*name, check_fragment(document, types, &fragment.node, &mut errors)))
        .collect();

    let mut usages = HashMap::with_capacity(operations.len());
    let mut unused = fragments;
    for ((name, operation), own) in operations.iter().zip(&of_operations) {
        let (spread, sites) = own.with_fragments(&of_fragments);
        unused.retain(|(fragment, _)| !spread.contains(*fragment));
        variables::check(*name, &operation.node, &sites, types, &mut errors);
        if operation.node.ty == OperationType::Subscription {
            subscription::check(document, types, operation, &mut errors);
        }
        usages.insert(name.cloned(), OperationUsages::of(spread, &sites));
    }
    for (name, fragment) in unused {
        // `NoUnusedFragments`
        errors.add(fragment.pos, format!("Fragment \"{}\" is never used", shown(name)));
    }
    if errors.0.is_empty()
        && let Err(conflict) = overlapping_fields::check(document, types)
    {
        errors.0.push(conflict);
    }
    if errors.0.is_empty() { Ok(VariableUsages::new(usages)) } else { Err(errors.0) }
}

fn check_operation<'a>(
    document: &'a ExecutableDocument,
    types: &'a SchemaTypes,
    operation: &'a OperationDefinition,
    errors: &mut Errors,
) -> DefinitionUsages<'a> {
    let mut check = DefinitionCheck::new(document, types, errors);
    check.variable_definitions(&operation.variable_definitions);
    let location = match operation.ty {
        OperationType::Query => DirectiveLocation::Query,
        OperationType::Mutation => DirectiveLocation::Mutation,
        OperationType::Subscription => DirectiveLocation::Subscription,
    };
    check.directives(location, &operation.directives);
    check.selections(Some(root_of(operation.ty)), &operation.selection_set.node);
    check.into_usages()
}

fn check_fragment<'a>(
    document: &'a ExecutableDocument,
    types: &'a SchemaTypes,
    fragment: &'a FragmentDefinition,
    errors: &mut Errors,
) -> DefinitionUsages<'a> {
    let mut check = DefinitionCheck::new(document, types, errors);
    let parent = check.type_condition(&fragment.type_condition);
    check.directives(DirectiveLocation::FragmentDefinition, &fragment.directives);
    check.selections(parent, &fragment.selection_set.node);
    check.into_usages()
}

/// The errors of a document, limited.
#[derive(Default)]
struct Errors(Vec<DocumentError>);

impl Errors {
    fn add(&mut self, at: Pos, message: String) {
        self.push(DocumentError { locations: vec![at], ..DocumentError::bad_input(message) });
    }

    /// Adds an error with a text in the language of the recipient.
    fn add_text(&mut self, locations: Vec<Pos>, text: ApiText) {
        let error = DocumentError {
            code: ErrorCode::BadInput,
            message: String::new(),
            text: Some(Box::new(text)),
            locations,
            is_over_limit: false,
        };
        self.push(error);
    }

    fn push(&mut self, error: DocumentError) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(error);
        }
    }
}

fn offset(pos: Pos) -> (usize, usize) {
    (pos.line, pos.column)
}

/// Returns the part of a name of the document that a message shows.
fn shown(name: &str) -> &str {
    const MAX_BYTES: usize = 40;
    name.get(..MAX_BYTES).unwrap_or(name)
}

#[cfg(test)]
mod tests;
