//! A deterministic random number generator: `SplitMix64`. Integers only, and no library, so that
//! all machines and versions generate the same numbers.

/// A stream of random numbers.
#[derive(Debug)]
pub(super) struct SeededRng(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SeededRng {
    /// Returns the stream of one entry, independent of all other entries.
    pub(super) fn for_entry(seed: u64, kind: u64, number: u64) -> Self {
        Self(mix(mix(mix(seed).wrapping_add(kind)).wrapping_add(number)))
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// Returns a uniform number below `end`; 0 if `end` is 0.
    pub(super) fn next_below(&mut self, end: u64) -> u64 {
        let scaled = u128::from(self.next_u64()) * u128::from(end);
        u64::try_from(scaled >> 64).unwrap_or(0)
    }

    /// Returns a number below `end`; low numbers are far more frequent.
    pub(super) fn next_low(&mut self, end: u64) -> u64 {
        let cut = self.next_below(end);
        self.next_below(cut + 1)
    }

    /// Returns true with probability 1 / `times`.
    pub(super) fn is_one_in(&mut self, times: u64) -> bool {
        self.next_below(times) == 0
    }

    /// Returns a uniformly chosen item. `items` must not be empty.
    pub(super) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.next_below(items.len() as u64);
        &items[usize::try_from(at).unwrap_or(0)]
    }

    /// Returns an item; early items are far more frequent. `items` must not be empty.
    pub(super) fn choose_early<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.next_low(items.len() as u64);
        &items[usize::try_from(at).unwrap_or(0)]
    }
}

fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rng_matches_the_published_splitmix64() {
        let mut rng = SeededRng(1_234_567);
        let values: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        assert_eq!(values, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn low_numbers_are_more_frequent_and_all_occur() {
        let mut rng = SeededRng::for_entry(1, 1, 1);
        let mut times = [0_u32; 10];
        for _ in 0..10_000 {
            times[usize::try_from(rng.next_low(10)).unwrap()] += 1;
        }
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
        assert!(times[9] > 0, "{times:?}");
    }

    #[test]
    fn every_entry_has_its_own_stream() {
        let first = |seed, kind, number| SeededRng::for_entry(seed, kind, number).next_u64();
        let values = [first(1, 1, 1), first(2, 1, 1), first(1, 2, 1), first(1, 1, 2)];
        assert!((1..4).all(|at| !values[..at].contains(&values[at])), "{values:?}");
    }
}
