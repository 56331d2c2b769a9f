//! The replica of a node, and what numbers are made from.

use crate::catalogue::{
    EPOCH_CHANGES, FACTS_SCANNED, REPLICA_FACTS, REPLICA_FOLLOWED, REPLICA_LOAD, REPLICA_MOVE_SECONDS,
    REPLICA_MOVES, REPLICA_POSITION, SELECTIONS,
};
use crate::label::Stage;
use crate::request::Timer;
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// How much a replica holds.
#[derive(Debug)]
pub struct Replica<'a> {
    /// Over all logs.
    pub changes: i64,
    /// By kind, a word of a closed list.
    pub facts: &'a [(&'static str, usize)],
}

/// The replica was read for the first time.
pub fn load_replica(replica: &Replica<'_>, elapsed: Duration) {
    hold(replica);
    gauge!(REPLICA_LOAD).set(elapsed.as_secs_f64());
}

/// The replica has read on.
pub fn move_replica(replica: &Replica<'_>, elapsed: Duration) {
    hold(replica);
    counter!(REPLICA_MOVES).increment(1);
    histogram!(REPLICA_MOVE_SECONDS).record(elapsed.as_secs_f64());
}

#[expect(clippy::cast_precision_loss, reason = "a float tells more changes than there will be")]
fn hold(replica: &Replica<'_>) {
    gauge!(REPLICA_POSITION).set(replica.changes as f64);
    for (kind, count) in replica.facts {
        gauge!(REPLICA_FACTS, "kind" => *kind).set(*count as f64);
    }
}

/// The database was found to be in another epoch, and everything was read again.
pub fn change_epoch() {
    counter!(EPOCH_CHANGES).increment(1);
}

/// All logs are known to be read to their ends, at this time.
#[expect(clippy::cast_precision_loss, reason = "a float tells microseconds for two centuries more")]
pub fn follow(now_us: i64) {
    gauge!(REPLICA_FOLLOWED).set(now_us as f64 / 1e6);
}

/// A selection begins among so many facts of a kind, a word of a closed list.
#[must_use]
pub fn select(kind: &'static str, among: usize) -> Timer {
    counter!(SELECTIONS, "kind" => kind).increment(1);
    counter!(FACTS_SCANNED).increment(among as u64);
    Timer::begin(Stage::Select)
}
