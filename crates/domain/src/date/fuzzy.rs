//! Dates with the precision of the document that states them: EDTF level 0 without times, and the
//! required part of level 1 (Library of Congress, 2019; ISO 8601-2).

use std::fmt;

use chrono::{Datelike, Months};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Day, DayRange, UNDATED_FIRST, UNDATED_LAST, calendar_day, mask, numbers};
use crate::validation::{Format, InvalidReason, Reason};

/// A date or an interval, stored as its EDTF text, with its earliest and latest day.
///
/// Seasons are those of the north by months: spring is March to May, winter runs from December
/// into February of the next year. Qualifiers (`~ ? %`) leave the earliest and the latest day as
/// they are, for orders and limits; [`FuzzyDate::start`] and [`FuzzyDate::end`] respect them.
#[derive(Clone, PartialEq, Eq)]
pub struct FuzzyDate {
    edtf: Box<str>,
    pub(super) extent: Extent,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Extent {
    Single(Point),
    Interval { start: End, end: End },
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum End {
    At(Point),
    /// Written `..`: the document states no end.
    Open,
    /// Written as an empty text: the end exists but is unknown.
    Unknown,
}

/// Invariant: `first <= last`, both within the years 0001 to 9999.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) precision: DatePrecision,
    pub(super) certainty: Certainty,
    pub(super) first: Day,
    pub(super) last: Day,
}

/// The digits that the document states; the numbers themselves are in the bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePrecision {
    Day,
    /// `1996-05-XX`
    DayOfMonth,
    /// `1996-XX-XX`
    DayOfYear,
    Month,
    /// `1996-XX`
    MonthOfYear,
    /// `1996-21` to `1996-24`
    Season,
    Year,
    /// `199X`
    Decade,
    /// `19XX`
    Century,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    Stated,
    /// `~`
    About,
    /// `?`
    Uncertain,
    /// `%`
    AboutAndUncertain,
}

impl FuzzyDate {
    /// Parses an EDTF text; accepts surrounding white space and a lower-case `x`.
    ///
    /// # Errors
    /// `Required` for a blank text; `Invalid` for other forms, days that do not exist, the year
    /// 0000 and intervals that run backwards.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Reason::Required);
        }
        let extent = match text.split_once('/') {
            None => Extent::Single(Point::parse(text)?),
            Some((start, end)) => interval(text, End::parse(start)?, End::parse(end)?)?,
        };
        Ok(Self { edtf: extent.to_string().into(), extent })
    }

    /// Returns the date of one exact day, clamped to the years 0001 to 9999.
    #[must_use]
    pub fn from_day(day: Day) -> Self {
        let day = day.clamp(UNDATED_FIRST, UNDATED_LAST);
        let extent = Extent::Single(Point {
            precision: DatePrecision::Day,
            certainty: Certainty::Stated,
            first: day,
            last: day,
        });
        Self { edtf: extent.to_string().into(), extent }
    }

    /// Returns the canonical EDTF text, which parses to the same date.
    #[must_use]
    pub fn edtf(&self) -> &str {
        &self.edtf
    }

    /// Returns the first day that it may mean; None where the start is open or unknown.
    #[must_use]
    pub fn earliest(&self) -> Option<Day> {
        match &self.extent {
            Extent::Single(point) => Some(point.first),
            Extent::Interval { start, .. } => start.point().map(|point| point.first),
        }
    }

    /// Returns the last day that it may mean; None where the end is open or unknown.
    #[must_use]
    pub fn latest(&self) -> Option<Day> {
        match &self.extent {
            Extent::Single(point) => Some(point.last),
            Extent::Interval { end, .. } => end.point().map(|point| point.last),
        }
    }

    /// Returns the day by which it has certainly begun: the last day of the start of an interval,
    /// or of a single date; None where the start is open or unknown.
    #[must_use]
    pub fn first_latest(&self) -> Option<Day> {
        match &self.extent {
            Extent::Single(point) => Some(point.last),
            Extent::Interval { start, end } => {
                let began = start.point()?.last;
                Some(end.point().map_or(began, |end| began.min(end.last)))
            }
        }
    }

    /// Returns the days on which it may have begun, as written: a qualifier leaves them as they are. An
    /// open or unknown start extends to [`UNDATED_FIRST`].
    #[must_use]
    pub fn beginning(&self) -> DayRange {
        let earliest = self.earliest().unwrap_or(UNDATED_FIRST);
        let latest = self.first_latest().or_else(|| self.latest()).unwrap_or(UNDATED_LAST);
        DayRange { earliest, latest: latest.max(earliest) }
    }

    /// Returns the days that its first day may mean. The start of an interval is not later than its
    /// end, and a point with a qualifier (`2025~`) has no certain bounds.
    #[must_use]
    pub fn start(&self) -> DayRange {
        match &self.extent {
            Extent::Single(point) => point.certain_days(),
            Extent::Interval { start, end } => {
                let (start, end) = (start.certain_days(), end.certain_days());
                DayRange { earliest: start.earliest, latest: start.latest.min(end.latest) }
            }
        }
    }

    /// Returns the days that its last day may mean, by the rules of [`FuzzyDate::start`].
    #[must_use]
    pub fn end(&self) -> DayRange {
        match &self.extent {
            Extent::Single(point) => point.certain_days(),
            Extent::Interval { start, end } => {
                let (start, end) = (start.certain_days(), end.certain_days());
                DayRange { earliest: start.earliest.max(end.earliest), latest: end.latest }
            }
        }
    }

    /// Returns whether the source qualifies it as approximate or uncertain (`~ ? %`).
    #[must_use]
    pub fn is_qualified(&self) -> bool {
        let is_qualified = |point: &Point| point.certainty != Certainty::Stated;
        match &self.extent {
            Extent::Single(point) => is_qualified(point),
            Extent::Interval { start, end } => {
                [start, end].into_iter().filter_map(End::point).any(is_qualified)
            }
        }
    }

    /// Returns whether it states one day without qualifier.
    #[must_use]
    pub fn is_exact_day(&self) -> bool {
        match &self.extent {
            Extent::Single(point) => point.is_exact_day(),
            Extent::Interval { .. } => false,
        }
    }
}

fn interval(text: &str, start: End, end: End) -> Result<Extent, Reason> {
    match (&start, &end) {
        (End::At(from), End::At(to)) if from.first > to.last => {
            Err(InvalidReason::IntervalReversed { given: text.to_owned() }.into())
        }
        (End::At(from), End::At(to)) if from == to && from.is_exact_day() => Ok(Extent::Single(from.clone())),
        (End::At(_), _) | (_, End::At(_)) => Ok(Extent::Interval { start, end }),
        (End::Open | End::Unknown, End::Open | End::Unknown) => Err(InvalidReason::IntervalUnbounded.into()),
    }
}

impl End {
    fn parse(text: &str) -> Result<Self, Reason> {
        match text {
            ".." => Ok(Self::Open),
            "" => Ok(Self::Unknown),
            date => Point::parse(date).map(Self::At),
        }
    }

    fn point(&self) -> Option<&Point> {
        match self {
            Self::At(point) => Some(point),
            Self::Open | Self::Unknown => None,
        }
    }

    fn certain_days(&self) -> DayRange {
        self.point().map_or(DayRange::ANY, Point::certain_days)
    }
}

impl Point {
    fn parse(text: &str) -> Result<Self, Reason> {
        let (date, certainty) = Certainty::split(text);
        let date = date.to_ascii_uppercase();
        let [year, month, day] = numbers(&date);
        let precision = match mask(&date).as_str() {
            "9999-99-99" => DatePrecision::Day,
            "9999-99-XX" => DatePrecision::DayOfMonth,
            "9999-XX-XX" => DatePrecision::DayOfYear,
            "9999-99" if (21..=24).contains(&month) => DatePrecision::Season,
            "9999-99" => DatePrecision::Month,
            "9999-XX" => DatePrecision::MonthOfYear,
            "9999" => DatePrecision::Year,
            "999X" => DatePrecision::Decade,
            "99XX" => DatePrecision::Century,
            _ => return Err(Reason::malformed(Format::EdtfDate, text)),
        };
        let (first, last) = precision.bounds(year, month, day)?;
        Ok(Self { precision, certainty, first, last })
    }

    fn certain_days(&self) -> DayRange {
        match self.certainty {
            Certainty::Stated => DayRange { earliest: self.first, latest: self.last },
            Certainty::About | Certainty::Uncertain | Certainty::AboutAndUncertain => DayRange::ANY,
        }
    }

    pub(super) fn is_exact_day(&self) -> bool {
        self.precision == DatePrecision::Day && self.certainty == Certainty::Stated
    }
}

impl DatePrecision {
    /// Returns the first and the last day; `year` has fewer digits where its last are unspecified.
    fn bounds(self, year: u32, month: u32, day: u32) -> Result<(Day, Day), Reason> {
        let months = |month, count| {
            let first = calendar_day(year, month, 1)?;
            let next = first.checked_add_months(Months::new(count));
            let last = next.and_then(|next| next.pred_opt()).unwrap_or(UNDATED_LAST);
            Ok((first, last.min(UNDATED_LAST)))
        };
        let years = |first: u32, count| {
            let last = calendar_day(first + count - 1, 12, 31)?;
            Ok((calendar_day(first.max(1), 1, 1)?, last))
        };
        match self {
            Self::Day => calendar_day(year, month, day).map(|day| (day, day)),
            Self::Month | Self::DayOfMonth if month == 0 || month > 12 => {
                Err(InvalidReason::NoSuchMonth { given: format!("{year:04}-{month:02}") }.into())
            }
            Self::Month | Self::DayOfMonth => months(month, 1),
            Self::Season => months((month - 20) * 3, 3),
            Self::Year | Self::MonthOfYear | Self::DayOfYear => months(1, 12),
            Self::Decade => years(year * 10, 10),
            Self::Century => years(year * 100, 100),
        }
    }
}

impl Certainty {
    fn split(text: &str) -> (&str, Self) {
        for (mark, certainty) in [('~', Self::About), ('?', Self::Uncertain), ('%', Self::AboutAndUncertain)]
        {
            if let Some(date) = text.strip_suffix(mark) {
                return (date, certainty);
            }
        }
        (text, Self::Stated)
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(point) => write!(f, "{point}"),
            Self::Interval { start, end } => write!(f, "{start}/{end}"),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(point) => write!(f, "{point}"),
            Self::Open => f.write_str(".."),
            Self::Unknown => Ok(()),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.first.year(), self.first.month());
        match self.precision {
            DatePrecision::Day => write!(f, "{year:04}-{month:02}-{:02}", self.first.day())?,
            DatePrecision::DayOfMonth => write!(f, "{year:04}-{month:02}-XX")?,
            DatePrecision::DayOfYear => write!(f, "{year:04}-XX-XX")?,
            DatePrecision::Month => write!(f, "{year:04}-{month:02}")?,
            DatePrecision::MonthOfYear => write!(f, "{year:04}-XX")?,
            DatePrecision::Season => write!(f, "{year:04}-{}", 20 + month / 3)?,
            DatePrecision::Year => write!(f, "{year:04}")?,
            DatePrecision::Decade => write!(f, "{:03}X", year / 10)?,
            DatePrecision::Century => write!(f, "{:02}XX", year / 100)?,
        }
        f.write_str(match self.certainty {
            Certainty::Stated => "",
            Certainty::About => "~",
            Certainty::Uncertain => "?",
            Certainty::AboutAndUncertain => "%",
        })
    }
}

impl fmt::Debug for FuzzyDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FuzzyDate({})", self.edtf)
    }
}

impl Serialize for FuzzyDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.edtf)
    }
}

impl<'de> Deserialize<'de> for FuzzyDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
