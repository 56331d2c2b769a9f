//! Mutations on relations.

use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{Confidence, Pillar, RelationStatus, RelationTier};
use super::super::query::Query;
use super::super::relation::RelationObject;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::{Cursor, Edtf};
use super::context::{MutationContext, find_target};
use super::draft_value::{CommonFields, IntoDraftValue, fill, optional_input_fields};
use super::payload::{PayloadParts, default_paths};
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{CommonDraft, RelationDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_domain::status;
use caunoi_register::{CommandOutcome, CommandRefusal};

optional_input_fields! {
    /// The optional fields that `createRelation` and `updateRelation` share.
    struct RelationFields => RelationDraft {
        /// The organizations of the province that maintain the relation, by code or printed name, for
        /// example its women's union; at most 50.
        vietnamese_bodies: Vec<String> => own_bodies,
        /// Their counterparts in the partner locality, by code or printed name; at most 50.
        partner_bodies: Vec<String> => partner_bodies,
        /// The date on which the relation was established, for example `1996-05`.
        established: Edtf => established,
        /// The date on which the relation ended. Absent if it has not ended or the date is unknown.
        ended: Edtf => ended,
        /// The ID or the code of the agreement that established the relation (văn bản thiết lập quan hệ).
        founding_agreement: ID => founding_agreement,
        /// The ID or the code of the earlier relation that this one continues, for example after two units merged.
        continues: ID => continues,
        /// The year of the source, 1 to 9999, for example `2024`. It dates the relation if
        /// `established` is absent.
        evidence_year: i32 => evidence_year,
        /// How reliable the source is.
        confidence: Confidence => confidence,
        /// A note, at most 2,000 characters.
        note: String => note,
    }
}

impl RelationFields {
    async fn resolve_ids(&mut self, mutation: &mut MutationContext<'_>) -> Result<(), ApiError> {
        mutation.resolve_id::<Agreement>(&["foundingAgreement"], &mut self.founding_agreement).await?;
        mutation.resolve_id::<Relation>(&["continues"], &mut self.continues).await
    }
}

/// The fields of a new relation.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateRelationInput {
    /// The slug or name of the province that owns the entry, for example `DONG_NAI`. A former unit is
    /// accepted too, for example `BINH_DUONG`; the entry then belongs to the province that it
    /// became part of.
    province: String,
    /// The slug or a name of the partner locality, for example `kr-gyeongsangnam`.
    partner_locality: String,
    /// The tier of the relation.
    tier: RelationTier,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: Pillar,
    /// The status of the relation today.
    #[graphql(default_with = "status::RelationStatus::Active.into()")]
    status: RelationStatus,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: RelationFields,
    /// Whether to create the entry even if existing entries look like duplicates of it. If false,
    /// such a mutation fails with `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// The fields of a relation to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateRelationInput {
    /// The ID of the relation.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The slug or a name of the partner locality, for example `kr-gyeongsangnam`.
    partner_locality: MaybeUndefined<String>,
    /// The tier of the relation.
    tier: MaybeUndefined<RelationTier>,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: MaybeUndefined<Pillar>,
    /// The status of the relation, on the day on which its status was first stated.
    status: MaybeUndefined<RelationStatus>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: RelationFields,
}

/// The result of a mutation on a relation.
#[derive(SimpleObject)]
pub(crate) struct RelationPayload {
    /// The relation as the caller sees it after the write; null if nothing was written.
    relation: Option<RelationObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The rules of published entries that the written version breaks. They must be corrected
    /// before it is published; empty if nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    warnings: Vec<RuleViolation>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl RelationPayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Relation>) -> Self {
        let PayloadParts { entry, errors, warnings, cursor } =
            PayloadParts::from_command(ctx, outcome, default_paths, Relation::into_object);
        Self { relation: entry, errors, warnings, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateRelationInput,
) -> Result<RelationPayload, ApiError> {
    let mut mutation = MutationContext::new(ctx, None)?;
    let mut details = input.details;
    details.resolve_ids(&mut mutation).await?;
    let pillar = input.pillar.into_draft_value();
    let mut draft = RelationDraft {
        common: CommonDraft { unit: input.province, pillar, ..CommonDraft::default() },
        partner: input.partner_locality,
        tier: input.tier.into_draft_value(),
        status: input.status.into_draft_value(),
        ..RelationDraft::default()
    };
    details.fill(&mut draft);
    input.common.fill(&mut draft.common, mutation.problems);
    let outcome =
        RequestContext::of(ctx).register().create(mutation.command, &draft, input.allow_duplicate).await?;
    Ok(RelationPayload::of(ctx, outcome))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateRelationInput,
) -> Result<RelationPayload, ApiError> {
    let UpdateRelationInput {
        id,
        expected_version,
        partner_locality,
        tier,
        pillar,
        status,
        common,
        mut details,
    } = input;
    let target = find_target::<Relation>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    details.resolve_ids(&mut mutation).await?;
    let MutationContext { command, problems, .. } = mutation;
    let amend = |draft: &mut RelationDraft| {
        fill(&mut draft.partner, partner_locality);
        fill(&mut draft.tier, tier);
        fill(&mut draft.common.pillar, pillar);
        fill(&mut draft.status, status);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(RelationPayload::of(ctx, outcome))
}
