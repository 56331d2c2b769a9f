//! What an answer is made from, noted while it is made.

use crate::filter::Filter;
use crate::id::Log;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What an answer is made from. The ministry's log is always part of it: names come from there.
///
/// Whoever hands out anything of the register notes it here; whoever is not sure whose log it is
/// notes all of them. Too much costs an answer that is made anew, too little a stale one.
#[derive(Debug, Default)]
pub struct Reads {
    logs: AtomicU64,
    day: AtomicBool,
    person: AtomicBool,
}

/// Stands for all logs, those that come later too.
const ALL: u64 = 1 << 63;

impl Reads {
    /// Entries of this log, those that are not there included.
    pub fn note(&self, log: Log) {
        self.add(bit(log));
    }

    /// Entries of any log.
    pub fn note_all(&self) {
        self.add(ALL);
    }

    /// The entries that pass a filter, those that are not there included. What a search finds follows
    /// from names as well, which may be those of any log.
    pub fn note_filter(&self, filter: &Filter) {
        if !filter.searches().is_empty() {
            return self.note_all();
        }
        let Some(logs) = filter.logs() else { return self.note_all() };
        for log in logs {
            self.note(log);
        }
    }

    /// What day it is.
    pub fn note_day(&self) {
        self.day.store(true, Ordering::Relaxed);
    }

    /// Who asks, beyond what all who see and may do the same have in common.
    pub fn note_person(&self) {
        self.person.store(true, Ordering::Relaxed);
    }

    /// Whether anything of this log is part of it.
    #[must_use]
    pub fn has(&self, log: Log) -> bool {
        let noted = self.logs.load(Ordering::Relaxed);
        log == Log::MINISTRY || noted & (ALL | bit(log)) != 0
    }

    /// The logs that are, where not all of them are.
    pub fn logs(&self) -> impl Iterator<Item = Log> {
        (0_i16..63).map(Log::new).filter(|log| self.has(*log))
    }

    /// Whether all logs are.
    #[must_use]
    pub fn has_all(&self) -> bool {
        self.logs.load(Ordering::Relaxed) & ALL != 0
    }

    /// Whether the day is.
    #[must_use]
    pub fn has_day(&self) -> bool {
        self.day.load(Ordering::Relaxed)
    }

    /// Whether it is for one person alone.
    #[must_use]
    pub fn has_person(&self) -> bool {
        self.person.load(Ordering::Relaxed)
    }

    fn add(&self, bits: u64) {
        self.logs.fetch_or(bits, Ordering::Relaxed);
    }
}

/// The place of a log; one that has none stands for all.
fn bit(log: Log) -> u64 {
    match u32::try_from(log.number()) {
        Ok(number) if number < 63 => 1 << number,
        _ => ALL,
    }
}
