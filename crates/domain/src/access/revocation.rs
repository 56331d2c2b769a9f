//! Revocations: tokens that are refused although their issuer signed them.

use crate::access::state::TokenIdentity;
use serde::{Deserialize, Serialize};

/// A revocation. It covers the tokens that meet every given condition; one of subject, token id and
/// time is always given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Revocation {
    /// The random id.
    pub id: String,
    /// The claim `sub`, or the name in the log of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The claim `jti`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// Covers tokens issued before this time (`iat`), in microseconds since 1970, and those that do
    /// not state theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_before_us: Option<i64>,
    /// The claim `iss`; None for every issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The reason that the steward gave.
    pub reason: String,
}

impl Revocation {
    /// Returns whether the revocation covers a token.
    #[must_use]
    pub fn covers(&self, token: &TokenIdentity<'_>) -> bool {
        let is_subject = |subject: &String| token.names().any(|name| name == subject);
        self.issuer.as_deref().is_none_or(|issuer| issuer == token.issuer)
            && self.subject.as_ref().is_none_or(is_subject)
            && self.token_id.as_deref().is_none_or(|id| token.token_id == Some(id))
            && self.issued_before_us.is_none_or(|before| token.issued_at_us.is_none_or(|at| at < before))
    }
}
