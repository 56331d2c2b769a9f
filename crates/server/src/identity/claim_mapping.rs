//! Which claims of an issuer name the actor: providers of identities state roles and groups in
//! claims of their own.

use std::collections::BTreeMap;

use caunoi_domain::policy::Role;
use serde_json::{Map, Value};

use super::claims::find_role;

/// The claims that name the author, the role and the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimMapping {
    /// The claim with the author of changes.
    pub author: String,
    /// Precedes the author's name: authors of two issuers never have one name.
    pub author_prefix: String,
    /// The claim with the role, or with all groups of the person.
    pub role: String,
    /// The role of each value of that claim; other values are ignored. None: the values are names of
    /// roles.
    pub roles: Option<BTreeMap<String, Role>>,
    /// The claim with the province, or with all groups of the person.
    pub province: String,
    /// The slug of each value of that claim; other values are ignored. None: the values are slugs.
    pub provinces: Option<BTreeMap<String, String>>,
    /// Whether the claim `scope`, if present, must have `read` or `write`. Providers of identities
    /// fill it with words of their own, like `openid profile`.
    pub limits_by_scope: bool,
}

impl Default for ClaimMapping {
    fn default() -> Self {
        Self {
            author: "sub".to_owned(),
            author_prefix: String::new(),
            role: "role".to_owned(),
            roles: None,
            province: "province".to_owned(),
            provinces: None,
            limits_by_scope: true,
        }
    }
}

impl ClaimMapping {
    /// Returns the name of the author; None if the claim is not one text.
    pub(super) fn author(&self, claims: &Map<String, Value>) -> Option<String> {
        let name = find(claims, &self.author)?.as_str()?;
        Some(format!("{}{name}", self.author_prefix))
    }

    /// Returns the role; None if no value of the claim names one, or values name roles of a province
    /// and of the ministry. A person in the groups of two roles has the one with more rights.
    pub(super) fn role(&self, claims: &Map<String, Value>) -> Option<Role> {
        let mut roles = values(claims, &self.role).filter_map(|value| match &self.roles {
            Some(roles) => roles.get(value).copied(),
            None => find_role(value),
        });
        let first = roles.next()?;
        roles.try_fold(first, stronger)
    }

    /// Returns the slug of the province, or `Ok(None)` if no value of the claim names one.
    ///
    /// # Errors
    /// Returns an error if values name several provinces.
    pub(super) fn province<'a>(&'a self, claims: &'a Map<String, Value>) -> Result<Option<&'a str>, ()> {
        let mut slugs = values(claims, &self.province).filter_map(|value| match &self.provinces {
            Some(provinces) => provinces.get(value).map(String::as_str),
            None => Some(value),
        });
        let first = slugs.next();
        if slugs.all(|slug| Some(slug) == first) { Ok(first) } else { Err(()) }
    }
}

/// Returns the role with more rights; None if one is of a province and the other is not.
fn stronger(one: Role, other: Role) -> Option<Role> {
    match (one, other) {
        _ if one == other => Some(one),
        (Role::Clerk, Role::Publisher) | (Role::Publisher, Role::Clerk) => Some(Role::Publisher),
        (Role::Analyst, Role::Steward) | (Role::Steward, Role::Analyst) => Some(Role::Steward),
        _ => None,
    }
}

/// Returns a claim by its name, or by the names of objects that lead to it: `realm_access.roles`.
/// A claim whose own name has dots, like a URL, comes first.
fn find<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    claims.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        find(claims.get(first)?.as_object()?, rest)
    })
}

/// Returns the texts of a claim, which is one text or a list.
fn values<'a>(claims: &'a Map<String, Value>, path: &str) -> impl Iterator<Item = &'a str> {
    let claim = find(claims, path);
    let list = claim.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    claim.and_then(Value::as_str).into_iter().chain(list.iter().filter_map(Value::as_str))
}
