//! The days that the start or the end of a date may mean.

use super::{Day, UNDATED_FIRST, UNDATED_LAST};

/// The days that a point in time may mean, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The earliest day; [`UNDATED_FIRST`] where none is known.
    pub earliest: Day,
    /// The latest day; [`UNDATED_LAST`] where none is known.
    pub latest: Day,
}

impl DayRange {
    /// Nothing is known.
    pub const ANY: Self = Self { earliest: UNDATED_FIRST, latest: UNDATED_LAST };

    /// Returns the range of one day.
    #[must_use]
    pub const fn of_day(day: Day) -> Self {
        Self { earliest: day, latest: day }
    }

    /// Returns whether the two ranges have a day in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.earliest <= other.latest && other.earliest <= self.latest
    }

    /// Returns the days from the earliest to the latest one; 0 for a known day.
    #[must_use]
    pub fn days_apart(self) -> i64 {
        (self.latest - self.earliest).num_days()
    }
}
