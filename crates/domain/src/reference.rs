//! Terms: shared lists that entries reference.

use crate::date::Day;
use crate::id::Id;
use crate::locale::Bilingual;
pub use crate::source::{Source, SourceId, SourceKind};
use crate::validation::ReferenceKind;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A vocabulary of terms that the ministry maintains.
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
pub enum Vocabulary {
    /// Fields of cooperation, for example `TRADE_SERVICES`.
    Field,
    /// Forms of agreements, for example `MOU`.
    AgreementForm,
    /// Kinds of events, for example `DELEGATION_VISIT`.
    EventKind,
    /// Administrative levels of localities abroad, for example `PREFECTURE`.
    PartnerLevel,
    /// Kinds of organizations, for example `ASSOCIATION`.
    OrganizationKind,
    /// Kinds of programmes, for example `SCHOLARSHIP`.
    ProgrammeKind,
    /// Indicators of reported figures, for example `total_agreements`.
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

/// The key of a term of a vocabulary.
pub type TermId = Id<Term>;

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
