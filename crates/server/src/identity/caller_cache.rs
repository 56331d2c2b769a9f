//! A cache of authenticated callers, so that signatures are not verified at every request.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use caunoi_domain::access::AccessState;

use super::{Caller, keys::KeySet};

/// Time to live of an entry; shorter than that of a token, because slugs of provinces may change.
const TTL_US: i64 = 60_000_000;
/// Capacity. A full cache is cleared: simpler than eviction, and callers are soon cached again.
const CAPACITY: usize = 10_000;

/// Callers by the SHA-256 of their token; the token itself is not stored.
#[derive(Default)]
pub(super) struct CallerCache(Mutex<HashMap<[u8; 32], CachedCaller>>);

struct CachedCaller {
    caller: Caller,
    verified_by: VerifiedBy,
    until_us: i64,
}

/// The issuer of a token, the keys that verified it, and the revocations that do not cover it.
pub(super) struct VerifiedBy {
    /// The index of the issuer.
    pub(super) issuer: usize,
    /// Its key set. Another one makes the entry invalid.
    pub(super) keys: Arc<KeySet>,
    /// The access rules. Others make the entry invalid.
    pub(super) access: Arc<AccessState>,
}

impl CallerCache {
    /// Returns the caller of a token if `is_current` holds for the keys and access rules that verified
    /// it; None if it is not cached or has expired.
    pub(super) fn get(
        &self,
        token: &str,
        now_us: i64,
        is_current: impl FnOnce(&VerifiedBy) -> bool,
    ) -> Option<Caller> {
        let callers = self.0.lock();
        let CachedCaller { caller, verified_by, until_us } = callers.get(&hash(token))?;
        (now_us < *until_us && is_current(verified_by)).then(|| caller.clone())
    }

    /// Inserts a caller for one minute, at most until the token expires.
    pub(super) fn insert(&self, token: &str, verified_by: VerifiedBy, caller: &Caller, now_us: i64) {
        let mut callers = self.0.lock();
        if callers.len() >= CAPACITY {
            callers.clear();
        }
        let until_us = caller.until_us.unwrap_or(now_us).min(now_us.saturating_add(TTL_US));
        callers.insert(hash(token), CachedCaller { caller: caller.clone(), verified_by, until_us });
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
