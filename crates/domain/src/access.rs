//! Access that a steward gives or takes at run time: API keys, revocations, blocked networks.
//!
//! Each is an [`AccessRule`]. Its row holds its current state; each act is a change in the log of the
//! ministry, which the public never sees. [`AccessState`] is what a node holds in memory to decide
//! about a request. Start reading there.

pub mod act;
pub mod api_key;
pub mod blocked_network;
mod draft;
pub mod network;
pub mod revocation;
mod state;

pub use draft::{ApiKeyDraft, BlockedNetworkDraft, RevocationDraft, client_network, parse_end_reason};
pub use state::{AccessState, TokenIdentity};

use crate::access::api_key::ApiKey;
use crate::access::blocked_network::BlockedNetwork;
use crate::access::revocation::Revocation;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The kind of an access rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessRuleKind {
    /// An API key.
    ApiKey,
    /// A revocation of tokens.
    Revocation,
    /// A blocked network.
    BlockedNetwork,
}

impl AccessRuleKind {
    /// Returns the maximum number of rules of the kind that have not ended. Every node holds them in
    /// memory.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Self::ApiKey => 1_000,
            Self::Revocation | Self::BlockedNetwork => 10_000,
        }
    }
}

/// A query for access rules of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRuleList {
    /// The kind.
    pub kind: AccessRuleKind,
    /// Whether to return those that have not ended, or those that have.
    pub is_active: bool,
}

/// A right that a steward gives or takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessRule {
    /// An API key of a machine.
    ApiKey(ApiKey),
    /// Tokens that are refused.
    Revocation(Revocation),
    /// A network whose requests are refused.
    BlockedNetwork(BlockedNetwork),
}

impl AccessRule {
    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> AccessRuleKind {
        match self {
            Self::ApiKey(_) => AccessRuleKind::ApiKey,
            Self::Revocation(_) => AccessRuleKind::Revocation,
            Self::BlockedNetwork(_) => AccessRuleKind::BlockedNetwork,
        }
    }

    /// Returns the name, unique within the kind: that of the machine, the id of the revocation, the
    /// network.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::ApiKey(key) => key.name.clone(),
            Self::Revocation(revocation) => revocation.id.clone(),
            Self::BlockedNetwork(blocked) => blocked.network.to_string(),
        }
    }
}

/// The end of an access rule: a key was revoked, a revocation lifted, a network unblocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleEnd {
    /// The steward, as `ROLE:name`.
    pub by: String,
    /// The time, in microseconds since 1970.
    pub at_us: i64,
    /// The reason that the steward gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An access rule as its row and the log contain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessRecord {
    /// The rule.
    pub rule: AccessRule,
    /// The steward who wrote it, as `ROLE:name`.
    pub created_by: String,
    /// The time, in microseconds since 1970.
    pub created_at_us: i64,
    /// Its end; None while it applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<RuleEnd>,
}

impl AccessRecord {
    /// Returns the code of the rule in the log, for example `API_KEY/nghe-an-portal`.
    #[must_use]
    pub fn code(&self) -> String {
        let kind: &'static str = self.rule.kind().into();
        format!("{kind}/{}", self.rule.name())
    }
}

#[cfg(test)]
mod tests;
