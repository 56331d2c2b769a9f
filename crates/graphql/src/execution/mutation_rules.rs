//! Rules for mutations: where `@idempotent` may be, and unique response names.

use crate::schema::mutation::idempotency;
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use caunoi_texts::ApiText;
use std::collections::HashSet;

/// Refuses `@idempotent` on anything but a root field of a mutation, and two root fields of a
/// mutation with one response name: the engine would execute both and return one.
pub(super) fn check(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), ApiText> {
    let mut check = MutationCheck { document, names: HashSet::new() };
    check.selections(&operation.selection_set.node, operation.ty == OperationType::Mutation)
}

struct MutationCheck<'a> {
    document: &'a ExecutableDocument,
    /// The response names of the root fields so far.
    names: HashSet<&'a str>,
}

impl<'a> MutationCheck<'a> {
    fn selections(&mut self, set: &'a SelectionSet, writes: bool) -> Result<(), ApiText> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, writes)?,
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, writes)?;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    if let Some(fragment) = fragment {
                        self.selections(&fragment.node.selection_set.node, writes)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, writes: bool) -> Result<(), ApiText> {
        let is_key =
            |directive: &Positioned<Directive>| directive.node.name.node.as_str() == idempotency::NAME;
        if !writes && field.directives.iter().any(is_key) {
            return Err(ApiText::IdempotentPlace);
        }
        let name = field.response_key().node.as_str();
        if writes && name != "__typename" && !self.names.insert(name) {
            return Err(ApiText::OneResponseName);
        }
        self.selections(&field.selection_set.node, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;

    fn check_document(document: &str) -> Result<(), ApiText> {
        let parsed = guard::check(document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        check(&parsed, &operation.node)
    }

    #[test]
    fn idempotent_is_allowed_on_mutation_fields_only() {
        assert!(check_document("mutation($k: String!) { a(b: 1) @idempotent(key: $k) { c } }").is_ok());
        assert!(
            check_document("mutation { ...F } fragment F on Mutation { a @idempotent(key: \"1\") }").is_ok()
        );
        for misplaced in [
            "{ a @idempotent(key: \"1\") }",
            "mutation { a { b @idempotent(key: \"1\") } }",
            "mutation { a { ...F } } fragment F on A { b { c @idempotent(key: \"1\") } }",
            "{ ... on Query { a @idempotent(key: \"1\") } }",
        ] {
            assert!(check_document(misplaced).is_err(), "{misplaced}");
        }
    }

    #[test]
    fn response_names_of_mutation_fields_are_unique() {
        assert!(check_document("mutation { __typename a b: a c { a } __typename }").is_ok());
        assert!(check_document("{ a a }").is_ok());
        assert!(check_document("mutation { a { b } a { c } }").is_err());
        assert!(check_document("mutation { a ... { b: a ...F } } fragment F on Mutation { b }").is_err());
    }
}
