//! Dates as precise as the document that states them: EDTF level 0 without times, and the part
//! of level 1 that documents need (Library of Congress, 2019; ISO 8601-2).

use std::fmt;

use chrono::{Datelike, Months};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Day, UNDATED_FIRST, UNDATED_LAST, calendar_day, mask, numbers};
use crate::refusal::Refusal;

const EXPECTED: &str = "an EDTF date such as 1996, 1996-05, 1996~, 199X or 2021-07/..";

/// A date or an interval kept as its EDTF text, with the days between which it must lie.
///
/// Seasons are those of the north by months: spring is March to May, winter runs from December
/// into February of the next year. Qualifiers (`~ ? %`) leave the bounds as they are.
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
    /// Written `..`: there is none, as far as the document says.
    Open,
    /// Written as nothing: there is one, but it is not known.
    Unknown,
}

/// Invariant: `first <= last`, both within the years 0001 to 9999.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) shape: Shape,
    pub(super) certainty: Certainty,
    pub(super) first: Day,
    pub(super) last: Day,
}

/// Which digits the document states; the numbers themselves are in the bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
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
    /// Reads an EDTF text; white space around it and a small `x` are forgiven.
    ///
    /// # Errors
    /// `Required` where it is blank; `Invalid` for other writings, impossible days, the year
    /// 0000 and intervals that run backwards.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Refusal::Required);
        }
        let extent = match text.split_once('/') {
            None => Extent::Single(Point::parse(text)?),
            Some((start, end)) => interval(text, End::parse(start)?, End::parse(end)?)?,
        };
        Ok(Self { edtf: extent.to_string().into(), extent })
    }

    /// One exact day, brought into the years 0001 to 9999.
    #[must_use]
    pub fn from_day(day: Day) -> Self {
        let day = day.clamp(UNDATED_FIRST, UNDATED_LAST);
        let extent =
            Extent::Single(Point { shape: Shape::Day, certainty: Certainty::Stated, first: day, last: day });
        Self { edtf: extent.to_string().into(), extent }
    }

    /// The canonical EDTF text, which parses to the same date.
    #[must_use]
    pub fn edtf(&self) -> &str {
        &self.edtf
    }

    /// The first day that it can mean; none where the start is open or unknown.
    #[must_use]
    pub fn earliest(&self) -> Option<Day> {
        match &self.extent {
            Extent::Single(point) => Some(point.first),
            Extent::Interval { start, .. } => start.point().map(|point| point.first),
        }
    }

    /// The last day that it can mean; none where the end is open or unknown.
    #[must_use]
    pub fn latest(&self) -> Option<Day> {
        match &self.extent {
            Extent::Single(point) => Some(point.last),
            Extent::Interval { end, .. } => end.point().map(|point| point.last),
        }
    }

    /// The day by which it has certainly begun: the last day of the start of an interval, or of
    /// a single date; none where the start is open or unknown.
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

    /// Whether it states one day without any doubt.
    #[must_use]
    pub fn is_exact_day(&self) -> bool {
        match &self.extent {
            Extent::Single(point) => point.is_exact_day(),
            Extent::Interval { .. } => false,
        }
    }
}

fn interval(text: &str, start: End, end: End) -> Result<Extent, Refusal> {
    match (&start, &end) {
        (End::At(from), End::At(to)) if from.first > to.last => {
            Err(Refusal::Invalid(format!("the interval {text} runs backwards")))
        }
        (End::At(from), End::At(to)) if from == to && from.is_exact_day() => Ok(Extent::Single(from.clone())),
        (End::At(_), _) | (_, End::At(_)) => Ok(Extent::Interval { start, end }),
        (End::Open | End::Unknown, End::Open | End::Unknown) => {
            Err(Refusal::Invalid("an interval needs a start or an end".to_owned()))
        }
    }
}

impl End {
    fn parse(text: &str) -> Result<Self, Refusal> {
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
}

impl Point {
    fn parse(text: &str) -> Result<Self, Refusal> {
        let (date, certainty) = Certainty::split(text);
        let date = date.to_ascii_uppercase();
        let [year, month, day] = numbers(&date);
        let shape = match mask(&date).as_str() {
            "9999-99-99" => Shape::Day,
            "9999-99-XX" => Shape::DayOfMonth,
            "9999-XX-XX" => Shape::DayOfYear,
            "9999-99" if (21..=24).contains(&month) => Shape::Season,
            "9999-99" => Shape::Month,
            "9999-XX" => Shape::MonthOfYear,
            "9999" => Shape::Year,
            "999X" => Shape::Decade,
            "99XX" => Shape::Century,
            _ => return Err(Refusal::unreadable(EXPECTED, text)),
        };
        let (first, last) = shape.bounds(year, month, day)?;
        Ok(Self { shape, certainty, first, last })
    }

    pub(super) fn is_exact_day(&self) -> bool {
        self.shape == Shape::Day && self.certainty == Certainty::Stated
    }
}

impl Shape {
    /// The first and the last day; `year` is cut short where its last digits are unspecified.
    fn bounds(self, year: u32, month: u32, day: u32) -> Result<(Day, Day), Refusal> {
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
                Err(Refusal::Invalid(format!("there is no month {year:04}-{month:02}")))
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
        match self.shape {
            Shape::Day => write!(f, "{year:04}-{month:02}-{:02}", self.first.day())?,
            Shape::DayOfMonth => write!(f, "{year:04}-{month:02}-XX")?,
            Shape::DayOfYear => write!(f, "{year:04}-XX-XX")?,
            Shape::Month => write!(f, "{year:04}-{month:02}")?,
            Shape::MonthOfYear => write!(f, "{year:04}-XX")?,
            Shape::Season => write!(f, "{year:04}-{}", 20 + month / 3)?,
            Shape::Year => write!(f, "{year:04}")?,
            Shape::Decade => write!(f, "{:03}X", year / 10)?,
            Shape::Century => write!(f, "{:02}XX", year / 100)?,
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
