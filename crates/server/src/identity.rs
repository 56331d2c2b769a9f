//! Who calls: from the `Authorization` of a request to an [`Actor`].
//!
//! A token is good as a whole or not at all; whoever brings a bad one is refused, never taken for
//! the public. With an issuer in the settings only its keys sign; without one a key of our own
//! signs, where the server listens on this machine alone. Start reading at [`Identity::recognise`].

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use caunoi_domain::{clock::Clock, policy::Actor};
use caunoi_register::Register;

mod auth;
mod bearer;
mod claims;
mod grant;
mod key_file;
mod keys;
mod local;
mod memory;
mod numeric_date;
mod samples;
#[cfg(test)]
mod tests;
mod token;

pub use auth::{Auth, Issuer};
pub use grant::Grant;

use crate::{Settings, Unable};
use key_file::KeyFile;
use keys::KeySet;
use local::LocalKey;
use memory::Memory;
use token::Rules;

pub(crate) use grant::read_life;
pub(crate) use local::key_file;
pub(crate) use samples::write as write_samples;

/// How far the clocks of an issuer and of this machine may lie apart.
const SKEW_S: i64 = 30;
/// What an issuer's token may live: whoever lost their post is out soon.
const LONGEST_OF_ISSUER_S: i64 = 15 * 60;

/// Who calls, and how long that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// In which role, for which province.
    pub actor: Actor,
    /// When the token ends, in microseconds since 1970; never for the public.
    pub until_us: Option<i64>,
}

/// Why a caller is not taken for anybody. It says no more than an honest bearer needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrecognised {
    /// Not exactly one bearer token.
    NotBearer,
    /// Good once.
    Expired,
    /// Good later.
    Early,
    /// Anything else: signed by nobody we trust, for somebody else, of a role that is none.
    Foreign,
}

/// Tells callers by their tokens.
pub struct Identity {
    trust: Option<Trust>,
    register: Arc<Register>,
    clock: Arc<dyn Clock>,
    memory: Memory,
}

/// Whose tokens are taken.
pub(crate) struct Trust {
    rules: Rules,
    keys: Keys,
}

enum Keys {
    Own(Arc<KeySet>),
    Issuer(KeyFile),
}

impl Trust {
    /// Reads the keys that the settings name, or the one of this machine for a server that nobody
    /// else can reach; makes the latter where there is none. Otherwise nobody is trusted.
    pub(crate) fn open(settings: &Settings, address: SocketAddr) -> Result<Option<Self>, Unable> {
        let (issuer, longest_s, keys) = match &settings.auth.issuer {
            Some(Issuer { name, keys }) => {
                let file = KeyFile::open(keys.clone(), settings.clock.now_us())?;
                (name.clone(), LONGEST_OF_ISSUER_S, Keys::Issuer(file))
            }
            None if address.ip().is_loopback() => {
                let keys = Arc::new(LocalKey::of(settings)?.public());
                (local::ISSUER.to_owned(), local::LONGEST_S, Keys::Own(keys))
            }
            None => {
                tracing::warn!("no token is accepted: set auth_issuer and auth_keys, or listen on loopback");
                return Ok(None);
            }
        };
        let rules = Rules { issuer, audience: settings.auth.audience.clone(), longest_s };
        Ok(Some(Self { rules, keys }))
    }

    /// The keys of now.
    fn keys(&self, now_us: i64) -> Arc<KeySet> {
        match &self.keys {
            Keys::Own(keys) => Arc::clone(keys),
            Keys::Issuer(file) => file.current(now_us),
        }
    }
}

impl Identity {
    /// Without trust nobody but the public is recognised.
    pub(crate) fn new(trust: Option<Trust>, register: Arc<Register>, clock: Arc<dyn Clock>) -> Self {
        Self { trust, register, clock, memory: Memory::default() }
    }

    /// Whether tokens of this machine's own key are taken.
    pub(crate) fn is_local(&self) -> bool {
        self.trust.as_ref().is_some_and(|trust| matches!(trust.keys, Keys::Own(_)))
    }

    /// Who brings this `Authorization`; without one it is the public.
    ///
    /// Cheap enough to ask again while a socket is open: a token whose key was revoked is refused
    /// from the next look at the key set on.
    ///
    /// # Errors
    /// It is not one bearer token that is good now.
    pub fn recognise(&self, authorization: Option<&str>) -> Result<Caller, Unrecognised> {
        let Some(value) = authorization else {
            return Ok(Caller { actor: Actor::public(), until_us: None });
        };
        let token = bearer::token(value)?;
        let trust = self.trust.as_ref().ok_or(Unrecognised::Foreign)?;
        let now_us = self.clock.now_us();
        let keys = trust.keys(now_us);
        if let Some(caller) = self.memory.recall(token, &keys, now_us) {
            return Ok(caller);
        }
        let directory = &self.register.replica().directory;
        let find_province = |slug: &str| directory.province_by_slug(slug).map(|province| province.log);
        let caller = trust.rules.verify(token, &keys, now_us, find_province)?;
        self.memory.keep(token, &keys, &caller, now_us);
        Ok(caller)
    }

    /// How long the token of a caller is still good; none for callers without one.
    pub(crate) fn lifetime(&self, caller: &Caller) -> Option<Duration> {
        let left_us = caller.until_us?.saturating_sub(self.clock.now_us());
        Some(Duration::from_micros(u64::try_from(left_us).unwrap_or(0)))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("is_local", &self.is_local()).finish_non_exhaustive()
    }
}

impl Unrecognised {
    /// For the caller.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotBearer => "Authorization takes one bearer token.",
            Self::Expired => "The token has expired.",
            Self::Early => "The token is not valid yet.",
            Self::Foreign => "The token is not accepted here.",
        }
    }
}

/// A token of this machine's own key, for a server that runs on these settings or will.
///
/// # Errors
/// The key cannot be read or made, or others can read it.
pub fn issue(settings: &Settings, grant: &Grant) -> Result<String, Unable> {
    LocalKey::of(settings)?.issue(settings, grant)
}
