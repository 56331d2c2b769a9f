//! Mutations on the acts of an agreement: record, amend, void.

use super::super::super::api_error::ApiError;
use super::super::super::enums::ActKind;
use super::super::super::request_context::RequestContext;
use super::super::super::scalar::Edtf;
use super::super::context::{MutationContext, find_target};
use super::super::draft_value::{IntoDraftValue as _, TextInput, fill, fill_text};
use super::super::payload::{PathMapping, default_paths};
use super::super::transition::require_reason;
use super::AgreementPayload;
use super::parts::ActInput;
use async_graphql::{Context, ID, InputObject, MaybeUndefined};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::AgreementDraft;
use caunoi_domain::policy::Action;
use caunoi_domain::validation::{Reason, ReferenceKind, ValidationError};
use caunoi_register::{CommandContext, CommandRefusal, CommandTarget, EntryUpdate};

/// An act to add to an agreement.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RecordActInput {
    /// The ID of the agreement.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The act.
    act: ActInput,
}

/// A correction of a recorded act. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct AmendActInput {
    /// The ID of the agreement.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The `id` of the act within the agreement, for example `1`.
    act_id: ID,
    /// The kind of act.
    kind: MaybeUndefined<ActKind>,
    /// The date of the act, for example `2019-03-12` or `2019-03`.
    on: MaybeUndefined<Edtf>,
    /// The last day of the new term, for example `2027-12-31`. Allowed only for `EXTEND` and
    /// `RENEW`.
    until: MaybeUndefined<Edtf>,
    /// A note, at most 2,000 characters in each language.
    note: MaybeUndefined<TextInput>,
    /// The code of the source of this information.
    source: MaybeUndefined<String>,
    /// The reason for the correction in Vietnamese, English or both, at most 2,000 characters each.
    /// It is stored in the history of the entry; only its province and the ministry see it.
    reason: TextInput,
}

/// A recorded act to remove because it did not happen.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct VoidActInput {
    /// The ID of the agreement.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The `id` of the act within the agreement, for example `2`. It is not used again.
    act_id: ID,
    /// The reason for the removal in Vietnamese, English or both, at most 2,000 characters each. It
    /// is stored in the history of the entry; only its province and the ministry see it.
    reason: TextInput,
}

/// Maps paths of the draft to paths of `RecordActInput`. The input has neither other acts nor a
/// level or term, so their errors point to the act, those of the level and the term to its date.
fn recorded_paths(mut path: Vec<String>) -> Vec<String> {
    match path.first().map(String::as_str) {
        Some("acts") => {
            let below = path.split_off(path.len().min(2));
            [vec!["act".to_owned()], below].concat()
        }
        Some("signingLevel" | "expires") => vec!["act".to_owned(), "on".to_owned()],
        _ => default_paths(path),
    }
}

/// Maps paths of the draft to paths of `AmendActInput`, whose fields are those of the act.
fn amended_paths(path: Vec<String>) -> Vec<String> {
    match path.first().map(String::as_str) {
        Some("acts") if path.len() > 2 => path[2..].to_vec(),
        Some("signingLevel" | "expires") => vec!["on".to_owned()],
        _ => default_paths(path),
    }
}

/// Maps paths of the draft to paths of `VoidActInput`: what no longer fits points to the act.
fn voided_paths(path: Vec<String>) -> Vec<String> {
    match path.first().map(String::as_str) {
        Some("acts" | "signingLevel" | "expires") => vec!["actId".to_owned()],
        _ => default_paths(path),
    }
}

pub(in super::super) async fn record_act(
    ctx: &Context<'_>,
    input: RecordActInput,
) -> Result<AgreementPayload, ApiError> {
    let target = find_target::<Agreement>(&input.id, input.expected_version);
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, target)?;
    let amend = |draft: &mut AgreementDraft| {
        draft.acts.push(input.act.into_draft_value());
        draft.common.prior_errors = problems;
    };
    update(ctx, (command, target), Action::RecordAct.into(), amend, recorded_paths).await
}

pub(in super::super) async fn amend_act(
    ctx: &Context<'_>,
    input: AmendActInput,
) -> Result<AgreementPayload, ApiError> {
    let AmendActInput { id, expected_version, act_id, kind, on, until, note, source, reason } = input;
    let target = find_target::<Agreement>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    let reason = require_reason(&mut mutation, reason);
    let MutationContext { command, mut problems, .. } = mutation;
    let amend = |draft: &mut AgreementDraft| {
        match act_number(&act_id).and_then(|number| draft.act_mut(number)) {
            Some(act) => {
                fill(&mut act.kind, kind);
                fill(&mut act.on, on);
                fill(&mut act.until, until);
                fill_text(&mut act.note, note);
                fill(&mut act.source, source);
            }
            None => problems.push(unknown_act(&act_id)),
        }
        draft.common.prior_errors = problems;
    };
    update(ctx, (command, target), EntryUpdate { action: Action::AmendAct, reason }, amend, amended_paths)
        .await
}

pub(in super::super) async fn void_act(
    ctx: &Context<'_>,
    input: VoidActInput,
) -> Result<AgreementPayload, ApiError> {
    let VoidActInput { id, expected_version, act_id, reason } = input;
    let target = find_target::<Agreement>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    let reason = require_reason(&mut mutation, reason);
    let MutationContext { command, mut problems, .. } = mutation;
    let amend = |draft: &mut AgreementDraft| {
        if act_number(&act_id).and_then(|number| draft.void_act(number)).is_none() {
            problems.push(unknown_act(&act_id));
        }
        draft.common.prior_errors = problems;
    };
    update(ctx, (command, target), EntryUpdate { action: Action::VoidAct, reason }, amend, voided_paths).await
}

async fn update(
    ctx: &Context<'_>,
    (command, target): (CommandContext, Option<CommandTarget>),
    update: EntryUpdate,
    amend: impl FnOnce(&mut AgreementDraft) + Send,
    paths: PathMapping,
) -> Result<AgreementPayload, ApiError> {
    let outcome = match target {
        Some(target) => RequestContext::of(ctx).register().update(command, target, update, amend).await?,
        None => Err(CommandRefusal::NotFound),
    };
    Ok(AgreementPayload::of(ctx, outcome, paths))
}

fn act_number(id: &ID) -> Option<i32> {
    id.parse().ok()
}

fn unknown_act(id: &ID) -> ValidationError {
    ValidationError { path: vec!["actId".to_owned()], reason: Reason::unknown(ReferenceKind::Act, id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn errors_of_acts_have_paths_of_their_input() {
        for (draft, recorded, amended, voided) in [
            ("acts.3.on", "act.on", "on", "actId"),
            ("acts.3.note.vi", "act.note.vi", "note.vi", "actId"),
            ("acts", "act", "acts", "actId"),
            ("signingLevel", "act.on", "on", "actId"),
            ("expires", "act.on", "on", "actId"),
            ("reason.vi", "reason.vi", "reason.vi", "reason.vi"),
            ("key", "key", "key", "key"),
        ] {
            assert_eq!(recorded_paths(path(draft)), path(recorded));
            assert_eq!(amended_paths(path(draft)), path(amended));
            assert_eq!(voided_paths(path(draft)), path(voided));
        }
    }
}
