//! All facts that statistics count, kind by kind.

use super::facts::{Facts, FactsBuilder};
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use std::collections::HashSet;
use std::sync::Arc;

/// The published facts of every kind that statistics count.
#[derive(Debug, Clone)]
pub struct FactBook {
    /// Ties with localities abroad.
    pub relations: Arc<Facts>,
    /// Signed documents.
    pub agreements: Arc<Facts>,
    /// Diplomatic events.
    pub events: Arc<Facts>,
    /// Bodies at home and abroad.
    pub organizations: Arc<Facts>,
}

impl FactBook {
    /// Puts facts of a kind in the place of those of these entries.
    pub fn put(&mut self, kind: EntryKind, gone: &HashSet<EntryKey>, facts: Vec<Fact>) {
        let place = match kind {
            EntryKind::Relation => &mut self.relations,
            EntryKind::Agreement => &mut self.agreements,
            EntryKind::Event => &mut self.events,
            EntryKind::Organization => &mut self.organizations,
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => return,
        };
        *place = Arc::new(place.with(gone, facts));
    }

    /// The facts of this kind, where it is counted at all.
    #[must_use]
    pub fn of(&self, kind: EntryKind) -> Option<&Facts> {
        match kind {
            EntryKind::Relation => Some(&self.relations),
            EntryKind::Agreement => Some(&self.agreements),
            EntryKind::Event => Some(&self.events),
            EntryKind::Organization => Some(&self.organizations),
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => None,
        }
    }
}

/// Brings facts of all kinds into columns; they come in the order of log and number.
#[derive(Debug)]
pub struct FactBookBuilder {
    relations: FactsBuilder,
    agreements: FactsBuilder,
    events: FactsBuilder,
    organizations: FactsBuilder,
}

impl Default for FactBookBuilder {
    fn default() -> Self {
        Self {
            relations: FactsBuilder::new(EntryKind::Relation),
            agreements: FactsBuilder::new(EntryKind::Agreement),
            events: FactsBuilder::new(EntryKind::Event),
            organizations: FactsBuilder::new(EntryKind::Organization),
        }
    }
}

impl FactBookBuilder {
    /// Takes one more fact; one of a kind that is not counted is left out.
    pub fn push(&mut self, fact: Fact) {
        match fact.key.kind {
            EntryKind::Relation => self.relations.push(fact),
            EntryKind::Agreement => self.agreements.push(fact),
            EntryKind::Event => self.events.push(fact),
            EntryKind::Organization => self.organizations.push(fact),
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => {}
        }
    }

    /// All facts that came.
    #[must_use]
    pub fn finish(self) -> FactBook {
        FactBook {
            relations: Arc::new(self.relations.finish()),
            agreements: Arc::new(self.agreements.finish()),
            events: Arc::new(self.events.finish()),
            organizations: Arc::new(self.organizations.finish()),
        }
    }
}
