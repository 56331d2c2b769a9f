//! The newest changes in somebody's sight, of all logs by their time.

use crate::error::Error;
use crate::feed::{FeedReader, Told, read_by, seen_by};
use caunoi_domain::cursor::Positions;
use caunoi_domain::feed::Interest;
use caunoi_domain::id::Log;
use caunoi_store::Ends;
use std::collections::BTreeMap;

/// Changes that are looked through where only their contents say whether they are wanted.
const MOST_CHANGES: u64 = 2_000;
/// Positions of each log that are looked at.
const REACH: u64 = 2_000;

/// The newest changes, and where the logs stood.
#[derive(Debug, Clone)]
pub struct Latest {
    /// The changes, the newest first.
    pub told: Vec<Told>,
    /// Where every log was read to: what follows goes on after it.
    pub cursor: Positions,
}

impl FeedReader<'_> {
    /// The newest changes in the sight of a scope, at most `first`.
    pub(crate) async fn latest(&self, interest: &Interest, first: usize) -> Result<Latest, Error> {
        let scope = self.scope;
        let all = self.store.heads().await?;
        let cursor = seen_by(scope, &all);
        let wants = |log: &Log| interest.logs.as_ref().is_none_or(|logs| logs.contains(log));
        let from: BTreeMap<Log, i64> = read_by(scope, &all).iter().filter(|(log, _)| wants(log)).collect();
        // Few changes are none to this scope, so twice as many are enough where rows alone decide.
        let most = if interest.asks_for_contents() { MOST_CHANGES } else { 2 * first as u64 };
        let ends = Ends { from: &from, reach: REACH, kinds: interest.kinds.as_ref(), most };
        let mut at = cursor.clone();
        let mut told = Vec::new();
        for placed in self.store.latest_changes(scope, &ends).await? {
            // Behind its cursor lies whatever is newer: its own log up to it, the others up to
            // where they were read back to.
            let (log, position) = (placed.change.log, placed.position);
            let with_it = at.at(log).min(position);
            at = at.with(log, with_it);
            told.extend(self.tell(interest, placed, &at).await?);
            if told.len() == first {
                break;
            }
            at = at.with(log, with_it - 1);
        }
        Ok(Latest { told, cursor })
    }
}
