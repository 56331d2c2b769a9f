//! Instruments: policy and legal documents.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, EntryKind};
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The kind of an instrument.
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
pub enum InstrumentKind {
    /// A resolution (nghị quyết).
    Resolution,
    /// A directive (chỉ thị).
    Directive,
    /// An official letter or other document (công văn, văn bản khác).
    Document,
    /// An action plan (chương trình hành động, kế hoạch).
    ActionPlan,
    /// A strategy (chiến lược).
    Strategy,
    /// A law (luật).
    Law,
    /// A decree (nghị định).
    Decree,
    /// A decision (quyết định).
    Decision,
}

/// The content of an instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    /// The fields of every entry.
    pub common: Common,
    /// The number as printed; None where the source prints none.
    pub number: Option<String>,
    /// The title.
    pub title: Bilingual,
    /// The kind.
    pub kind: InstrumentKind,
    /// The issuing authority.
    pub issuer: Option<String>,
    /// The date of issue.
    pub issued: Option<FuzzyDate>,
    /// The date of entry into force.
    pub effective: Option<FuzzyDate>,
    /// The period that it covers.
    pub period: Option<FuzzyDate>,
    /// The numbers of the instruments that it implements.
    pub implements: Vec<String>,
    /// The world regions that it addresses, as printed.
    pub regions: Vec<String>,
    /// A remark of the register.
    pub note: Option<String>,
}

impl Content for Instrument {
    const KIND: EntryKind = EntryKind::Instrument;

    fn common(&self) -> &Common {
        &self.common
    }
}
