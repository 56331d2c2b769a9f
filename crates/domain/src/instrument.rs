//! Instruments: policy and legal documents.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, EntryKind};
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};

/// The content of an instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    /// The fields of every entry.
    pub common: Common,
    /// The number as printed; None where the source prints none.
    pub number: Option<String>,
    /// The title.
    pub title: Bilingual,
    /// RESOLUTION, DIRECTIVE, DOCUMENT, `ACTION_PLAN`, STRATEGY, LAW, DECREE or DECISION.
    pub kind: String,
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
