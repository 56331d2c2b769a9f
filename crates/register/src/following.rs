//! How the replica of this node keeps up with the logs.
//!
//! Whoever hears that a log moved (a write of this node, a wake-up, the clock) lets the replica
//! read on; what is read always comes from the logs, so a lost wake-up costs a moment and nothing
//! else.

use crate::error::Error;
use crate::opening::random;
use crate::{Register, Replica};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::FactBook;
use caunoi_store::{ChangeRef, Followed, LogHeads, Moved};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, watch};

/// How long a caller waits for this node to read what it asks for.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long to wait before asking again for what another node wrote.
const PAUSE: Duration = Duration::from_millis(20);

impl Register {
    /// Reads on where any log has moved.
    ///
    /// # Errors
    /// The database does not answer; a log has a gap.
    pub async fn follow(&self) -> Result<(), Error> {
        let _one_at_a_time = self.following.lock().await;
        self.read_on().await?;
        caunoi_metrics::follow(self.clock.now_us());
        Ok(())
    }

    /// Tells of every time that the replica has read on.
    #[must_use]
    pub fn moves(&self) -> watch::Receiver<u64> {
        self.moves.subscribe()
    }

    /// Tells of every write of this node as soon as it is committed: the log, and how far it has
    /// come.
    #[must_use]
    pub fn writes(&self) -> broadcast::Receiver<(Log, i64)> {
        self.writes.subscribe()
    }

    /// Waits until this node has read as far as these positions; says whether it has.
    pub async fn catch_up(&self, positions: &Positions) -> bool {
        let reached = || {
            let replica = self.replica();
            positions.iter().all(|(log, position)| replica.has_read(log, position))
        };
        let wait = async {
            let mut has_failed = false;
            while !reached() {
                match self.follow().await {
                    Err(error) if !has_failed => {
                        tracing::warn!(%error, "the logs cannot be read now");
                        has_failed = true;
                    }
                    Ok(()) | Err(_) => {}
                }
                if !reached() {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.is_ok()
    }

    /// Publishes what this node has just written, and waits until it can read that itself.
    ///
    /// # Errors
    /// `Unavailable` if no other connection can read the change: it must not be acknowledged.
    pub(crate) async fn reach(&self, change: ChangeRef) -> Result<(), Error> {
        let ChangeRef { log, position, .. } = change;
        // An error means that nobody passes it on.
        let _ = self.writes.send((log, position));
        if !self.catch_up(&Positions::default().with(log, position)).await {
            tracing::warn!(log = log.number(), position, "the replica lags behind what was written");
            self.store.read_back(change).await?;
        }
        self.store.note_readable();
        Ok(())
    }

    async fn read_on(&self) -> Result<(), Error> {
        let replica = self.replica();
        let (known, now) = (replica.log_heads(), self.store.ends().await?);
        if known.is_lost_in(&now) {
            return self.read_again(&known).await;
        }
        if now.all.iter().all(|(log, end)| replica.has_read(*log, *end)) {
            return Ok(());
        }
        let begun = Instant::now();
        let moved = match self.store.moved_since(&known, &replica.directory).await? {
            Followed::Moved(moved) => *moved,
            Followed::Diverged => return self.read_again(&known).await,
        };
        let next = match tokio::task::spawn_blocking(move || replica.moved(moved)).await {
            Ok(next) => next,
            // A panic goes on where it would have gone without the other thread.
            Err(failure) => std::panic::resume_unwind(failure.into_panic()),
        };
        next.told(|told| caunoi_metrics::move_replica(told, begun.elapsed()));
        self.replace(next);
        Ok(())
    }

    /// Reads everything again, because the database lacks changes that this node has read: it was
    /// restored, or a standby without them was promoted. The first node that finds it begins a new
    /// epoch; the others follow it.
    async fn read_again(&self, known: &LogHeads) -> Result<(), Error> {
        let fresh = Epoch::new(random()?);
        let epoch = self.store.begin_epoch(known.epoch, fresh, self.clock.now_us()).await?;
        let begun = Instant::now();
        let next = Replica::new(self.store.snapshot().await?, &self.sealing_key);
        let missing: i64 = known.all.iter().map(|(log, position)| next.missing(*log, *position)).sum();
        tracing::error!(
            began_epoch = epoch == fresh,
            missing_positions = missing,
            "the database is in another epoch than this node: changes that were acknowledged may be lost; everything was read again"
        );
        caunoi_metrics::change_epoch();
        next.told(|told| caunoi_metrics::load_replica(told, begun.elapsed()));
        self.replace(next);
        Ok(())
    }

    fn replace(&self, next: Replica) {
        self.replica.store(Arc::new(next));
        // What scopes counted over the state before would keep all of it in memory.
        self.counted.clear();
        self.moves.send_modify(|times| *times += 1);
    }

    /// Whether positions that a caller brings back are of the epoch of the database. Another node
    /// may have learned of a new one before this one.
    pub async fn is_of_this_epoch(&self, positions: &Positions) -> bool {
        let is_current = || positions.epoch() == self.replica().epoch.tag();
        is_current() || (self.follow().await.is_ok() && is_current())
    }
}

impl Replica {
    fn has_read(&self, log: Log, position: i64) -> bool {
        self.heads.get(&log).copied().unwrap_or(0) >= position
    }

    /// How many positions of a log up to this one it lacks.
    fn missing(&self, log: Log, position: i64) -> i64 {
        (position - self.heads.get(&log).copied().unwrap_or(0)).max(0)
    }

    /// The same with unpublished facts in the place of the published ones.
    pub(crate) fn with_unpublished(&self, unpublished: Vec<(EntryKind, Vec<Fact>)>) -> Self {
        let mut facts = self.facts.clone();
        for (kind, own) in unpublished.into_iter().filter(|(_, own)| !own.is_empty()) {
            let keys = own.iter().map(|fact| fact.key).collect();
            facts.put(kind, &keys, own);
        }
        let LogHeads { epoch, public, all, links } = self.log_heads();
        Self {
            epoch,
            page_key: self.page_key.clone(),
            positions: public,
            heads: all,
            links,
            directory: Arc::clone(&self.directory),
            facts,
            filings: Arc::clone(&self.filings),
        }
    }

    /// The same after what moved.
    fn moved(&self, moved: Moved) -> Self {
        let mut facts: FactBook = self.facts.clone();
        for (kind, keys, published) in moved.facts {
            facts.put(kind, &keys, published);
        }
        let LogHeads { epoch, public, all, links } = moved.heads;
        Self {
            epoch,
            page_key: self.page_key.clone(),
            positions: public,
            heads: all,
            links,
            directory: moved
                .reference
                .map_or_else(|| Arc::clone(&self.directory), |reference| Arc::new(Directory::new(reference))),
            facts,
            filings: if moved.filings.is_empty() {
                Arc::clone(&self.filings)
            } else {
                Arc::new(self.filings.with(moved.filings))
            },
        }
    }
}
