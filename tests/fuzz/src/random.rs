//! Random numbers that a seed determines.

/// A generator; its numbers are good enough to choose test inputs.
pub struct Random(u64);

impl Random {
    /// Returns the generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // The state of the generator is never zero.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below a bound; 0 for the bound 0.
    pub fn below(&mut self, bound: usize) -> usize {
        // Xorshift (Marsaglia, 2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0).checked_rem(bound).unwrap_or(0)
    }

    /// Returns true in this many of 100 cases.
    pub fn percent(&mut self, cases: usize) -> bool {
        self.below(100) < cases
    }

    /// Returns one of the members.
    ///
    /// # Panics
    /// If there is none.
    pub fn pick<'a, T>(&mut self, members: &'a [T]) -> &'a T {
        &members[self.below(members.len())]
    }
}
