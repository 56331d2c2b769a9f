//! Terms, sources and occasions: small shared lists that entries point at.

use crate::date::Day;
use crate::entry::{CountryId, SourceId, TermId};
use crate::id::Id;
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A vocabulary that policy owns, so that it changes without a release.
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
pub enum Vocabulary {
    /// Fields of cooperation.
    Field,
    /// Forms of agreements.
    AgreementForm,
    /// Kinds of events.
    EventKind,
    /// Levels of partner localities.
    PartnerLevel,
    /// Kinds of organizations.
    OrganizationKind,
    /// Kinds of programmes.
    ProgrammeKind,
    /// Indicators of reported figures.
    Indicator,
}

impl Vocabulary {
    /// What a term of it is called in refusals: `term of FIELD`.
    #[must_use]
    pub fn term_name(self) -> &'static str {
        match self {
            Self::Field => "term of FIELD",
            Self::AgreementForm => "term of AGREEMENT_FORM",
            Self::EventKind => "term of EVENT_KIND",
            Self::PartnerLevel => "term of PARTNER_LEVEL",
            Self::OrganizationKind => "term of ORGANIZATION_KIND",
            Self::ProgrammeKind => "term of PROGRAMME_KIND",
            Self::Indicator => "term of INDICATOR",
        }
    }
}

/// A word of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Surrogate key.
    pub id: TermId,
    /// The list that it belongs to.
    pub vocabulary: Vocabulary,
    /// Unique within the vocabulary.
    pub code: String,
    /// What people read.
    pub name: Bilingual,
    /// The wider term of the same vocabulary.
    pub parent: Option<TermId>,
    /// The first day on which it may be used; none: always.
    pub valid_from: Option<Day>,
    /// For indicators: the units in which figures state it.
    pub units: Vec<String>,
    /// For indicators: whether provinces may be summed to the nation without counting twice.
    pub is_additive: bool,
    /// Where it was read.
    pub source: Option<SourceId>,
}

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Surrogate key.
    pub id: SourceId,
    /// Unique, printable.
    pub code: String,
    /// The title of the page or document.
    pub title: String,
    /// A web address, or the name of a file.
    pub address: String,
    /// SEED, NEWS, PORTAL or DATASET.
    pub kind: String,
}

/// The key of an occasion.
pub type OccasionId = Id<Occasion>;

/// A date that events commemorate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    /// Surrogate key.
    pub id: OccasionId,
    /// Unique, printable.
    pub code: String,
    /// What people read.
    pub name: Bilingual,
    /// The day that is counted from; none for movable feasts.
    pub anchor: Option<Day>,
    /// When it returns, `MM-DD`; none for movable feasts.
    pub month_day: Option<String>,
    /// The country that it belongs to.
    pub country: Option<CountryId>,
    /// Where it was read.
    pub source: Option<SourceId>,
}

impl Occasion {
    /// Which anniversary falls in this year; none where nothing is counted from, or not yet.
    #[must_use]
    pub fn anniversary_no(&self, year: i32) -> Option<i32> {
        use chrono::Datelike;
        self.anchor.map(|anchor| year - anchor.year()).filter(|no| *no > 0)
    }
}
