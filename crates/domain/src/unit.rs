//! Units of the first administrative tier, their successions, and the current provinces.
//!
//! Codes are reused: 15 was Yên Bái and is now Lào Cai. A unit therefore has a surrogate key and a
//! validity; a merger or a new name starts a new unit, a change of kind does not. A part of a unit
//! may become a unit of its own ([`AdminUnit::split_from`]): the other one continues with its entries.

use crate::date::{Day, DayRange, UNDATED_FIRST, UNDATED_LAST, day_or};
use crate::id::{Id, Log};
use crate::locale::Bilingual;
use crate::place::{CountryId, GeoPoint, LocalityId};
use crate::quantity::Quantity;
use crate::reference::SourceId;
use crate::validation::{InvalidReason, Reason};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The first day for which the register knows the units. Units that existed on it have no first
/// day: their lineage is not recorded further back.
pub const UNITS_KNOWN_FROM: Day = day_or(1997, 1, 1, Day::MIN);

/// Checks that the units of a day are known.
///
/// # Errors
/// Returns `UnitsNotKnown` for a day before [`UNITS_KNOWN_FROM`].
pub fn check_units_known(day: Day) -> Result<(), Reason> {
    if day >= UNITS_KNOWN_FROM {
        return Ok(());
    }
    let (given, since) = (day.to_string(), UNITS_KNOWN_FROM.to_string());
    Err(InvalidReason::UnitsNotKnown { given, since }.into())
}

/// The kind of an administrative unit of the first tier.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitKind {
    /// A province (tỉnh).
    Province,
    /// A centrally run city (thành phố trực thuộc Trung ương).
    City,
}

/// The kind of a succession.
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
    /// One unit was renamed.
    Renamed,
}

/// The code, kind and name of a unit from a day; a unit may have several in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// The first day; None from the beginning of the unit.
    pub from: Option<Day>,
    /// The statistical code at that time; codes are reused.
    pub code: String,
    /// Province or city.
    pub kind: UnitKind,
    /// The name at that time.
    pub name: Bilingual,
    /// The legal act.
    pub legal_basis: Option<String>,
}

/// The key of an administrative unit.
pub type UnitId = Id<AdminUnit>;

/// A unit of the first administrative tier during its validity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminUnit {
    /// Surrogate key.
    pub id: UnitId,
    /// The readable key; two units may have had the same one in turn.
    pub slug: String,
    /// The first day; None where it is not after [`UNITS_KNOWN_FROM`].
    pub valid_from: Option<Day>,
    /// The last day; None for a current unit.
    pub valid_to: Option<Day>,
    /// The unit of which it was a part before its first day, and which continued without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_from: Option<UnitId>,
    /// The ISO 3166-2 code, where it has one.
    pub iso_3166_2: Option<String>,
    /// Its designations, oldest first, never empty.
    pub designations: Vec<Designation>,
    /// The lengths of its borders and coast, by source.
    pub geography: Vec<Geography>,
}

impl AdminUnit {
    /// Returns whether the unit existed on this day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Returns the days on which it existed, as far as they are known.
    #[must_use]
    pub fn days(&self) -> DayRange {
        DayRange {
            earliest: self.valid_from.unwrap_or(UNDATED_FIRST),
            latest: self.valid_to.unwrap_or(UNDATED_LAST),
        }
    }

    /// Returns its designation on this day; outside its validity the nearest one.
    #[must_use]
    pub fn designation(&self, day: Day) -> Option<&Designation> {
        self.designations
            .iter()
            .rev()
            .find(|designation| designation.from.is_none_or(|from| from <= day))
            .or_else(|| self.designations.first())
    }
}

/// The succession of one unit by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The unit that ended.
    pub predecessor: UnitId,
    /// The unit that succeeded it.
    pub successor: UnitId,
    /// The kind.
    pub kind: SuccessionKind,
    /// The first day of the successor.
    pub effective_on: Day,
    /// The legal act.
    pub legal_basis: String,
}

/// A length that a source states for a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geography {
    /// The kind of length.
    pub fact: GeographyFact,
    /// The country across the border.
    pub with_country: Option<CountryId>,
    /// The localities across the border, where the source names them.
    pub neighbours: Vec<LocalityId>,
    /// The length in kilometres.
    pub length: Quantity,
    /// A remark of the register.
    pub note: Option<String>,
    /// The source.
    pub source: Option<SourceId>,
}

/// The kind of a length.
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

/// A socio-economic region of Vietnam.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SocioEconomicRegion {
    /// The Red River Delta (Đồng bằng sông Hồng).
    RedRiverDelta,
    /// The northern midlands and mountains (Trung du và miền núi phía Bắc).
    NorthernMidlandsMountains,
    /// The north central region (Bắc Trung Bộ).
    NorthCentral,
    /// The south central coast and the Central Highlands (Duyên hải Nam Trung Bộ và Tây Nguyên).
    SouthCentralCoastHighlands,
    /// The Southeast (Đông Nam Bộ).
    Southeast,
    /// The Mekong Delta (Đồng bằng sông Cửu Long).
    MekongDelta,
}

/// A tenant: a current province or city, with the entries of the units that it succeeded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Province {
    /// The log of the province; also its key.
    pub log: Log,
    /// The current unit.
    pub unit: UnitId,
    /// The socio-economic region.
    pub region: SocioEconomicRegion,
    /// The town with the administrative seat.
    pub capital: Option<String>,
    /// The area in square kilometres.
    pub area_km2: Option<f64>,
    /// The population, as the source states it.
    pub population: Option<i64>,
    /// A point inside the province, for map labels.
    pub location: Option<GeoPoint>,
    /// The countries across its land border.
    pub neighbours: Vec<CountryId>,
    /// The source.
    pub source: Option<SourceId>,
}
