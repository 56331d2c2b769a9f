//! The one way to ask what time it is.

use crate::date::Day;
use chrono::{DateTime, FixedOffset, Utc};

/// Tells the time; the process has a real one, tests turn theirs by hand.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970.
    fn now_us(&self) -> i64;

    /// Today in Vietnam (`Asia/Ho_Chi_Minh`), whatever the machine's zone is.
    fn today(&self) -> Day {
        day_in_vietnam(self.now_us())
    }
}

/// The day in Vietnam at this instant. The country keeps UTC+7 the year round.
#[must_use]
pub fn day_in_vietnam(at_us: i64) -> Day {
    let utc = DateTime::<Utc>::from_timestamp_micros(at_us).unwrap_or_default();
    FixedOffset::east_opt(7 * 3600).map_or(utc.date_naive(), |zone| utc.with_timezone(&zone).date_naive())
}

/// The instant at which a day begins in Vietnam, in microseconds since 1970.
#[must_use]
pub fn day_begins_at_us(day: Day) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros() - 7 * 3_600_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_17_hours_utc() {
        let day = |text: &str| {
            day_in_vietnam(text.parse::<DateTime<Utc>>().unwrap().timestamp_micros()).to_string()
        };
        assert_eq!(day("2025-06-30T16:59:59Z"), "2025-06-30");
        assert_eq!(day("2025-06-30T17:00:00Z"), "2025-07-01");
        let july: Day = "2025-07-01".parse().unwrap();
        assert_eq!(day_in_vietnam(day_begins_at_us(july)), july);
        assert_eq!(day_in_vietnam(day_begins_at_us(july) - 1), july.pred_opt().unwrap());
    }
}
