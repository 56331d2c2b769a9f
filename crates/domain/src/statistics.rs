//! How the register counts: a pure function of facts, a filter, groups and a day.
//!
//! A question is asked in three steps: a [`Lens`] says for which day and under which boundaries,
//! [`Facts::select`] takes the rows that a filter accepts, and [`Facts::tally`], [`distinct`] and
//! [`groups`] count them. Nothing here adds rules of its own: a caller that counts at a day puts
//! [`crate::filter::Predicate::CountsOn`] into its filter.
//!
//! [`computed`] puts what is counted beside what sources report, [`watch`] finds what is about to
//! lapse, [`Filings`] know who has told the register anything at all.

mod alarm;
mod axis;
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
pub use clash::{Clash, clashes};
pub use comparison::{Comparison, Moment};
pub use coverage::{Coverage, Filing, Filings, ProvinceFiling};
pub use facts::{FactBook, Facts, FactsBuilder};
pub use gaps::LARGEST_FILLED;
pub use group::{Group, GroupOrder, GroupOrderField, distinct, groups, sort_groups};
pub use key::{BucketField, GroupBy, GroupKey, QuantityKey};
pub use lens::{Boundaries, Lens};
pub use period::CalendarPeriod;
pub use rows::Rows;
pub use tally::{ByGroup, FirstAndLast, Tally};
pub use value::KeyValue;
