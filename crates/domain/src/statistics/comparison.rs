//! Comparison of a number with the same number at another day or period.

use super::CalendarPeriod;
use super::monitoring::counted_on;
use crate::date::Day;
use crate::filter::Filter;
use crate::validation::{InvalidReason, Reason};
use chrono::Months;
use rust_decimal::{Decimal, RoundingStrategy};

/// The day and the optional period that numbers cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSlice {
    /// Only what had happened by this day counts.
    pub as_of: Day,
    /// Of that, only what happened in this period; everything when `None`.
    pub period: Option<CalendarPeriod>,
}

impl TimeSlice {
    /// Returns the filter for the entries that count.
    #[must_use]
    pub fn filter(self) -> Filter {
        let counted = counted_on(self.as_of);
        self.period.map_or(counted.clone(), |period| counted.and(period.filter()))
    }

    /// Returns the filter for the entries of which it is not known whether they are in the period;
    /// `None` without a period.
    #[must_use]
    pub fn not_known_filter(self) -> Option<Filter> {
        self.period.map(|period| counted_on(self.as_of).and(period.not_known_filter()))
    }

    /// Returns the time slice to compare with: the given day and period; one that is not given
    /// stays. When neither is given, it is the preceding period, or the same day of the year
    /// before.
    ///
    /// # Errors
    /// `Invalid` when the calendar has no such earlier time.
    pub fn compared_with(self, as_of: Option<Day>, period: Option<CalendarPeriod>) -> Result<Self, Reason> {
        let nothing = || Reason::from(InvalidReason::NothingBefore);
        match (as_of, period, self.period) {
            (None, None, Some(own)) => Ok(Self { period: Some(own.before().ok_or_else(nothing)?), ..self }),
            (None, None, None) => {
                let before = self.as_of.checked_sub_months(Months::new(12));
                let before = before.filter(|day| *day >= crate::date::UNDATED_FIRST);
                Ok(Self { as_of: before.ok_or_else(nothing)?, ..self })
            }
            _ => Ok(Self { as_of: as_of.unwrap_or(self.as_of), period: period.or(self.period) }),
        }
    }
}

/// The change of a number from an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Now less before, in entries; negative for a decrease.
    pub difference: i64,
    /// The difference in percent of the earlier number, to one decimal, half away from zero; `None`
    /// when the earlier number is 0.
    pub change_percent: Option<Decimal>,
}

impl Comparison {
    /// Compares a count with an earlier one.
    #[must_use]
    pub fn of(now: u64, before: u64) -> Self {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let difference = whole(now) - whole(before);
        Self { difference, change_percent: percent(difference, before) }
    }
}

fn percent(difference: i64, of: u64) -> Option<Decimal> {
    let percent = (Decimal::from(difference) * Decimal::ONE_HUNDRED).checked_div(Decimal::from(of))?;
    Some(percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn change_is_in_entries_and_percent() {
        let change_of = |now, before| {
            let Comparison { difference, change_percent } = Comparison::of(now, before);
            (difference, change_percent.map(|percent| percent.to_string()))
        };
        assert_eq!(change_of(1_074, 1_000), (74, Some("7.4".to_owned())));
        assert_eq!(change_of(1, 3), (-2, Some("-66.7".to_owned())));
        assert_eq!(change_of(16_025, 16_000), (25, Some("0.2".to_owned())));
        assert_eq!(change_of(0, 5), (-5, Some("-100".to_owned())));
        assert_eq!(change_of(5, 0), (5, None));
    }

    #[test]
    fn comparison_defaults_to_the_preceding_period() {
        let year = CalendarPeriod::parse("2025").unwrap();
        let moment = TimeSlice { as_of: day("2026-02-28"), period: Some(year) };
        let before = moment.compared_with(None, None).unwrap();
        assert_eq!(
            (before.as_of, before.period.map(CalendarPeriod::name)),
            (moment.as_of, Some("2024".into()))
        );
        let earlier = moment.compared_with(Some(day("2025-06-30")), None).unwrap();
        assert_eq!((earlier.as_of, earlier.period), (day("2025-06-30"), Some(year)));
        let bare = TimeSlice { as_of: day("2024-02-29"), period: None };
        assert_eq!(bare.compared_with(None, None).unwrap().as_of, day("2023-02-28"));
        let first = TimeSlice { as_of: day("0001-06-30"), period: None };
        assert!(first.compared_with(None, None).is_err());
    }
}
