//! The retry schedule of failed deliveries.

/// The delay after each consecutive failure, in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h,
/// 20 h, 24 h; about three days in total.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The jitter of a delay in either direction, in percent, so that endpoints that failed at once are
/// not all retried at once.
const JITTER: i64 = 20;

/// The longest delay that an endpoint can request: one day, as the longest of ours.
const MAX_REQUESTED_US: i64 = 86_400 * 1_000_000;

/// Returns the delay in microseconds after this number of consecutive failures; None after the
/// last attempt. `chance` is a random number. A delay that the endpoint requests, `requested_us`, is
/// a lower bound, up to one day.
#[must_use]
pub fn wait_us(failures: i32, chance: u16, requested_us: i64) -> Option<i64> {
    let index = usize::try_from(failures.checked_sub(1)?).ok()?;
    let wait_us = WAITS_S.get(index)? * 1_000_000;
    let spread = wait_us / 100 * JITTER;
    let own_us = wait_us - spread + 2 * spread * i64::from(chance) / i64::from(u16::MAX);
    Some(own_us.max(requested_us.min(MAX_REQUESTED_US)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_a_fifth_and_end() {
        let hours = |chance| {
            (1..=9).map(|failures| wait_us(failures, chance, 0).unwrap() / 1_000_000).collect::<Vec<_>>()
        };
        assert_eq!(hours(0), [4, 240, 1_440, 5_760, 14_400, 28_800, 40_320, 57_600, 69_120]);
        assert_eq!(hours(u16::MAX), [6, 360, 2_160, 8_640, 21_600, 43_200, 60_480, 86_400, 103_680]);
        assert!(wait_us(1, 30_000, 0) < wait_us(1, 30_001, 0));
        for none in [i32::MIN, -1, 0, 10, i32::MAX] {
            assert_eq!(wait_us(none, 0, 1), None, "{none}");
        }
    }

    #[test]
    fn requested_delay_is_a_bounded_minimum() {
        assert_eq!(wait_us(1, 0, 60_000_000), Some(60_000_000));
        assert_eq!(wait_us(2, 0, 60_000_000), Some(240_000_000));
        assert_eq!(wait_us(1, 0, -1), wait_us(1, 0, 0));
        assert_eq!(wait_us(1, 0, i64::MAX), Some(86_400_000_000));
    }
}
