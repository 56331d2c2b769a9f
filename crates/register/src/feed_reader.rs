//! The change feed: changes that a scope sees since a position of every log.

use crate::error::Error;
use crate::{ReadModel, Register};
use caunoi_domain::change::{Change, LoggedChange, SharedChange, Subject};
use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{EntryKey, EntryKind, Publication};
use caunoi_domain::feed::{self, BeforeAndAfter, FeedFilter, Movement};
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_store::{ChangeQuery, LogHeads, Store};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Changes read in one statement.
const CHUNK_CHANGES: u64 = 200;
/// Limit of the chunks that one query reads; the next query continues from its cursor.
const MAX_CHUNKS: usize = 10;

/// A query of the change feed.
#[derive(Debug, Clone, Default)]
pub struct FeedQuery {
    /// Positions to read after; `None` starts at the beginning of every log.
    pub after: Option<Positions>,
    /// Positions to stop at; `None` reads to the end of every log.
    pub until: Option<Positions>,
    /// The filter of changes.
    pub filter: FeedFilter,
    /// Restricts the feed to entries of a kind with these codes: one, and those merged into it.
    pub entry: Option<(EntryKind, Vec<String>)>,
    /// Limit of the changes returned.
    pub first: usize,
}

/// One change as a scope sees it.
#[derive(Debug, Clone)]
pub struct FeedChange {
    /// The change and its position, in the log in which the feed read it: that of the entry, or
    /// that of a further owner.
    pub logged: LoggedChange,
    /// The entry that changed.
    pub key: EntryKey,
    /// The kind of change for this scope.
    pub movement: Movement,
    /// The names of the fields that differ.
    pub fields: Vec<&'static str>,
    /// Whether the scope may see the author.
    pub is_author_visible: bool,
    /// Positions of every log up to and including this change.
    pub cursor: Positions,
}

/// One page of the change feed.
#[derive(Debug, Clone)]
pub enum FeedPage {
    /// Changes, in the order of each log.
    Changes {
        /// The changes.
        changes: Vec<FeedChange>,
        /// Positions read, including changes that the filter excluded.
        cursor: Positions,
        /// Whether more changes are available now.
        has_more: bool,
    },
    /// The cursor belongs to another database epoch, or is ahead of a log.
    Gap {
        /// The current positions of the logs.
        cursor: Positions,
    },
}

impl Register {
    /// Returns the page of changes that a scope sees after `query.after`.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn changes(&self, scope: Scope, query: &FeedQuery) -> Result<FeedPage, Error> {
        self.feed_reader(&self.store, scope).changes(query).await
    }

    /// Returns the positions of the logs that a scope may know: of its own log including drafts, of
    /// the others up to the last public change.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn heads_of(&self, scope: Scope) -> Result<Positions, Error> {
        Ok(visible_heads(scope, &self.store.heads().await?))
    }

    /// Returns a reader of the feed for a scope; `store` may belong to a read view.
    pub(crate) fn feed_reader<'a>(&self, store: &'a Store, scope: Scope) -> FeedReader<'a> {
        FeedReader { store, directory: Arc::clone(&self.read_model().directory), scope }
    }
}

/// Changes of shared entries, by log and position.
type SharedChanges = HashMap<(Log, i64), LoggedChange>;

/// Reads the logs as one scope sees them.
pub(crate) struct FeedReader<'a> {
    pub(crate) store: &'a Store,
    directory: Arc<Directory>,
    pub(crate) scope: Scope,
}

impl FeedReader<'_> {
    /// See [`Register::changes`].
    pub(crate) async fn changes(&self, query: &FeedQuery) -> Result<FeedPage, Error> {
        let scope = self.scope;
        let all = self.store.heads().await?;
        let within = |ends: Positions| match &query.until {
            Some(until) => ends.up_to(until),
            None => ends,
        };
        let visible = within(visible_heads(scope, &all));
        let heads = within(readable_heads(scope, &all));
        let includes = |log: &Log| query.filter.logs.as_ref().is_none_or(|logs| logs.contains(log));
        let beginning = || Positions::new(all.epoch.tag(), BTreeMap::new());
        let mut at = query.after.clone().unwrap_or_else(beginning);
        let end = |log| all.all.get(&log).copied().unwrap_or(0);
        if at.epoch() != all.epoch.tag() || at.iter().any(|(log, position)| position > end(log)) {
            return Ok(FeedPage::Gap { cursor: visible_heads(scope, &all) });
        }
        let mut changes = Vec::new();
        for _ in 0..MAX_CHUNKS {
            let after: BTreeMap<Log, i64> = heads
                .iter()
                .filter(|(log, head)| includes(log) && at.at(*log) < *head)
                .map(|(log, _)| (log, at.at(log)))
                .collect();
            let entry = query.entry.as_ref().map(|(kind, codes)| (*kind, codes.as_slice()));
            let changes_query = ChangeQuery { after: &after, entry, most: CHUNK_CHANGES };
            let logged =
                if after.is_empty() { Vec::new() } else { self.store.changes(scope, &changes_query).await? };
            let is_last = (logged.len() as u64) < CHUNK_CHANGES;
            // Changes written after the heads were read belong to the next page.
            let is_within = |logged: &LoggedChange| logged.position <= heads.at(logged.change.log);
            let shared = self.load_shared(&query.filter, &logged).await?;
            for logged in logged.into_iter().filter(is_within) {
                at = at.with(logged.change.log, logged.position);
                if let Some(change) = self.to_feed_change(&query.filter, logged, &shared, &at).await? {
                    changes.push(change);
                }
                if changes.len() == query.first {
                    let has_more = heads.iter().any(|(log, head)| includes(&log) && at.at(log) < head);
                    return Ok(FeedPage::Changes { changes, cursor: at, has_more });
                }
            }
            if is_last {
                for (log, head) in visible.iter().filter(|(log, _)| includes(log)) {
                    let furthest = at.at(log).max(head);
                    at = at.with(log, furthest);
                }
                return Ok(FeedPage::Changes { changes, cursor: at, has_more: false });
            }
        }
        Ok(FeedPage::Changes { changes, cursor: at, has_more: true })
    }

    /// Returns the changes of shared entries that these changes refer to. The feed returns a change
    /// once: in the log of the entry where it reads that log, else in that of a further owner.
    pub(crate) async fn load_shared(
        &self,
        filter: &FeedFilter,
        logged: &[LoggedChange],
    ) -> Result<SharedChanges, Error> {
        let shared = logged.iter().filter_map(|logged| SharedChange::of(&logged.change));
        let shared = shared.filter(|shared| !filter.includes_log(shared.log));
        let keys: Vec<(Log, i64)> = shared.map(|shared| (shared.log, shared.position)).collect();
        if keys.is_empty() {
            return Ok(SharedChanges::new());
        }
        let changes = self.store.changes_at(self.scope, &keys).await?.into_iter();
        Ok(changes.map(|logged| ((logged.change.log, logged.position), logged)).collect())
    }

    pub(crate) async fn to_feed_change(
        &self,
        filter: &FeedFilter,
        read: LoggedChange,
        shared: &SharedChanges,
        at: &Positions,
    ) -> Result<Option<FeedChange>, Error> {
        let logged = match SharedChange::of(&read.change) {
            Some(of) => match shared.get(&(of.log, of.position)) {
                Some(logged) => logged.clone(),
                None => return Ok(None),
            },
            None => read.clone(),
        };
        let (scope, change) = (self.scope, &logged.change);
        let Subject::Entry(kind) = change.subject else { return Ok(None) };
        let is_own = feed::sees_unpublished(scope, change.log);
        // A public change contains the published content before it, except after a submitted
        // version, where it must be looked up.
        let is_included = change.is_public && change.was != Some(Publication::Submitted);
        let published = if is_included {
            change.before.clone()
        } else if scope.visibility() == Visibility::Ministry && !is_own {
            self.store.published_before(&logged).await?
        } else {
            None
        };
        let (before, after) = feed::visible_versions(scope, change, published.as_ref());
        let (log, number) = (change.log, change.number);
        let versions = BeforeAndAfter { before: before.as_ref(), after: after.as_ref() };
        let movement = filter.movement(log, kind, versions, &self.directory);
        Ok(movement.map(|movement| FeedChange {
            key: EntryKey { kind, log, number },
            movement,
            fields: feed::changed_fields(kind, before.as_ref(), after.as_ref()),
            is_author_visible: is_own || scope.visibility() == Visibility::Ministry,
            cursor: at.clone(),
            logged: LoggedChange { change: Change { log: read.change.log, ..logged.change }, ..read },
        }))
    }
}

impl ReadModel {
    /// Returns the positions of this read model that a scope may know: of its own log including
    /// drafts, of the others up to the last public change.
    #[must_use]
    pub fn visible_positions(&self, scope: Scope) -> Positions {
        let seen = self.heads.iter().map(|(log, position)| {
            (*log, if feed::sees_unpublished(scope, *log) { *position } else { self.public_heads.at(*log) })
        });
        Positions::new(self.epoch.tag(), seen.collect())
    }
}

/// Returns the log positions that cursors of a scope contain: drafts of a province move only its
/// own cursors.
pub(crate) fn visible_heads(scope: Scope, heads: &LogHeads) -> Positions {
    ends(heads, |log| feed::sees_unpublished(scope, log))
}

/// Returns the log positions up to which a scope reads. For the ministry these include submitted
/// versions after the last public change.
pub(crate) fn readable_heads(scope: Scope, heads: &LogHeads) -> Positions {
    ends(heads, |log| feed::sees_unpublished(scope, log) || scope.visibility() == Visibility::Ministry)
}

fn ends(heads: &LogHeads, sees_all: impl Fn(Log) -> bool) -> Positions {
    let end = |(log, position): (&Log, &i64)| {
        (*log, if sees_all(*log) { *position } else { heads.public.at(*log) })
    };
    Positions::new(heads.epoch.tag(), heads.all.iter().map(end).collect())
}
