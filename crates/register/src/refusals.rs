//! Refused requests: counted in memory, added to the database from time to time, read by the
//! ministry.
//!
//! A flood of refusals costs one update of a map each. What is kept is bounded: an hour of a node
//! has at most [`MOST_HOLDERS`] holders; those of further ones are counted together.

use crate::error::Error;
use crate::{Register, RegisterReader};
use caunoi_domain::policy::{RefusalReader, Role};
use caunoi_domain::refusal::{RefusalCount, RefusalKey, RefusalList, RefusalReason, hour_of};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};

/// The most holders that an hour of this node names.
const MOST_HOLDERS: usize = 1_000;
/// The most counts that wait to be written while the database does not respond.
const MOST_WAITING: usize = 20_000;
/// The shortest time between two log lines about one holder, in microseconds.
const LINE_INTERVAL_US: i64 = 60_000_000;

/// The counts of this node that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct RefusalCounter {
    state: Mutex<CounterState>,
    /// Held during a write, so that a reader waits for counts that are being written.
    flush_lock: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct CounterState {
    hour_us: i64,
    /// The holders of the hour.
    holders: HashMap<(Role, String), HolderLines>,
    waiting: BTreeMap<RefusalKey, RefusalCount>,
}

/// The log lines about a holder.
#[derive(Debug)]
struct HolderLines {
    last_us: i64,
    /// Refusals since the last line.
    refused: u64,
}

impl RefusalCounter {
    /// Counts a refused request. Returns the number of refusals for a log line about the holder, if
    /// the last one was written long enough ago.
    fn count(&self, role: Role, holder: &str, reason: RefusalReason, now_us: i64) -> Option<u64> {
        let mut state = self.state.lock();
        let hour_us = hour_of(now_us);
        if state.hour_us != hour_us {
            state.hour_us = hour_us;
            state.holders.clear();
        }
        let named = (role, holder.to_owned());
        let is_named = state.holders.contains_key(&named) || state.holders.len() < MOST_HOLDERS;
        let named = if is_named { named } else { (role, String::new()) };
        let key = RefusalKey { hour_us, role, holder: named.1.clone(), reason };
        let never = HolderLines { last_us: i64::MIN, refused: 0 };
        let lines = state.holders.entry(named).or_insert(never);
        lines.refused += 1;
        let is_due = now_us.saturating_sub(lines.last_us) >= LINE_INTERVAL_US;
        let line = is_due.then(|| {
            lines.last_us = now_us;
            std::mem::take(&mut lines.refused)
        });
        add(&mut state.waiting, RefusalCount { key, count: 1, last_at_us: now_us });
        line
    }

    /// Takes the counts that are not written yet.
    fn take(&self) -> Vec<RefusalCount> {
        std::mem::take(&mut self.state.lock().waiting).into_values().collect()
    }

    /// Puts counts back that could not be written.
    fn put_back(&self, counts: Vec<RefusalCount>) {
        let mut state = self.state.lock();
        for count in counts {
            add(&mut state.waiting, count);
        }
    }
}

/// Adds a count. Beyond the limit of what waits, only to counts that wait already.
fn add(waiting: &mut BTreeMap<RefusalKey, RefusalCount>, added: RefusalCount) {
    if let Some(count) = waiting.get_mut(&added.key) {
        count.count = count.count.saturating_add(added.count);
        count.last_at_us = count.last_at_us.max(added.last_at_us);
    } else if waiting.len() < MOST_WAITING {
        waiting.insert(added.key.clone(), added);
    }
}

impl Register {
    /// Counts a refused request. `holder` is the name of the caller in its token, without one the
    /// network of the client as it may be kept. Logs it, at most once a minute for each holder.
    pub fn count_refusal(&self, role: Role, holder: &str, reason: RefusalReason) {
        if let Some(refused) = self.refusals.count(role, holder, reason, self.now_us()) {
            let (role, reason): (&'static str, &'static str) = (role.into(), reason.into());
            tracing::info!(role, holder, reason, refused, "requests were refused");
        }
    }

    /// Adds the counts of this node to the database. If it does not respond, they wait.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn flush_refusals(&self) -> Result<(), Error> {
        let _writing = self.refusals.flush_lock.lock().await;
        let counts = self.refusals.take();
        if counts.is_empty() {
            return Ok(());
        }
        let added = self.store.add_refusals(&counts).await;
        if added.is_err() {
            self.refusals.put_back(counts);
        }
        Ok(added?)
    }

    /// Removes the refusals of hours that ended more than `retention_us` microseconds ago.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn remove_old_refusals(&self, retention_us: i64) -> Result<(), Error> {
        let before_us = hour_of(self.now_us().saturating_sub(retention_us));
        Ok(self.store.remove_refusals(before_us).await?)
    }
}

impl RegisterReader {
    /// Returns one page of refusals, the newest hour first; with those that this node has counted
    /// until now, and other nodes until some seconds ago.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn refusals(
        &self,
        reader: RefusalReader,
        list: &RefusalList,
    ) -> Result<Vec<RefusalCount>, Error> {
        // They are in no log, so a cached response would never become invalid.
        self.reads().add_caller();
        if let Err(error) = self.register().flush_refusals().await {
            tracing::warn!(%error, "refusals of this node are not written yet");
        }
        Ok(self.register().store.refusals(reader, list).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::refusal::HOUR_US;

    const REASON: RefusalReason = RefusalReason::InvalidToken;

    #[test]
    fn refusals_of_an_hour_are_one_row() {
        let counter = RefusalCounter::default();
        for at_us in [5, 6, HOUR_US - 1, HOUR_US] {
            counter.count(Role::Public, "a", REASON, at_us);
        }
        counter.count(Role::Public, "a", RefusalReason::Blocked, HOUR_US + 1);
        let rows: Vec<(i64, i64, i64)> =
            counter.take().iter().map(|row| (row.key.hour_us, row.count, row.last_at_us)).collect();
        assert_eq!(rows, [(0, 3, HOUR_US - 1), (HOUR_US, 1, HOUR_US), (HOUR_US, 1, HOUR_US + 1)]);
        assert_eq!(counter.take(), []);
    }

    #[test]
    fn holder_is_logged_once_a_minute_with_its_number() {
        let counter = RefusalCounter::default();
        let lines: Vec<Option<u64>> = [0, 1, 59_999_999, 60_000_000, 60_000_001]
            .map(|at_us| counter.count(Role::Clerk, "lan", REASON, at_us))
            .to_vec();
        assert_eq!(lines, [Some(1), None, None, Some(3), None]);
        assert_eq!(counter.count(Role::Clerk, "minh", REASON, 60_000_002), Some(1));
    }

    #[test]
    fn further_holders_of_an_hour_are_counted_together() {
        let counter = RefusalCounter::default();
        for number in 0..3 * MOST_HOLDERS {
            counter.count(Role::Public, &number.to_string(), REASON, 0);
        }
        counter.count(Role::Public, "0", REASON, 0);
        let rows = counter.take();
        assert_eq!(rows.len(), MOST_HOLDERS + 1);
        let of = |holder: &str| rows.iter().find(|row| row.key.holder == holder).map(|row| row.count);
        let together = of("").and_then(|count| usize::try_from(count).ok());
        assert_eq!((of("0"), together), (Some(2), Some(2 * MOST_HOLDERS)));
        // The next hour names holders again.
        counter.count(Role::Public, "new", REASON, HOUR_US);
        assert_eq!(counter.take()[0].key.holder, "new");
    }

    #[test]
    fn counts_that_cannot_be_written_wait_within_a_limit() {
        let counter = RefusalCounter::default();
        for hour in 0..100 {
            for number in 0..MOST_HOLDERS {
                counter.count(Role::Public, &number.to_string(), REASON, hour * HOUR_US);
            }
            let counts = counter.take();
            counter.put_back(counts);
        }
        assert_eq!(counter.take().len(), MOST_WAITING);
    }
}
