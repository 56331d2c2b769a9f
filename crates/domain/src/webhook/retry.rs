//! When a call that failed is made again.

/// How long to wait after each failure in a row, in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h,
/// 14 h, 20 h, 24 h; some three days in all.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// By how much a wait may be shorter or longer, in percent: partners that failed together do not
/// all come back together.
const JITTER: i64 = 20;

/// How long to wait, in microseconds, after so many failures in a row; none where that was the
/// last attempt. `chance` is drawn at random.
#[must_use]
pub fn wait_us(failures: i32, chance: u16) -> Option<i64> {
    let index = usize::try_from(failures.checked_sub(1)?).ok()?;
    let wait_us = WAITS_S.get(index)? * 1_000_000;
    let spread = wait_us / 100 * JITTER;
    Some(wait_us - spread + 2 * spread * i64::from(chance) / i64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_a_fifth_and_end() {
        let hours = |chance| {
            (1..=9).map(|failures| wait_us(failures, chance).unwrap() / 1_000_000).collect::<Vec<_>>()
        };
        assert_eq!(hours(0), [4, 240, 1_440, 5_760, 14_400, 28_800, 40_320, 57_600, 69_120]);
        assert_eq!(hours(u16::MAX), [6, 360, 2_160, 8_640, 21_600, 43_200, 60_480, 86_400, 103_680]);
        assert!(wait_us(1, 30_000) < wait_us(1, 30_001));
        for none in [i32::MIN, -1, 0, 10, i32::MAX] {
            assert_eq!(wait_us(none, 0), None, "{none}");
        }
    }
}
