//! Answers that were given before, and documents that were read before.

use crate::catalogue::{
    CACHE_ANSWERS, CACHE_BYTES, CACHE_DOCUMENTS, CACHE_ENTRIES, CACHE_REDIS, CACHE_STALE,
};
use crate::label::{Level, Source, Visit};
use metrics::{counter, gauge};

/// An answer came from here.
pub fn answer(source: Source) {
    let source: &'static str = source.into();
    counter!(CACHE_ANSWERS, "from" => source).increment(1);
}

/// An answer was found and did not hold any more.
pub fn stale(level: Level) {
    let level: &'static str = level.into();
    counter!(CACHE_STALE, "level" => level).increment(1);
}

/// What the answers in this process take.
#[expect(clippy::cast_precision_loss, reason = "a float tells every size of a memory")]
pub fn keep(entries: usize, bytes: u64) {
    gauge!(CACHE_ENTRIES).set(entries as f64);
    gauge!(CACHE_BYTES).set(bytes as f64);
}

/// What came of a visit to the answers in Redis.
pub fn visit(visit: Visit) {
    let visit: &'static str = visit.into();
    counter!(CACHE_REDIS, "outcome" => visit).increment(1);
}

/// A document was known already, or had to be read.
pub fn document(is_known: bool) {
    counter!(CACHE_DOCUMENTS, "outcome" => if is_known { "hit" } else { "miss" }).increment(1);
}
