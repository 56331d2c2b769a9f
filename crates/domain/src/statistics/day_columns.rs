//! Columns of days in two bytes per row.

use super::row_selection::SegmentRows;
use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST, day_or};
use chrono::{Datelike, Days};
use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The code of no day.
const ABSENT: u16 = 0;
/// The code of [`UNDATED_FIRST`].
const OPEN_START: u16 = 1;
/// The code of [`EPOCH`]; each later day has the next one, up to the year 2079.
const EPOCH_CODE: u16 = 2;
/// The code of [`UNDATED_LAST`].
const OPEN_END: u16 = u16::MAX;
/// The first day with a fixed code.
const EPOCH: Day = day_or(1900, 1, 1, Day::MIN);
/// The number of codes.
const CODES: usize = 1 << 16;

/// The month of each fixed code, counted from the month of [`EPOCH`]. No day, [`UNDATED_FIRST`] and
/// [`UNDATED_LAST`] each have a month of their own.
static MONTHS: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut month = OPEN_START;
    let dated = EPOCH.iter_days().take(usize::from(OPEN_END - EPOCH_CODE)).map(|day| {
        month += u16::from(day.day() == 1);
        month
    });
    let dated: Vec<u16> = dated.collect();
    [ABSENT, OPEN_START].into_iter().chain(dated).chain([month + 1]).collect()
});

/// A column of optional days. A later day has a higher code; no day has the lowest one.
#[derive(Debug)]
pub(super) struct DayColumn {
    /// The days of the codes from 1 on, when a day of the column has no fixed code.
    listed: Option<Box<[Day]>>,
    pub(super) codes: DayCodes,
    len: usize,
    least: u16,
    most: u16,
    /// The first and the last day with a fixed code, except the bounds of time.
    fixed_range: Option<(Day, Day)>,
}

/// A code per row, or the same for all.
#[derive(Debug)]
pub(super) enum DayCodes {
    Same(u16),
    Each(Box<[u16]>),
}

impl DayColumn {
    /// Invariant of segments: they have fewer days than there are codes.
    pub(super) fn new(days: &[Option<Day>]) -> Self {
        let fixed_codes: Option<Vec<u16>> = days.iter().map(|day| fixed_code(*day)).collect();
        let (codes, listed) = fixed_codes.map_or_else(|| list_codes(days), |codes| (codes, None));
        let least = codes.iter().copied().min().unwrap_or(ABSENT);
        let most = codes.iter().copied().max().unwrap_or(ABSENT);
        let codes = if least == most { DayCodes::Same(least) } else { DayCodes::Each(codes.into()) };
        let inner = || days.iter().flatten().filter(|day| ![UNDATED_FIRST, UNDATED_LAST].contains(day));
        let fixed_range = inner().min().zip(inner().max()).filter(|_| listed.is_none());
        let fixed_range = fixed_range.map(|(first, last)| (*first, *last));
        Self { listed, codes, len: days.len(), least, most, fixed_range }
    }

    pub(super) fn at(&self, row: usize) -> Option<Day> {
        self.day(self.code(row))
    }

    pub(super) fn code(&self, row: usize) -> u16 {
        match &self.codes {
            DayCodes::Same(code) => *code,
            DayCodes::Each(codes) => codes[row],
        }
    }

    /// Returns the month of the day in a row; in a column with a list, the code of a day of it.
    pub(super) fn month(&self, row: usize) -> u16 {
        let code = self.code(row);
        if self.listed.is_some() { code } else { MONTHS[usize::from(code)] }
    }

    /// Returns the codes of these rows, in row order.
    pub(super) fn read(&self, part: &SegmentRows) -> Cow<'_, [u16]> {
        match (&self.codes, part) {
            (DayCodes::Same(code), _) => vec![*code; part.len()].into(),
            (DayCodes::Each(codes), SegmentRows::All(_)) => codes.as_ref().into(),
            (DayCodes::Each(codes), SegmentRows::Listed(rows)) => {
                rows.iter().map(|row| codes[usize::from(*row)]).collect()
            }
        }
    }

    /// Returns the day of a code.
    pub(super) fn day(&self, code: u16) -> Option<Day> {
        let before = usize::from(code.checked_sub(1)?);
        match &self.listed {
            Some(listed) => listed.get(before).copied(),
            None if code == OPEN_START => Some(UNDATED_FIRST),
            None if code == OPEN_END => Some(UNDATED_LAST),
            None => EPOCH.checked_add_days(Days::new(u64::from(code - EPOCH_CODE))),
        }
    }

    /// Returns the highest code of a day that is not later; [`ABSENT`] when all days are later.
    pub(super) fn until(&self, day: Day) -> u16 {
        if let Some(listed) = &self.listed {
            return u16::try_from(listed.partition_point(|one| *one <= day)).unwrap_or(OPEN_END);
        }
        match fixed_code(Some(day)) {
            Some(code) => code,
            None if day < UNDATED_FIRST => ABSENT,
            None if day < EPOCH => OPEN_START,
            None if day < UNDATED_LAST => OPEN_END - 1,
            None => OPEN_END,
        }
    }

    /// Returns the codes of days that are not later than `day`.
    pub(super) fn up_to(&self, day: Day) -> RangeInclusive<u16> {
        1..=self.until(day)
    }

    /// Returns the codes of days later than `day`.
    pub(super) fn after(&self, day: Day) -> RangeInclusive<u16> {
        let until = self.until(day);
        // An empty range when no code is higher.
        until.checked_add(1).map_or(RangeInclusive::new(1, 0), |next| next..=OPEN_END)
    }

    /// Returns how many days are not later than `day`; the column must be sorted.
    pub(super) fn count_until(&self, day: Day) -> usize {
        let until = self.until(day);
        match &self.codes {
            DayCodes::Same(code) => {
                if *code <= until {
                    self.len
                } else {
                    0
                }
            }
            DayCodes::Each(codes) => codes.partition_point(|code| *code <= until),
        }
    }

    /// Returns the range from the lowest to the highest code of all rows.
    pub(super) fn code_range(&self) -> RangeInclusive<u16> {
        self.least..=self.most
    }

    /// Returns the first and the last day with a fixed code, except the bounds of time.
    pub(super) fn fixed_range(&self) -> Option<(Day, Day)> {
        self.fixed_range
    }

    /// Returns the days of the codes when they are specific to this column; `None` when the codes
    /// are the fixed ones.
    pub(super) fn listed(&self) -> Option<&[Day]> {
        self.listed.as_deref()
    }
}

/// A value per month of the fixed codes.
#[derive(Debug)]
pub(super) struct MonthTable<V>(Box<[V]>);

impl<V: Copy> MonthTable<V> {
    pub(super) fn new(value: V) -> Self {
        Self(vec![value; usize::from(MONTHS[CODES - 1]) + 1].into())
    }

    /// Returns the value of the month of a code.
    pub(super) fn of_code(&self, code: u16) -> V {
        self.of_month(MONTHS[usize::from(code)])
    }

    /// Returns the value of a month.
    pub(super) fn of_month(&self, month: u16) -> V {
        self.0[usize::from(month)]
    }

    /// Sets the value of all months from `first` to `last`, if these days have fixed codes.
    pub(super) fn fill(&mut self, first: Day, last: Day, value: V) {
        let month = |day| fixed_code(Some(day)).map(|code| usize::from(MONTHS[usize::from(code)]));
        if let Some((first, last)) = month(first).zip(month(last)) {
            self.0[first..=last].fill(value);
        }
    }
}

/// Returns the fixed code of a day, if it has one.
fn fixed_code(day: Option<Day>) -> Option<u16> {
    match day {
        None => Some(ABSENT),
        Some(UNDATED_FIRST) => Some(OPEN_START),
        Some(UNDATED_LAST) => Some(OPEN_END),
        Some(day) => {
            let days = day.num_days_from_ce() - EPOCH.num_days_from_ce();
            let code = u16::try_from(days).ok()?.checked_add(EPOCH_CODE)?;
            (code < OPEN_END).then_some(code)
        }
    }
}

/// Returns codes that index a sorted list of the days of the column, and this list.
fn list_codes(days: &[Option<Day>]) -> (Vec<u16>, Option<Box<[Day]>>) {
    let mut listed: Vec<Day> = days.iter().copied().flatten().collect();
    listed.sort_unstable();
    listed.dedup();
    let place = |day: &Day| listed.partition_point(|one| one <= day);
    let codes = days.iter().map(|day| day.as_ref().map_or(0, place));
    let codes = codes.map(|code| u16::try_from(code).unwrap_or(OPEN_END)).collect();
    (codes, Some(listed.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn codes_return_days_and_keep_their_order() {
        let fixed = ["0001-01-01", "1900-01-01", "1954-07-21", "2026-11-22", "2079-06-03", "9999-12-31"];
        let listed = ["0001-01-01", "0938-01-01", "1899-12-31", "2026-11-22", "2079-06-04", "9999-12-31"];
        for (texts, is_fixed) in [(fixed, true), (listed, false)] {
            let days: Vec<Option<Day>> =
                [None].into_iter().chain(texts.map(|text| Some(day(text)))).collect();
            let column = DayColumn::new(&days);
            assert_eq!(column.listed().is_none(), is_fixed);
            for (row, one) in days.iter().enumerate() {
                assert_eq!(column.at(row), *one);
                let Some(bound) = *one else { continue };
                for (other, held) in days.iter().enumerate() {
                    let code = column.code(other);
                    assert_eq!(column.up_to(bound).contains(&code), held.is_some_and(|held| held <= bound));
                    assert_eq!(column.after(bound).contains(&code), held.is_some_and(|held| held > bound));
                }
            }
        }
    }

    #[test]
    fn month_table_has_one_value_per_month() {
        let mut by_month = MonthTable::new('-');
        for (first, last, value) in [
            ("2026-02-01", "2026-02-28", 'b'),
            ("1900-01-01", "1900-01-01", 'a'),
            ("2079-06-03", "2079-06-03", 'c'),
            ("9999-12-31", "9999-12-31", 'z'),
            ("0938-01-01", "0938-01-01", 'x'),
        ] {
            by_month.fill(day(first), day(last), value);
        }
        for (held, value) in [
            ("2026-01-31", '-'),
            ("2026-02-01", 'b'),
            ("2026-02-28", 'b'),
            ("2026-03-01", '-'),
            ("1900-01-31", 'a'),
            ("1900-02-01", '-'),
            ("2079-05-31", '-'),
            ("2079-06-01", 'c'),
            ("9999-12-31", 'z'),
            ("0001-01-01", '-'),
        ] {
            assert_eq!(by_month.of_code(fixed_code(Some(day(held))).unwrap()), value, "{held}");
        }
        assert_eq!(by_month.of_code(ABSENT), '-');
    }

    #[test]
    fn bounds_between_days_divide_the_column() {
        for texts in [["1900-01-02", "2079-01-01"], ["1899-01-02", "2100-01-01"]] {
            let column = DayColumn::new(&texts.map(|text| Some(day(text))));
            let is_up_to =
                |bound: &str| [0, 1].map(|row| column.up_to(day(bound)).contains(&column.code(row)));
            assert_eq!(is_up_to("0500-01-01"), [false, false]);
            assert_eq!(is_up_to("1999-01-01"), [true, false]);
            assert_eq!(is_up_to("2500-01-01"), [true, true]);
            assert_eq!(column.until(Day::MIN), ABSENT);
        }
    }
}
