//! The inputs of mutations on access.

use crate::schema::enums::{ApiKeyRole, ApiKeyScope};
use crate::schema::scalar::DateTime;
use async_graphql::InputObject;
use caunoi_domain::access::{ApiKeyDraft, BlockedNetworkDraft, RevocationDraft};

/// The fields of a new API key.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateApiKeyInput {
    /// The name of the machine, for example `nghe-an-portal`: 3 to 60 of the characters a–z, 0–9, `-`
    /// and `.`. A name is never given again.
    name: String,
    /// The role of requests with the key.
    role: ApiKeyRole,
    /// The province, by slug or name, for example `NGHE_AN`. Required for a clerk or publisher, not
    /// allowed for other roles.
    province: Option<String>,
    /// The rights of the key; at least one scope.
    scopes: Vec<ApiKeyScope>,
    /// The time at which the key expires, at most 366 days from now.
    expires_at: DateTime,
    /// The networks from which the key may be used, in CIDR notation, for example `203.0.113.0/24`; at
    /// most 20. Empty for all.
    #[graphql(default)]
    networks: Vec<String>,
}

impl From<CreateApiKeyInput> for ApiKeyDraft {
    fn from(input: CreateApiKeyInput) -> Self {
        Self {
            name: input.name,
            role: input.role.into(),
            province: input.province.unwrap_or_default(),
            scopes: input.scopes.into_iter().map(Into::into).collect(),
            networks: input.networks,
            expires_at: input.expires_at.0,
        }
    }
}

/// The API key to revoke.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RevokeApiKeyInput {
    /// The name of the key.
    pub(super) name: String,
    /// The reason, at most 500 characters.
    pub(super) reason: Option<String>,
}

/// The tokens to revoke: those that meet all given conditions. At least one of `subject`, `tokenId` and
/// `issuedBefore` is required.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RevokeInput {
    /// The person: the claim `sub`, or the name in the log of changes without the role.
    subject: Option<String>,
    /// The claim `jti` of one token.
    token_id: Option<String>,
    /// Only tokens that were issued before this time, which is not in the future: the person can
    /// continue with a new token.
    issued_before: Option<DateTime>,
    /// Only tokens of this issuer, the claim `iss`.
    issuer: Option<String>,
    /// The reason, at most 500 characters.
    reason: String,
    /// True revokes all tokens of the caller too.
    #[graphql(default)]
    force: bool,
}

impl From<RevokeInput> for RevocationDraft {
    fn from(input: RevokeInput) -> Self {
        Self {
            subject: input.subject.unwrap_or_default(),
            token_id: input.token_id.unwrap_or_default(),
            issued_before: input.issued_before.map(|time| time.0).unwrap_or_default(),
            issuer: input.issuer.unwrap_or_default(),
            reason: input.reason,
            force: input.force,
        }
    }
}

/// The revocation to lift.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LiftRevocationInput {
    /// The id of the revocation, `rev_…`.
    pub(super) id: String,
    /// The reason, at most 500 characters.
    pub(super) reason: Option<String>,
}

/// The network to block.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct BlockNetworkInput {
    /// The network in CIDR notation, for example `203.0.113.0/24`, or one address. It contains no
    /// address of the server itself.
    network: String,
    /// The time at which the block ends by itself. If absent, it does not.
    until: Option<DateTime>,
    /// The reason, at most 500 characters.
    reason: String,
    /// True blocks the network even if the caller's address is in it.
    #[graphql(default)]
    force: bool,
}

impl From<BlockNetworkInput> for BlockedNetworkDraft {
    fn from(input: BlockNetworkInput) -> Self {
        Self {
            network: input.network,
            until: input.until.map(|time| time.0).unwrap_or_default(),
            reason: input.reason,
            force: input.force,
        }
    }
}

/// The network to unblock.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UnblockNetworkInput {
    /// The network as it was blocked, for example `203.0.113.0/24`.
    pub(super) network: String,
    /// The reason, at most 500 characters.
    pub(super) reason: Option<String>,
}
