//! Mutations on proposals of localities.

use super::super::api_error::ApiError;
use super::super::global_id::GlobalId;
use super::super::proposal::ProposalObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::{CountryCode, Cursor};
use super::context::MutationContext;
use super::draft_value::{IntoDraftValue, TextInput};
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, SimpleObject};
use caunoi_domain::draft::{ProposedLocalityDraft, SettlementDraft};
use caunoi_domain::id::Id;
use caunoi_register::ProposalOutcome;

/// A locality abroad that is missing from the register.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ProposeLocalityInput {
    /// The slug of the province that proposes it, for example `DONG_NAI`.
    province: String,
    /// The country of the locality.
    country: CountryCode,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: TextInput,
    /// The name in the local language, at most 500 characters.
    native_name: Option<String>,
    /// The administrative level, a code of the vocabulary `PARTNER_LEVEL`, for example
    /// `PREFECTURE`.
    level: Option<String>,
    /// The ISO 3166-2 code, if the locality has one, for example `KR-48`.
    iso_code: Option<String>,
    /// The Wikidata item, for example `Q41151`.
    wikidata_id: Option<String>,
    /// The purpose for which the province needs it and where information can be found, at most
    /// 2,000 characters.
    note: Option<String>,
}

/// A decision on a proposal: `locality` accepts it, `reason` declines it. Exactly one of them is
/// required.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SettleLocalityProposalInput {
    /// The ID of the proposal.
    id: ID,
    /// The ID of the locality that answers the proposal: a new one from `createLocality`, or one
    /// that the register already has under another name.
    locality: Option<ID>,
    /// The reason for declining the proposal, at most 2,000 characters in each language.
    reason: Option<TextInput>,
}

/// The result of a mutation on a proposal.
#[derive(SimpleObject)]
pub(crate) struct LocalityProposalPayload {
    /// The proposal after the write; null if nothing was written.
    proposal: Option<ProposalObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl LocalityProposalPayload {
    fn of(request: &RequestContext, outcome: ProposalOutcome) -> Self {
        request.advance_state();
        match outcome {
            Ok(receipt) => Self {
                proposal: Some(ProposalObject(receipt.value)),
                errors: Vec::new(),
                cursor: Some(Cursor(receipt.cursor)),
                query: Query::ROOT,
            },
            Err(refusal) => Self {
                proposal: None,
                errors: UserError::from_reference_refusal(refusal),
                cursor: None,
                query: Query::ROOT,
            },
        }
    }
}

pub(super) async fn propose(
    ctx: &Context<'_>,
    input: ProposeLocalityInput,
) -> Result<LocalityProposalPayload, ApiError> {
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let draft = ProposedLocalityDraft {
        country: input.country.into_draft_value(),
        name: input.name.into_draft_value(),
        native_name: input.native_name.unwrap_or_default(),
        level: input.level.unwrap_or_default(),
        iso_3166_2: input.iso_code.unwrap_or_default(),
        wikidata_id: input.wikidata_id.unwrap_or_default(),
        note: input.note.unwrap_or_default(),
        prior_errors: problems,
    };
    let request = RequestContext::of(ctx);
    let outcome = request.register().propose(command, &input.province, &draft).await?;
    Ok(LocalityProposalPayload::of(request, outcome))
}

pub(super) async fn settle(
    ctx: &Context<'_>,
    input: SettleLocalityProposalInput,
) -> Result<LocalityProposalPayload, ApiError> {
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let request = RequestContext::of(ctx);
    let key = match GlobalId::decode(&input.id) {
        Some(GlobalId::Proposal(key)) => Some(key),
        _ => None,
    };
    let draft = SettlementDraft {
        locality: input.locality.map(|id| slug_of(request, &id)).unwrap_or_default(),
        reason: input.reason.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
        prior_errors: problems,
    };
    let outcome = request.register().settle(command, key, &draft).await?;
    Ok(LocalityProposalPayload::of(request, outcome))
}

/// Returns the slug of the locality with this ID. An unknown ID is returned unchanged, so that the
/// domain reports it.
fn slug_of(request: &RequestContext, id: &ID) -> String {
    let locality = match GlobalId::decode(id) {
        Some(GlobalId::Locality(number)) => request.directory().locality(Id::new(number)),
        _ => None,
    };
    locality.map_or_else(|| id.to_string(), |locality| locality.slug.clone())
}
