//! Mutations on organizations.

mod parts;

use crate::schema::cost_directives::{AssumedSize, TextSize};
use parts::{MembershipInput, PostInput, StageInput};

use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{OrganizationStage, Pillar};
use super::super::organization::OrganizationObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::context::{MutationContext, find_target};
use super::draft_value::{
    CommonFields, IntoDraftValue, QuantityInput, TextInput, fill, fill_text, optional_input_fields,
};
use super::payload::{PayloadParts, default_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{CommonDraft, OrganizationDraft};
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Action;
use caunoi_register::{CommandOutcome, CommandRefusal};

optional_input_fields! {
    /// The optional fields that `createOrganization` and `updateOrganization` share.
    struct OrganizationFields => OrganizationDraft {
        /// The pillar of diplomacy that the entry belongs to.
        pillar: Pillar => common.pillar,
        /// The short name, for example `DUFO`; at most 100 characters.
        abbreviation: String => abbreviation,
        /// The kind of organization, a code of the vocabulary `ORGANIZATION_KIND`, for example
        /// `ASSOCIATION`.
        kind: String => kind,
        /// The current stage. If it is given along with `stages`, it must be the last of them. If it
        /// is absent, it is the last of `stages`; without any, `COMMITTEE` for the kind `COMMITTEE`
        /// and `ESTABLISHED` for others.
        stage: OrganizationStage => stage,
        /// The stages with a known date, at most 50.
        stages: Vec<StageInput> => stages,
        /// For an organization abroad, the country of its seat.
        country: CountryCode => country,
        /// For a friendship association (hội hữu nghị), the country that it is dedicated to.
        target_country: CountryCode => target_country,
        /// The ID or the code of the parent organization.
        parent: ID => parent,
        /// The date on which it was founded, for example `2014`.
        founded: Edtf => founded,
        /// The number of members on the date `asOf`.
        members: QuantityInput => members,
        /// The date for which the source gives this information, for example `2024-06`.
        as_of: Edtf => as_of,
        /// The functions of the organization, at most 50, for example `standing agency of the NGO
        /// committee`.
        roles: Vec<String> => roles,
        /// For a network, the provinces that are its members, at most 50.
        memberships: Vec<MembershipInput> => memberships,
        /// The officials of the organization and their posts, at most 50.
        posts: Vec<PostInput> => posts,
        /// A note, at most 2,000 characters.
        note: String => note,
    }
}

impl OrganizationFields {
    async fn resolve_ids(&mut self, mutation: &mut MutationContext<'_>) -> Result<(), ApiError> {
        mutation.resolve_id::<Organization>(&["parent"], &mut self.parent).await
    }
}

/// The fields of a new organization.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateOrganizationInput {
    /// The slug or name of the province that owns the entry, for example `DONG_NAI`. A former unit is
    /// accepted too, for example `BINH_DUONG`; the entry then belongs to the province that it
    /// became part of.
    province: String,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: TextInput,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: OrganizationFields,
    /// Whether to create the entry even if existing entries look like duplicates of it. If false,
    /// such a mutation fails with `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// The fields of an organization to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateOrganizationInput {
    /// The ID of the organization.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: MaybeUndefined<TextInput>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: OrganizationFields,
}

/// The result of a mutation on an organization.
#[derive(SimpleObject)]
pub(crate) struct OrganizationPayload {
    /// The organization as the caller sees it after the write; null if nothing was written.
    organization: Option<OrganizationObject>,
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

impl OrganizationPayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Organization>) -> Self {
        let PayloadParts { entry, errors, warnings, cursor } =
            PayloadParts::from_command(ctx, outcome, default_paths, Organization::into_object);
        Self { organization: entry, errors, warnings, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateOrganizationInput,
) -> Result<OrganizationPayload, ApiError> {
    let CreateOrganizationInput { province, name, common, mut details, allow_duplicate } = input;
    let mut mutation = MutationContext::new(ctx, None)?;
    details.resolve_ids(&mut mutation).await?;
    let mut draft = OrganizationDraft {
        common: CommonDraft { unit: province, ..CommonDraft::default() },
        name: name.into_draft_value(),
        ..OrganizationDraft::default()
    };
    details.fill(&mut draft);
    common.fill(&mut draft.common, mutation.problems);
    let outcome =
        RequestContext::of(ctx).register().create(mutation.command, &draft, allow_duplicate).await?;
    Ok(OrganizationPayload::of(ctx, outcome))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateOrganizationInput,
) -> Result<OrganizationPayload, ApiError> {
    let UpdateOrganizationInput { id, expected_version, name, common, mut details } = input;
    let target = find_target::<Organization>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    details.resolve_ids(&mut mutation).await?;
    let MutationContext { command, problems, .. } = mutation;
    let amend = |draft: &mut OrganizationDraft| {
        fill_text(&mut draft.name, name);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(OrganizationPayload::of(ctx, outcome))
}
