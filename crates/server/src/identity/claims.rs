//! The claims of a token, and the actor that they describe.

use caunoi_domain::{
    id::Log,
    policy::{Actor, Role},
};
use serde::{Deserialize, Serialize};

use super::{TokenError, numeric_date::NumericDate};

/// The claims that are read: those of RFC 7519, and `role`, `province` and `scope`.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: AudienceClaim,
    pub(super) sub: String,
    pub(super) exp: NumericDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<NumericDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) iat: Option<NumericDate>,
    pub(super) role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
}

/// The claim `aud`: one audience or several.
#[derive(Serialize, Deserialize)]
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
    /// Returns the actor.
    ///
    /// # Errors
    /// Returns `Foreign` if role, province or scope is unknown, or the subject is not a valid name
    /// for the log of changes.
    pub(super) fn actor(&self, find_province: impl Fn(&str) -> Option<Log>) -> Result<Actor, TokenError> {
        let role = find_role(&self.role).ok_or(TokenError::Invalid)?;
        let province = match &self.province {
            Some(slug) => Some(find_province(slug).ok_or(TokenError::Invalid)?),
            None => None,
        };
        let may_write = match self.scope.as_deref().map(Scopes::read) {
            Some(Scopes { reads: false, writes: false }) => return Err(TokenError::Invalid),
            Some(Scopes { writes, .. }) => writes,
            None => true,
        };
        let may_write = may_write && role.may_write();
        Actor::new(role, &self.sub, province, may_write).map_err(|_| TokenError::Invalid)
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
