//! Figures: statistics as sources report them, never mixed with what the register counts.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, CountryId, EntryKind, TermId};
use crate::quantity::Quantity;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What stands behind a number.
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
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// A source reports it as a fact.
    Reported,
    /// A source expects it.
    Estimate,
    /// A plan aims at it.
    Target,
    /// The register counted it.
    Computed,
}

/// One thing that a figure is narrowed to: `sector` = `processing and manufacturing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    /// What is told apart.
    pub name: String,
    /// The one that is meant.
    pub value: String,
}

/// What a figure tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What every entry shares.
    pub common: Common,
    /// A term of INDICATOR.
    pub indicator: TermId,
    /// The number as stated.
    pub quantity: Quantity,
    /// What stands behind it.
    pub basis: Basis,
    /// The code of the organization that it is about.
    pub organization: Option<String>,
    /// The country that it is about.
    pub country: Option<CountryId>,
    /// What else the number is narrowed to, beside unit, organization and country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
    /// The period that it covers.
    pub period: Option<FuzzyDate>,
    /// The date that it speaks of.
    pub as_of: Option<FuzzyDate>,
    /// Change against the same period before, in percent.
    pub change_percent: Option<Decimal>,
    /// At most twelve words of the source.
    pub quote: Option<String>,
    /// A remark of the register: how the number was made.
    pub note: Option<String>,
}

impl Content for Figure {
    const KIND: EntryKind = EntryKind::Figure;

    fn common(&self) -> &Common {
        &self.common
    }
}
