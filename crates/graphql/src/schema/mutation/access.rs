//! Mutations of the steward on access: API keys, revocations, blocked networks.

mod input;

use super::super::access::{ApiKeyObject, BlockedNetworkObject, RevocationObject};
use super::super::api_error::ApiError;
use super::super::request_context::RequestContext;
use super::super::scalar::Cursor;
use super::idempotency;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::access::{AccessRecord, AccessRuleKind};
use caunoi_domain::policy::{Action, Actor};
use caunoi_domain::validation::{InvalidReason, ValidationError};
use caunoi_register::{AccessOutcome, RuleToEnd};
use input::{
    BlockNetworkInput, CreateApiKeyInput, LiftRevocationInput, RevokeApiKeyInput, RevokeInput,
    UnblockNetworkInput,
};
use std::net::IpAddr;

/// The address of the client of a mutation; None for requests of this process.
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

/// The result of `createApiKey`.
#[derive(SimpleObject)]
pub(crate) struct CreateApiKeyPayload {
    /// The new key, without its secret; null if nothing was written.
    api_key: Option<ApiKeyObject>,
    /// The key itself, `caunoi_…`, for the header `Authorization: Bearer`; null if nothing was
    /// written. It is returned only in this response.
    key: Option<String>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for the request header `Caunoi-After`. Null if nothing was
    /// written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
}

/// The result of `revokeApiKey`.
#[derive(SimpleObject)]
pub(crate) struct RevokeApiKeyPayload {
    /// The key after the mutation; null if nothing was written.
    api_key: Option<ApiKeyObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for the request header `Caunoi-After`. Null if nothing was
    /// written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
}

/// The result of a mutation on a revocation.
#[derive(SimpleObject)]
pub(crate) struct RevocationPayload {
    /// The revocation after the mutation; null if nothing was written.
    revocation: Option<RevocationObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for the request header `Caunoi-After`. Null if nothing was
    /// written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
}

/// The result of a mutation on a blocked network.
#[derive(SimpleObject)]
pub(crate) struct BlockedNetworkPayload {
    /// The network after the mutation; null if nothing was written.
    blocked_network: Option<BlockedNetworkObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for the request header `Caunoi-After`. Null if nothing was
    /// written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
}

/// The mutations on access.
pub(crate) struct AccessMutations;

#[Object]
impl AccessMutations {
    /// Creates an API key for a partner or a machine. The response contains the key; it is never
    /// returned again, and the register stores only its hash. To repeat a failed request, look for the
    /// name in `apiKeys` first. Requires the role steward.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new key.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload, ApiError> {
        let actor = match administrator(ctx)? {
            Ok(actor) => actor,
            Err(problem) => {
                let errors = vec![problem.into()];
                return Ok(CreateApiKeyPayload { api_key: None, key: None, errors, cursor: None });
            }
        };
        let (outcome, secret) = register(ctx).create_api_key(actor, &input.into()).await?;
        let Written { object: api_key, errors, cursor } =
            Written::of(ctx, outcome, |record| ApiKeyObject::of(record, None));
        let key = api_key.is_some().then(|| secret.reveal());
        Ok(CreateApiKeyPayload { api_key, key, errors, cursor })
    }

    /// Revokes an API key permanently: every server refuses it within seconds, and its sockets and
    /// streams end. Requires the role steward.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key and, optionally, the reason.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload, ApiError> {
        let RevokeApiKeyInput { name, reason } = input;
        let ended =
            end(ctx, AccessRuleKind::ApiKey, (&name, reason), |record| ApiKeyObject::of(record, None));
        let Written { object: api_key, errors, cursor } = ended.await?;
        Ok(RevokeApiKeyPayload { api_key, errors, cursor })
    }

    /// Revokes tokens that issuers have signed: those of a person, one token, or all that were issued
    /// before a time; several conditions apply together. Every server refuses them within seconds, and
    /// their sockets and streams end. Requires the role steward.
    async fn revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tokens to revoke, and the reason.")] input: RevokeInput,
    ) -> Result<RevocationPayload, ApiError> {
        let outcome = match administrator(ctx)? {
            Ok(actor) => register(ctx).revoke(actor, &input.into()).await?,
            Err(problem) => {
                return Ok(RevocationPayload {
                    revocation: None,
                    errors: vec![problem.into()],
                    cursor: None,
                });
            }
        };
        let Written { object: revocation, errors, cursor } = Written::of(ctx, outcome, RevocationObject::of);
        Ok(RevocationPayload { revocation, errors, cursor })
    }

    /// Lifts a revocation: its tokens are accepted again, as far as they have not expired. Requires the
    /// role steward.
    async fn lift_revocation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revocation and, optionally, the reason.")] input: LiftRevocationInput,
    ) -> Result<RevocationPayload, ApiError> {
        let LiftRevocationInput { id, reason } = input;
        let ended = end(ctx, AccessRuleKind::Revocation, (&id, reason), RevocationObject::of);
        let Written { object: revocation, errors, cursor } = ended.await?;
        Ok(RevocationPayload { revocation, errors, cursor })
    }

    /// Blocks a network: every server refuses its requests with status 403 within seconds, and its
    /// sockets and streams end. A network that is blocked already gets the new end and reason. Requires
    /// the role steward.
    async fn block_network(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The network and the reason.")] input: BlockNetworkInput,
    ) -> Result<BlockedNetworkPayload, ApiError> {
        let address = ctx.data_opt::<ClientAddress>().and_then(|address| address.0);
        let outcome = match administrator(ctx)? {
            Ok(actor) => register(ctx).block_network(actor, &input.into(), address).await?,
            Err(problem) => {
                let errors = vec![problem.into()];
                return Ok(BlockedNetworkPayload { blocked_network: None, errors, cursor: None });
            }
        };
        let Written { object: blocked_network, errors, cursor } =
            Written::of(ctx, outcome, BlockedNetworkObject::of);
        Ok(BlockedNetworkPayload { blocked_network, errors, cursor })
    }

    /// Ends the block of a network. Requires the role steward.
    async fn unblock_network(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The network and, optionally, the reason.")] input: UnblockNetworkInput,
    ) -> Result<BlockedNetworkPayload, ApiError> {
        let UnblockNetworkInput { network, reason } = input;
        let ended = end(ctx, AccessRuleKind::BlockedNetwork, (&network, reason), BlockedNetworkObject::of);
        let Written { object: blocked_network, errors, cursor } = ended.await?;
        Ok(BlockedNetworkPayload { blocked_network, errors, cursor })
    }
}

fn register<'a>(ctx: &Context<'a>) -> &'a caunoi_register::Register {
    RequestContext::of(ctx).register()
}

/// Returns the caller if it may administer access, with a problem if the request has an idempotency
/// key: these mutations may be repeated without one, and no response with a key is stored.
fn administrator<'a>(ctx: &Context<'a>) -> Result<Result<&'a Actor, ValidationError>, ApiError> {
    let actor = RequestContext::of(ctx).actor();
    actor.permit_at_home(Action::Administer).map_err(caunoi_register::Error::from)?;
    Ok(match idempotency::read_key(ctx)? {
        Ok(None) => Ok(actor),
        Ok(Some(_)) => Err(ValidationError::new(&["key"], InvalidReason::KeyNotTaken.into())),
        Err(problem) => Err(problem),
    })
}

/// Ends the access rule with this name, for this reason.
async fn end<T>(
    ctx: &Context<'_>,
    kind: AccessRuleKind,
    (name, reason): (&str, Option<String>),
    show: impl FnOnce(AccessRecord) -> Option<T>,
) -> Result<Written<T>, ApiError> {
    let actor = match administrator(ctx)? {
        Ok(actor) => actor,
        Err(problem) => return Ok(Written { object: None, errors: vec![problem.into()], cursor: None }),
    };
    let reason = reason.unwrap_or_default();
    let outcome = register(ctx).end_access_rule(actor, RuleToEnd { kind, name, reason: &reason }).await?;
    Ok(Written::of(ctx, outcome, show))
}

/// The object after a write, or the errors if nothing was written.
struct Written<T> {
    object: Option<T>,
    errors: Vec<UserError>,
    cursor: Option<Cursor>,
}

impl<T> Written<T> {
    fn of(ctx: &Context<'_>, outcome: AccessOutcome, show: impl FnOnce(AccessRecord) -> Option<T>) -> Self {
        RequestContext::of(ctx).advance_state();
        match outcome {
            Ok(receipt) => {
                Self { object: show(receipt.value), errors: Vec::new(), cursor: Some(Cursor(receipt.cursor)) }
            }
            Err(refusal) => {
                Self { object: None, errors: UserError::from_reference_refusal(refusal), cursor: None }
            }
        }
    }
}
