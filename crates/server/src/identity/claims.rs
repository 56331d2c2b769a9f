//! What a token says, and what we make of it.

use caunoi_domain::{
    id::Log,
    policy::{Actor, Role},
};
use serde::{Deserialize, Serialize};

use super::{Unrecognised, numeric_date::NumericDate};

/// The members that we read, as RFC 7519 names them, and ours: `role`, `province`, `scope`.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: Audience,
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

/// One or several whom the token is meant for.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn includes(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

impl Claims {
    /// The actor, if role, province and scope are of those that we know, and the subject is a name
    /// that can stand in the log of changes.
    pub(super) fn actor(&self, find_province: impl Fn(&str) -> Option<Log>) -> Result<Actor, Unrecognised> {
        let role = find_role(&self.role).ok_or(Unrecognised::Foreign)?;
        let province = match &self.province {
            Some(slug) => Some(find_province(slug).ok_or(Unrecognised::Foreign)?),
            None => None,
        };
        let may_write = match self.scope.as_deref().map(Scopes::read) {
            Some(Scopes { reads: false, writes: false }) => return Err(Unrecognised::Foreign),
            Some(Scopes { writes, .. }) => writes,
            None => true,
        };
        let may_write = may_write && role.may_write();
        Actor::new(role, &self.sub, province, may_write).map_err(|_| Unrecognised::Foreign)
    }
}

/// What the `scope` of OAuth grants, of the two words that mean something here.
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

/// The role of this word, in any case. Nobody has a token to be the public.
pub(super) fn find_role(word: &str) -> Option<Role> {
    word.to_ascii_uppercase().parse().ok().filter(|role| *role != Role::Public)
}
