//! What every node keeps in memory: names and links, and the facts that numbers are made of.

use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{FactBook, Filings};
use caunoi_store::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The public part of the register at one state of the logs. Invariant: two nodes at the same
/// positions hold the same.
#[derive(Debug)]
pub struct Replica {
    /// How far the public part of each log had come.
    pub positions: Positions,
    /// How far each log had come, drafts and all.
    pub heads: BTreeMap<Log, i64>,
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

impl From<Snapshot> for Replica {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            positions: snapshot.positions,
            heads: snapshot.heads,
            directory: Arc::new(Directory::new(snapshot.reference)),
            facts: snapshot.facts,
            filings: Arc::new(snapshot.filings.into_iter().collect()),
        }
    }
}
