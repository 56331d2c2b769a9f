//! The clock: the only access to the current time.

use crate::date::Day;
use chrono::{DateTime, FixedOffset, Utc};

/// Returns the current time. The process uses the system clock, tests set theirs.
pub trait Clock: Send + Sync {
    /// Returns the current time in microseconds since 1970.
    fn now_us(&self) -> i64;

    /// Returns the current day in Vietnam (`Asia/Ho_Chi_Minh`), in any system time zone.
    fn today(&self) -> Day {
        day_in_vietnam(self.now_us())
    }
}

/// Returns the day in Vietnam at this time. Vietnam has UTC+7 all year.
#[must_use]
pub fn day_in_vietnam(at_us: i64) -> Day {
    let utc = DateTime::<Utc>::from_timestamp_micros(at_us).unwrap_or_default();
    FixedOffset::east_opt(7 * 3600).map_or(utc.date_naive(), |zone| utc.with_timezone(&zone).date_naive())
}

/// Returns the time at which a day begins in Vietnam, in microseconds since 1970.
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
