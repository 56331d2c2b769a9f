//! Numbers that look like chance and fall the same on every machine: `SplitMix64`, whole numbers
//! only, and no library whose next version could fall otherwise.

/// A stream of such numbers.
#[derive(Debug)]
pub(super) struct Chance(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    /// The stream of one thing, so that it comes out the same whatever was made before it.
    pub(super) fn of(seed: u64, kind: u64, number: u64) -> Self {
        Self(mix(mix(mix(seed).wrapping_add(kind)).wrapping_add(number)))
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below this one, each as likely; 0 where there is none.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let scaled = u128::from(self.draw()) * u128::from(end);
        u64::try_from(scaled >> 64).unwrap_or(0)
    }

    /// A number below this one, low ones far more often.
    pub(super) fn low(&mut self, end: u64) -> u64 {
        let cut = self.below(end);
        self.below(cut + 1)
    }

    /// Whether it is the one time among so many.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of these, each as likely. There must be one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len() as u64);
        &items[usize::try_from(at).unwrap_or(0)]
    }

    /// One of these, early ones far more often. There must be one.
    pub(super) fn pick_early<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.low(items.len() as u64);
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
    fn chance_is_the_published_splitmix64() {
        let mut chance = Chance(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| chance.draw()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn low_numbers_come_more_often_and_all_come() {
        let mut chance = Chance::of(1, 1, 1);
        let mut times = [0_u32; 10];
        for _ in 0..10_000 {
            times[usize::try_from(chance.low(10)).unwrap()] += 1;
        }
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
        assert!(times[9] > 0, "{times:?}");
    }

    #[test]
    fn every_thing_has_a_stream_of_its_own() {
        let first = |seed, kind, number| Chance::of(seed, kind, number).draw();
        let drawn = [first(1, 1, 1), first(2, 1, 1), first(1, 2, 1), first(1, 1, 2)];
        assert!((1..4).all(|at| !drawn[..at].contains(&drawn[at])), "{drawn:?}");
    }
}
