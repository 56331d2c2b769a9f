//! Statistics: pure functions of facts, a filter, group keys and a day.
//!
//! A query has three steps: a [`BoundaryView`] gives the day and the administrative boundaries,
//! [`Facts::select`] returns the rows that match a filter, and [`Facts::tally`], [`distinct`] and
//! [`groups`] aggregate them; the methods of [`Facts`] that take keys return the numbers of all
//! groups at once. Nothing here adds a rule of its own: a caller that counts at a day puts
//! [`crate::filter::Predicate::CountsOn`] into its filter.
//!
//! Facts are stored in segments of some thousand rows of one log (`segment`). A segment contains
//! each distinct value once and a small code per row (`columns`; `day_columns`, `date_column`
//! and `status_timeline` for values with an order in time). So a filter is evaluated per value
//! (`mask`), a key maps values to slots (`dimension`), and each query counts the rows of each
//! combination of slots (`count`); the numbers of a group use one further key (`tally`).
//!
//! [`indicator`] computes the numbers that sources report too, [`monitoring`] finds entries that
//! need attention, [`Filings`] record which provinces have reported.

mod boundary_view;
mod columns;
mod comparison;
mod count;
mod coverage;
mod date_column;
mod day_columns;
mod dimension;
mod double;
mod fact_table;
mod facts;
mod gap_filling;
mod group;
mod inconsistency;
pub mod indicator;
mod key;
mod mask;
pub mod monitoring;
mod overlap;
mod period;
mod row_selection;
mod segment;
mod status_timeline;
mod tally;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::random_directory;
mod value;
mod visit_conflict;

pub use crate::event::QuantityKey;
pub use boundary_view::{Boundaries, BoundaryView};
pub use comparison::{Comparison, TimeSlice};
pub use coverage::{Coverage, Filing, Filings, ProvinceFiling};
pub use double::{DoubleCandidate, find_double_candidates};
pub use fact_table::{FactTable, FactTableBuilder};
pub use facts::{Facts, FactsBuilder};
pub use gap_filling::MAX_FILLED_GROUPS;
pub use group::{Group, GroupOrder, distinct, groups, ordered_groups};
pub use inconsistency::{Inconsistency, InconsistencyRule, find_inconsistencies};
pub use key::{BucketField, GroupBy, GroupKey};
pub use overlap::{OriginKey, Overlap, find_overlaps};
pub use period::CalendarPeriod;
pub use row_selection::RowSelection;
pub use tally::{FirstAndLast, GroupMeasure, Tally};
pub use value::GroupKeyValue;
pub use visit_conflict::{VisitConflict, find_visit_conflicts};

/// The version of the counting rules, by which contents become numbers. Every change of a rule that
/// gives another number for the same contents begins a new version;
/// `docs/reference/counting.md` lists them.
pub const COUNTING_RULES: &str = "2";
