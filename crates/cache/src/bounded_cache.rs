//! A cache with a limit in bytes that evicts the entries that were not read lately.

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};
use std::fmt;
use std::hash::Hash;

/// Estimates the memory that a value takes, with its key.
pub trait Weigh<K> {
    /// Returns the size in bytes, approximately.
    fn weight(&self, key: &K) -> usize;
}

/// Values by key, limited in bytes. Those that were not read lately are evicted; there is no explicit
/// removal, because readers check whether a value still holds.
pub struct BoundedCache<K, V>(Cache<K, V, SizeWeighter>);

#[derive(Clone)]
struct SizeWeighter;

impl<K, V: Weigh<K>> Weighter<K, V> for SizeWeighter {
    fn weight(&self, key: &K, value: &V) -> u64 {
        // An entry of weight 0 would never be evicted.
        u64::try_from(value.weight(key)).unwrap_or(u64::MAX).max(1)
    }
}

impl<K: Hash + Eq + Clone, V: Weigh<K> + Clone> BoundedCache<K, V> {
    /// Creates a cache of `bytes` bytes. `typical` is the usual size of a value in bytes; it only sizes
    /// the tables at the start.
    #[must_use]
    pub fn new(bytes: u64, typical: u64) -> Self {
        let items = usize::try_from(bytes / typical.max(1)).unwrap_or(usize::MAX).max(1);
        let options = OptionsBuilder::new()
            .estimated_items_capacity(items)
            .weight_capacity(bytes)
            // Each shard has its own lock and an equal part of the bytes, and a value must fit into one:
            // so there are few of them.
            .shards(4)
            .build();
        Self(match options {
            Ok(options) => Cache::with_options(
                options,
                SizeWeighter,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            // Only a missing capacity is an error, and both are set above.
            Err(_) => Cache::with_weighter(items, bytes, SizeWeighter),
        })
    }

    /// Returns the value of a key; `None` if it is absent or was evicted.
    #[must_use]
    pub fn find<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<V> {
        self.0.get(key)
    }

    /// Stores a value. One that exceeds the capacity of a shard is not stored.
    pub fn insert(&self, key: K, value: V) {
        self.0.insert(key, value);
    }

    /// Returns the number of values and the bytes that they take.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        (self.0.len(), self.0.weight())
    }
}

impl<K, V> fmt::Debug for BoundedCache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundedCache").finish_non_exhaustive()
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
    fn cache_never_exceeds_its_capacity() {
        let cache = BoundedCache::new(10_000, 100);
        for key in 0..1_000_u32 {
            cache.insert(key, 100_usize);
            assert!(cache.size().1 <= 10_000);
        }
        assert!(cache.size().0 > 50);
        cache.insert(7, 1_000_000);
        assert_eq!(cache.find(&7), None);
    }
}
