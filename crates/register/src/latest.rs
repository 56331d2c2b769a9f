//! The latest changes that a scope sees, across all logs, by time.

use crate::error::Error;
use crate::feed_reader::{FeedChange, FeedReader, readable_heads, visible_heads};
use caunoi_domain::cursor::Positions;
use caunoi_domain::feed::FeedFilter;
use caunoi_domain::id::Log;
use caunoi_store::LatestChangesQuery;
use std::collections::BTreeMap;

/// Limit of the changes that are read if the filter depends on their contents.
const MAX_CHANGES: u64 = 2_000;
/// Limit of the positions of each log that are read, from its end.
const MAX_POSITIONS: u64 = 2_000;

/// The latest changes, and the positions of the logs.
#[derive(Debug, Clone)]
pub struct LatestChanges {
    /// The changes, the newest first.
    pub changes: Vec<FeedChange>,
    /// The positions of the logs: the feed continues after them.
    pub cursor: Positions,
}

impl FeedReader<'_> {
    /// Returns the latest changes that a scope sees, at most `first`.
    pub(crate) async fn latest(&self, filter: &FeedFilter, first: usize) -> Result<LatestChanges, Error> {
        let scope = self.scope;
        let all = self.store.heads().await?;
        let cursor = visible_heads(scope, &all);
        let includes = |log: &Log| filter.logs.as_ref().is_none_or(|logs| logs.contains(log));
        let from: BTreeMap<Log, i64> =
            readable_heads(scope, &all).iter().filter(|(log, _)| includes(log)).collect();
        // Few rows are no change for this scope, so twice the number suffices if rows alone decide.
        let most = if filter.needs_content() { MAX_CHANGES } else { 2 * first as u64 };
        let ends =
            LatestChangesQuery { from: &from, reach: MAX_POSITIONS, kinds: filter.kinds.as_ref(), most };
        let mut at = cursor.clone();
        let mut changes = Vec::new();
        let latest = self.store.latest_changes(scope, &ends).await?;
        let shared = self.load_shared(filter, &latest).await?;
        for logged in latest {
            // The cursor of a change precedes all newer ones: it contains the position of the
            // change in its own log, and the lowest position read in the others.
            let (log, position) = (logged.change.log, logged.position);
            let with_it = at.at(log).min(position);
            at = at.with(log, with_it);
            changes.extend(self.to_feed_change(filter, logged, &shared, &at).await?);
            if changes.len() == first {
                break;
            }
            at = at.with(log, with_it - 1);
        }
        Ok(LatestChanges { changes, cursor })
    }
}
