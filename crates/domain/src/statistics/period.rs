//! Calendar periods and their names.

use crate::date::{DateUnit, Day, UNDATED_FIRST, UNDATED_LAST, accepted_form, parse_day};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::validation::{Format, InvalidReason, Reason};

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalendarPeriod {
    first: Day,
    last: Day,
}

/// The units of named periods, the shortest first.
const UNITS: [DateUnit; 4] = [DateUnit::Month, DateUnit::Quarter, DateUnit::Year, DateUnit::Decade];

impl CalendarPeriod {
    /// Parses `2025`, `2025-Q4`, `2025-11`, `2020s`, a day, or two days separated by a slash.
    ///
    /// # Errors
    /// `Invalid` for any other text, and for a period that ends before it begins; `DateForm` with
    /// the accepted form for a date as people write it.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        Self::parse_exact(raw).map_err(|reason| {
            let is_malformed = matches!(reason, Reason::Invalid(InvalidReason::Malformed { .. }));
            if is_malformed { accepted_form(raw).unwrap_or(reason) } else { reason }
        })
    }

    fn parse_exact(raw: &str) -> Result<Self, Reason> {
        let text = raw.trim();
        if let Some((first, last)) = text.split_once('/') {
            return Self::between(parse_day(first)?, parse_day(last)?);
        }
        if let Some((start, unit)) = named(text)
            && let Ok(start) = parse_day(&start)
        {
            return Ok(Self::containing(start, unit));
        }
        let day = parse_day(text).map_err(|_| Reason::malformed(Format::Period, raw))?;
        Ok(Self { first: day, last: day })
    }

    /// Returns the period from `first` to `last`.
    ///
    /// # Errors
    /// `Invalid` when `last` is before `first`.
    pub fn between(first: Day, last: Day) -> Result<Self, Reason> {
        if last < first {
            return Err(
                InvalidReason::PeriodReversed { first: first.to_string(), last: last.to_string() }.into()
            );
        }
        Ok(Self { first, last })
    }

    /// Returns the month, quarter, year or decade that contains a day.
    #[must_use]
    pub fn containing(day: Day, unit: DateUnit) -> Self {
        let next = unit.next(day).and_then(|next| next.pred_opt());
        Self { first: unit.start_of(day), last: next.unwrap_or(UNDATED_LAST) }
    }

    /// Returns the first day.
    #[must_use]
    pub fn first(self) -> Day {
        self.first
    }

    /// Returns the last day.
    #[must_use]
    pub fn last(self) -> Day {
        self.last
    }

    /// Returns whether the period contains a day.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Returns the shortest name, which [`CalendarPeriod::parse`] accepts.
    #[must_use]
    pub fn name(self) -> String {
        match self.unit() {
            Some(unit) => unit.key(self.first),
            None if self.first == self.last => self.first.to_string(),
            None => format!("{}/{}", self.first, self.last),
        }
    }

    /// Returns the unit when the period is exactly one month, quarter, year or decade.
    #[must_use]
    pub fn unit(self) -> Option<DateUnit> {
        UNITS.into_iter().find(|unit| Self::containing(self.first, *unit) == self)
    }

    /// Returns the preceding period of the same kind: the year before a year, the same number of
    /// days before other ranges; `None` when it would begin before the calendar.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let last = self.first.pred_opt().filter(|day| *day >= UNDATED_FIRST)?;
        if let Some(unit) = self.unit() {
            return Some(Self::containing(last, unit));
        }
        let first = last.checked_sub_signed(self.last - self.first)?;
        (first >= UNDATED_FIRST).then_some(Self { first, last })
    }

    /// Returns the filter for entries whose first date (established, signed or held) certainly
    /// starts within the period. Undated entries are in no period.
    #[must_use]
    pub fn filter(self) -> Filter {
        let starts = |test| Filter::Is(Predicate::Date(DateField::FirstStart, test));
        starts(DateTest::OnOrAfter(self.first)).and(starts(DateTest::OnOrBefore(self.last)))
    }

    /// Returns the filter for entries whose first date may start within the period or outside of it:
    /// partial dates that reach beyond it, and entries without a date.
    #[must_use]
    pub fn not_known_filter(self) -> Filter {
        let starts = |test| Filter::Is(Predicate::Date(DateField::FirstStart, test));
        let outside = [starts(DateTest::Before(self.first)), starts(DateTest::After(self.last))];
        Filter::Not(Box::new(Filter::Any([vec![self.filter()], outside.into()].concat())))
    }

    /// Returns the filter for entries that are certainly under way on a day of the period: started
    /// by its last day and not ended before its first one.
    #[must_use]
    pub fn overlap_filter(self) -> Filter {
        let is = |field, test| Filter::Is(Predicate::Date(field, test));
        is(DateField::FirstStart, DateTest::OnOrBefore(self.last))
            .and(is(DateField::FirstEnd, DateTest::OnOrAfter(self.first)))
    }
}

/// Returns the first day, as text, and the unit of a named period.
fn named(text: &str) -> Option<(String, DateUnit)> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text, 4) {
        return Some((format!("{text}-01-01"), DateUnit::Year));
    }
    if let Some(year) = text.strip_suffix("0s").filter(|year| digits(year, 3)) {
        // There is no year 0; its decade begins with the year 1.
        let start = if year == "000" { "0001".to_owned() } else { format!("{year}0") };
        return Some((format!("{start}-01-01"), DateUnit::Decade));
    }
    let (year, part) = text.split_once('-').filter(|(year, _)| digits(year, 4))?;
    let month = match part {
        "Q1" => "01",
        "Q2" => "04",
        "Q3" => "07",
        "Q4" => "10",
        month if digits(month, 2) => return Some((format!("{year}-{month}-01"), DateUnit::Month)),
        _ => return None,
    };
    Some((format!("{year}-{month}-01"), DateUnit::Quarter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds(text: &str) -> String {
        let period = CalendarPeriod::parse(text).unwrap();
        format!("{} {}", period.first(), period.last())
    }

    #[test]
    fn period_names_are_parsed() {
        assert_eq!(bounds("2025"), "2025-01-01 2025-12-31");
        assert_eq!(bounds("2025-Q4"), "2025-10-01 2025-12-31");
        assert_eq!(bounds(" 2024-02 "), "2024-02-01 2024-02-29");
        assert_eq!(bounds("2020s"), "2020-01-01 2029-12-31");
        assert_eq!(bounds("2025-07-01"), "2025-07-01 2025-07-01");
        assert_eq!(bounds("2025-07-01/2025-07-15"), "2025-07-01 2025-07-15");
        assert_eq!(bounds("0000s"), "0001-01-01 0009-12-31");
        assert_eq!(bounds("9999"), "9999-01-01 9999-12-31");
    }

    #[test]
    fn invalid_periods_are_rejected_with_a_reason() {
        for raw in ["", "25", "2025-Q5", "Q4 2025", "2025-W01", "0000", "20é5", "２０２５"] {
            assert_eq!(CalendarPeriod::parse(raw), Err(Reason::malformed(Format::Period, raw)), "{raw}");
        }
        let given = "2025-13".to_owned();
        assert_eq!(CalendarPeriod::parse("2025-13"), Err(InvalidReason::NoSuchMonth { given }.into()));
        for (raw, accepted) in
            [("2025-1", "2025-01"), ("1/2025", "2025-01"), ("13/1/2025", "2025-01-13"), ("năm 2025", "2025")]
        {
            let (given, accepted) = (raw.to_owned(), accepted.to_owned());
            assert_eq!(CalendarPeriod::parse(raw), Err(InvalidReason::DateForm { given, accepted }.into()));
        }
        let (first, last): (Day, Day) = ("2025-02-01".parse().unwrap(), "2025-01-31".parse().unwrap());
        let reversed = InvalidReason::PeriodReversed { first: first.to_string(), last: last.to_string() };
        assert_eq!(CalendarPeriod::parse("2025-02-01/2025-01-31"), Err(reversed.into()));
        assert!(CalendarPeriod::parse("2025/2026").is_err());
    }

    #[test]
    fn preceding_period_is_of_the_same_kind() {
        let before = |text: &str| CalendarPeriod::parse(text).unwrap().before().map(CalendarPeriod::name);
        assert_eq!(before("2025").as_deref(), Some("2024"));
        assert_eq!(before("2025-Q1").as_deref(), Some("2024-Q4"));
        assert_eq!(before("2025-03").as_deref(), Some("2025-02"));
        assert_eq!(before("2025-01-11/2025-01-20").as_deref(), Some("2025-01-01/2025-01-10"));
        assert_eq!(before("0001"), None);
    }

    proptest! {
        #[test]
        fn names_parse_to_their_period(offset in 0i64..3_650_000, length in 0i64..800, unit in 0..5usize) {
            let day = UNDATED_FIRST + chrono::Duration::days(offset);
            let period = match UNITS.get(unit) {
                Some(unit) => CalendarPeriod::containing(day, *unit),
                None => CalendarPeriod::between(day, day + chrono::Duration::days(length)).unwrap(),
            };
            prop_assert_eq!(CalendarPeriod::parse(&period.name()), Ok(period));
            prop_assert!(period.contains(day));
            if let Some(before) = period.before() {
                prop_assert_eq!(before.last().succ_opt(), Some(period.first()));
                prop_assert_eq!(before.unit(), period.unit());
            }
        }

        #[test]
        fn parsing_periods_never_panics(raw in "\\PC{0,16}|[0-9Qs/-]{0,22}") {
            let _ = CalendarPeriod::parse(&raw);
        }
    }
}
