//! The dependencies of a cached response and their comparison with the current state.

use super::ReadSet;
use crate::date::Day;
use crate::id::Log;
use chrono::Datelike as _;

/// The heads of the logs that a scope sees, and the current day.
pub trait RegisterState {
    /// Returns all logs, in order.
    fn logs(&self) -> impl Iterator<Item = Log>;
    /// Returns the head of a log: its last position, 0 for an empty log.
    fn head(&self, log: Log) -> i64;
    /// Returns the current day in Vietnam.
    fn today(&self) -> Day;
}

/// The log positions and the day that a response depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependencies {
    /// The logs that were read, each with its head before the request.
    logs: Vec<(Log, i64)>,
    /// Whether all logs were read: then a new log makes the response stale.
    is_all: bool,
    /// The day of the request, where the response depends on it.
    day: Option<Day>,
}

impl Dependencies {
    /// Returns the dependencies of a read set, with the heads as they were before the first read;
    /// None for a response for one caller only.
    #[must_use]
    pub fn from_reads(reads: &ReadSet, before: &impl RegisterState) -> Option<Self> {
        if reads.has_caller() {
            return None;
        }
        // A log without a head counts as at position 0, so its first change moves it.
        let logs: Vec<Log> =
            if reads.has_all_logs() { before.logs().collect() } else { reads.logs().collect() };
        Some(Self {
            logs: logs.into_iter().map(|log| (log, before.head(log))).collect(),
            is_all: reads.has_all_logs(),
            day: reads.has_day().then(|| before.today()),
        })
    }

    /// Returns whether no dependency has moved: the same request has the same response.
    #[must_use]
    pub fn is_current(&self, now: &impl RegisterState) -> bool {
        self.day.is_none_or(|day| day == now.today())
            && (!self.is_all || self.logs.len() == now.logs().count())
            && self.logs.iter().all(|(log, at)| now.head(*log) == *at)
    }

    /// Returns whether the response includes every change of the state `then`. It may then serve a
    /// request that arrived at `then`, while the response was being computed.
    #[must_use]
    pub fn is_no_older_than(&self, then: &impl RegisterState) -> bool {
        self.day.is_none_or(|day| day >= then.today())
            && (!self.is_all || self.logs.len() >= then.logs().count())
            && self.logs.iter().all(|(log, at)| then.head(*log) <= *at)
    }

    /// Returns the approximate size in memory, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        size_of::<Self>() + self.logs.len() * size_of::<(Log, i64)>()
    }

    /// Appends the encoding that [`Dependencies::decode`] reads.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_all) | u8::from(self.day.is_some()) << 1);
        out.extend_from_slice(&self.day.map_or(0, |day| day.num_days_from_ce()).to_be_bytes());
        out.extend_from_slice(&u16::try_from(self.logs.len()).unwrap_or(0).to_be_bytes());
        for (log, at) in &self.logs {
            out.extend_from_slice(&log.number().to_be_bytes());
            out.extend_from_slice(&at.to_be_bytes());
        }
    }

    /// Returns the decoded dependencies and the bytes after them; None for other bytes.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&flags, rest) = bytes.split_first()?;
        let (day, rest) = rest.split_first_chunk()?;
        let (count, mut rest) = rest.split_first_chunk()?;
        let day = Day::from_num_days_from_ce_opt(i32::from_be_bytes(*day));
        let mut logs = Vec::new();
        for _ in 0..u16::from_be_bytes(*count) {
            let (log, after) = rest.split_first_chunk()?;
            let (at, after) = after.split_first_chunk()?;
            logs.push((Log::new(i16::from_be_bytes(*log)), i64::from_be_bytes(*at)));
            rest = after;
        }
        let day = if flags & 2 == 0 { None } else { Some(day?) };
        Some((Self { logs, is_all: flags & 1 != 0, day }, rest))
    }
}
