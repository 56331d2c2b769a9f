//! The facts of all kinds that statistics count.

use super::facts::{Facts, FactsBuilder};
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use std::collections::HashSet;
use std::sync::Arc;

/// The published facts of each kind that statistics count.
#[derive(Debug, Clone)]
pub struct FactTable {
    /// Relations with localities abroad.
    pub relations: Arc<Facts>,
    /// Signed documents.
    pub agreements: Arc<Facts>,
    /// Diplomatic events.
    pub events: Arc<Facts>,
    /// Organizations at home and abroad.
    pub organizations: Arc<Facts>,
}

impl FactTable {
    /// Replaces the facts of the entries in `removed` by `facts`, which are of this kind.
    pub fn replace(&mut self, kind: EntryKind, removed: &HashSet<EntryKey>, facts: Vec<Fact>) {
        let place = match kind {
            EntryKind::Relation => &mut self.relations,
            EntryKind::Agreement => &mut self.agreements,
            EntryKind::Event => &mut self.events,
            EntryKind::Organization => &mut self.organizations,
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => return,
        };
        *place = Arc::new(place.with(removed, facts));
    }

    /// Returns the facts of a kind; `None` when statistics do not count it.
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

/// Builds a [`FactTable`] from facts in the order of log and number.
#[derive(Debug)]
pub struct FactTableBuilder {
    relations: FactsBuilder,
    agreements: FactsBuilder,
    events: FactsBuilder,
    organizations: FactsBuilder,
}

impl Default for FactTableBuilder {
    fn default() -> Self {
        Self {
            relations: FactsBuilder::new(EntryKind::Relation),
            agreements: FactsBuilder::new(EntryKind::Agreement),
            events: FactsBuilder::new(EntryKind::Event),
            organizations: FactsBuilder::new(EntryKind::Organization),
        }
    }
}

impl FactTableBuilder {
    /// Adds a fact; ignores it when statistics do not count its kind.
    pub fn push(&mut self, fact: Fact) {
        match fact.key.kind {
            EntryKind::Relation => self.relations.push(fact),
            EntryKind::Agreement => self.agreements.push(fact),
            EntryKind::Event => self.events.push(fact),
            EntryKind::Organization => self.organizations.push(fact),
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => {}
        }
    }

    /// Returns the table of all added facts.
    #[must_use]
    pub fn finish(self) -> FactTable {
        FactTable {
            relations: Arc::new(self.relations.finish()),
            agreements: Arc::new(self.agreements.finish()),
            events: Arc::new(self.events.finish()),
            organizations: Arc::new(self.organizations.finish()),
        }
    }
}
