//! The read model that every node keeps in memory: the directory, the facts that numbers are
//! computed from, and the search index.

use caunoi_domain::access::AccessState;
use caunoi_domain::change::ChainHash;
use caunoi_domain::cursor::{Epoch, InstallationKey, Positions};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::search_index::{NameIndex, SearchDocument, SearchIndex};
use caunoi_domain::statistics::{FactTable, Filings};
use caunoi_store::{LogHeads, ReadModelDelta, Snapshot};
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
    pub public_heads: Positions,
    /// The position of the last change of each log, drafts included. The read model holds no drafts,
    /// but a node must know that it has passed them.
    pub heads: BTreeMap<Log, i64>,
    /// The chain hash of the last change of each log.
    pub links: BTreeMap<Log, ChainHash>,
    /// Names and references.
    pub directory: Arc<Directory>,
    /// The facts that numbers are computed from.
    pub facts: FactTable,
    /// The search index of names and entries.
    pub search: SearchIndex,
    /// Which province has filed for which period.
    pub filings: Arc<Filings>,
    /// The access rules that have not ended. Another value has another allocation.
    pub access: Arc<AccessState>,
}

impl ReadModel {
    /// Returns the read model of a snapshot; `key` is the installation key.
    pub(crate) fn new(snapshot: Snapshot, key: &InstallationKey) -> Self {
        let LogHeads { epoch, public, all, links } = snapshot.heads;
        let directory = Arc::new(Directory::new(snapshot.reference));
        let names = Arc::new(NameIndex::of(&directory));
        Self {
            epoch,
            page_key: key.page_key(epoch),
            public_heads: public,
            heads: all,
            links,
            directory,
            facts: snapshot.facts,
            search: SearchIndex { names, entries: snapshot.entries },
            filings: Arc::new(snapshot.filings.into_iter().collect()),
            access: Arc::new(snapshot.access),
        }
    }

    /// Returns the read model with this delta applied.
    pub(crate) fn apply(&self, delta: ReadModelDelta) -> Self {
        let mut facts: FactTable = self.facts.clone();
        for (kind, keys, published) in delta.facts {
            facts.replace(kind, &keys, published);
        }
        let directory = delta.reference.map(|reference| Arc::new(Directory::new(reference)));
        let search = SearchIndex {
            names: match &directory {
                Some(directory) => Arc::new(NameIndex::of(directory)),
                None => Arc::clone(&self.search.names),
            },
            entries: self.search.entries.with(&delta.changed, delta.documents),
        };
        let LogHeads { epoch, public, all, links } = delta.heads;
        Self {
            epoch,
            page_key: self.page_key.clone(),
            public_heads: public,
            heads: all,
            links,
            directory: directory.unwrap_or_else(|| Arc::clone(&self.directory)),
            facts,
            search,
            filings: if delta.filings.is_empty() {
                Arc::clone(&self.filings)
            } else {
                Arc::new(self.filings.with(delta.filings))
            },
            access: delta.access.map_or_else(|| Arc::clone(&self.access), Arc::new),
        }
    }

    /// Returns a read model in which these unpublished facts and search documents replace the
    /// published ones.
    pub(crate) fn with_unpublished(
        &self,
        unpublished: Vec<(EntryKind, Vec<Fact>)>,
        documents: Vec<SearchDocument>,
    ) -> Self {
        let mut facts = self.facts.clone();
        for (kind, own) in unpublished.into_iter().filter(|(_, own)| !own.is_empty()) {
            let keys = own.iter().map(|fact| fact.key).collect();
            facts.replace(kind, &keys, own);
        }
        let replaced = documents.iter().map(|document| document.place.key()).collect();
        let search = SearchIndex {
            names: Arc::clone(&self.search.names),
            entries: self.search.entries.with(&replaced, documents),
        };
        let LogHeads { epoch, public, all, links } = self.log_heads();
        Self {
            epoch,
            page_key: self.page_key.clone(),
            public_heads: public,
            heads: all,
            links,
            directory: Arc::clone(&self.directory),
            facts,
            search,
            filings: Arc::clone(&self.filings),
            access: Arc::clone(&self.access),
        }
    }

    /// Returns whether this read model contains the change at a position of a log.
    pub(crate) fn has_applied(&self, log: Log, position: i64) -> bool {
        self.heads.get(&log).copied().unwrap_or(0) >= position
    }

    /// Returns how many positions of a log up to `position` are not applied.
    pub(crate) fn missing_positions(&self, log: Log, position: i64) -> i64 {
        (position - self.heads.get(&log).copied().unwrap_or(0)).max(0)
    }

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

    /// Returns the heads of the logs at this state.
    pub(crate) fn log_heads(&self) -> LogHeads {
        LogHeads {
            epoch: self.epoch,
            public: self.public_heads.clone(),
            all: self.heads.clone(),
            links: self.links.clone(),
        }
    }
}
