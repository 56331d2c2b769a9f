//! What every node keeps in memory: names and links, and the facts that numbers are made of.

use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::FactBook;
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
}

impl From<Snapshot> for Replica {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            positions: snapshot.positions,
            heads: snapshot.heads,
            directory: Arc::new(Directory::new(snapshot.reference)),
            facts: snapshot.facts,
        }
    }
}
