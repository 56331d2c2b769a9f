//! Flat documents, in which no two selections are merged.
//!
//! If a response name is selected twice in one set, or a fragment is spread, the engine resolves
//! each selection and merges the values. It cannot merge a value that is serialized already, so
//! resolvers return such values to flat documents only.

use async_graphql_parser::types::{ExecutableDocument, Selection, SelectionSet};
use std::collections::HashSet;

/// Marks the request of a flat document; part of the data of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FlatDocument;

impl FlatDocument {
    /// Returns the marker if the document is flat.
    pub(super) fn of(document: &ExecutableDocument) -> Option<Self> {
        let mut operations =
            document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
        (document.fragments.is_empty() && operations.all(is_flat)).then_some(Self)
    }
}

/// Recurses within one operation only, whose depth the guard limits.
fn is_flat(set: &SelectionSet) -> bool {
    let mut names = HashSet::with_capacity(set.items.len());
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            names.insert(field.node.response_key().node.as_str()) && is_flat(&field.node.selection_set.node)
        }
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql_parser::parse_query;

    #[test]
    fn document_is_flat_if_each_name_is_selected_once() {
        let is_flat = |document: &str| FlatDocument::of(&parse_query(document).unwrap()).is_some();
        for flat in ["{ a { b } c: a { b } }", "query A { a } query B { a }", "{ a(x: 1) @skip(if: true) }"] {
            assert!(is_flat(flat), "{flat}");
        }
        for other in [
            "{ a { b } a { c } }",
            "{ a { b b } }",
            "{ b: a b: a }",
            "{ a { ... on A { b } } }",
            "{ a { ... { b } } }",
            "{ a { ...F } } fragment F on A { b }",
            "query A { a } query B { a a }",
        ] {
            assert!(!is_flat(other), "{other}");
        }
    }
}
