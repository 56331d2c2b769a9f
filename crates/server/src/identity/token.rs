//! Verifies signed tokens (JWT): three parts in base64url.
//!
//! The claims are checked here and not by a library of JWT, which would read the system clock and
//! let the token choose among algorithms.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caunoi_domain::id::Log;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Caller, SKEW_S, TokenError, claims::Claims, keys::KeySet, numeric_date::NumericDate};

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
}

impl Rules {
    /// Verifies the token and returns its caller.
    ///
    /// # Errors
    /// Returns `Expired` or `Early` for a signed token outside its period, `Foreign` for any other.
    pub(super) fn verify(
        &self,
        token: &str,
        keys: &KeySet,
        now_us: i64,
        find_province: impl Fn(&str) -> Option<Log>,
    ) -> Result<Caller, TokenError> {
        let claims = verify_signed(token, keys).ok_or(TokenError::Invalid)?;
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
        let actor = claims.actor(find_province)?;
        Ok(Caller { actor, until_us: Some(until_us) })
    }
}

/// Returns the claims if the key named by `kid` has signed them with its own algorithm.
fn verify_signed(token: &str, keys: &KeySet) -> Option<Claims> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: Map<String, Value> = read_part(header)?;
    if REFUSED_HEADERS.iter().any(|name| header.contains_key(*name)) {
        return None;
    }
    let key = keys.find(header.get("kid")?.as_str()?)?;
    let is_signed =
        header.get("alg")?.as_str()? == key.algorithm() && key.verify_signature(message, signature);
    if is_signed { read_part(claims) } else { None }
}

fn read_part<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
