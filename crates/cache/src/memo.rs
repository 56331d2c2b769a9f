//! A map that forgets what was not asked for lately, so that it never takes more than its bytes.

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};
use std::fmt;
use std::hash::Hash;

/// How many bytes a value takes in memory, with its key.
pub trait Weigh<K> {
    /// About how many.
    fn weight(&self, key: &K) -> usize;
}

/// Values by key, as many as fit into a number of bytes. Those that are asked for again stay
/// longest; nothing is ever told to go.
pub struct Memo<K, V>(Cache<K, V, Bytes>);

#[derive(Clone)]
struct Bytes;

impl<K, V: Weigh<K>> Weighter<K, V> for Bytes {
    fn weight(&self, key: &K, value: &V) -> u64 {
        // What weighs nothing would be kept for ever.
        u64::try_from(value.weight(key)).unwrap_or(u64::MAX).max(1)
    }
}

impl<K: Hash + Eq + Clone, V: Weigh<K> + Clone> Memo<K, V> {
    /// One for this many bytes, where a usual value takes so many of them.
    #[must_use]
    pub fn new(bytes: u64, usual: u64) -> Self {
        let items = usize::try_from(bytes / usual.max(1)).unwrap_or(usize::MAX).max(1);
        let options = OptionsBuilder::new()
            .estimated_items_capacity(items)
            .weight_capacity(bytes)
            // No value may take more than a shard has room for.
            .shards(4)
            .build();
        Self(match options {
            Ok(options) => Cache::with_options(
                options,
                Bytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            Err(_) => Cache::with_weighter(items, bytes, Bytes),
        })
    }

    /// The value of a key.
    #[must_use]
    pub fn find<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<V> {
        self.0.get(key)
    }

    /// Keeps a value; of one that is too large nothing is kept.
    pub fn keep(&self, key: K, value: V) {
        self.0.insert(key, value);
    }

    /// How many values there are, and the bytes that they take.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        (self.0.len(), self.0.weight())
    }
}

impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh<u32> for usize {
        fn weight(&self, _key: &u32) -> usize {
            *self
        }
    }

    #[test]
    fn it_never_takes_more_than_its_bytes() {
        let memo = Memo::new(10_000, 100);
        for key in 0..1_000_u32 {
            memo.keep(key, 100_usize);
            assert!(memo.size().1 <= 10_000);
        }
        assert!(memo.size().0 > 50);
        memo.keep(7, 1_000_000);
        assert_eq!(memo.find(&7), None);
    }
}
