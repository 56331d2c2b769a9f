//! Authentication: from the header `Authorization` to an [`Actor`].
//!
//! An invalid token is an error; its request is never served as the public. If the settings name
//! issuers, only their keys are trusted, each for the tokens with its `iss`. Otherwise the local key
//! signs, and only for a server that listens on loopback. Start reading at
//! [`Authenticator::authenticate`].

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use caunoi_domain::{
    access::{AccessState, api_key::KEY_PREFIX},
    clock::Clock,
    policy::Actor,
};
use caunoi_register::Register;
use caunoi_texts::HttpText;
use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

mod api_keys;
mod auth;
mod bearer;
mod caller_cache;
mod claim_mapping;
mod claims;
mod grant;
mod issuer_file;
mod key_client;
mod key_file;
mod keys;
mod local;
mod numeric_date;
mod published_keys;
mod samples;
#[cfg(test)]
mod tests;
mod token;

pub use auth::{Auth, Issuer, KeyLocation, PublishedLocation};
pub use claim_mapping::ClaimMapping;
pub use grant::Grant;
pub use issuer_file::read as read_issuers;

use crate::{Settings, StartError};
use caller_cache::{CallerCache, VerifiedBy};
use key_client::KeyClient;
use key_file::KeyFile;
use keys::KeySet;
use local::LocalKey;
use published_keys::PublishedKeys;
use token::{Rules, UnverifiedToken};

pub(crate) use api_keys::KeyUses;
pub(crate) use grant::parse_lifetime;
pub(crate) use local::key_file;
pub(crate) use samples::write as write_samples;

/// Tolerated difference between the clocks of the issuer and of this machine.
const SKEW_S: i64 = 30;
/// Maximum time that a start waits for the keys of issuers.
const FIRST_FETCH_TIMEOUT: Duration = Duration::from_secs(2);

/// An authenticated caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Role, province and name.
    pub actor: Actor,
    /// Expiry of the token in microseconds since 1970; None for the public.
    pub until_us: Option<i64>,
}

/// Why a token is refused. It gives no details that would help to forge one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// The header is not exactly one bearer token.
    NotBearer,
    /// The token has expired.
    Expired,
    /// The token is not valid yet.
    NotYetValid,
    /// Any other error: unknown key, invalid signature, wrong issuer or audience, unknown role.
    Invalid,
    /// The keys of its issuer are not known yet, or no longer; a retry may succeed.
    KeysUnavailable,
    /// A steward has revoked it.
    Revoked,
    /// The API key may not be used from this address.
    WrongNetwork,
    /// The network of the caller is blocked, with any token and without one.
    NetworkBlocked,
}

/// Authenticates callers by their tokens.
pub struct Authenticator {
    verifiers: Vec<TokenVerifier>,
    register: Arc<Register>,
    clock: Arc<dyn Clock>,
    caller_cache: CallerCache,
    key_uses: Arc<KeyUses>,
}

/// Verifies the tokens of one issuer by its rules and keys.
pub(crate) struct TokenVerifier {
    rules: Rules,
    keys: KeySource,
}

enum KeySource {
    Own(Arc<KeySet>),
    File(KeyFile),
    Published(Arc<PublishedKeys>),
}

impl TokenVerifier {
    /// Returns a verifier for each issuer of the settings. Without issuers it is that of the local key
    /// if the server listens on loopback, which is created if missing, otherwise none: then no token
    /// is accepted.
    ///
    /// # Errors
    /// Returns `StartError::Keys` if a key file cannot be read or the local key cannot be created. An
    /// issuer that does not answer is no error.
    pub(crate) fn open_all(settings: &Settings, address: SocketAddr) -> Result<Vec<Self>, StartError> {
        let Auth { issuers, audience, .. } = &settings.auth;
        if !issuers.is_empty() {
            return issuers.iter().map(|issuer| Self::of_issuer(issuer, settings)).collect();
        }
        if !address.ip().is_loopback() {
            tracing::warn!("no token is accepted: set auth_issuer and auth_keys, or listen on loopback");
            return Ok(Vec::new());
        }
        let rules = Rules {
            issuer: local::ISSUER.to_owned(),
            audience: audience.clone(),
            max_lifetime_s: local::MAX_LIFETIME_S,
            claims: ClaimMapping::default(),
        };
        let keys = KeySource::Own(Arc::new(LocalKey::load(settings)?.public()));
        Ok(vec![Self { rules, keys }])
    }

    fn of_issuer(issuer: &Issuer, settings: &Settings) -> Result<Self, StartError> {
        let keys = match &issuer.keys {
            KeyLocation::File(path) => KeySource::File(KeyFile::open(path.clone(), settings.clock.now_us())?),
            KeyLocation::Published(location) => {
                KeySource::Published(Arc::new(PublishedKeys::new(issuer.name.clone(), location.clone())))
            }
        };
        let rules = Rules {
            issuer: issuer.name.clone(),
            audience: issuer.audience.clone().unwrap_or_else(|| settings.auth.audience.clone()),
            max_lifetime_s: i64::try_from(issuer.max_lifetime.as_secs()).unwrap_or(i64::MAX),
            claims: issuer.claims.clone(),
        };
        Ok(Self { rules, keys })
    }

    /// Returns the current keys; None if the issuer's could not be fetched.
    fn keys(&self, now_us: i64) -> Option<Arc<KeySet>> {
        match &self.keys {
            KeySource::Own(keys) => Some(Arc::clone(keys)),
            KeySource::File(file) => Some(file.current(now_us)),
            KeySource::Published(published) => published.current(now_us),
        }
    }

    fn published_keys(&self) -> Option<&Arc<PublishedKeys>> {
        match &self.keys {
            KeySource::Published(published) => Some(published),
            KeySource::Own(_) | KeySource::File(_) => None,
        }
    }

    /// Returns whether the key of a token, which is unknown, may be known in a moment.
    fn awaits_key(&self, now_us: i64) -> bool {
        self.published_keys().is_some_and(|published| published.request_fetch(now_us))
    }
}

impl Authenticator {
    /// Creates an authenticator. Without verifiers every token is refused.
    pub(crate) fn new(verifiers: Vec<TokenVerifier>, register: Arc<Register>, clock: Arc<dyn Clock>) -> Self {
        Self { verifiers, register, clock, caller_cache: CallerCache::default(), key_uses: Arc::default() }
    }

    /// Returns the times at which API keys were last used at this node.
    pub(crate) fn key_uses(&self) -> &Arc<KeyUses> {
        &self.key_uses
    }

    /// Returns whether requests from an address are refused now.
    pub(crate) fn is_blocked(&self, address: IpAddr) -> bool {
        self.register.access().blocks(address, self.clock.now_us())
    }

    /// Returns a receiver that changes whenever callers must be authenticated again: keys, revocations
    /// or blocked networks have changed.
    pub(crate) fn access_updates(&self) -> watch::Receiver<u64> {
        self.register.access_updates()
    }

    /// Returns whether tokens of the local key are accepted.
    pub(crate) fn is_local(&self) -> bool {
        self.verifiers.iter().any(|verifier| matches!(verifier.keys, KeySource::Own(_)))
    }

    /// Starts the tasks that fetch the published keys of issuers until `stopping` fires, and waits for
    /// the first fetch of each, but not long: an issuer that is down prevents no start.
    pub(crate) async fn start_key_tasks(&self, stopping: &watch::Receiver<()>) -> Vec<JoinHandle<()>> {
        let client = KeyClient::new();
        let published: Vec<_> = self.verifiers.iter().filter_map(TokenVerifier::published_keys).collect();
        let start = |keys: &&Arc<PublishedKeys>| {
            let clock = Arc::clone(&self.clock);
            tokio::spawn(Arc::clone(keys).run(client.clone(), clock, stopping.clone()))
        };
        let tasks = published.iter().map(start).collect();
        let first_fetches = join_all(published.iter().map(|keys| keys.wait_for_first_fetch()));
        // An elapsed timeout is logged by the fetch.
        let _ = timeout(FIRST_FETCH_TIMEOUT, first_fetches).await;
        tasks
    }

    /// Returns the caller with this `Authorization` at this address; without the header it is the
    /// public.
    ///
    /// It is cheap enough to be called repeatedly while a socket is open: a revoked token or key is
    /// refused as soon as this node follows the log of the ministry, a token whose signing key was
    /// withdrawn after the next reload of the key set. While the database does not respond, the last
    /// known revocations stay in use.
    ///
    /// # Errors
    /// Returns an error unless the header is one bearer token that is valid now, and `NetworkBlocked`
    /// from a blocked network.
    pub fn authenticate(&self, authorization: Option<&str>, address: IpAddr) -> Result<Caller, TokenError> {
        let (now_us, access) = (self.clock.now_us(), self.register.access());
        if access.blocks(address, now_us) {
            return Err(TokenError::NetworkBlocked);
        }
        let Some(value) = authorization else {
            return Ok(Caller { actor: Actor::public(), until_us: None });
        };
        let token = bearer::token(value)?;
        if token.starts_with(KEY_PREFIX) {
            let (caller, name) = api_keys::authenticate(token, address, &access, now_us)?;
            self.key_uses.record(name, now_us);
            return Ok(caller);
        }
        let is_current = |verified_by: &VerifiedBy| {
            Arc::ptr_eq(&access, &verified_by.access)
                && self.verifiers[verified_by.issuer]
                    .keys(now_us)
                    .is_some_and(|keys| Arc::ptr_eq(&keys, &verified_by.keys))
        };
        if let Some(caller) = self.caller_cache.get(token, now_us, is_current) {
            return Ok(caller);
        }
        self.verify(token, &access, now_us)
    }

    fn verify(&self, token: &str, access: &Arc<AccessState>, now_us: i64) -> Result<Caller, TokenError> {
        let unverified = UnverifiedToken::read(token).ok_or(TokenError::Invalid)?;
        let has_signed = |verifier: &TokenVerifier| verifier.rules.issuer == unverified.issuer();
        let issuer = self.verifiers.iter().position(has_signed).ok_or(TokenError::Invalid)?;
        let verifier = &self.verifiers[issuer];
        let keys = match verifier.keys(now_us) {
            Some(keys) if unverified.key_id().is_some_and(|id| keys.find(id).is_some()) => keys,
            Some(_) if !verifier.awaits_key(now_us) => return Err(TokenError::Invalid),
            Some(_) => return Err(TokenError::KeysUnavailable),
            None => {
                verifier.awaits_key(now_us);
                return Err(TokenError::KeysUnavailable);
            }
        };
        let directory = &self.register.read_model().directory;
        let find_province = |slug: &str| directory.province_by_slug(slug).map(|province| province.log);
        let caller = verifier.rules.verify(&unverified, &keys, now_us, find_province)?;
        if access.revokes(&unverified.identity(caller.actor.name())) {
            return Err(TokenError::Revoked);
        }
        let verified_by = VerifiedBy { issuer, keys, access: Arc::clone(access) };
        self.caller_cache.insert(token, verified_by, &caller, now_us);
        Ok(caller)
    }

    /// Returns the remaining lifetime of the caller's token; None for callers without one.
    pub(crate) fn lifetime(&self, caller: &Caller) -> Option<Duration> {
        let left_us = caller.until_us?.saturating_sub(self.clock.now_us());
        Some(Duration::from_micros(u64::try_from(left_us).unwrap_or(0)))
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authenticator").field("is_local", &self.is_local()).finish_non_exhaustive()
    }
}

impl TokenError {
    /// Returns the message for the caller.
    #[must_use]
    pub fn text(self) -> HttpText {
        match self {
            Self::NotBearer => HttpText::TokenNotBearer,
            Self::Expired => HttpText::TokenExpired,
            Self::NotYetValid => HttpText::TokenEarly,
            Self::Invalid => HttpText::TokenForeign,
            Self::KeysUnavailable => HttpText::TokenKeysUnavailable,
            Self::Revoked => HttpText::TokenRevoked,
            Self::WrongNetwork => HttpText::TokenWrongNetwork,
            Self::NetworkBlocked => HttpText::AddressBlocked,
        }
    }
}

/// Returns a token signed with the local key of these settings; creates the key if missing.
///
/// # Errors
/// Returns an error if the key cannot be read or created, or if other users can read it.
pub fn issue(settings: &Settings, grant: &Grant) -> Result<String, StartError> {
    Ok(LocalKey::load(settings)?.issue(settings, grant))
}
