//! Units of the first administrative tier, their succession, and the provinces of today.
//!
//! A code is not an identity: 15 was Yen Bai's and is now Lao Cai's. A unit has a surrogate key
//! and a validity; a merger or a new name opens a new unit, a change of kind does not.

use crate::date::Day;
use crate::entry::{CountryId, SourceId, UnitId};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::place::{GeoPoint, LocalityId};
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What a unit of the first tier is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitKind {
    /// A province (tỉnh).
    Province,
    /// A centrally run city (thành phố trực thuộc Trung ương).
    City,
}

/// How one unit became another.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuccessionKind {
    /// Several units became one.
    Merged,
    /// One unit got another name.
    Renamed,
}

/// What a unit is called and is, from a day on; the unit lives through several of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// The first day; none: as far back as the unit goes.
    pub from: Option<Day>,
    /// The statistical code at that time; codes are reused.
    pub code: String,
    /// Province or city.
    pub kind: UnitKind,
    /// The name at that time.
    pub name: Bilingual,
    /// The act that says so.
    pub legal_basis: Option<String>,
}

/// A unit of the first administrative tier during its validity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminUnit {
    /// Surrogate key.
    pub id: UnitId,
    /// The human key; two units may have borne the same one in turn.
    pub slug: String,
    /// The first day; none where it is not known.
    pub valid_from: Option<Day>,
    /// The last day; none: it lives.
    pub valid_to: Option<Day>,
    /// ISO 3166-2, where it had one.
    pub iso_3166_2: Option<String>,
    /// What it was called, oldest first, never empty.
    pub designations: Vec<Designation>,
    /// What the sources tell of its borders and coast.
    pub geography: Vec<Geography>,
}

impl AdminUnit {
    /// Whether the unit existed on this day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// What it was called on this day; outside its validity the nearest that it ever bore.
    #[must_use]
    pub fn designation(&self, day: Day) -> Option<&Designation> {
        self.designations
            .iter()
            .rev()
            .find(|designation| designation.from.is_none_or(|from| from <= day))
            .or_else(|| self.designations.first())
    }
}

/// One unit followed by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The unit that ended.
    pub predecessor: UnitId,
    /// The unit that took over.
    pub successor: UnitId,
    /// How.
    pub kind: SuccessionKind,
    /// The first day of the new order.
    pub effective_on: Day,
    /// The act that says so.
    pub legal_basis: String,
}

/// A length that a source states for a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geography {
    /// Border or coast.
    pub fact: GeographyFact,
    /// The country across the border.
    pub with_country: Option<CountryId>,
    /// The localities across the border, where known.
    pub neighbours: Vec<LocalityId>,
    /// The length in kilometres.
    pub length: Quantity,
    /// A remark of the register.
    pub note: Option<String>,
    /// Where it was read.
    pub source: Option<SourceId>,
}

/// What a length measures.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GeographyFact {
    /// A land border.
    BorderKm,
    /// A coastline.
    CoastKm,
}

/// A tenant: a province or city that lives today, with all that it inherited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Province {
    /// Its log, which is its key.
    pub log: Log,
    /// The unit that lives today.
    pub unit: UnitId,
    /// One of the six socio-economic regions.
    pub region: String,
    /// The town that holds the administrative seat.
    pub capital: Option<String>,
    /// In square kilometres.
    pub area_km2: Option<f64>,
    /// Inhabitants, as the source states.
    pub population: Option<i64>,
    /// A point inside it, for labels.
    pub location: Option<GeoPoint>,
    /// Countries across its land border.
    pub neighbours: Vec<CountryId>,
    /// Where this was read.
    pub source: Option<SourceId>,
}
