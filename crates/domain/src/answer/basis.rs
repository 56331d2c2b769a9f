//! The state that an answer was made from, and whether it still stands.

use super::Reads;
use crate::date::Day;
use crate::id::Log;
use chrono::Datelike as _;

/// How far the logs have come in somebody's sight, and what day it is.
pub trait Standing {
    /// The logs that there are, in order.
    fn logs(&self) -> impl Iterator<Item = Log>;
    /// How far one of them has come.
    fn at(&self, log: Log) -> i64;
    /// The day in Vietnam.
    fn today(&self) -> Day;
}

/// The state that an answer was made from, as far as the answer depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The logs that were read, and how far each had come.
    logs: Vec<(Log, i64)>,
    /// Whether these are all that there were: then one that is new matters too.
    is_all: bool,
    /// The day, where it was read.
    day: Option<Day>,
}

impl Basis {
    /// What was read, as it stood before anything was. None for what is one person's alone.
    #[must_use]
    pub fn of(reads: &Reads, before: &impl Standing) -> Option<Self> {
        if reads.has_person() {
            return None;
        }
        // A log that was read and has no head yet stands at 0, and moves with its first change.
        let logs: Vec<Log> = if reads.has_all() { before.logs().collect() } else { reads.logs().collect() };
        Some(Self {
            logs: logs.into_iter().map(|log| (log, before.at(log))).collect(),
            is_all: reads.has_all(),
            day: reads.has_day().then(|| before.today()),
        })
    }

    /// Whether nothing that was read has moved.
    #[must_use]
    pub fn holds(&self, now: &impl Standing) -> bool {
        self.day.is_none_or(|day| day == now.today())
            && (!self.is_all || self.logs.len() == now.logs().count())
            && self.logs.iter().all(|(log, at)| now.at(*log) == *at)
    }

    /// Whether an answer on this basis lacks nothing that stood then: for who asked while it was
    /// being made.
    #[must_use]
    pub fn is_not_before(&self, then: &impl Standing) -> bool {
        self.day.is_none_or(|day| day >= then.today())
            && (!self.is_all || self.logs.len() >= then.logs().count())
            && self.logs.iter().all(|(log, at)| then.at(*log) <= *at)
    }

    /// How many bytes it takes in memory, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.logs.len() * size_of::<(Log, i64)>()
    }

    /// Writes it down, so that [`Basis::read`] gives it back.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_all) | u8::from(self.day.is_some()) << 1);
        out.extend_from_slice(&self.day.map_or(0, |day| day.num_days_from_ce()).to_be_bytes());
        out.extend_from_slice(&u16::try_from(self.logs.len()).unwrap_or(0).to_be_bytes());
        for (log, at) in &self.logs {
            out.extend_from_slice(&log.number().to_be_bytes());
            out.extend_from_slice(&at.to_be_bytes());
        }
    }

    /// Reads what was written, and gives what follows it.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
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
