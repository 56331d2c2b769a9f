//! Callers that were recognised a moment ago, so that signatures are not checked at every request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest as _, Sha256};

use super::{Caller, keys::KeySet};

/// Names of provinces may change meanwhile, so not for the whole life of a token.
const LONGEST_US: i64 = 60_000_000;
/// Full, it is emptied: simpler than choosing, and everybody is soon back.
const MOST: usize = 10_000;

/// By the hash of the token: the token itself is kept nowhere.
#[derive(Default)]
pub(super) struct Memory(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    /// Of which set of keys all this was true.
    keys: Arc<KeySet>,
    callers: HashMap<[u8; 32], (Caller, i64)>,
}

impl Memory {
    /// The bearer of a token that was good under the same keys.
    pub(super) fn recall(&self, token: &str, keys: &Arc<KeySet>, now_us: i64) -> Option<Caller> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (caller, until_us) = remembered.callers.get(&hash(token))?;
        (Arc::ptr_eq(&remembered.keys, keys) && now_us < *until_us).then(|| caller.clone())
    }

    /// Remembers a caller for a minute, and not beyond the end of the token.
    pub(super) fn keep(&self, token: &str, keys: &Arc<KeySet>, caller: &Caller, now_us: i64) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&remembered.keys, keys) || remembered.callers.len() >= MOST {
            *remembered = Remembered { keys: Arc::clone(keys), callers: HashMap::new() };
        }
        let until_us = caller.until_us.unwrap_or(now_us).min(now_us.saturating_add(LONGEST_US));
        remembered.callers.insert(hash(token), (caller.clone(), until_us));
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
