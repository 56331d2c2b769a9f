//! Writing terms of vocabularies: the steward's.

use super::super::asking::Asking;
use super::super::enums::Vocabulary;
use super::super::fault::Fault;
use super::super::query::Query;
use super::super::scalar::Cursor;
use super::super::term::TermObject;
use super::beginning::Beginning;
use super::filling::{Drafted, TextInput};
use super::outcome::Outcome;
use super::user_error::UserError;
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_domain::draft::TermDraft;

/// A new term of a vocabulary.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateTermInput {
    /// The list that it belongs to.
    vocabulary: Vocabulary,
    /// Its code, unique within the vocabulary: `HIGHER_EDUCATION`.
    code: String,
    /// The name, in at least one language.
    name: TextInput,
    /// The code of the wider term of the same vocabulary.
    parent: Option<String>,
    /// The first day on which it may be used, as `2026-05-31`; absent: always.
    valid_from: Option<String>,
    /// For indicators: the units in which figures state it, at most 50.
    #[graphql(default)]
    units: Vec<String>,
    /// For indicators: whether provinces may be summed to the nation without counting twice.
    #[graphql(default)]
    is_additive: bool,
    /// Where it was read, the code of a source.
    source: Option<String>,
}

/// A term as it stands now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct TermPayload {
    /// The term; null where nothing was written.
    term: Option<TermObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateTermInput) -> Result<TermPayload, Fault> {
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let draft = TermDraft {
        vocabulary: input.vocabulary.drafted(),
        code: input.code,
        name: input.name.drafted(),
        parent: input.parent.unwrap_or_default(),
        valid_from: input.valid_from.unwrap_or_default(),
        units: input.units,
        is_additive: input.is_additive,
        source: input.source.unwrap_or_default(),
        noted: problems,
    };
    let created = Asking::of(ctx).register().create_term(asked, &draft).await?;
    let Outcome { entry, errors, cursor } = Outcome::noted(ctx, created, TermObject);
    Ok(TermPayload { term: entry, errors, cursor, query: Query })
}
