//! A data set: the validated contents of one import, ready to be stored.

use crate::agreement::Agreement;
use crate::date::Day;
use crate::directory::Reference;
use crate::draft::ParsedDraft;
use crate::event::Event;
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::locale::Bilingual;
use crate::organization::Organization;
use crate::programme::Programme;
use crate::relation::Relation;

/// A validated content with its permanent code.
#[derive(Debug, Clone)]
pub struct Coded<C> {
    /// The code.
    pub code: String,
    /// The content and its log.
    pub parsed: ParsedDraft<C>,
}

/// An entry of a data set that records the same as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedMerge {
    /// The code of the entry that is kept.
    pub kept: String,
    /// The code of the entry that is merged into it.
    pub merged: String,
    /// The reason.
    pub reason: Bilingual,
}

/// The contents of one import.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// The day of compilation, a dot, and a suffix that identifies its files: versions of one day
    /// have no order.
    pub version: String,
    /// The day to which its statements refer.
    pub on: Day,
    /// Reference data. Existing rows keep their keys; organizations and instruments are entries, so
    /// these two lists are empty here.
    pub reference: Reference,
    /// Organizations.
    pub organizations: Vec<Coded<Organization>>,
    /// Instruments.
    pub instruments: Vec<Coded<Instrument>>,
    /// Relations, with the linked activity of the agreements and events of this data set.
    pub relations: Vec<Coded<Relation>>,
    /// Agreements.
    pub agreements: Vec<Coded<Agreement>>,
    /// Events.
    pub events: Vec<Coded<Event>>,
    /// Programmes.
    pub programmes: Vec<Coded<Programme>>,
    /// Figures.
    pub figures: Vec<Coded<Figure>>,
    /// The merges of its agreements and events.
    pub merges: Vec<CodedMerge>,
}

/// A self-contained part of generated data, so that only one part is in memory at a time.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Relations, with the linked activity of the agreements and events of this batch.
    pub relations: Vec<Coded<Relation>>,
    /// Published agreements.
    pub agreements: Vec<Coded<Agreement>>,
    /// Agreements in the state `DRAFT`.
    pub drafts: Vec<Coded<Agreement>>,
    /// Events.
    pub events: Vec<Coded<Event>>,
}

impl Batch {
    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.relations.len() + self.agreements.len() + self.drafts.len() + self.events.len()
    }

    /// Returns whether it contains no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
