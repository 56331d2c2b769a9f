//! Access rules as the ministry reads them: API keys, revocations, blocked networks, and the
//! administrative acts in the log of the ministry.

mod page;

pub(crate) use page::{AdministrativeActPage, ApiKeyPage, BlockedNetworkPage, RevocationPage};

use super::cost_directives::{AssumedSize, TextSize};
use super::enums::{AdministrativeActKind, ApiKeyRole, ApiKeyScope};
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::DateTime;
use async_graphql::{Context, Object};
use caunoi_domain::access::act::AdministrativeAct;
use caunoi_domain::access::api_key::ApiKey;
use caunoi_domain::access::blocked_network::BlockedNetwork;
use caunoi_domain::access::revocation::Revocation;
use caunoi_domain::access::{AccessRecord, AccessRule, RuleEnd};

/// Who wrote a rule and when, and its end.
#[derive(Debug, Clone)]
struct RuleHistory {
    created_by: String,
    created_at_us: i64,
    ended: Option<RuleEnd>,
}

/// Splits a record into its rule and its history.
fn split(record: AccessRecord) -> (AccessRule, RuleHistory) {
    let AccessRecord { rule, created_by, created_at_us, ended } = record;
    (rule, RuleHistory { created_by, created_at_us, ended })
}

impl RuleHistory {
    fn ended_at(&self) -> Option<DateTime> {
        self.ended.as_ref().map(|end| DateTime::from_us(end.at_us))
    }

    fn ended_by(&self) -> Option<&str> {
        self.ended.as_ref().map(|end| end.by.as_str())
    }
}

/// An API key, without the key.
pub(crate) struct ApiKeyObject {
    key: ApiKey,
    history: RuleHistory,
    last_used_at_us: Option<i64>,
}

impl ApiKeyObject {
    /// Returns the object of a record with the time of its last use; None for another rule.
    pub(crate) fn of(record: AccessRecord, last_used_at_us: Option<i64>) -> Option<Self> {
        match split(record) {
            (AccessRule::ApiKey(key), history) => Some(Self { key, history, last_used_at_us }),
            (AccessRule::Revocation(_) | AccessRule::BlockedNetwork(_), _) => None,
        }
    }
}

/// An API key of a partner or machine. The key itself is returned once, when it is created. It is sent
/// in place of a token: `Authorization: Bearer caunoi_…`.
#[Object(name = "ApiKey")]
impl ApiKeyObject {
    /// The name of the machine, for example `nghe-an-portal`. Changes that it makes have the author
    /// `key:` and this name. No other key ever has it.
    async fn name(&self) -> &str {
        &self.key.name
    }

    /// The role of requests with the key.
    async fn role(&self) -> ApiKeyRole {
        self.key.role.into()
    }

    /// The province of the key. Null for roles that belong to no province.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.key.province.and_then(|log| ProvinceObject::of_log(RequestContext::of(ctx), log))
    }

    /// The rights of the key.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn scopes(&self) -> Vec<ApiKeyScope> {
        self.key.scopes().iter().map(|scope| (*scope).into()).collect()
    }

    /// The networks from which the key may be used, for example `203.0.113.0/24`; empty for all.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn networks(&self) -> Vec<String> {
        self.key.networks.iter().map(ToString::to_string).collect()
    }

    /// The time at which the key expires.
    async fn expires_at(&self) -> DateTime {
        DateTime::from_us(self.key.expires_at_us)
    }

    /// The minute in which the key was last used. It appears up to two minutes late. Null if the key
    /// was never used.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.last_used_at_us.map(DateTime::from_us)
    }

    /// The steward who created the key, as `ROLE:name`.
    async fn created_by(&self) -> &str {
        &self.history.created_by
    }

    /// The time at which the key was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_us(self.history.created_at_us)
    }

    /// The time at which the key was revoked. Null if it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.history.ended_at()
    }

    /// The steward who revoked the key. Null if it was not revoked.
    async fn revoked_by(&self) -> Option<&str> {
        self.history.ended_by()
    }
}

/// A revocation of tokens.
pub(crate) struct RevocationObject {
    revocation: Revocation,
    history: RuleHistory,
}

impl RevocationObject {
    /// Returns the object of a record; None for another rule.
    pub(crate) fn of(record: AccessRecord) -> Option<Self> {
        match split(record) {
            (AccessRule::Revocation(revocation), history) => Some(Self { revocation, history }),
            (AccessRule::ApiKey(_) | AccessRule::BlockedNetwork(_), _) => None,
        }
    }
}

/// A revocation: tokens that meet all of its conditions are refused although their issuer signed them.
#[Object(name = "Revocation")]
impl RevocationObject {
    /// The identifier that `liftRevocation` takes, for example `rev_0f3c…`. It is no global id.
    async fn revocation_id(&self) -> &str {
        &self.revocation.id
    }

    /// The person: the claim `sub` or the name in the log of changes. Null if tokens of everyone meet
    /// this condition.
    #[graphql(directive = TextSize::apply(40))]
    async fn subject(&self) -> Option<&str> {
        self.revocation.subject.as_deref()
    }

    /// The claim `jti` of one token. Null if every token meets this condition.
    #[graphql(directive = TextSize::apply(40))]
    async fn token_id(&self) -> Option<&str> {
        self.revocation.token_id.as_deref()
    }

    /// The time before which covered tokens were issued (claim `iat`); a token that does not state its
    /// time was issued before any. Null if every token meets this condition.
    async fn issued_before(&self) -> Option<DateTime> {
        self.revocation.issued_before_us.map(DateTime::from_us)
    }

    /// The claim `iss`. Null if tokens of every issuer meet this condition.
    #[graphql(directive = TextSize::apply(60))]
    async fn issuer(&self) -> Option<&str> {
        self.revocation.issuer.as_deref()
    }

    /// The reason.
    #[graphql(directive = TextSize::apply(80))]
    async fn reason(&self) -> &str {
        &self.revocation.reason
    }

    /// The steward who revoked the tokens, as `ROLE:name`.
    async fn created_by(&self) -> &str {
        &self.history.created_by
    }

    /// The time at which the tokens were revoked.
    async fn created_at(&self) -> DateTime {
        DateTime::from_us(self.history.created_at_us)
    }

    /// The time at which the revocation was lifted. Null while it is in effect.
    async fn lifted_at(&self) -> Option<DateTime> {
        self.history.ended_at()
    }

    /// The steward who lifted it. Null while it is in effect.
    async fn lifted_by(&self) -> Option<&str> {
        self.history.ended_by()
    }
}

/// A network that is blocked.
pub(crate) struct BlockedNetworkObject {
    blocked: BlockedNetwork,
    history: RuleHistory,
}

impl BlockedNetworkObject {
    /// Returns the object of a record; None for another rule.
    pub(crate) fn of(record: AccessRecord) -> Option<Self> {
        match split(record) {
            (AccessRule::BlockedNetwork(blocked), history) => Some(Self { blocked, history }),
            (AccessRule::ApiKey(_) | AccessRule::Revocation(_), _) => None,
        }
    }
}

/// A network whose requests are refused with status 403, with any token and without one.
#[Object(name = "BlockedNetwork")]
impl BlockedNetworkObject {
    /// The network in CIDR notation, for example `203.0.113.0/24`.
    async fn network(&self) -> String {
        self.blocked.network.to_string()
    }

    /// The time at which the block ends by itself. Null if it does not.
    async fn until(&self) -> Option<DateTime> {
        self.blocked.until_us.map(DateTime::from_us)
    }

    /// The reason.
    #[graphql(directive = TextSize::apply(80))]
    async fn reason(&self) -> &str {
        &self.blocked.reason
    }

    /// The steward who blocked it, as `ROLE:name`.
    async fn created_by(&self) -> &str {
        &self.history.created_by
    }

    /// The time at which it was blocked.
    async fn created_at(&self) -> DateTime {
        DateTime::from_us(self.history.created_at_us)
    }

    /// The time at which it was unblocked. Null while it is blocked.
    async fn unblocked_at(&self) -> Option<DateTime> {
        self.history.ended_at()
    }

    /// The steward who unblocked it. Null while it is blocked.
    async fn unblocked_by(&self) -> Option<&str> {
        self.history.ended_by()
    }
}

/// An administrative act.
pub(crate) struct AdministrativeActObject(pub(crate) AdministrativeAct);

/// An act of a steward in the log of the ministry. Only analysts and stewards see it.
#[Object(name = "AdministrativeAct")]
impl AdministrativeActObject {
    /// The position in the log of the ministry, a decimal number.
    async fn position(&self) -> String {
        self.0.position.to_string()
    }

    /// The kind of the act.
    async fn kind(&self) -> AdministrativeActKind {
        self.0.kind.into()
    }

    /// Its subject: the name of a key, the id of a revocation, a network, or the key of a row of
    /// the reference data.
    #[graphql(directive = TextSize::apply(40))]
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The steward, as `ROLE:name`.
    async fn author(&self) -> &str {
        &self.0.author
    }

    /// The time of the act.
    async fn at(&self) -> DateTime {
        DateTime::from_us(self.0.at_us)
    }

    /// The content before the act, as JSON text; it contains no secret. Null if there was none.
    #[graphql(directive = TextSize::apply(400))]
    async fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// The content after the act, as JSON text; it contains no secret.
    #[graphql(directive = TextSize::apply(400))]
    async fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }
}
