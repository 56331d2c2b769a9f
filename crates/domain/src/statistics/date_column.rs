//! Columns of dates, which may be partial or intervals.

use super::day_columns::DayColumn;
use super::row_selection::SegmentRows;
use crate::date::{Day, DayRange, UNDATED_FIRST, UNDATED_LAST};
use crate::fact::DateBounds;
use chrono::Datelike;
use std::collections::HashMap;

/// A column of dates: each stored as the earliest and the latest day of the whole, of its start and
/// of its end. Most dates are one point in time, and then these are the same days.
#[derive(Debug)]
pub(super) struct DateColumn {
    /// Absent for undated rows.
    pub(super) earliest: DayColumn,
    /// `None` when all dates are exact.
    latest: Option<DayColumn>,
    /// Each column `None` when it equals that of the whole.
    start: [Option<DayColumn>; 2],
    end: [Option<DayColumn>; 2],
    /// Row counts per month of the start. A bucket consists of whole months, so these suffice to
    /// count a whole segment.
    pub(super) by_month: Box<[MonthCount]>,
}

impl DateColumn {
    pub(super) fn new(dates: impl Iterator<Item = DateBounds>) -> Self {
        let dates: Vec<Option<DateBounds>> =
            dates.map(|date| Some(date).filter(|date| date.is_dated)).collect();
        let days = |day: fn(DateBounds) -> Day| -> Vec<Option<Day>> {
            dates.iter().map(|date| date.map(day)).collect()
        };
        let (earliest, latest) = (days(|date| date.earliest), days(|date| date.latest));
        let unlike = |whole: &[Option<Day>], day: fn(DateBounds) -> Day| {
            Some(days(day)).filter(|days| days.as_slice() != whole)
        };
        let column = |days: Vec<Option<Day>>| DayColumn::new(&days);
        let start =
            [unlike(&earliest, |date| date.start.earliest), unlike(&latest, |date| date.start.latest)]
                .map(|days| days.map(column));
        let end = [unlike(&earliest, |date| date.end.earliest), unlike(&latest, |date| date.end.latest)]
            .map(|days| days.map(column));
        let latest = (earliest != latest).then(|| column(latest));
        let mut dates_of_rows =
            Self { earliest: column(earliest), latest, start, end, by_month: Box::default() };
        let starts: Vec<Option<DayRange>> = dates.iter().map(|date| date.map(|date| date.start)).collect();
        dates_of_rows.by_month = by_month(&starts, dates_of_rows.start());
        dates_of_rows
    }

    pub(super) fn at(&self, row: usize) -> DateBounds {
        let range = |[earliest, latest]: [&DayColumn; 2]| {
            let days = earliest.at(row).zip(latest.at(row));
            days.map(|(earliest, latest)| DayRange { earliest, latest })
        };
        match (range(self.whole()), range(self.start()), range(self.end())) {
            (Some(whole), Some(start), Some(end)) => {
                DateBounds { is_dated: true, earliest: whole.earliest, latest: whole.latest, start, end }
            }
            _ => DateBounds::UNDATED,
        }
    }

    pub(super) fn latest(&self) -> &DayColumn {
        self.latest.as_ref().unwrap_or(&self.earliest)
    }

    /// Returns the earliest and the latest days of the whole.
    pub(super) fn whole(&self) -> [&DayColumn; 2] {
        [&self.earliest, self.latest()]
    }

    /// Returns the earliest and the latest days of the start.
    pub(super) fn start(&self) -> [&DayColumn; 2] {
        self.side(&self.start)
    }

    /// Returns the earliest and the latest days of the end.
    pub(super) fn end(&self) -> [&DayColumn; 2] {
        self.side(&self.end)
    }

    fn side<'a>(&'a self, [earliest, latest]: &'a [Option<DayColumn>; 2]) -> [&'a DayColumn; 2] {
        [earliest.as_ref().unwrap_or(&self.earliest), latest.as_ref().unwrap_or_else(|| self.latest())]
    }

    /// Returns the earliest and the latest day of the dates of these rows; open sides are ignored.
    pub(super) fn first_and_last(&self, part: &SegmentRows) -> (Option<Day>, Option<Day>) {
        let [earliest, latest] = self.whole();
        let open = earliest.until(UNDATED_FIRST);
        let last = latest.until(UNDATED_LAST.pred_opt().unwrap_or(UNDATED_LAST));
        let first = earliest.read(part).iter().copied().filter(|code| *code > open).min();
        let last = latest.read(part).iter().copied().filter(|code| *code <= last).max();
        (first.and_then(|code| earliest.day(code)), last.and_then(|code| latest.day(code)))
    }

    /// Returns the earliest and the latest day of a date; `None` for an open side.
    pub(super) fn bounds(&self, row: usize) -> (Option<Day>, Option<Day>) {
        let earliest = self.earliest.at(row).filter(|day| *day != UNDATED_FIRST);
        (earliest, self.latest().at(row).filter(|day| *day != UNDATED_LAST))
    }

    /// Returns whether each date starts on a known day.
    pub(super) fn starts_exactly(&self) -> bool {
        let [earliest, latest] = self.start();
        std::ptr::eq(earliest, latest)
    }
}

/// The number of rows whose dates start in the same months.
#[derive(Debug)]
pub(super) struct MonthCount {
    /// The month of the earliest day, see [`DayColumn::month`].
    pub(super) earliest: u16,
    /// The month of the latest day.
    pub(super) latest: u16,
    /// The number of rows. Invariant of segments: row numbers fit 16 bits.
    pub(super) rows: u16,
}

fn by_month(starts: &[Option<DayRange>], [earliest, latest]: [&DayColumn; 2]) -> Box<[MonthCount]> {
    let month = |day: Day| (day.year(), day.month0());
    let mut place_of: HashMap<Option<[(i32, u32); 2]>, usize> = HashMap::new();
    let mut counts: Vec<MonthCount> = Vec::new();
    for (row, start) in starts.iter().enumerate() {
        let months = start.map(|start| [month(start.earliest), month(start.latest)]);
        let place = *place_of.entry(months).or_insert_with(|| {
            counts.push(MonthCount { earliest: earliest.month(row), latest: latest.month(row), rows: 0 });
            counts.len() - 1
        });
        counts[place].rows += 1;
    }
    counts.into()
}
