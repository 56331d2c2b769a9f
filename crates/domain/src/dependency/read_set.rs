//! The read set of a request.

use crate::filter::Filter;
use crate::id::Log;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The logs, the day and the caller that a response depends on, recorded while the request runs.
/// Contains the log of the ministry always, because names come from there.
///
/// Invariant: every read of the register is recorded here; where the log is not known, all logs
/// are. An entry too many costs a cache miss, an entry too few a stale response.
#[derive(Debug, Default)]
pub struct ReadSet {
    logs: AtomicU64,
    day: AtomicBool,
    caller: AtomicBool,
}

/// The bit for all logs, including logs that do not exist yet.
const ALL_LOGS: u64 = 1 << 63;

impl ReadSet {
    /// Records a read of this log, also where it returned no row.
    pub fn add_log(&self, log: Log) {
        self.insert_bits(log_bit(log));
    }

    /// Records a read of all logs.
    pub fn add_all_logs(&self) {
        self.insert_bits(ALL_LOGS);
    }

    /// Records the logs that a filter is restricted to, all logs where it is not. A search reads
    /// all logs, because it matches names from any log.
    pub fn add_filter(&self, filter: &Filter) {
        if !filter.searches().is_empty() {
            return self.add_all_logs();
        }
        let Some(logs) = filter.logs() else { return self.add_all_logs() };
        for log in logs {
            self.add_log(log);
        }
    }

    /// Records that the response depends on the current day.
    pub fn add_day(&self) {
        self.day.store(true, Ordering::Relaxed);
    }

    /// Records that the response depends on the caller beyond its [`CallerClass`]; such a response
    /// is not cached.
    ///
    /// [`CallerClass`]: crate::cache_key::CallerClass
    pub fn add_caller(&self) {
        self.caller.store(true, Ordering::Relaxed);
    }

    /// Returns whether this log was read.
    #[must_use]
    pub fn contains_log(&self, log: Log) -> bool {
        let logs = self.logs.load(Ordering::Relaxed);
        log == Log::MINISTRY || logs & (ALL_LOGS | log_bit(log)) != 0
    }

    /// Returns the logs that were read one by one.
    pub fn logs(&self) -> impl Iterator<Item = Log> {
        (0_i16..63).map(Log::new).filter(|log| self.contains_log(*log))
    }

    /// Returns whether all logs were read.
    #[must_use]
    pub fn has_all_logs(&self) -> bool {
        self.logs.load(Ordering::Relaxed) & ALL_LOGS != 0
    }

    /// Returns whether the current day was read.
    #[must_use]
    pub fn has_day(&self) -> bool {
        self.day.load(Ordering::Relaxed)
    }

    /// Returns whether the response is for one caller only.
    #[must_use]
    pub fn has_caller(&self) -> bool {
        self.caller.load(Ordering::Relaxed)
    }

    fn insert_bits(&self, bits: u64) {
        self.logs.fetch_or(bits, Ordering::Relaxed);
    }
}

/// Returns the bit of a log; the bit for all logs where its number has none.
fn log_bit(log: Log) -> u64 {
    match u32::try_from(log.number()) {
        Ok(number) if number < 63 => 1 << number,
        _ => ALL_LOGS,
    }
}
