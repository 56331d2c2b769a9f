//! Moving entries towards the public and back.

use super::super::asking::Asking;
use super::super::entry::{EntryInterface, Written};
use super::super::fault::Fault;
use super::super::global_id::GlobalId;
use super::super::query::Query;
use super::super::scalar::Cursor;
use super::beginning::{Beginning, target};
use super::filling::{Drafted, TextInput};
use super::outcome::{Outcome, usual_paths};
use super::user_error::UserError;
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
use caunoi_domain::text;
use caunoi_register::Objection;

/// A move of an entry.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct MoveEntryInput {
    /// Which entry.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// Why, at most 2,000 characters in each language; the log keeps it.
    reason: Option<TextInput>,
}

/// An entry as its author sees it now, or why it was not moved.
#[derive(SimpleObject)]
pub(crate) struct EntryPayload {
    /// The entry; null where it was not moved.
    entry: Option<EntryInterface>,
    /// Why it was not moved; empty where it was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

/// Moves the entry that is named, whichever kind it is of.
pub(super) async fn go(
    ctx: &Context<'_>,
    input: MoveEntryInput,
    action: Action,
) -> Result<EntryPayload, Fault> {
    let kind = match GlobalId::decode(&input.id) {
        Some(GlobalId::Entry(key)) => Some(key.kind),
        _ => None,
    };
    let Outcome { entry, errors, cursor } = match kind {
        Some(EntryKind::Agreement) => go_as::<Agreement>(ctx, input, action).await?,
        Some(EntryKind::Event) => go_as::<Event>(ctx, input, action).await?,
        Some(EntryKind::Organization) => go_as::<Organization>(ctx, input, action).await?,
        Some(EntryKind::Programme) => go_as::<Programme>(ctx, input, action).await?,
        // An id that names nothing that people write is not found as one of a relation either.
        _ => go_as::<Relation>(ctx, input, action).await?,
    };
    Ok(EntryPayload { entry, errors, cursor, query: Query })
}

async fn go_as<C: Written>(
    ctx: &Context<'_>,
    input: MoveEntryInput,
    action: Action,
) -> Result<Outcome<EntryInterface>, Fault> {
    let target = target::<C>(&input.id, input.expected_version);
    let mut beginning = Beginning::of(ctx, target)?;
    let reason = input.reason.and_then(|reason| read_reason(&mut beginning, reason.drafted()));
    let Beginning { asked, problems, .. } = beginning;
    let acted = match target {
        None => Err(Objection::NotFound),
        Some(_) if !problems.is_empty() => Err(Objection::Problems(problems)),
        Some(target) => Asking::of(ctx).register().go::<C>(asked, target, action, reason.as_ref()).await?,
    };
    Ok(Outcome::of(ctx, acted, usual_paths, C::interface))
}

/// The reason, where one was given.
fn read_reason(beginning: &mut Beginning<'_>, given: Bilingual) -> Option<Bilingual> {
    let mut read = |language: &str, given: Option<String>| {
        let given = given.filter(|text| !text.trim().is_empty())?;
        match text::parse(&given, LONGEST_NOTE) {
            Ok(text) => Some(text),
            Err(refusal) => {
                beginning.note(&["reason", language], refusal);
                None
            }
        }
    };
    let reason = Bilingual { vi: read("vi", given.vi), en: read("en", given.en) };
    (reason != Bilingual::default()).then_some(reason)
}
