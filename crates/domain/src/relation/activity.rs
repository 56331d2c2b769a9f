//! Periods of activity, and the one rule by which a relation is dormant. The status DORMANT and the
//! lists of dormant relations both follow it.

use crate::date::Day;
use crate::status::RelationStatus;
use chrono::Months;
use serde::{Deserialize, Serialize};

/// The months without activity after which the status of a relation is DORMANT.
pub const DORMANT_AFTER_MONTHS: u32 = 24;

/// Days on which a relation is known to be active, both ends inclusive: the day of an agreement or
/// event, or the days for which a source states that it is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActivityPeriod {
    /// The first day.
    #[serde(with = "crate::date::day_number")]
    pub from: Day,
    /// The last day.
    #[serde(with = "crate::date::day_number")]
    pub to: Day,
}

/// Returns the first day on which a relation without activity since `last` is dormant for `months`;
/// `None` after the end of the calendar.
#[must_use]
pub fn dormant_from(last: Day, months: u32) -> Option<Day> {
    last.checked_add_months(Months::new(months))?.succ_opt()
}

/// Returns the last active day up to `day`; `None` if no period begins by then.
#[must_use]
pub fn last_active_on(periods: &[ActivityPeriod], day: Day) -> Option<Day> {
    periods.iter().filter(|period| period.from <= day).map(|period| period.to.min(day)).max()
}

/// Returns whether a relation with this status and activity is dormant on `day`: in existence, and
/// without activity for `months`. For [`DORMANT_AFTER_MONTHS`] these are exactly the relations with
/// the status DORMANT, whether by activity or by a statement.
#[must_use]
pub fn is_dormant(status: RelationStatus, periods: &[ActivityPeriod], day: Day, months: u32) -> bool {
    let is_inactive = || {
        let from = last_active_on(periods, day).and_then(|last| dormant_from(last, months));
        from.is_some_and(|from| from <= day)
    };
    match status {
        RelationStatus::Dormant => months <= DORMANT_AFTER_MONTHS || is_inactive(),
        RelationStatus::Active => months < DORMANT_AFTER_MONTHS && is_inactive(),
        RelationStatus::Proposed | RelationStatus::Ended | RelationStatus::Unknown => false,
    }
}
