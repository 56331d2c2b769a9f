//! Metrics of the read model and of selections of facts.

use crate::catalogue::{
    EPOCH_CHANGES, FACTS_SCANNED, READ_MODEL_CHANGES, READ_MODEL_FACTS, READ_MODEL_FOLLOWED, READ_MODEL_LOAD,
    READ_MODEL_MOVE_SECONDS, READ_MODEL_MOVES, SELECTIONS,
};
use crate::label::Stage;
use crate::request::StageTimer;
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// The size of a read model.
#[derive(Debug)]
pub struct ReadModelSize<'a> {
    /// The number of changes applied, over all logs.
    pub changes: i64,
    /// The number of facts by kind of entry; the kind comes from a closed list.
    pub facts: &'a [(&'static str, usize)],
}

/// Records the time and size of a complete load of the read model.
pub fn record_read_model_load(size: &ReadModelSize<'_>, elapsed: Duration) {
    set_size(size);
    gauge!(READ_MODEL_LOAD).set(elapsed.as_secs_f64());
}

/// Records the time and size of an update of the read model.
pub fn record_read_model_update(size: &ReadModelSize<'_>, elapsed: Duration) {
    set_size(size);
    counter!(READ_MODEL_MOVES).increment(1);
    histogram!(READ_MODEL_MOVE_SECONDS).record(elapsed.as_secs_f64());
}

#[expect(clippy::cast_precision_loss, reason = "positions are far below 2^53")]
fn set_size(size: &ReadModelSize<'_>) {
    gauge!(READ_MODEL_CHANGES).set(size.changes as f64);
    for (kind, count) in size.facts {
        gauge!(READ_MODEL_FACTS, "kind" => *kind).set(*count as f64);
    }
}

/// Counts a change of the database epoch, after which the read model was loaded again.
pub fn count_epoch_change() {
    counter!(EPOCH_CHANGES).increment(1);
}

/// Sets the last time at which this node had applied all logs to their ends, in microseconds since
/// 1970.
#[expect(clippy::cast_precision_loss, reason = "microseconds are below 2^53 until the year 2255")]
pub fn set_caught_up_at(now_us: i64) {
    gauge!(READ_MODEL_FOLLOWED).set(now_us as f64 / 1e6);
}

/// Counts a selection among `among` facts of a kind, and returns the timer of the stage. The kind
/// comes from a closed list.
#[must_use]
pub fn start_selection(kind: &'static str, among: usize) -> StageTimer {
    counter!(SELECTIONS, "kind" => kind).increment(1);
    counter!(FACTS_SCANNED).increment(among as u64);
    StageTimer::begin(Stage::Select)
}
