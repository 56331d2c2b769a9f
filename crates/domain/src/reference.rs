//! Terms, sources and occasions: shared lists that entries reference.

use crate::date::Day;
use crate::entry::{CountryId, SourceId, TermId};
use crate::id::Id;
use crate::locale::Bilingual;
use crate::validation::ReferenceKind;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A vocabulary, stored as reference data so that it changes without a release.
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
    /// Returns the kind of reference that its terms are in errors.
    #[must_use]
    pub fn term_kind(self) -> ReferenceKind {
        match self {
            Self::Field => ReferenceKind::FieldTerm,
            Self::AgreementForm => ReferenceKind::AgreementFormTerm,
            Self::EventKind => ReferenceKind::EventKindTerm,
            Self::PartnerLevel => ReferenceKind::PartnerLevelTerm,
            Self::OrganizationKind => ReferenceKind::OrganizationKindTerm,
            Self::ProgrammeKind => ReferenceKind::ProgrammeKindTerm,
            Self::Indicator => ReferenceKind::IndicatorTerm,
        }
    }
}

/// A term of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Surrogate key.
    pub id: TermId,
    /// The vocabulary that it belongs to.
    pub vocabulary: Vocabulary,
    /// The code, unique within the vocabulary.
    pub code: String,
    /// The display name.
    pub name: Bilingual,
    /// The broader term of the same vocabulary.
    pub parent: Option<TermId>,
    /// The first day on which it may be used; None without a limit.
    pub valid_from: Option<Day>,
    /// For indicators: the units in which figures state it.
    pub units: Vec<String>,
    /// For indicators: whether the values of provinces add up to the national value.
    pub is_additive: bool,
    /// The source.
    pub source: Option<SourceId>,
}

/// A source of facts.
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
    /// The kind: SEED, NEWS, PORTAL or DATASET.
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
