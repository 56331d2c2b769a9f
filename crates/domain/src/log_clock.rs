//! The clock of a log: a time that never goes back, whatever the clocks of the nodes do.
//!
//! It follows the clock of the node that writes, at most a day with each write. So a clock that is
//! set back stops it for a while, and one that jumps ahead, by an hour or by a year, moves it by a
//! day once. Ages of idempotency keys and periods of quotas are measured by it.

/// The most by which one write advances the clock, in microseconds: a day.
const LONGEST_STEP_US: i64 = 24 * 3_600 * 1_000_000;

/// The clock of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogClock {
    /// The time of the log, in microseconds; it begins with the clock of the node that wrote first.
    pub time_us: i64,
    /// The clock of the node that wrote last, in microseconds since 1970; 0 before the first write.
    pub node_us: i64,
}

impl LogClock {
    /// Returns the clock after a write by a node whose clock shows `now_us`.
    #[must_use]
    pub fn advance(self, now_us: i64) -> Self {
        let time_us = if self.node_us == 0 {
            now_us
        } else {
            self.time_us.saturating_add(now_us.saturating_sub(self.node_us).clamp(0, LONGEST_STEP_US))
        };
        Self { time_us, node_us: now_us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * 1_000_000;
    const START: i64 = 1_800_000_000_000_000;

    fn after(steps: &[i64]) -> i64 {
        let clock = LogClock::default().advance(START);
        let mut now_us = START;
        let end = steps.iter().fold(clock, |clock, step| {
            now_us += step;
            clock.advance(now_us)
        });
        end.time_us - START
    }

    #[test]
    fn log_clock_follows_the_node_and_never_goes_back() {
        assert_eq!(after(&[]), 0);
        assert_eq!(after(&[HOUR, HOUR]), 2 * HOUR);
        assert_eq!(after(&[-HOUR]), 0);
        assert_eq!(after(&[HOUR, -HOUR, HOUR]), 2 * HOUR);
    }

    #[test]
    fn jump_of_a_year_advances_the_log_clock_by_a_day() {
        let year = 365 * 24 * HOUR;
        assert_eq!(after(&[year, -year, HOUR]), 25 * HOUR);
        assert_eq!(after(&[-year, year]), 24 * HOUR);
    }
}
