//! The common parts of the payloads of mutations.

use super::super::entry::WritableEntry;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::Cursor;
use super::user_error::UserError;
use async_graphql::Context;
use caunoi_domain::entry::{Entry, Publication};
use caunoi_domain::rules::RuleContext;
use caunoi_register::{CommandOutcome, CommandRefusal, ReferenceOutcome};

/// Maps the path of a problem in a draft to its path in the input.
pub(super) type PathMapping = fn(Vec<String>) -> Vec<String>;

/// Maps the paths of inputs that have the same names as their draft, except `province`: the draft
/// calls it `unit`.
pub(super) fn default_paths(path: Vec<String>) -> Vec<String> {
    if path == ["unit"] { vec!["province".to_owned()] } else { path }
}

/// The entry or the row of the reference data after a write, or the errors if nothing was written.
pub(super) struct PayloadParts<O> {
    pub(super) entry: Option<O>,
    pub(super) errors: Vec<UserError>,
    pub(super) warnings: Vec<RuleViolation>,
    pub(super) cursor: Option<Cursor>,
}

impl<O> PayloadParts<O> {
    /// Converts the outcome of a command on an entry of kind `C`; `show` makes the GraphQL object.
    pub(super) fn from_command<C: WritableEntry>(
        ctx: &Context<'_>,
        outcome: CommandOutcome<C>,
        paths: PathMapping,
        show: impl FnOnce(Entry<C>) -> O,
    ) -> Self {
        RequestContext::of(ctx).advance_state();
        match outcome {
            Ok(receipt) => Self {
                warnings: warnings(ctx, &receipt.value),
                entry: Some(show(receipt.value)),
                errors: Vec::new(),
                cursor: Some(Cursor(receipt.cursor)),
            },
            Err(CommandRefusal::Invalid(mut problems)) => {
                for problem in &mut problems {
                    problem.path = paths(std::mem::take(&mut problem.path));
                }
                Self::from_errors(UserError::from_refusal::<C>(CommandRefusal::Invalid(problems)))
            }
            Err(refusal) => Self::from_errors(UserError::from_refusal(refusal)),
        }
    }

    /// Converts the outcome of a command on the reference data; `show` makes the GraphQL object.
    pub(super) fn from_reference_command<R>(
        ctx: &Context<'_>,
        outcome: ReferenceOutcome<R>,
        show: impl FnOnce(R) -> O,
    ) -> Self {
        RequestContext::of(ctx).advance_state();
        match outcome {
            Ok(receipt) => Self {
                entry: Some(show(receipt.value)),
                errors: Vec::new(),
                warnings: Vec::new(),
                cursor: Some(Cursor(receipt.cursor)),
            },
            Err(refusal) => Self::from_errors(UserError::from_reference_refusal(refusal)),
        }
    }

    /// The parts of a payload when nothing was written.
    pub(super) fn from_errors(errors: Vec<UserError>) -> Self {
        Self { entry: None, errors, warnings: Vec::new(), cursor: None }
    }
}

/// Returns the rules that the written version breaks. A withdrawn one has none to satisfy.
fn warnings<C: WritableEntry>(ctx: &Context<'_>, written: &Entry<C>) -> Vec<RuleViolation> {
    if written.meta.publication == Publication::Withdrawn {
        return Vec::new();
    }
    let request = RequestContext::of(ctx);
    let violations =
        written.content.violations(RuleContext { directory: request.directory(), today: request.today() });
    violations.into_iter().map(RuleViolation::from).collect()
}
