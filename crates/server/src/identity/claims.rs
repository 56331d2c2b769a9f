//! The claims of a token, and the actor that they describe.

use caunoi_domain::{
    id::Log,
    policy::{Actor, Role},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{TokenError, claim_mapping::ClaimMapping, numeric_date::NumericDate};

/// The claims of a token: those of RFC 7519 that are always read, and all others.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: AudienceClaim,
    pub(super) exp: NumericDate,
    #[serde(default)]
    pub(super) nbf: Option<NumericDate>,
    #[serde(default)]
    pub(super) iat: Option<NumericDate>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
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
    /// the log of changes.
    pub(super) fn actor(
        &self,
        mapping: &ClaimMapping,
        find_province: impl Fn(&str) -> Option<Log>,
    ) -> Result<Actor, TokenError> {
        let author = mapping.author(&self.others).ok_or(TokenError::Invalid)?;
        let role = mapping.role(&self.others).ok_or(TokenError::Invalid)?;
        let province = match mapping.province(&self.others).map_err(|()| TokenError::Invalid)? {
            Some(slug) => Some(find_province(slug).ok_or(TokenError::Invalid)?),
            None => None,
        };
        let scope = self.scope.as_deref().filter(|_| mapping.limits_by_scope);
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
