//! Numbers beside those of another day or period.

use super::CalendarPeriod;
use crate::date::Day;
use crate::refusal::Refusal;
use chrono::Months;
use rust_decimal::{Decimal, RoundingStrategy};

/// What numbers are asked for: a day, and perhaps a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What had happened by this day counts.
    pub as_of: Day,
    /// Of that, only what happened in this period; all where there is none.
    pub period: Option<CalendarPeriod>,
}

impl Moment {
    /// What these numbers are compared with: the day and the period that are named; what is not
    /// named stays. Where neither is, the period right before, or the same day of the year before.
    ///
    /// # Errors
    /// `Invalid` where the calendar has nothing before.
    pub fn compared_with(self, as_of: Option<Day>, period: Option<CalendarPeriod>) -> Result<Self, Refusal> {
        let nothing = || Refusal::Invalid("the calendar has nothing before that to compare with".to_owned());
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

/// How a number stands to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// By how many entries there are more now; negative where there are fewer.
    pub difference: i64,
    /// The same in percent of the earlier number, to one decimal, half away from zero; none where
    /// there was nothing.
    pub change_percent: Option<Decimal>,
}

impl Comparison {
    /// Puts a count beside an earlier one.
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
    fn a_change_is_told_in_entries_and_percent() {
        let told = |now, before| {
            let Comparison { difference, change_percent } = Comparison::of(now, before);
            (difference, change_percent.map(|percent| percent.to_string()))
        };
        assert_eq!(told(1_074, 1_000), (74, Some("7.4".to_owned())));
        assert_eq!(told(1, 3), (-2, Some("-66.7".to_owned())));
        assert_eq!(told(16_025, 16_000), (25, Some("0.2".to_owned())));
        assert_eq!(told(0, 5), (-5, Some("-100".to_owned())));
        assert_eq!(told(5, 0), (5, None));
    }

    #[test]
    fn what_is_not_named_stays_and_nothing_named_means_before() {
        let year = CalendarPeriod::parse("2025").unwrap();
        let moment = Moment { as_of: day("2026-02-28"), period: Some(year) };
        let before = moment.compared_with(None, None).unwrap();
        assert_eq!(
            (before.as_of, before.period.map(CalendarPeriod::name)),
            (moment.as_of, Some("2024".into()))
        );
        let earlier = moment.compared_with(Some(day("2025-06-30")), None).unwrap();
        assert_eq!((earlier.as_of, earlier.period), (day("2025-06-30"), Some(year)));
        let bare = Moment { as_of: day("2024-02-29"), period: None };
        assert_eq!(bare.compared_with(None, None).unwrap().as_of, day("2023-02-28"));
        let first = Moment { as_of: day("0001-06-30"), period: None };
        assert!(first.compared_with(None, None).is_err());
    }
}
