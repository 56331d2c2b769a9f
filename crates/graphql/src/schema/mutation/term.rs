//! Mutations on terms of vocabularies, for stewards.

use super::super::api_error::ApiError;
use super::super::enums::Vocabulary;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::Cursor;
use super::super::term::TermObject;
use super::context::MutationContext;
use super::draft_value::{IntoDraftValue, TextInput};
use super::payload::PayloadParts;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_domain::draft::TermDraft;

/// The fields of a new term of a vocabulary.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateTermInput {
    /// The vocabulary of the term.
    vocabulary: Vocabulary,
    /// The code, unique within the vocabulary, for example `HIGHER_EDUCATION`: upper-case letters,
    /// digits and `_`, at most 100 characters.
    code: String,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: TextInput,
    /// The code of the broader term in the same vocabulary.
    parent: Option<String>,
    /// The first day on which the term may be used, for example `2026-05-31`. If absent, it has no
    /// first day.
    valid_from: Option<String>,
    /// For indicators, the units that figures of it use, 1 to 50, for example `person`. Not
    /// allowed in other vocabularies.
    #[graphql(default)]
    units: Vec<String>,
    /// For indicators, whether the figures of the provinces may be added up to a national figure
    /// without counting anything twice.
    #[graphql(default)]
    is_additive: bool,
    /// The code of the source of the term.
    source: Option<String>,
}

/// The result of `createTerm`.
#[derive(SimpleObject)]
pub(crate) struct TermPayload {
    /// The new term; null if nothing was written.
    term: Option<TermObject>,
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

pub(super) async fn create(ctx: &Context<'_>, input: CreateTermInput) -> Result<TermPayload, ApiError> {
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let draft = TermDraft {
        vocabulary: input.vocabulary.into_draft_value(),
        code: input.code,
        name: input.name.into_draft_value(),
        parent: input.parent.unwrap_or_default(),
        valid_from: input.valid_from.unwrap_or_default(),
        units: input.units,
        is_additive: input.is_additive,
        source: input.source.unwrap_or_default(),
        prior_errors: problems,
    };
    let outcome = RequestContext::of(ctx).register().create_term(command, &draft).await?;
    let PayloadParts { entry, errors, cursor, .. } =
        PayloadParts::from_reference_command(ctx, outcome, TermObject);
    Ok(TermPayload { term: entry, errors, cursor, query: Query::ROOT })
}
