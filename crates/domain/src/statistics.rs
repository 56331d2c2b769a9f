//! How the register counts: a pure function of facts, a filter, groups and a day.
//!
//! A question is asked in three steps: a [`Lens`] says for which day and under which boundaries,
//! [`Facts::select`] takes the rows that a filter accepts, and [`Facts::tally`], [`distinct`] and
//! [`groups`] count them; what [`Facts`] counts by keys, it counts for all groups at once. Nothing
//! here adds rules of its own: a caller that counts at a day puts
//! [`crate::filter::Predicate::CountsOn`] into its filter.
//!
//! Facts stand in chunks of some thousand rows of one log (`chunk`). A chunk keeps each value once
//! and a small code for each row (`codes`; `days` and `turns` for what has an order in time). So a
//! filter is put to values (`select`), a key takes values to slots (`axis`), and everything is one
//! question, how many rows have each combination of slots (`count`); the numbers of a group are
//! asked with one more key (`tally`).
//!
//! [`computed`] puts what is counted beside what sources report, [`watch`] finds what is about to
//! lapse, [`Filings`] know who has told the register anything at all.

mod alarm;
mod axis;
mod book;
mod chunk;
mod clash;
mod codes;
mod comparison;
pub mod computed;
mod count;
mod coverage;
mod days;
mod facts;
mod gaps;
mod group;
mod key;
mod label;
mod lens;
mod period;
mod rows;
mod select;
mod tally;
#[cfg(test)]
mod tests;
mod turns;
mod value;
pub mod watch;

pub use alarm::{Alarm, AlarmRule, alarms};
pub use book::{FactBook, FactBookBuilder};
pub use clash::{Clash, clashes};
pub use comparison::{Comparison, Moment};
pub use coverage::{Coverage, Filing, Filings, ProvinceFiling};
pub use facts::{Facts, FactsBuilder};
pub use gaps::LARGEST_FILLED;
pub use group::{Group, GroupOrder, GroupOrderField, distinct, groups, ordered_groups};
pub use key::{BucketField, GroupBy, GroupKey, QuantityKey};
pub use lens::{Boundaries, Lens};
pub use period::CalendarPeriod;
pub use rows::Rows;
pub use tally::{ByGroup, FirstAndLast, Tally};
pub use value::KeyValue;
