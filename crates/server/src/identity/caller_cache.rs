//! A cache of authenticated callers, so that signatures are not verified at every request.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use super::{Caller, keys::KeySet};

/// Time to live of an entry; shorter than that of a token, because slugs of provinces may change.
const TTL_US: i64 = 60_000_000;
/// Capacity. A full cache is cleared: simpler than eviction, and callers are soon cached again.
const CAPACITY: usize = 10_000;

/// Callers by the SHA-256 of their token; the token itself is not stored.
#[derive(Default)]
pub(super) struct CallerCache(Mutex<CachedCallers>);

#[derive(Default)]
struct CachedCallers {
    /// The key set that verified the tokens; another one clears the cache.
    keys: Arc<KeySet>,
    callers: HashMap<[u8; 32], (Caller, i64)>,
}

impl CallerCache {
    /// Returns the caller of a token that was verified with the same keys; None if it is not cached
    /// or has expired.
    pub(super) fn get(&self, token: &str, keys: &Arc<KeySet>, now_us: i64) -> Option<Caller> {
        let cached = self.0.lock();
        let (caller, until_us) = cached.callers.get(&hash(token))?;
        (Arc::ptr_eq(&cached.keys, keys) && now_us < *until_us).then(|| caller.clone())
    }

    /// Inserts a caller for one minute, at most until the token expires.
    pub(super) fn insert(&self, token: &str, keys: &Arc<KeySet>, caller: &Caller, now_us: i64) {
        let mut cached = self.0.lock();
        if !Arc::ptr_eq(&cached.keys, keys) || cached.callers.len() >= CAPACITY {
            *cached = CachedCallers { keys: Arc::clone(keys), callers: HashMap::new() };
        }
        let until_us = caller.until_us.unwrap_or(now_us).min(now_us.saturating_add(TTL_US));
        cached.callers.insert(hash(token), (caller.clone(), until_us));
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
