//! The feed: what changed in somebody's sight since a position of every log.

use crate::error::Error;
use crate::{Register, Replica};
use caunoi_domain::change::Subject;
use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{EntryKey, EntryKind, Publication};
use caunoi_domain::feed::{self, Interest, Movement};
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Sees};
use caunoi_store::{LogHeads, Placed, Store, Stretch};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Changes that are read at a time.
const CHUNK: u64 = 200;
/// Chunks that one question reads at most; its cursor goes on from there.
const MOST_CHUNKS: usize = 10;

/// What to tell.
#[derive(Debug, Clone, Default)]
pub struct Since {
    /// Where every log was read to; none begins at the beginning.
    pub after: Option<Positions>,
    /// Where to stop in every log, if not at its end.
    pub until: Option<Positions>,
    /// What is wanted.
    pub interest: Interest,
    /// One entry alone, by kind and code.
    pub entry: Option<(EntryKind, String)>,
    /// The most messages.
    pub first: usize,
}

/// One change in somebody's sight.
#[derive(Debug, Clone)]
pub struct Told {
    /// The change and its place.
    pub placed: Placed,
    /// Which entry.
    pub key: EntryKey,
    /// How it moved.
    pub movement: Movement,
    /// Fields that differ.
    pub fields: Vec<String>,
    /// Whether its author may be named.
    pub names_author: bool,
    /// Where every log was read to with it.
    pub cursor: Positions,
}

/// A part of the feed.
#[derive(Debug, Clone)]
pub enum Feed {
    /// What changed, in the order of each log.
    Changes {
        /// The changes.
        told: Vec<Told>,
        /// Where every log was read to, past what did not matter.
        cursor: Positions,
        /// Whether more waits already.
        has_more: bool,
    },
    /// The cursor is of another epoch of the database, or ahead of a log.
    Gap {
        /// Where the logs stand now.
        cursor: Positions,
    },
}

impl Register {
    /// What changed in the sight of a scope.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn changes(&self, scope: Scope, since: &Since) -> Result<Feed, Error> {
        self.feed_reader(&self.store, scope).changes(since).await
    }

    /// How far the logs have come in the sight of a scope: its own with drafts and all, the
    /// others as far as the public sees.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn heads_of(&self, scope: Scope) -> Result<Positions, Error> {
        Ok(seen_by(scope, &self.store.heads().await?))
    }

    /// Reads the feed of a scope from a store, which may be that of a view.
    pub(crate) fn feed_reader<'a>(&self, store: &'a Store, scope: Scope) -> FeedReader<'a> {
        FeedReader { store, directory: Arc::clone(&self.replica().directory), scope }
    }
}

/// Reads the logs as one scope sees them.
pub(crate) struct FeedReader<'a> {
    pub(crate) store: &'a Store,
    directory: Arc<Directory>,
    pub(crate) scope: Scope,
}

impl FeedReader<'_> {
    /// See [`Register::changes`].
    pub(crate) async fn changes(&self, since: &Since) -> Result<Feed, Error> {
        let scope = self.scope;
        let all = self.store.heads().await?;
        let within = |ends: Positions| match &since.until {
            Some(until) => ends.up_to(until),
            None => ends,
        };
        let named = within(seen_by(scope, &all));
        let heads = within(read_by(scope, &all));
        let wants = |log: &Log| since.interest.logs.as_ref().is_none_or(|logs| logs.contains(log));
        let beginning = || Positions::new(all.epoch.tag(), BTreeMap::new());
        let mut at = since.after.clone().unwrap_or_else(beginning);
        let end = |log| all.all.get(&log).copied().unwrap_or(0);
        if at.epoch() != all.epoch.tag() || at.iter().any(|(log, position)| position > end(log)) {
            return Ok(Feed::Gap { cursor: seen_by(scope, &all) });
        }
        let mut told = Vec::new();
        for _ in 0..MOST_CHUNKS {
            let after: BTreeMap<Log, i64> = heads
                .iter()
                .filter(|(log, head)| wants(log) && at.at(*log) < *head)
                .map(|(log, _)| (log, at.at(log)))
                .collect();
            let entry = since.entry.as_ref().map(|(kind, code)| (*kind, code.as_str()));
            let stretch = Stretch { after: &after, entry, most: CHUNK };
            let placed =
                if after.is_empty() { Vec::new() } else { self.store.changes(scope, &stretch).await? };
            let is_last = (placed.len() as u64) < CHUNK;
            // What was written since belongs to the next part.
            let is_wanted = |placed: &Placed| placed.position <= heads.at(placed.change.log);
            for placed in placed.into_iter().filter(is_wanted) {
                at = at.with(placed.change.log, placed.position);
                if let Some(change) = self.tell(&since.interest, placed, &at).await? {
                    told.push(change);
                }
                if told.len() == since.first {
                    let has_more = heads.iter().any(|(log, head)| wants(&log) && at.at(log) < head);
                    return Ok(Feed::Changes { told, cursor: at, has_more });
                }
            }
            if is_last {
                for (log, head) in named.iter().filter(|(log, _)| wants(log)) {
                    let furthest = at.at(log).max(head);
                    at = at.with(log, furthest);
                }
                return Ok(Feed::Changes { told, cursor: at, has_more: false });
            }
        }
        Ok(Feed::Changes { told, cursor: at, has_more: true })
    }

    pub(crate) async fn tell(
        &self,
        interest: &Interest,
        placed: Placed,
        at: &Positions,
    ) -> Result<Option<Told>, Error> {
        let (scope, change) = (self.scope, &placed.change);
        let Subject::Entry(kind) = change.subject else { return Ok(None) };
        let is_inside = feed::is_inside(scope, change.log);
        // A public change carries what stood published; only beside a submitted version it has to
        // be looked for.
        let has_it = change.is_public && change.was != Some(Publication::Submitted);
        let published = if has_it {
            change.before.clone()
        } else if scope.sees() == Sees::Ministry && !is_inside {
            self.store.published_before(&placed).await?
        } else {
            None
        };
        let (before, after) = feed::sights(scope, change, published.as_ref());
        let (log, number) = (change.log, change.number);
        let moved = interest.movement(log, kind, (before.as_ref(), after.as_ref()), &self.directory);
        Ok(moved.map(|movement| Told {
            key: EntryKey { kind, log, number },
            movement,
            fields: feed::changed_fields(before.as_ref(), after.as_ref()),
            names_author: is_inside || scope.sees() == Sees::Ministry,
            cursor: at.clone(),
            placed,
        }))
    }
}

impl Replica {
    /// The state that it was read in, as a scope may know it: its own log with drafts and all, the
    /// others as far as the public sees.
    #[must_use]
    pub fn positions_seen(&self, scope: Scope) -> Positions {
        let seen = self.heads.iter().map(|(log, position)| {
            (*log, if feed::is_inside(scope, *log) { *position } else { self.positions.at(*log) })
        });
        Positions::new(self.epoch.tag(), seen.collect())
    }
}

/// How far the logs have come in the words of a scope's cursors: drafts of a province move no
/// cursor but its own.
pub(crate) fn seen_by(scope: Scope, heads: &LogHeads) -> Positions {
    ends(heads, |log| feed::is_inside(scope, log))
}

/// How far a scope reads: what was submitted to the ministry may lie beyond the last public change.
pub(crate) fn read_by(scope: Scope, heads: &LogHeads) -> Positions {
    ends(heads, |log| feed::is_inside(scope, log) || scope.sees() == Sees::Ministry)
}

fn ends(heads: &LogHeads, sees_all: impl Fn(Log) -> bool) -> Positions {
    let end = |(log, position): (&Log, &i64)| {
        (*log, if sees_all(*log) { *position } else { heads.public.at(*log) })
    };
    Positions::new(heads.epoch.tag(), heads.all.iter().map(end).collect())
}
