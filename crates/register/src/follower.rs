//! The follower: keeps the read model of this node up to date with the logs.
//!
//! A write of this node, a wake-up or a timer calls [`Register::catch_up`], which reads the heads of
//! the logs and, if one has moved, the delta from the heads that the read model has (`known`) to the
//! heads that the database has (`now`). Changes are always read from the logs, so a lost wake-up only
//! delays the update.

use crate::error::Error;
use crate::startup::random_bytes;
use crate::{ReadModel, Register};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::id::Log;
use caunoi_store::{CatchUpOutcome, ChangeRef, LogHeads, join_task};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, watch};

/// Time-out of the wait until this node has applied requested positions.
const APPLY_TIMEOUT: Duration = Duration::from_secs(2);
/// Delay between two reads of a log that another node wrote to.
const RETRY_DELAY: Duration = Duration::from_millis(20);

impl Register {
    /// Applies all changes after the heads of the read model.
    ///
    /// # Errors
    /// Returns an error if the database does not respond or a log has a gap.
    pub async fn catch_up(&self) -> Result<(), Error> {
        let _guard = self.catch_up_lock.lock().await;
        self.apply_changes().await?;
        caunoi_metrics::set_caught_up_at(self.clock.now_us());
        Ok(())
    }

    /// Returns a receiver that changes with every update of the read model.
    #[must_use]
    pub fn updates(&self) -> watch::Receiver<u64> {
        self.updates.subscribe()
    }

    /// Returns a receiver of every write that this node commits: the log and its new position.
    #[must_use]
    pub fn writes(&self) -> broadcast::Receiver<(Log, i64)> {
        self.writes.subscribe()
    }

    /// Waits until this node has applied these positions; returns false after a time-out.
    pub async fn wait_until_applied(&self, positions: &Positions) -> bool {
        let is_applied = || {
            let read_model = self.read_model();
            positions.iter().all(|(log, position)| read_model.has_applied(log, position))
        };
        let wait = async {
            let mut has_failed = false;
            while !is_applied() {
                match self.catch_up().await {
                    Err(error) if !has_failed => {
                        tracing::warn!(%error, "cannot read the logs");
                        has_failed = true;
                    }
                    Ok(()) | Err(_) => {}
                }
                if !is_applied() {
                    tokio::time::sleep(RETRY_DELAY).await;
                }
            }
        };
        tokio::time::timeout(APPLY_TIMEOUT, wait).await.is_ok()
    }

    /// Announces a change that this node has committed to the receivers of [`Self::writes`].
    pub(crate) fn announce_write(&self, log: Log, position: i64) {
        // An error only means that there is no receiver.
        let _ = self.writes.send((log, position));
    }

    /// Waits until this node has applied a change that it has committed or, if that takes too long,
    /// until another connection has read it back. Clears the write fault.
    ///
    /// # Errors
    /// Returns `Unavailable` if no other connection can read the change: it must not be
    /// acknowledged.
    pub(crate) async fn wait_until_visible(&self, change: ChangeRef) -> Result<(), Error> {
        let ChangeRef { log, position, .. } = change;
        if !self.wait_until_applied(&Positions::default().with(log, position)).await {
            tracing::warn!(log = log.number(), position, "the read model is behind a committed write");
            self.store.read_back(change).await?;
        }
        self.store.record_readable();
        Ok(())
    }

    /// Replaces the read model by one at the heads of the database, if these have moved.
    async fn apply_changes(&self) -> Result<(), Error> {
        let read_model = self.read_model();
        let (known, now) = (read_model.log_heads(), self.store.probe_heads().await?);
        if now.has_lost(&known) {
            return self.reload(&known).await;
        }
        if now.all.iter().all(|(log, head)| read_model.has_applied(*log, *head)) {
            return Ok(());
        }
        let begun = Instant::now();
        let delta = match self.store.read_delta_since(&known, &read_model.directory).await? {
            CatchUpOutcome::Advanced(delta) => *delta,
            CatchUpOutcome::Diverged => return self.reload(&known).await,
        };
        let next = join_task(tokio::task::spawn_blocking(move || read_model.apply(delta))).await;
        next.with_size(|size| caunoi_metrics::record_read_model_update(size, begun.elapsed()));
        self.replace_read_model(next);
        Ok(())
    }

    /// Loads the read model again after the database lost changes that this node had applied: it
    /// was restored, or a standby without them was promoted. The first node that detects this
    /// starts a new epoch; the others adopt it.
    async fn reload(&self, known: &LogHeads) -> Result<(), Error> {
        let fresh = Epoch::new(random_bytes()?);
        let epoch = self.store.begin_or_adopt_epoch(known.epoch, fresh, self.clock.now_us()).await?;
        let begun = Instant::now();
        let next = ReadModel::new(self.store.snapshot().await?, &self.signing_key);
        let missing: i64 = known.all.iter().map(|(log, head)| next.missing_positions(*log, *head)).sum();
        tracing::error!(
            began_epoch = epoch == fresh,
            missing_positions = missing,
            "the database is in another epoch than this node: acknowledged changes may be lost; the read model was loaded again"
        );
        caunoi_metrics::count_epoch_change();
        next.with_size(|size| caunoi_metrics::record_read_model_load(size, begun.elapsed()));
        self.replace_read_model(next);
        Ok(())
    }

    fn replace_read_model(&self, next: ReadModel) {
        let next = Arc::new(next);
        let before = self.read_model.swap(Arc::clone(&next));
        if !Arc::ptr_eq(&before.access, &next.access) {
            self.access_updates.send_modify(|times| *times += 1);
        }
        // Scoped models derived from the previous read model would keep it in memory.
        self.scoped_models.clear();
        self.updates.send_modify(|times| *times += 1);
    }

    /// Returns whether positions that a caller sends belong to the current database epoch. Another
    /// node may have detected a new epoch before this one.
    pub async fn is_of_this_epoch(&self, positions: &Positions) -> bool {
        let is_current = || positions.epoch() == self.read_model().epoch.tag();
        is_current() || (self.catch_up().await.is_ok() && is_current())
    }
}
