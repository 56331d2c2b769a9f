//! Instruments: policy and legal documents, and which implements which.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, EntryKind};
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};

/// What an instrument tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    /// What every entry shares.
    pub common: Common,
    /// The number as printed; none where the source prints none.
    pub number: Option<String>,
    /// The title.
    pub title: Bilingual,
    /// RESOLUTION, DIRECTIVE, DOCUMENT, `ACTION_PLAN`, STRATEGY, LAW, DECREE or DECISION.
    pub kind: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When it was issued.
    pub issued: Option<FuzzyDate>,
    /// When it took effect.
    pub effective: Option<FuzzyDate>,
    /// The period that it plans for.
    pub period: Option<FuzzyDate>,
    /// The numbers of the instruments that it implements.
    pub implements: Vec<String>,
    /// Regions of the world that it aims at, as printed.
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
