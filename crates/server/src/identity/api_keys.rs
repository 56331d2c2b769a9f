//! Authentication by API key, and the times at which keys were last used.
//!
//! A key is decided from the access state in memory: a checksum and one look-up by hash. So any number
//! of invented keys costs little, and nothing is asked of the database.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use caunoi_domain::access::{AccessState, api_key::ApiKeySecret};
use caunoi_register::Register;
use parking_lot::Mutex;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::{Caller, TokenError};

/// The precision of the last use, and the interval in which it is stored.
const MINUTE: Duration = Duration::from_mins(1);
const MINUTE_US: i64 = 60_000_000;

/// Returns the caller with an API key, and the name of the key.
///
/// # Errors
/// Returns `Invalid` for an unknown, revoked or mistyped key, `Expired` after its expiry, and
/// `WrongNetwork` from an address outside its networks.
pub(super) fn authenticate(
    text: &str,
    address: IpAddr,
    access: &AccessState,
    now_us: i64,
) -> Result<(Caller, String), TokenError> {
    let secret = ApiKeySecret::parse(text).ok_or(TokenError::Invalid)?;
    let key = access.find_key(&secret.hash()).ok_or(TokenError::Invalid)?;
    if key.expires_at_us <= now_us {
        return Err(TokenError::Expired);
    }
    if !key.permits(address) {
        return Err(TokenError::WrongNetwork);
    }
    let actor = key.actor().map_err(|_| TokenError::Invalid)?;
    Ok((Caller { actor, until_us: Some(key.expires_at_us) }, key.name.clone()))
}

/// The minutes in which keys were last used at this node.
#[derive(Default)]
pub(crate) struct KeyUses(Mutex<HashMap<String, KeyUse>>);

struct KeyUse {
    minute_us: i64,
    is_stored: bool,
}

impl KeyUses {
    /// Records a use. It costs no SQL.
    pub(super) fn record(&self, name: String, now_us: i64) {
        let minute_us = now_us - now_us.rem_euclid(MINUTE_US);
        let mut uses = self.0.lock();
        let latest = uses.entry(name).or_insert(KeyUse { minute_us, is_stored: false });
        if latest.minute_us < minute_us {
            *latest = KeyUse { minute_us, is_stored: false };
        }
    }

    fn unstored(&self) -> Vec<(String, i64)> {
        let uses = self.0.lock();
        let unstored = uses.iter().filter(|(_, latest)| !latest.is_stored);
        unstored.map(|(name, latest)| (name.clone(), latest.minute_us)).collect()
    }

    fn mark_stored(&self, stored: &[(String, i64)]) {
        let mut uses = self.0.lock();
        for (name, minute_us) in stored {
            if let Some(latest) = uses.get_mut(name).filter(|latest| latest.minute_us == *minute_us) {
                latest.is_stored = true;
            }
        }
    }

    /// Stores the recorded uses every minute, and when `stopping` fires.
    pub(crate) async fn store_repeatedly(
        self: Arc<Self>,
        register: Arc<Register>,
        mut stopping: watch::Receiver<()>,
    ) {
        let mut minutes = interval(MINUTE);
        minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_last = tokio::select! {
                _ = minutes.tick() => false,
                _ = stopping.changed() => true,
            };
            self.store(&register).await;
            if is_last {
                return;
            }
        }
    }

    async fn store(&self, register: &Register) {
        let unstored = self.unstored();
        if unstored.is_empty() {
            return;
        }
        match register.record_key_uses(&unstored).await {
            Ok(()) => self.mark_stored(&unstored),
            // They are stored with the next ones.
            Err(error) => tracing::warn!(%error, "the last uses of API keys were not stored"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_stored_once_per_minute() {
        let uses = KeyUses::default();
        for now_us in [MINUTE_US + 1, MINUTE_US + 2, 2 * MINUTE_US - 1] {
            uses.record("portal".to_owned(), now_us);
        }
        let first = uses.unstored();
        assert_eq!(first, [("portal".to_owned(), MINUTE_US)]);
        uses.record("portal".to_owned(), 2 * MINUTE_US);
        // The use of a later minute is not lost with the one that was stored meanwhile.
        uses.mark_stored(&first);
        assert_eq!(uses.unstored(), [("portal".to_owned(), 2 * MINUTE_US)]);
        uses.mark_stored(&uses.unstored());
        assert!(uses.unstored().is_empty());
    }
}
