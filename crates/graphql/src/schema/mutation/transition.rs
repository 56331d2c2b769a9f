//! Transitions of entries between draft, submitted, published and withdrawn.

use super::super::api_error::ApiError;
use super::super::entry::{EntryInterface, WritableEntry};
use super::super::global_id::GlobalId;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::Cursor;
use super::context::{MutationContext, find_target};
use super::draft_value::{IntoDraftValue, TextInput};
use super::payload::{PayloadParts, default_paths};
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::LONGEST_NOTE;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Action;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::{Reason, parse_text};
use caunoi_register::CommandRefusal;

/// The entry of a transition and its reason.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct MoveEntryInput {
    /// The ID of the entry.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The reason for the transition, at most 2,000 characters in each language. It is stored in
    /// the history of the entry; only its province and the ministry see it, except the reason for
    /// withdrawing a published entry, which is required and which everyone sees.
    reason: Option<TextInput>,
}

/// The result of a transition of an entry.
#[derive(SimpleObject)]
pub(crate) struct EntryPayload {
    /// The entry as the caller sees it after the transition; null if it failed.
    pub(super) entry: Option<EntryInterface>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(super) errors: Vec<UserError>,
    /// The rules of published entries that the written version breaks. They must be corrected
    /// before it is published; empty if nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(super) warnings: Vec<RuleViolation>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    pub(super) cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    pub(super) query: Query,
}

/// Executes a transition of an entry of any kind.
pub(super) async fn transition_entry(
    ctx: &Context<'_>,
    input: MoveEntryInput,
    action: Action,
) -> Result<EntryPayload, ApiError> {
    let kind = match GlobalId::decode(&input.id) {
        Some(GlobalId::Entry(key)) => Some(key.kind),
        _ => None,
    };
    let PayloadParts { entry, errors, warnings, cursor } = match kind {
        Some(EntryKind::Agreement) => transition_as::<Agreement>(ctx, input, action).await?,
        Some(EntryKind::Event) => transition_as::<Event>(ctx, input, action).await?,
        Some(EntryKind::Organization) => transition_as::<Organization>(ctx, input, action).await?,
        Some(EntryKind::Programme) => transition_as::<Programme>(ctx, input, action).await?,
        // Any other ID names no entry, so the look-up as a relation returns `NOT_FOUND`.
        _ => transition_as::<Relation>(ctx, input, action).await?,
    };
    Ok(EntryPayload { entry, errors, warnings, cursor, query: Query::ROOT })
}

async fn transition_as<C: WritableEntry>(
    ctx: &Context<'_>,
    input: MoveEntryInput,
    action: Action,
) -> Result<PayloadParts<EntryInterface>, ApiError> {
    let target = find_target::<C>(&input.id, input.expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    let reason = input.reason.and_then(|reason| parse_reason(&mut mutation, reason.into_draft_value()));
    let MutationContext { command, problems, .. } = mutation;
    let outcome = match target {
        None => Err(CommandRefusal::NotFound),
        Some(_) if !problems.is_empty() => Err(CommandRefusal::Invalid(problems)),
        Some(target) => {
            RequestContext::of(ctx)
                .register()
                .transition::<C>(command, target, action, reason.as_ref())
                .await?
        }
    };
    Ok(PayloadParts::from_command(ctx, outcome, default_paths, C::into_interface))
}

/// Parses a reason that is required in at least one language; adds a problem if it is blank.
pub(super) fn require_reason(mutation: &mut MutationContext<'_>, given: TextInput) -> Option<Bilingual> {
    let before = mutation.problems.len();
    let reason = parse_reason(mutation, given.into_draft_value());
    if reason.is_none() && mutation.problems.len() == before {
        mutation.add_problem(&["reason"], Reason::Required);
    }
    reason
}

/// Parses the reason; `None` if it is absent or blank.
fn parse_reason(mutation: &mut MutationContext<'_>, given: Bilingual) -> Option<Bilingual> {
    let mut read = |language: &str, given: Option<String>| {
        let given = given.filter(|text| !text.trim().is_empty())?;
        match parse_text(&given, LONGEST_NOTE) {
            Ok(text) => Some(text),
            Err(reason) => {
                mutation.add_problem(&["reason", language], reason);
                None
            }
        }
    };
    let reason = Bilingual { vi: read("vi", given.vi), en: read("en", given.en) };
    (reason != Bilingual::default()).then_some(reason)
}
