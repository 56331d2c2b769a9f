//! The cost of a document: what its answer can be expected to hold and what work it takes, counted
//! before it runs.
//!
//! One unit is one object of up to 512 bytes, or as much work as reading one takes. The walk
//! ([`walk`]) knows the types of the schema ([`types`]), expects as many rows as a page asks for and
//! the register has ([`rows`]), adds what searches, numbers, feeds ([`weights`]) and filters
//! ([`arguments`]) work, and what long texts take ([`bytes`]). Introspection counts the bytes of its
//! answer ([`introspection`]). The guard has bounded depth and the expanded size of the document, so
//! the walk is short.

mod arguments;
mod bytes;
pub(crate) mod introspection;
mod limits;
mod rows;
#[cfg(test)]
mod tests;
mod types;
mod walk;
mod weights;

use arguments::Arguments;
use async_graphql_parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
pub use limits::CostLimits;
pub(crate) use rows::Sizes;
use types::Types;
use walk::{ONE, Place, Walk};

/// What a write costs beside the objects that its answer can hold.
const WRITE: u64 = 10;
/// The longest page.
const LARGEST_PAGE: u64 = 100;

/// What one operation can be expected to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Objects and work.
    pub(crate) units: u64,
    /// Bytes of the answer.
    pub(crate) bytes: u64,
}

impl Cost {
    /// That of a standard introspection document, whose answer is made once.
    pub(crate) const OF_STANDARD_INTROSPECTION: Self = Self { units: 1, bytes: 0 };
}

/// An operation, as far as its cost depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The document, for its fragments.
    pub(crate) document: &'a ExecutableDocument,
    /// The operation of it.
    pub(crate) operation: &'a OperationDefinition,
    /// A JSON object or null.
    pub(crate) variables: &'a serde_json::Value,
}

/// What an operation can be expected to cost in a register of these sizes.
pub(crate) fn of(asked: Asked<'_>, sizes: &Sizes) -> Cost {
    estimate(asked, sizes, None)
}

/// The longest page with which an operation fits a limit, if all its pages are as long; none where
/// it does not fit with pages of one row.
pub(crate) fn suggest_first(asked: Asked<'_>, sizes: &Sizes, limit: u64) -> Option<u64> {
    let fits = |page: u64| estimate(asked, sizes, Some(page)).units <= limit;
    // Cost never falls while pages grow.
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

fn estimate(Asked { document, operation, variables }: Asked<'_>, sizes: &Sizes, page: Option<u64>) -> Cost {
    let types = Types::of_schema();
    let walk = Walk { document, arguments: Arguments::new(operation, variables), sizes, types, page };
    let root = &operation.selection_set.node;
    let (ty, writes) = match operation.ty {
        OperationType::Query => ("Query", 0),
        OperationType::Subscription => ("Subscription", 0),
        OperationType::Mutation => ("Mutation", fields(document, root)),
    };
    let load = walk.selection(root, Place { ty, objects: ONE, rows: None });
    Cost {
        units: load.units.saturating_add(writes.saturating_mul(WRITE)),
        bytes: load.own.saturating_add(load.below),
    }
}

/// How many fields a selection has, without what is below them.
fn fields(document: &ExecutableDocument, set: &SelectionSet) -> u64 {
    let of = |item: &Selection| match item {
        Selection::Field(_) => 1,
        Selection::InlineFragment(fragment) => fields(document, &fragment.node.selection_set.node),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.map_or(0, |fragment| fields(document, &fragment.node.selection_set.node))
        }
    };
    set.items.iter().map(|item| of(&item.node)).fold(0, u64::saturating_add)
}
