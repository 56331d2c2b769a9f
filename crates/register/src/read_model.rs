//! The read model that every node keeps in memory: the directory, and the facts that numbers are
//! computed from.

use caunoi_domain::change::ChainHash;
use caunoi_domain::cursor::{Epoch, InstallationKey, Positions};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{FactTable, Filings};
use caunoi_store::{LogHeads, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The public part of the register at one state of the logs. Invariant: two nodes at the same
/// positions contain the same data.
#[derive(Debug)]
pub struct ReadModel {
    /// The database epoch.
    pub epoch: Epoch,
    /// Signs and verifies the page cursors of this epoch.
    pub page_key: InstallationKey,
    /// The position of the last public change of each log.
    pub positions: Positions,
    /// The position of the last change of each log, drafts included.
    pub heads: BTreeMap<Log, i64>,
    /// The chain hash of the last change of each log.
    pub links: BTreeMap<Log, ChainHash>,
    /// Names and references.
    pub directory: Arc<Directory>,
    /// The facts that numbers are computed from.
    pub facts: FactTable,
    /// Which province has filed for which period.
    pub filings: Arc<Filings>,
}

impl ReadModel {
    /// Passes the size of the read model to a function that records it.
    pub(crate) fn with_size<T>(&self, record: impl FnOnce(&caunoi_metrics::ReadModelSize<'_>) -> T) -> T {
        let FactTable { relations, agreements, events, organizations } = &self.facts;
        let facts = [
            (EntryKind::Relation, relations),
            (EntryKind::Agreement, agreements),
            (EntryKind::Event, events),
            (EntryKind::Organization, organizations),
        ]
        .map(|(kind, facts)| (kind.into(), facts.len()));
        record(&caunoi_metrics::ReadModelSize { changes: self.heads.values().sum(), facts: &facts })
    }
}

impl ReadModel {
    /// Returns the heads of the logs at this state.
    pub(crate) fn log_heads(&self) -> LogHeads {
        LogHeads {
            epoch: self.epoch,
            public: self.positions.clone(),
            all: self.heads.clone(),
            links: self.links.clone(),
        }
    }

    /// Returns the read model of a snapshot; `key` is the installation key.
    pub(crate) fn new(snapshot: Snapshot, key: &InstallationKey) -> Self {
        let LogHeads { epoch, public, all, links } = snapshot.heads;
        Self {
            epoch,
            page_key: key.page_key(epoch),
            positions: public,
            heads: all,
            links,
            directory: Arc::new(Directory::new(snapshot.reference)),
            facts: snapshot.facts,
            filings: Arc::new(snapshot.filings.into_iter().collect()),
        }
    }
}
