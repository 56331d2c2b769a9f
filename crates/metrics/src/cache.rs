//! Metrics of the response cache and of the document cache.

use crate::catalogue::{
    CACHE_BYTES, CACHE_DOCUMENTS, CACHE_ENTRIES, CACHE_REDIS, CACHE_RESPONSES, CACHE_STALE,
};
use crate::label::{CacheLevel, RedisAccess, ResponseSource};
use metrics::{counter, gauge};

/// Counts a response by the source that it was served from.
pub fn count_response(source: ResponseSource) {
    let source: &'static str = source.into();
    counter!(CACHE_RESPONSES, "from" => source).increment(1);
}

/// Counts a cached response that was found but had become stale.
pub fn count_stale_response(level: CacheLevel) {
    let level: &'static str = level.into();
    counter!(CACHE_STALE, "level" => level).increment(1);
}

/// Sets the number and total size of the responses cached in this process.
#[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^53")]
pub fn set_cache_size(entries: usize, bytes: u64) {
    gauge!(CACHE_ENTRIES).set(entries as f64);
    gauge!(CACHE_BYTES).set(bytes as f64);
}

/// Counts a read or write of the response cache in Redis by its outcome.
pub fn count_redis_access(access: RedisAccess) {
    let outcome: &'static str = access.into();
    counter!(CACHE_REDIS, "outcome" => outcome).increment(1);
}

/// Counts a document by whether it was in the document cache or had to be parsed.
pub fn count_document(is_hit: bool) {
    counter!(CACHE_DOCUMENTS, "outcome" => if is_hit { "hit" } else { "miss" }).increment(1);
}
