//! The cost of an operation, estimated before its execution: the objects of the response and the
//! work to make it.
//!
//! One unit is one object of up to 512 bytes, or the work of reading one. The [`estimator`] visits
//! the document with the types of the schema and the weights and sizes that their directives state
//! (`schema::cost_directives`). It expects as many rows as a page requests and the register has
//! ([`rows`]), and adds the work of fields, of filters ([`arguments`]), and of long texts
//! ([`bytes`]). Introspection costs the bytes of its response ([`introspection`]). The guard limits
//! the depth and the expanded size of the document, so an estimate is fast.

mod arguments;
mod bytes;
mod estimator;
pub(crate) mod introspection;
mod limits;
mod rows;
#[cfg(test)]
mod tests;

use crate::schema_types::{TYPES, root_of};
use arguments::Arguments;
use async_graphql_parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use caunoi_domain::page;
use estimator::{CostEstimator, ONE, ObjectSet};
pub use limits::CostLimits;
pub(crate) use rows::Sizes;

/// The cost of a write in addition to the objects of its response.
const WRITE: u64 = 10;
/// The longest page; resolvers refuse longer ones.
const LARGEST_PAGE: u64 = page::LARGEST_PAGE as u64;

/// The estimated cost of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Objects and work.
    pub(crate) units: u64,
    /// Bytes of the response.
    pub(crate) bytes: u64,
}

impl Cost {
    /// The cost of a standard introspection document, whose response is cached.
    pub(crate) const OF_STANDARD_INTROSPECTION: Self = Self { units: 1, bytes: 0 };
}

/// An operation with its document and variables.
#[derive(Clone, Copy)]
pub(crate) struct OperationRef<'a> {
    /// The document, for its fragments.
    pub(crate) document: &'a ExecutableDocument,
    /// The operation to execute.
    pub(crate) operation: &'a OperationDefinition,
    /// A JSON object or null.
    pub(crate) variables: &'a serde_json::Value,
}

/// Estimates the cost of an operation in a register of these sizes.
pub(crate) fn estimate(operation_ref: OperationRef<'_>, sizes: &Sizes) -> Cost {
    estimate_with_pages(operation_ref, sizes, None)
}

/// Returns the largest page size for which an operation with all pages of that size fits a limit;
/// none if it does not fit with pages of one row.
pub(crate) fn suggest_first(operation_ref: OperationRef<'_>, sizes: &Sizes, limit: u64) -> Option<u64> {
    let fits = |page: u64| estimate_with_pages(operation_ref, sizes, Some(page)).units <= limit;
    // Invariant: the cost never decreases with the page size.
    let (mut fitting, mut above) = (0, LARGEST_PAGE + 1);
    while above - fitting > 1 {
        let middle = fitting.midpoint(above);
        if fits(middle) {
            fitting = middle;
        } else {
            above = middle;
        }
    }
    (fitting > 0).then_some(fitting)
}

/// Estimates the cost of an operation; `page` replaces the size of all pages.
fn estimate_with_pages(
    OperationRef { document, operation, variables }: OperationRef<'_>,
    sizes: &Sizes,
    page: Option<u64>,
) -> Cost {
    let estimator = CostEstimator {
        document,
        arguments: Arguments::new(operation, variables),
        sizes,
        types: &TYPES,
        page,
    };
    let root = &operation.selection_set.node;
    let writes = match operation.ty {
        OperationType::Query | OperationType::Subscription => 0,
        OperationType::Mutation => count_fields(document, root),
    };
    let cost =
        estimator.selection_cost(root, ObjectSet { ty: root_of(operation.ty), objects: ONE, rows: None });
    Cost {
        units: cost.units.saturating_add(writes.saturating_mul(WRITE)),
        bytes: cost.own.saturating_add(cost.below),
    }
}

/// Counts the fields of a selection set, without those below them.
fn count_fields(document: &ExecutableDocument, set: &SelectionSet) -> u64 {
    let of = |item: &Selection| match item {
        Selection::Field(_) => 1,
        Selection::InlineFragment(fragment) => count_fields(document, &fragment.node.selection_set.node),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.map_or(0, |fragment| count_fields(document, &fragment.node.selection_set.node))
        }
    };
    set.items.iter().map(|item| of(&item.node)).fold(0, u64::saturating_add)
}
