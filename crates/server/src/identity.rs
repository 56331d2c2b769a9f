//! Authentication: from the header `Authorization` to an [`Actor`].
//!
//! An invalid token is an error; its request is never served as the public. If the settings name an
//! issuer, only its keys are trusted. Otherwise the local key signs, and only for a server that
//! listens on loopback. Start reading at [`Authenticator::authenticate`].

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use caunoi_domain::{clock::Clock, policy::Actor};
use caunoi_register::Register;
use caunoi_texts::HttpText;

mod auth;
mod bearer;
mod caller_cache;
mod claims;
mod grant;
mod key_file;
mod keys;
mod local;
mod numeric_date;
mod samples;
#[cfg(test)]
mod tests;
mod token;

pub use auth::{Auth, Issuer};
pub use grant::Grant;

use crate::{Settings, StartError};
use caller_cache::CallerCache;
use key_file::KeyFile;
use keys::KeySet;
use local::LocalKey;
use token::Rules;

pub(crate) use grant::parse_lifetime;
pub(crate) use local::key_file;
pub(crate) use samples::write as write_samples;

/// Tolerated difference between the clocks of the issuer and of this machine.
const SKEW_S: i64 = 30;
/// Maximum lifetime of an issuer's token, so that a revoked role ends soon.
const ISSUER_MAX_LIFETIME_S: i64 = 15 * 60;

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
}

/// Authenticates callers by their tokens.
pub struct Authenticator {
    verifier: Option<TokenVerifier>,
    register: Arc<Register>,
    clock: Arc<dyn Clock>,
    caller_cache: CallerCache,
}

/// Verifies tokens by rules and keys.
pub(crate) struct TokenVerifier {
    rules: Rules,
    keys: KeySource,
}

enum KeySource {
    Own(Arc<KeySet>),
    Issuer(KeyFile),
}

impl TokenVerifier {
    /// Returns the verifier for the issuer of the settings, or for the local key if the server
    /// listens on loopback; creates that key if missing. None: no token is accepted.
    ///
    /// # Errors
    /// Returns `StartError::Keys` if the keys cannot be read or created.
    pub(crate) fn open(settings: &Settings, address: SocketAddr) -> Result<Option<Self>, StartError> {
        let (issuer, max_lifetime_s, keys) = match &settings.auth.issuer {
            Some(Issuer { name, keys }) => {
                let file = KeyFile::open(keys.clone(), settings.clock.now_us())?;
                (name.clone(), ISSUER_MAX_LIFETIME_S, KeySource::Issuer(file))
            }
            None if address.ip().is_loopback() => {
                let keys = Arc::new(LocalKey::load(settings)?.public());
                (local::ISSUER.to_owned(), local::MAX_LIFETIME_S, KeySource::Own(keys))
            }
            None => {
                tracing::warn!("no token is accepted: set auth_issuer and auth_keys, or listen on loopback");
                return Ok(None);
            }
        };
        let rules = Rules { issuer, audience: settings.auth.audience.clone(), max_lifetime_s };
        Ok(Some(Self { rules, keys }))
    }

    /// Returns the current keys.
    fn keys(&self, now_us: i64) -> Arc<KeySet> {
        match &self.keys {
            KeySource::Own(keys) => Arc::clone(keys),
            KeySource::Issuer(file) => file.current(now_us),
        }
    }
}

impl Authenticator {
    /// Creates an authenticator. Without a verifier every token is refused.
    pub(crate) fn new(
        verifier: Option<TokenVerifier>,
        register: Arc<Register>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { verifier, register, clock, caller_cache: CallerCache::default() }
    }

    /// Returns whether tokens of the local key are accepted.
    pub(crate) fn is_local(&self) -> bool {
        self.verifier.as_ref().is_some_and(|verifier| matches!(verifier.keys, KeySource::Own(_)))
    }

    /// Returns the caller with this `Authorization`; without the header it is the public.
    ///
    /// It is cheap enough to be called repeatedly while a socket is open: a token whose key was
    /// revoked is refused after the next reload of the key set.
    ///
    /// # Errors
    /// Returns an error unless the header is one bearer token that is valid now.
    pub fn authenticate(&self, authorization: Option<&str>) -> Result<Caller, TokenError> {
        let Some(value) = authorization else {
            return Ok(Caller { actor: Actor::public(), until_us: None });
        };
        let token = bearer::token(value)?;
        let verifier = self.verifier.as_ref().ok_or(TokenError::Invalid)?;
        let now_us = self.clock.now_us();
        let keys = verifier.keys(now_us);
        if let Some(caller) = self.caller_cache.get(token, &keys, now_us) {
            return Ok(caller);
        }
        let directory = &self.register.read_model().directory;
        let find_province = |slug: &str| directory.province_by_slug(slug).map(|province| province.log);
        let caller = verifier.rules.verify(token, &keys, now_us, find_province)?;
        self.caller_cache.insert(token, &keys, &caller, now_us);
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
        }
    }
}

/// Returns a token signed with the local key of these settings; creates the key if missing.
///
/// # Errors
/// Returns an error if the key cannot be read or created, or if other users can read it.
pub fn issue(settings: &Settings, grant: &Grant) -> Result<String, StartError> {
    LocalKey::load(settings)?.issue(settings, grant)
}
