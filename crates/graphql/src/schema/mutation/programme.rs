//! Mutations on programmes.

use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{Direction, Pillar};
use super::super::programme::ProgrammeObject;
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
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{CommonDraft, ProgrammeDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::programme::Programme;
use caunoi_register::{CommandOutcome, CommandRefusal};

optional_input_fields! {
    /// The optional fields that `createProgramme` and `updateProgramme` share.
    struct ProgrammeFields => ProgrammeDraft {
        /// The pillar of diplomacy that the entry belongs to.
        pillar: Pillar => common.pillar,
        /// Whether the programme comes to Vietnam or leaves it.
        direction: Direction => direction,
        /// The slugs or names of the partner localities, for example `cn-jiangsu`; at most 50.
        partner_localities: Vec<String> => partners,
        /// The name of a partner that is an organization, as the source prints it; at most 500
        /// characters.
        partner_name: String => partner_body,
        /// The countries that the programme addresses, at most 50.
        countries: Vec<CountryCode> => countries,
        /// The date or period of the programme, for example `2021-07/..`.
        period: Edtf => period,
        /// The date for which the source gives this information, for example `2024-06`.
        as_of: Edtf => as_of,
        /// For scholarships, the number of places a year.
        seats_per_year: QuantityInput => seats_per_year,
        /// The number of projects, titles or dossiers of the programme. It contains no names of
        /// persons.
        quantity: QuantityInput => quantity,
        /// The value of the programme in money; `currency` is required.
        amount: QuantityInput => amount,
    }
}

/// The fields of a new programme.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateProgrammeInput {
    /// The slug or name of the province that owns the entry, for example `DONG_NAI`. A former unit is
    /// accepted too, for example `BINH_DUONG`; the entry then belongs to the province that it
    /// became part of.
    province: String,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: TextInput,
    /// The kind of programme, a code of the vocabulary `PROGRAMME_KIND`, for example
    /// `SCHOLARSHIP`.
    kind: String,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: ProgrammeFields,
    /// Whether to create the entry even if existing entries look like duplicates of it. If false,
    /// such a mutation fails with `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// The fields of a programme to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateProgrammeInput {
    /// The ID of the programme.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: MaybeUndefined<TextInput>,
    /// The kind of programme, a code of the vocabulary `PROGRAMME_KIND`, for example
    /// `SCHOLARSHIP`.
    kind: MaybeUndefined<String>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: ProgrammeFields,
}

/// The result of a mutation on a programme.
#[derive(SimpleObject)]
pub(crate) struct ProgrammePayload {
    /// The programme as the caller sees it after the write; null if nothing was written.
    programme: Option<ProgrammeObject>,
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

impl ProgrammePayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Programme>) -> Self {
        let PayloadParts { entry, errors, warnings, cursor } =
            PayloadParts::from_command(ctx, outcome, default_paths, Programme::into_object);
        Self { programme: entry, errors, warnings, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateProgrammeInput,
) -> Result<ProgrammePayload, ApiError> {
    let CreateProgrammeInput { province, title, kind, common, details, allow_duplicate } = input;
    let mutation = MutationContext::new(ctx, None)?;
    let mut draft = ProgrammeDraft {
        common: CommonDraft { unit: province, ..CommonDraft::default() },
        title: title.into_draft_value(),
        kind,
        ..ProgrammeDraft::default()
    };
    details.fill(&mut draft);
    common.fill(&mut draft.common, mutation.problems);
    let outcome =
        RequestContext::of(ctx).register().create(mutation.command, &draft, allow_duplicate).await?;
    Ok(ProgrammePayload::of(ctx, outcome))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateProgrammeInput,
) -> Result<ProgrammePayload, ApiError> {
    let UpdateProgrammeInput { id, expected_version, title, kind, common, details } = input;
    let target = find_target::<Programme>(&id, expected_version);
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, target)?;
    let amend = |draft: &mut ProgrammeDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.kind, kind);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(ProgrammePayload::of(ctx, outcome))
}
