//! Days, the calendar periods of statistics, and partial dates.

pub(crate) mod day_number;
mod day_range;
mod fuzzy;
mod wording;
mod written;

use chrono::Datelike;

use crate::validation::{Format, InvalidReason, Reason};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

pub use day_range::DayRange;
pub use fuzzy::FuzzyDate;
pub(crate) use written::accepted_form;

/// A day of the Gregorian calendar, without time zone.
pub type Day = chrono::NaiveDate;

/// The stored value for "no earliest day": 0001-01-01.
pub const UNDATED_FIRST: Day = day_or(1, 1, 1, Day::MIN);
/// The stored value for "no latest day": 9999-12-31.
pub const UNDATED_LAST: Day = day_or(9999, 12, 31, Day::MAX);

pub(crate) const fn day_or(year: i32, month: u32, day: u32, other: Day) -> Day {
    match Day::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => other,
    }
}

/// Parses a day written `YYYY-MM-DD`, years 0001 to 9999.
///
/// # Errors
/// `Invalid` for any other form, for days that do not exist and for the year 0000; `DateForm` with
/// the accepted form for a day as people write it.
pub fn parse_day(raw: &str) -> Result<Day, Reason> {
    let text = raw.trim();
    if mask(text) != "9999-99-99" {
        return Err(written::accepted_day(raw).unwrap_or_else(|| Reason::malformed(Format::Day, raw)));
    }
    let [year, month, day] = numbers(text);
    calendar_day(year, month, day)
}

/// Returns the day with these numbers, or the error.
fn calendar_day(year: u32, month: u32, day: u32) -> Result<Day, Reason> {
    let year = calendar_year(year)?;
    Day::from_ymd_opt(year, month, day)
        .ok_or_else(|| InvalidReason::NoSuchDay { given: format!("{year:04}-{month:02}-{day:02}") }.into())
}

fn calendar_year(year: u32) -> Result<i32, Reason> {
    match i32::try_from(year) {
        Ok(year @ 1..=9999) => Ok(year),
        _ => Err(InvalidReason::NoSuchYear { given: year }.into()),
    }
}

/// Returns the text with every ASCII digit replaced by 9, to match it with the forms of a date.
fn mask(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

/// Returns the numbers between the hyphens without unspecified digits; 0 where there is none.
fn numbers(text: &str) -> [u32; 3] {
    let mut fields = text.split('-').map(|field| field.trim_end_matches('X').parse().unwrap_or(0));
    [(); 3].map(|()| fields.next().unwrap_or(0))
}

/// The length of the periods of a date bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DateUnit {
    /// Calendar months, for example `2025-07`.
    Month,
    /// Quarters of a calendar year, for example `2025-Q3`.
    Quarter,
    /// Calendar years, for example `2025`.
    Year,
    /// Decades, for example `2020s` for 2020 to 2029.
    Decade,
}

impl DateUnit {
    /// Returns the first day of the period that contains this day.
    #[must_use]
    pub fn start_of(self, day: Day) -> Day {
        first_of_month(self.first_month(day)).unwrap_or(UNDATED_FIRST).max(UNDATED_FIRST)
    }

    /// Returns the first day of the next period; None after the year 9999.
    #[must_use]
    pub fn next(self, day: Day) -> Option<Day> {
        first_of_month(self.first_month(day) + self.months()).filter(|day| *day <= UNDATED_LAST)
    }

    /// Returns the key of the period that contains this day; keys of one unit sort as the days do.
    #[must_use]
    pub fn key(self, day: Day) -> String {
        let year = day.year();
        match self {
            Self::Month => format!("{year:04}-{:02}", day.month()),
            Self::Quarter => format!("{year:04}-Q{}", day.month0() / 3 + 1),
            Self::Year => format!("{year:04}"),
            Self::Decade => format!("{:04}s", year - year.rem_euclid(10)),
        }
    }

    const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
            Self::Decade => 120,
        }
    }

    /// Returns the first month of the period, counted from January of the year 0.
    fn first_month(self, day: Day) -> i32 {
        let month = day.year() * 12 + day.month0().cast_signed();
        month - month.rem_euclid(self.months())
    }
}

fn first_of_month(month: i32) -> Option<Day> {
    Day::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).cast_unsigned() + 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNITS: [DateUnit; 4] = [DateUnit::Month, DateUnit::Quarter, DateUnit::Year, DateUnit::Decade];

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn days_are_parsed_strictly() {
        assert_eq!(parse_day(" 2024-02-29 ").unwrap().to_string(), "2024-02-29");
        assert_eq!(parse_day("0001-01-01"), Ok(UNDATED_FIRST));
        assert_eq!(parse_day("9999-12-31"), Ok(UNDATED_LAST));
        for raw in ["", "2025", "07/2025", "2025-07-01T00:00", "+2025-07-01", "２０２５-07-01", "2025-07-01-"]
        {
            assert_eq!(parse_day(raw), Err(Reason::malformed(Format::Day, raw)), "{raw}");
        }
    }

    #[test]
    fn days_as_people_write_them_are_refused_with_the_accepted_form() {
        for raw in ["2025-7-1", "13/07/2025", "ngày 13 tháng 7 năm 2025", "13 July 2025"] {
            let accepted = if raw == "2025-7-1" { "2025-07-01" } else { "2025-07-13" }.to_owned();
            assert_eq!(
                parse_day(raw),
                Err(InvalidReason::DateForm { given: raw.to_owned(), accepted }.into())
            );
        }
        let ambiguous = parse_day("01/07/2025").unwrap_err();
        assert!(matches!(
            ambiguous,
            Reason::Invalid(InvalidReason::AmbiguousDate { accepted, .. }) if accepted == "2025-07-01"
        ));
    }

    #[test]
    fn nonexistent_days_have_a_specific_error() {
        let given = "2023-02-29".to_owned();
        assert_eq!(parse_day("2023-02-29"), Err(InvalidReason::NoSuchDay { given }.into()));
        assert_eq!(parse_day("0000-01-01"), Err(InvalidReason::NoSuchYear { given: 0 }.into()));
    }

    #[test]
    fn periods_have_starts_ends_and_keys() {
        let given = day("2025-08-17");
        let periods = UNITS.map(|unit| {
            let next = unit.next(given).unwrap();
            format!("{} {} {next}", unit.key(given), unit.start_of(given))
        });
        assert_eq!(
            periods,
            [
                "2025-08 2025-08-01 2025-09-01",
                "2025-Q3 2025-07-01 2025-10-01",
                "2025 2025-01-01 2026-01-01",
                "2020s 2020-01-01 2030-01-01",
            ]
        );
    }

    #[test]
    fn calendar_ends_at_its_first_and_last_year() {
        for unit in UNITS {
            assert_eq!(unit.start_of(UNDATED_FIRST), UNDATED_FIRST);
            assert_eq!(unit.next(UNDATED_LAST), None);
        }
        assert_eq!(DateUnit::Decade.next(UNDATED_FIRST), Some(day("0010-01-01")));
    }

    proptest! {
        #[test]
        fn parsing_days_never_panics(raw in "\\PC{0,12}|[0-9-]{0,12}") {
            let _ = parse_day(&raw);
        }

        #[test]
        fn period_contains_its_days(offset in 0i64..3_652_058) {
            let day = UNDATED_FIRST + chrono::Duration::days(offset);
            for unit in UNITS {
                let start = unit.start_of(day);
                prop_assert!(start <= day);
                prop_assert_eq!(unit.start_of(start), start);
                prop_assert_eq!(unit.key(start), unit.key(day));
                if let Some(next) = unit.next(day) {
                    prop_assert!(next > day);
                    prop_assert!(unit.key(next) > unit.key(day));
                    prop_assert_eq!(unit.start_of(next), next);
                }
            }
        }
    }
}
