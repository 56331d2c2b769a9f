//! What every node keeps in memory: names and links, and the facts that numbers are made of.

use caunoi_domain::change::Link;
use caunoi_domain::cursor::{Epoch, Positions, SealingKey};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{FactBook, Filings};
use caunoi_store::{LogHeads, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The public part of the register at one state of the logs. Invariant: two nodes at the same
/// positions hold the same.
#[derive(Debug)]
pub struct Replica {
    /// The epoch of the database that all of it is of.
    pub epoch: Epoch,
    /// Seals and opens the page cursors of the epoch.
    pub page_key: SealingKey,
    /// How far the public part of each log had come.
    pub positions: Positions,
    /// How far each log had come, drafts and all.
    pub heads: BTreeMap<Log, i64>,
    /// The link of the last change of each log.
    pub links: BTreeMap<Log, Link>,
    /// Names and links.
    pub directory: Arc<Directory>,
    /// What numbers are made of.
    pub facts: FactBook,
    /// Who has filed.
    pub filings: Arc<Filings>,
}

impl Replica {
    /// How much it holds, for the metrics.
    pub(crate) fn told<T>(&self, tell: impl FnOnce(&caunoi_metrics::Replica<'_>) -> T) -> T {
        let FactBook { relations, agreements, events, organizations } = &self.facts;
        let facts = [
            (EntryKind::Relation, relations),
            (EntryKind::Agreement, agreements),
            (EntryKind::Event, events),
            (EntryKind::Organization, organizations),
        ]
        .map(|(kind, facts)| (kind.into(), facts.len()));
        tell(&caunoi_metrics::Replica { changes: self.heads.values().sum(), facts: &facts })
    }
}

impl Replica {
    /// The heads of the logs at its state.
    pub(crate) fn log_heads(&self) -> LogHeads {
        LogHeads {
            epoch: self.epoch,
            public: self.positions.clone(),
            all: self.heads.clone(),
            links: self.links.clone(),
        }
    }

    /// What a snapshot holds; `key` is that of the installation.
    pub(crate) fn new(snapshot: Snapshot, key: &SealingKey) -> Self {
        let LogHeads { epoch, public, all, links } = snapshot.heads;
        Self {
            epoch,
            page_key: key.of_pages(epoch),
            positions: public,
            heads: all,
            links,
            directory: Arc::new(Directory::new(snapshot.reference)),
            facts: snapshot.facts,
            filings: Arc::new(snapshot.filings.into_iter().collect()),
        }
    }
}
