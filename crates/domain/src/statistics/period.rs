//! Periods of the calendar, as people name them.

use crate::date::{DateUnit, Day, UNDATED_FIRST, UNDATED_LAST, parse_day};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::refusal::Refusal;

/// Some days in a row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalendarPeriod {
    first: Day,
    last: Day,
}

/// The units that have names, the shortest first.
const UNITS: [DateUnit; 4] = [DateUnit::Month, DateUnit::Quarter, DateUnit::Year, DateUnit::Decade];

impl CalendarPeriod {
    /// Reads `2025`, `2025-Q4`, `2025-11`, `2020s`, a day, or two days with a slash between.
    ///
    /// # Errors
    /// `Invalid` for any other writing, and for a period that ends before it begins.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        let text = raw.trim();
        if let Some((first, last)) = text.split_once('/') {
            return Self::between(parse_day(first)?, parse_day(last)?);
        }
        if let Some((start, unit)) = named(text)
            && let Ok(start) = parse_day(&start)
        {
            return Ok(Self::holding(start, unit));
        }
        let day = parse_day(text).map_err(|_| {
            let expected = "a period such as 2025, 2025-Q4, 2025-11 or 2025-01-01/2025-06-30";
            Refusal::unreadable(expected, raw)
        })?;
        Ok(Self { first: day, last: day })
    }

    /// From one day to another.
    ///
    /// # Errors
    /// `Invalid` where it would end before it begins.
    pub fn between(first: Day, last: Day) -> Result<Self, Refusal> {
        if last < first {
            return Err(Refusal::Invalid(format!("the period {first}/{last} ends before it begins")));
        }
        Ok(Self { first, last })
    }

    /// The month, quarter, year or decade that holds a day.
    #[must_use]
    pub fn holding(day: Day, unit: DateUnit) -> Self {
        let next = unit.next(day).and_then(|next| next.pred_opt());
        Self { first: unit.start_of(day), last: next.unwrap_or(UNDATED_LAST) }
    }

    /// The first day.
    #[must_use]
    pub fn first(self) -> Day {
        self.first
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> Day {
        self.last
    }

    /// Whether this day lies in it.
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The shortest writing of it, which [`CalendarPeriod::parse`] reads back.
    #[must_use]
    pub fn name(self) -> String {
        match self.unit() {
            Some(unit) => unit.key(self.first),
            None if self.first == self.last => self.first.to_string(),
            None => format!("{}/{}", self.first, self.last),
        }
    }

    /// The unit that it is one of; none for any other stretch of days.
    #[must_use]
    pub fn unit(self) -> Option<DateUnit> {
        UNITS.into_iter().find(|unit| Self::holding(self.first, *unit) == self)
    }

    /// The one of the same kind right before it: the year before a year, as many days before
    /// other days; none where the calendar begins later than that.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let last = self.first.pred_opt().filter(|day| *day >= UNDATED_FIRST)?;
        if let Some(unit) = self.unit() {
            return Some(Self::holding(last, unit));
        }
        let first = last.checked_sub_signed(self.last - self.first)?;
        (first >= UNDATED_FIRST).then_some(Self { first, last })
    }

    /// Entries whose first date lies in it, whichever of its days it means: established, signed
    /// or held. Undated ones are in no period.
    #[must_use]
    pub fn filter(self) -> Filter {
        let is = |test| Filter::Is(Predicate::Date(DateField::First, test));
        is(DateTest::OnOrAfter(self.first)).and(is(DateTest::OnOrBefore(self.last)))
    }
}

/// The first day, as text, and the unit of a period with a name.
fn named(text: &str) -> Option<(String, DateUnit)> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text, 4) {
        return Some((format!("{text}-01-01"), DateUnit::Year));
    }
    if let Some(year) = text.strip_suffix("0s").filter(|year| digits(year, 3)) {
        // No calendar has a year 0; its decade begins with the year 1.
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
    fn periods_are_read_as_people_name_them() {
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
    fn what_is_no_period_says_why() {
        for raw in
            ["", "25", "2025-13", "2025-Q5", "Q4 2025", "2025-W01", "0000", "20é5", "2025-1", "２０２５"]
        {
            let why = CalendarPeriod::parse(raw).unwrap_err().to_string();
            assert!(why.contains("is not a period such as 2025, 2025-Q4"), "{raw}: {why}");
        }
        let why = CalendarPeriod::parse("2025-02-01/2025-01-31").unwrap_err().to_string();
        assert_eq!(why, "the period 2025-02-01/2025-01-31 ends before it begins");
        assert!(CalendarPeriod::parse("2025/2026").is_err());
    }

    #[test]
    fn the_period_before_is_of_the_same_kind() {
        let before = |text: &str| CalendarPeriod::parse(text).unwrap().before().map(CalendarPeriod::name);
        assert_eq!(before("2025").as_deref(), Some("2024"));
        assert_eq!(before("2025-Q1").as_deref(), Some("2024-Q4"));
        assert_eq!(before("2025-03").as_deref(), Some("2025-02"));
        assert_eq!(before("2025-01-11/2025-01-20").as_deref(), Some("2025-01-01/2025-01-10"));
        assert_eq!(before("0001"), None);
    }

    proptest! {
        #[test]
        fn a_name_is_read_back(offset in 0i64..3_650_000, length in 0i64..800, unit in 0..5usize) {
            let day = UNDATED_FIRST + chrono::Duration::days(offset);
            let period = match UNITS.get(unit) {
                Some(unit) => CalendarPeriod::holding(day, *unit),
                None => CalendarPeriod::between(day, day + chrono::Duration::days(length)).unwrap(),
            };
            prop_assert_eq!(CalendarPeriod::parse(&period.name()), Ok(period));
            prop_assert!(period.holds(day));
            if let Some(before) = period.before() {
                prop_assert_eq!(before.last().succ_opt(), Some(period.first()));
                prop_assert_eq!(before.unit(), period.unit());
            }
        }

        #[test]
        fn reading_periods_never_panics(raw in "\\PC{0,16}|[0-9Qs/-]{0,22}") {
            let _ = CalendarPeriod::parse(&raw);
        }
    }
}
