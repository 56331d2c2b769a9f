//! Figures: statistics as sources report them, separate from the counts of the register.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, CountryId, EntryKind, TermId};
use crate::quantity::Quantity;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The basis of a figure.
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
pub enum Basis {
    /// A source reports it as a fact.
    Reported,
    /// A source estimates it.
    Estimate,
    /// A plan sets it as a target.
    Target,
    /// The register counted it.
    Computed,
}

/// A breakdown of a figure: `sector` = `processing and manufacturing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureDimension {
    /// The name of the dimension.
    pub name: String,
    /// The value within the dimension.
    pub value: String,
}

/// The content of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The fields of every entry.
    pub common: Common,
    /// A term of INDICATOR.
    pub indicator: TermId,
    /// The number as stated.
    pub quantity: Quantity,
    /// The basis of the number.
    pub basis: Basis,
    /// The code of the organization that it is about.
    pub organization: Option<String>,
    /// The country that it is about.
    pub country: Option<CountryId>,
    /// Further breakdowns, in addition to unit, organization and country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<FigureDimension>,
    /// The period that it covers.
    pub period: Option<FuzzyDate>,
    /// The date that it refers to.
    pub as_of: Option<FuzzyDate>,
    /// The change from the same period before, in percent.
    pub change_percent: Option<Decimal>,
    /// A quote from the source, at most twelve words.
    pub quote: Option<String>,
    /// A remark of the register about the origin of the number.
    pub note: Option<String>,
}

impl Content for Figure {
    const KIND: EntryKind = EntryKind::Figure;

    fn common(&self) -> &Common {
        &self.common
    }
}
