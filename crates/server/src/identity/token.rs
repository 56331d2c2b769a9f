//! Verifies signed tokens (JWT): three parts in base64url.
//!
//! The claims are checked here and not by a library of JWT, which would read the system clock and
//! let the token choose among algorithms.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caunoi_domain::{access::TokenIdentity, id::Log};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    Caller, SKEW_S, TokenError, claim_mapping::ClaimMapping, claims::Claims, keys::KeySet,
    numeric_date::NumericDate,
};

/// Headers by which a token would supply its own key or require unknown extensions.
const REFUSED_HEADERS: [&str; 5] = ["jku", "jwk", "x5u", "x5c", "crit"];

const US: i64 = 1_000_000;

/// The rules for the claims of a token.
pub(super) struct Rules {
    /// The required `iss`.
    pub(super) issuer: String,
    /// Must be in `aud`.
    pub(super) audience: String,
    /// Maximum lifetime in seconds.
    pub(super) max_lifetime_s: i64,
    /// The claims that name the actor.
    pub(super) claims: ClaimMapping,
}

impl Rules {
    /// Verifies the token and returns its caller.
    ///
    /// # Errors
    /// Returns `Expired` or `NotYetValid` for a signed token outside its period, `Invalid` for any
    /// other.
    pub(super) fn verify(
        &self,
        token: &UnverifiedToken<'_>,
        keys: &KeySet,
        now_us: i64,
        find_province: impl Fn(&str) -> Option<Log>,
    ) -> Result<Caller, TokenError> {
        let signed = token.claims_signed_by(keys).ok_or(TokenError::Invalid)?;
        let claims = &signed.registered;
        if claims.iss != self.issuer || !claims.aud.includes(&self.audience) {
            return Err(TokenError::Invalid);
        }
        let (issued_us, begun_us) = (claims.iat.map(NumericDate::us), claims.nbf.map(NumericDate::us));
        // A token without `iat` and `nbf` counts from now: it is accepted only within the maximum
        // lifetime before its end.
        let since_us = issued_us.or(begun_us).unwrap_or(now_us);
        if claims.exp.us().saturating_sub(since_us) > (self.max_lifetime_s + SKEW_S) * US {
            return Err(TokenError::Invalid);
        }
        let until_us = claims.exp.us() + SKEW_S * US;
        if until_us <= now_us {
            return Err(TokenError::Expired);
        }
        if issued_us.max(begun_us).is_some_and(|begin_us| begin_us > now_us + SKEW_S * US) {
            return Err(TokenError::NotYetValid);
        }
        let actor = signed.actor(&self.claims, find_province)?;
        Ok(Caller { actor, until_us: Some(until_us) })
    }
}

/// A token whose signature is not verified yet.
pub(super) struct UnverifiedToken<'a> {
    /// Header and claims, which are signed.
    message: &'a str,
    signature: &'a str,
    header: Map<String, Value>,
    claims: Claims,
}

impl<'a> UnverifiedToken<'a> {
    /// Reads the parts of a token; None if it is not a JWT with the required claims, or tries to
    /// supply its own key.
    pub(super) fn read(token: &'a str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Map<String, Value> = read_part(header)?;
        if REFUSED_HEADERS.iter().any(|name| header.contains_key(*name)) {
            return None;
        }
        Some(Self { message, signature, header, claims: read_part(claims)? })
    }

    /// Returns the `iss`, which only selects the issuer whose keys verify the token.
    pub(super) fn issuer(&self) -> &str {
        &self.claims.registered.iss
    }

    /// Returns the claims that revocations name. `author` is the name of the actor.
    pub(super) fn identity<'t>(&'t self, author: &'t str) -> TokenIdentity<'t> {
        let claims = &self.claims.registered;
        TokenIdentity {
            issuer: &claims.iss,
            subject: claims.sub.as_deref(),
            author,
            token_id: claims.jti.as_deref(),
            issued_at_us: claims.iat.or(claims.nbf).map(NumericDate::us),
        }
    }

    /// Returns the `kid`.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }

    /// Returns the claims if the key named by `kid` has signed them with its own algorithm.
    fn claims_signed_by(&self, keys: &KeySet) -> Option<&Claims> {
        let key = keys.find(self.key_id()?)?;
        let is_signed = self.header.get("alg")?.as_str()? == key.algorithm()
            && key.verify_signature(self.message, self.signature);
        is_signed.then_some(&self.claims)
    }
}

fn read_part<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
