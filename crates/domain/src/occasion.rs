//! Occasions: dates that events commemorate.

use crate::date::Day;
use crate::id::Id;
use crate::locale::Bilingual;
use crate::place::CountryId;
use crate::reference::SourceId;
use serde::{Deserialize, Serialize};

/// The key of an occasion.
pub type OccasionId = Id<Occasion>;

/// A date that events commemorate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    /// Surrogate key.
    pub id: OccasionId,
    /// Unique, printable.
    pub code: String,
    /// The display name.
    pub name: Bilingual,
    /// The day from which anniversaries are counted; None for movable feasts.
    pub anchor: Option<Day>,
    /// The day of the year, `MM-DD`; None for movable feasts.
    pub month_day: Option<String>,
    /// The country that it belongs to.
    pub country: Option<CountryId>,
    /// The source.
    pub source: Option<SourceId>,
}

impl Occasion {
    /// Returns the number of the anniversary in this year; None without an anchor or before the
    /// first anniversary.
    #[must_use]
    pub fn anniversary_no(&self, year: i32) -> Option<i32> {
        use chrono::Datelike;
        self.anchor.map(|anchor| year - anchor.year()).filter(|no| *no > 0)
    }
}
