//! Days in two bytes.

use super::rows::Part;
use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST, day_or};
use crate::fact::Period;
use chrono::{Datelike, Days as Distance};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Stands for no day.
const ABSENT: u16 = 0;
/// Stands for [`UNDATED_FIRST`].
const OPEN: u16 = 1;
/// Stands for [`EPOCH`], and so on day by day: to the year 2079.
const START: u16 = 2;
/// Stands for [`UNDATED_LAST`].
const ENDLESS: u16 = u16::MAX;
/// The first of the days that need no list.
const EPOCH: Day = day_or(1900, 1, 1, Day::MIN);
/// How many codes there are.
const CODES: usize = 1 << 16;

/// The months of codes that need no list, counted from the month of [`EPOCH`]. No day and both
/// bounds of time have one of their own.
static MONTHS: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut month = OPEN;
    let dated = EPOCH.iter_days().take(usize::from(ENDLESS - START)).map(|day| {
        month += u16::from(day.day() == 1);
        month
    });
    let dated: Vec<u16> = dated.collect();
    [ABSENT, OPEN].into_iter().chain(dated).chain([month + 1]).collect()
});

/// A column of days that may be absent. A later day has a higher code, and no day has the lowest.
#[derive(Debug)]
pub(super) struct Days {
    /// The days that codes from 1 on stand for, where one of them is far from our time.
    listed: Option<Box<[Day]>>,
    pub(super) codes: DayCodes,
    len: usize,
    least: u16,
    most: u16,
    /// The first and the last day that need no list and are no bound of time.
    near: Option<(Day, Day)>,
}

/// A code for each row, or the same for all.
#[derive(Debug)]
pub(super) enum DayCodes {
    Same(u16),
    Each(Box<[u16]>),
}

impl Days {
    /// Invariant of chunks: there are fewer days than codes.
    pub(super) fn new(days: &[Option<Day>]) -> Self {
        let near: Option<Vec<u16>> = days.iter().map(|day| near(*day)).collect();
        let (codes, listed) = near.map_or_else(|| list(days), |codes| (codes, None));
        let least = codes.iter().copied().min().unwrap_or(ABSENT);
        let most = codes.iter().copied().max().unwrap_or(ABSENT);
        let codes = if least == most { DayCodes::Same(least) } else { DayCodes::Each(codes.into()) };
        let inner = || days.iter().flatten().filter(|day| ![UNDATED_FIRST, UNDATED_LAST].contains(day));
        let near_days = inner().min().zip(inner().max()).filter(|_| listed.is_none());
        let near_days = near_days.map(|(first, last)| (*first, *last));
        Self { listed, codes, len: days.len(), least, most, near: near_days }
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

    /// The month of the day in a row; where days are listed, the code of some day of it.
    fn month(&self, row: usize) -> u16 {
        let code = self.code(row);
        if self.listed.is_some() { code } else { MONTHS[usize::from(code)] }
    }

    /// The codes of these rows, in their order.
    pub(super) fn read(&self, part: &Part) -> Cow<'_, [u16]> {
        match (&self.codes, part) {
            (DayCodes::Same(code), _) => vec![*code; part.len()].into(),
            (DayCodes::Each(codes), Part::All(_)) => codes.as_ref().into(),
            (DayCodes::Each(codes), Part::These(rows)) => {
                rows.iter().map(|row| codes[usize::from(*row)]).collect()
            }
        }
    }

    /// What a code stands for.
    pub(super) fn day(&self, code: u16) -> Option<Day> {
        let before = usize::from(code.checked_sub(1)?);
        match &self.listed {
            Some(listed) => listed.get(before).copied(),
            None if code == OPEN => Some(UNDATED_FIRST),
            None if code == ENDLESS => Some(UNDATED_LAST),
            None => EPOCH.checked_add_days(Distance::new(u64::from(code - START))),
        }
    }

    /// The highest code of a day that is not later; [`ABSENT`] where all days are.
    pub(super) fn until(&self, day: Day) -> u16 {
        if let Some(listed) = &self.listed {
            return u16::try_from(listed.partition_point(|one| *one <= day)).unwrap_or(ENDLESS);
        }
        match near(Some(day)) {
            Some(code) => code,
            None if day < UNDATED_FIRST => ABSENT,
            None if day < EPOCH => OPEN,
            None if day < UNDATED_LAST => ENDLESS - 1,
            None => ENDLESS,
        }
    }

    /// The codes of days that are not later.
    pub(super) fn up_to(&self, day: Day) -> RangeInclusive<u16> {
        1..=self.until(day)
    }

    /// The codes of later days.
    pub(super) fn after(&self, day: Day) -> RangeInclusive<u16> {
        let until = self.until(day);
        // An empty range where no code is higher.
        until.checked_add(1).map_or(RangeInclusive::new(1, 0), |next| next..=ENDLESS)
    }

    /// How many days of a column in order of time are not later.
    pub(super) fn rising_until(&self, day: Day) -> usize {
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

    /// From the lowest to the highest code of all rows.
    pub(super) fn reach(&self) -> RangeInclusive<u16> {
        self.least..=self.most
    }

    /// The first and the last day that need no list and are no bound of time.
    pub(super) fn near_days(&self) -> Option<(Day, Day)> {
        self.near
    }

    /// The days that codes stand for here and nowhere else; none where codes mean the same in
    /// every column.
    pub(super) fn listed(&self) -> Option<&[Day]> {
        self.listed.as_deref()
    }
}

/// Something for each month of days that need no list.
#[derive(Debug)]
pub(super) struct ByMonth<V>(Box<[V]>);

impl<V: Copy> ByMonth<V> {
    pub(super) fn new(value: V) -> Self {
        Self(vec![value; usize::from(MONTHS[CODES - 1]) + 1].into())
    }

    /// What the month of a code has.
    pub(super) fn of_code(&self, code: u16) -> V {
        self.of_month(MONTHS[usize::from(code)])
    }

    /// What a month has.
    pub(super) fn of_month(&self, month: u16) -> V {
        self.0[usize::from(month)]
    }

    /// Gives this value to all months from one day to another, where they need no list.
    pub(super) fn fill(&mut self, first: Day, last: Day, value: V) {
        let month = |day| near(Some(day)).map(|code| usize::from(MONTHS[usize::from(code)]));
        if let Some((first, last)) = month(first).zip(month(last)) {
            self.0[first..=last].fill(value);
        }
    }
}

/// The code of a day that needs no list.
fn near(day: Option<Day>) -> Option<u16> {
    match day {
        None => Some(ABSENT),
        Some(UNDATED_FIRST) => Some(OPEN),
        Some(UNDATED_LAST) => Some(ENDLESS),
        Some(day) => {
            let days = day.num_days_from_ce() - EPOCH.num_days_from_ce();
            let code = u16::try_from(days).ok()?.checked_add(START)?;
            (code < ENDLESS).then_some(code)
        }
    }
}

/// Codes by a list of the days that occur.
fn list(days: &[Option<Day>]) -> (Vec<u16>, Option<Box<[Day]>>) {
    let mut listed: Vec<Day> = days.iter().copied().flatten().collect();
    listed.sort_unstable();
    listed.dedup();
    let place = |day: &Day| listed.partition_point(|one| one <= day);
    let codes = days.iter().map(|day| day.as_ref().map_or(0, place));
    let codes = codes.map(|code| u16::try_from(code).unwrap_or(ENDLESS)).collect();
    (codes, Some(listed.into()))
}

/// A column of dates that may be partial.
#[derive(Debug)]
pub(super) struct Dates {
    /// Absent for undated rows.
    pub(super) earliest: Days,
    /// None where all dates are exact.
    latest: Option<Days>,
    /// Every bucket is made of whole months, so a chunk that is taken whole is counted by these alone.
    pub(super) by_month: Box<[Share]>,
}

impl Dates {
    pub(super) fn new(periods: impl Iterator<Item = Period>) -> Self {
        let dated = |period: Period| Some(period).filter(|period| period.is_dated);
        let periods: Vec<Option<Period>> = periods.map(dated).collect();
        let earliest: Vec<Option<Day>> =
            periods.iter().map(|one| one.map(|period| period.earliest)).collect();
        let latest: Vec<Option<Day>> = periods.iter().map(|one| one.map(|period| period.latest)).collect();
        let is_exact = earliest == latest;
        let (earliest, latest) = (Days::new(&earliest), (!is_exact).then(|| Days::new(&latest)));
        let by_month = by_month(&periods, &earliest, latest.as_ref().unwrap_or(&earliest));
        Self { earliest, latest, by_month }
    }

    pub(super) fn at(&self, row: usize) -> Period {
        let bounds = self.earliest.at(row).zip(self.latest().at(row));
        bounds.map_or(Period::UNDATED, |(earliest, latest)| Period { is_dated: true, earliest, latest })
    }

    pub(super) fn latest(&self) -> &Days {
        self.latest.as_ref().unwrap_or(&self.earliest)
    }

    /// The first and the last day that dates of these rows may mean; open sides say nothing.
    pub(super) fn first_and_last(&self, part: &Part) -> (Option<Day>, Option<Day>) {
        let (earliest, latest) = (&self.earliest, self.latest());
        let open = earliest.until(UNDATED_FIRST);
        let last = latest.until(UNDATED_LAST.pred_opt().unwrap_or(UNDATED_LAST));
        let first = earliest.read(part).iter().copied().filter(|code| *code > open).min();
        let last = latest.read(part).iter().copied().filter(|code| *code <= last).max();
        (first.and_then(|code| earliest.day(code)), last.and_then(|code| latest.day(code)))
    }

    /// The days that bound a date on its closed sides.
    pub(super) fn bounds(&self, row: usize) -> (Option<Day>, Option<Day>) {
        let earliest = self.earliest.at(row).filter(|day| *day != UNDATED_FIRST);
        (earliest, self.latest().at(row).filter(|day| *day != UNDATED_LAST))
    }

    /// Whether both sides of every date are one day.
    pub(super) fn is_exact(&self) -> bool {
        self.latest.is_none()
    }
}

/// Rows whose dates lie in the same months.
#[derive(Debug)]
pub(super) struct Share {
    /// The month of the earliest day, see [`Days::month`].
    pub(super) earliest: u16,
    /// The month of the latest day.
    pub(super) latest: u16,
    /// How many rows. Invariant of chunks: rows are counted in 16 bits.
    pub(super) rows: u16,
}

fn by_month(periods: &[Option<Period>], earliest: &Days, latest: &Days) -> Box<[Share]> {
    let month = |day: Day| (day.year(), day.month0());
    let mut place_of: HashMap<Option<[(i32, u32); 2]>, usize> = HashMap::new();
    let mut shares: Vec<Share> = Vec::new();
    for (row, period) in periods.iter().enumerate() {
        let months = period.map(|period| [month(period.earliest), month(period.latest)]);
        let place = *place_of.entry(months).or_insert_with(|| {
            shares.push(Share { earliest: earliest.month(row), latest: latest.month(row), rows: 0 });
            shares.len() - 1
        });
        shares[place].rows += 1;
    }
    shares.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_come_back_and_keep_their_order_near_and_far() {
        let near = ["0001-01-01", "1900-01-01", "1954-07-21", "2026-11-22", "2079-06-03", "9999-12-31"];
        let far = ["0001-01-01", "0938-01-01", "1899-12-31", "2026-11-22", "2079-06-04", "9999-12-31"];
        for (texts, is_near) in [(near, true), (far, false)] {
            let days: Vec<Option<Day>> =
                [None].into_iter().chain(texts.map(|text| Some(day(text)))).collect();
            let column = Days::new(&days);
            assert_eq!(column.listed().is_none(), is_near);
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
    fn a_month_has_one_value() {
        let mut by_month = ByMonth::new('-');
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
            assert_eq!(by_month.of_code(near(Some(day(held))).unwrap()), value, "{held}");
        }
        assert_eq!(by_month.of_code(ABSENT), '-');
    }

    #[test]
    fn bounds_between_the_days_of_a_column_divide_it() {
        for texts in [["1900-01-02", "2079-01-01"], ["1899-01-02", "2100-01-01"]] {
            let column = Days::new(&texts.map(|text| Some(day(text))));
            let told = |bound: &str| [0, 1].map(|row| column.up_to(day(bound)).contains(&column.code(row)));
            assert_eq!(told("0500-01-01"), [false, false]);
            assert_eq!(told("1999-01-01"), [true, false]);
            assert_eq!(told("2500-01-01"), [true, true]);
            assert_eq!(column.until(Day::MIN), ABSENT);
        }
    }
}
