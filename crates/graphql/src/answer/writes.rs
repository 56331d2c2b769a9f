//! Whether the writes of an operation stand where each is done once.

use crate::schema::mutation::repeat;
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use std::collections::HashSet;

/// Refuses `@idempotent` where nothing is written, and two writes under one name: the engine would
/// do both and show one.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), &'static str> {
    let mut walk = Walk { document, names: HashSet::new() };
    walk.selections(&operation.selection_set.node, operation.ty == OperationType::Mutation)
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    /// What the writes seen so far are called in the answer.
    names: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn selections(&mut self, set: &'a SelectionSet, writes: bool) -> Result<(), &'static str> {
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

    fn field(&mut self, field: &'a Field, writes: bool) -> Result<(), &'static str> {
        let is_key = |directive: &Positioned<Directive>| directive.node.name.node.as_str() == repeat::NAME;
        if !writes && field.directives.iter().any(is_key) {
            return Err("@idempotent stands on the fields of a mutation alone.");
        }
        let name = field.response_key().node.as_str();
        if writes && name != "__typename" && !self.names.insert(name) {
            return Err("Two fields of a mutation have one name: give one of them an alias.");
        }
        self.selections(&field.selection_set.node, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard;

    fn told(document: &str) -> Result<(), &'static str> {
        let parsed = guard::check(document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        check(&parsed, &operation.node)
    }

    #[test]
    fn a_key_stands_on_writes_alone() {
        assert!(told("mutation($k: String!) { a(b: 1) @idempotent(key: $k) { c } }").is_ok());
        assert!(told("mutation { ...F } fragment F on Mutation { a @idempotent(key: \"1\") }").is_ok());
        for misplaced in [
            "{ a @idempotent(key: \"1\") }",
            "mutation { a { b @idempotent(key: \"1\") } }",
            "mutation { a { ...F } } fragment F on A { b { c @idempotent(key: \"1\") } }",
            "{ ... on Query { a @idempotent(key: \"1\") } }",
        ] {
            assert!(told(misplaced).is_err(), "{misplaced}");
        }
    }

    #[test]
    fn no_two_writes_have_one_name() {
        assert!(told("mutation { __typename a b: a c { a } __typename }").is_ok());
        assert!(told("{ a a }").is_ok());
        assert!(told("mutation { a { b } a { c } }").is_err());
        assert!(told("mutation { a ... { b: a ...F } } fragment F on Mutation { b }").is_err());
    }
}
