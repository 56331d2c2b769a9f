//! The response header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{SystemTime, UNIX_EPOCH};

/// The value of `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RetryAfter {
    /// A number of seconds after the response.
    Seconds(i64),
    /// A time, in seconds since 1970.
    At(i64),
}

impl RetryAfter {
    /// Parses a number of seconds, or a date in any form of HTTP; None if it is neither.
    pub(super) fn read(value: &str) -> Option<Self> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number that is too long is later than any bound.
            return Some(Self::Seconds(value.parse().unwrap_or(i64::MAX)));
        }
        let at: SystemTime = httpdate::parse_http_date(value).ok()?;
        let since = at.duration_since(UNIX_EPOCH).ok()?;
        Some(Self::At(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)))
    }

    /// Returns the requested delay in microseconds after `now_us`; 0 if the time has passed.
    pub(super) fn delay_us(self, now_us: i64) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds.saturating_mul(1_000_000),
            Self::At(at_s) => at_s.saturating_mul(1_000_000).saturating_sub(now_us).max(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_all_forms_of_dates_are_read() {
        assert_eq!(RetryAfter::read(" 120 "), Some(RetryAfter::Seconds(120)));
        assert_eq!(RetryAfter::read(&"9".repeat(30)), Some(RetryAfter::Seconds(i64::MAX)));
        let at = Some(RetryAfter::At(784_111_777));
        for date in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(RetryAfter::read(date), at, "{date}");
        }
        for other in ["", "-1", "1.5", "soon", "Sun, 06 Nov 1994", "+5"] {
            assert_eq!(RetryAfter::read(other), None, "{other}");
        }
    }

    #[test]
    fn delay_is_counted_from_now() {
        assert_eq!(RetryAfter::Seconds(2).delay_us(5), 2_000_000);
        assert_eq!(RetryAfter::Seconds(i64::MAX).delay_us(5), i64::MAX);
        assert_eq!(RetryAfter::At(10).delay_us(4_000_000), 6_000_000);
        assert_eq!(RetryAfter::At(10).delay_us(11_000_000), 0);
    }
}
