//! How the register counts: a pure function of facts, a filter, groups and a day.
//!
//! A question is asked in three steps: a [`Lens`] says for which day and under which boundaries,
//! [`Facts::select`] takes the rows that a filter accepts, and [`Facts::tally`], [`distinct`] and
//! [`groups`] count them. Nothing here adds rules of its own: a caller that counts at a day puts
//! [`crate::filter::Predicate::CountsOn`] into its filter.

mod axis;
mod chunk;
mod codes;
mod count;
mod days;
mod facts;
mod gaps;
mod group;
mod key;
mod label;
mod lens;
mod rows;
mod select;
mod tally;
#[cfg(test)]
mod tests;
mod turns;
mod value;

pub use facts::{FactBook, Facts, FactsBuilder};
pub use gaps::LARGEST_FILLED;
pub use group::{Group, GroupOrder, GroupOrderField, distinct, groups, sort_groups};
pub use key::{BucketField, GroupBy, GroupKey, QuantityKey};
pub use lens::{Boundaries, Lens};
pub use rows::Rows;
pub use tally::{ByGroup, FirstAndLast, Tally};
pub use value::KeyValue;
