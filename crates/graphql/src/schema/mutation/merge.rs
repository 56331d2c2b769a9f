//! The mutations that merge entries and undo a merge.

use super::super::api_error::ApiError;
use super::super::entry::{EntryInterface, WritableEntry};
use super::super::global_id::GlobalId;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::context::{MutationContext, find_target};
use super::draft_value::TextInput;
use super::payload::{PayloadParts, default_paths};
use super::transition::{EntryPayload, require_reason};
use async_graphql::{Context, ID, InputObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::MOST_MEMBERS;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind};
use caunoi_register::{CommandRefusal, CommandTarget, MergeableContent};

/// An entry and the version of it that the caller read.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct EntryVersionInput {
    /// The ID of the entry.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
}

/// The entries of a merge and its reason.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct MergeEntriesInput {
    /// The entry that is kept. If one of the entries is the ministry's, it must be that one.
    kept: EntryVersionInput,
    /// The entries that are merged into it, 1 to 50, of the same type.
    merged: Vec<EntryVersionInput>,
    /// The reason, in at least one language and at most 2,000 characters in each. Everyone sees it.
    reason: TextInput,
}

/// The merged entry and the reason for undoing its merge.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UnmergeEntryInput {
    /// The ID of the merged entry: `mergedEntries { entryId }` of the kept one.
    id: ID,
    /// The `version` of the kept entry that the caller last read. If that entry has been written
    /// since, the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The reason, in at least one language and at most 2,000 characters in each.
    reason: TextInput,
}

/// Merges agreements or events.
pub(super) async fn merge(ctx: &Context<'_>, input: MergeEntriesInput) -> Result<EntryPayload, ApiError> {
    match kind_of(&input.kept.id) {
        Some(EntryKind::Event) => merge_as::<Event>(ctx, input).await,
        _ => merge_as::<Agreement>(ctx, input).await,
    }
}

/// Undoes the merge of an agreement or event.
pub(super) async fn unmerge(ctx: &Context<'_>, input: UnmergeEntryInput) -> Result<EntryPayload, ApiError> {
    match kind_of(&input.id) {
        Some(EntryKind::Event) => unmerge_as::<Event>(ctx, input).await,
        _ => unmerge_as::<Agreement>(ctx, input).await,
    }
}

async fn merge_as<C: WritableEntry + MergeableContent>(
    ctx: &Context<'_>,
    input: MergeEntriesInput,
) -> Result<EntryPayload, ApiError> {
    let mut mutation = MutationContext::new(ctx, None)?;
    let kept = target::<C>(&mut mutation, &["kept"], &input.kept).await?;
    let mut merged = Vec::new();
    // The register refuses a list that is too long, so its IDs need no look-up.
    let is_short = input.merged.len() <= MOST_MEMBERS;
    for (index, entry) in input.merged.iter().enumerate() {
        let index = index.to_string();
        merged.extend(if is_short {
            target::<C>(&mut mutation, &["merged", &index], entry).await?
        } else {
            find_target::<C>(&entry.id, entry.expected_version)
        });
    }
    let reason = require_reason(&mut mutation, input.reason);
    let MutationContext { command, problems, .. } = mutation;
    let outcome = match (kept, reason) {
        (Some(kept), Some(reason)) if problems.is_empty() => {
            RequestContext::of(ctx).register().merge::<C>(command, kept, merged, reason).await?
        }
        _ => Err(CommandRefusal::Invalid(problems)),
    };
    Ok(payload(PayloadParts::from_command(ctx, outcome, default_paths, C::into_interface)))
}

async fn unmerge_as<C: WritableEntry + MergeableContent>(
    ctx: &Context<'_>,
    input: UnmergeEntryInput,
) -> Result<EntryPayload, ApiError> {
    let target = find_target::<C>(&input.id, input.expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    if target.is_none() {
        let reason = unknown_or_other_kind(&input.id);
        mutation.add_problem(&["id"], reason);
    }
    let reason = require_reason(&mut mutation, input.reason);
    let MutationContext { command, problems, .. } = mutation;
    let outcome = match (target, reason) {
        (Some(target), Some(reason)) if problems.is_empty() => {
            RequestContext::of(ctx).register().unmerge::<C>(command, target, &reason).await?
        }
        _ => Err(CommandRefusal::Invalid(problems)),
    };
    Ok(payload(PayloadParts::from_command(ctx, outcome, default_paths, C::into_interface)))
}

fn payload(parts: PayloadParts<EntryInterface>) -> EntryPayload {
    let PayloadParts { entry, errors, warnings, cursor } = parts;
    EntryPayload { entry, errors, warnings, cursor, query: Query::ROOT }
}

/// Returns the entry of kind `C` that an input names; adds a problem if the caller sees none.
async fn target<C: WritableEntry>(
    mutation: &mut MutationContext<'_>,
    path: &[&str],
    input: &EntryVersionInput,
) -> Result<Option<CommandTarget>, ApiError> {
    let target = find_target::<C>(&input.id, input.expected_version);
    match target {
        Some(target) if mutation.sees::<C>(target.key).await? => return Ok(Some(target)),
        Some(_) => mutation.add_problem(path, Reason::unknown(ReferenceKind::Entry, &input.id)),
        None => mutation.add_problem(path, unknown_or_other_kind(&input.id)),
    }
    Ok(None)
}

fn kind_of(id: &ID) -> Option<EntryKind> {
    match GlobalId::decode(id) {
        Some(GlobalId::Entry(key)) => Some(key.kind),
        _ => None,
    }
}

fn unknown_or_other_kind(id: &ID) -> Reason {
    match kind_of(id) {
        Some(_) => InvalidReason::NotMergeable.into(),
        None => Reason::unknown(ReferenceKind::Entry, id),
    }
}
