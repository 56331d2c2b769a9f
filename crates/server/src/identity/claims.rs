//! The claims of a token, and the actor that they describe.

use std::fmt;

use caunoi_domain::{
    access::api_key::is_reserved_name,
    id::Log,
    policy::{Actor, Role},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{TokenError, claim_mapping::ClaimMapping, numeric_date::NumericDate};

/// The claims of a token.
pub(super) struct Claims {
    pub(super) registered: RegisteredClaims,
    all: Map<String, Value>,
}

/// The claims that every issuer states in the same way (RFC 7519, RFC 8693).
#[derive(Deserialize)]
pub(super) struct RegisteredClaims {
    pub(super) iss: String,
    pub(super) aud: AudienceClaim,
    pub(super) exp: NumericDate,
    #[serde(default)]
    pub(super) nbf: Option<NumericDate>,
    #[serde(default)]
    pub(super) iat: Option<NumericDate>,
    #[serde(default)]
    pub(super) sub: Option<String>,
    #[serde(default)]
    pub(super) jti: Option<String>,
    #[serde(default)]
    scope: Option<String>,
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = deserializer.deserialize_map(UniqueClaims)?;
        let registered = RegisteredClaims::deserialize(&all).map_err(D::Error::custom)?;
        Ok(Self { registered, all })
    }
}

/// Reads an object, and refuses a claim that is given twice: two readers of the token could choose
/// different values.
struct UniqueClaims;

impl<'de> Visitor<'de> for UniqueClaims {
    type Value = Map<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with each claim once")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut claims = Map::new();
        while let Some((name, value)) = object.next_entry()? {
            if claims.insert(name, value).is_some() {
                return Err(A::Error::custom("a claim is given twice"));
            }
        }
        Ok(claims)
    }
}

/// The claim `aud`: one audience or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum AudienceClaim {
    One(String),
    Several(Vec<String>),
}

impl AudienceClaim {
    pub(super) fn includes(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

impl Claims {
    /// Returns the actor that the mapped claims describe.
    ///
    /// # Errors
    /// Returns `Invalid` if role, province or scope is unknown, or the author is not a valid name for
    /// the log of changes or looks like that of an API key.
    pub(super) fn actor(
        &self,
        mapping: &ClaimMapping,
        find_province: impl Fn(&str) -> Option<Log>,
    ) -> Result<Actor, TokenError> {
        let author = mapping.author(&self.all).ok_or(TokenError::Invalid)?;
        if is_reserved_name(&author) {
            return Err(TokenError::Invalid);
        }
        let role = mapping.role(&self.all).ok_or(TokenError::Invalid)?;
        let province = match mapping.province(&self.all).map_err(|()| TokenError::Invalid)? {
            Some(slug) => Some(find_province(slug).ok_or(TokenError::Invalid)?),
            None => None,
        };
        let scope = self.registered.scope.as_deref().filter(|_| mapping.limits_by_scope);
        let may_write = match scope.map(Scopes::read) {
            Some(Scopes { reads: false, writes: false }) => return Err(TokenError::Invalid),
            Some(Scopes { writes, .. }) => writes,
            None => true,
        };
        let may_write = may_write && role.may_write();
        Actor::new(role, &author, province, may_write).map_err(|_| TokenError::Invalid)
    }
}

/// The scopes of OAuth that have a meaning here.
struct Scopes {
    reads: bool,
    writes: bool,
}

impl Scopes {
    fn read(text: &str) -> Self {
        let has = |word| text.split(' ').any(|scope| scope == word);
        Self { reads: has("read"), writes: has("write") }
    }
}

/// Returns the role with this name, case-insensitive. `public` gives None: no token has that role.
pub(super) fn find_role(word: &str) -> Option<Role> {
    word.to_ascii_uppercase().parse().ok().filter(|role| *role != Role::Public)
}
