//! The check of the relation that an entry names as its own.

use caunoi_domain::entry::{Entry, LinkedActivity};
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::{InvalidReason, ValidationError};
use caunoi_store::{CommandTransaction, StoreError, StoredContent};

/// Returns the problem of a named relation that is of another unit or with another partner; `None`
/// where a version before names the same one for the same unit and partners.
pub(super) async fn find_problem<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    before: &Versions<C>,
    written: &EntryWrite<C>,
) -> Result<Option<ValidationError>, StoreError> {
    let Some(linked) = written.shown.content.linked_activity() else { return Ok(None) };
    let Some(code) = linked.relation.clone() else { return Ok(None) };
    let is_known = |entry: &Entry<C>| {
        entry.content.linked_activity().is_some_and(|known| has_same_link(&known, &linked))
    };
    if [&before.published, &before.working].into_iter().flatten().any(is_known) {
        return Ok(None);
    }
    let directory = transaction.directory();
    let named = transaction.load_relations_named(&code).await?;
    let accepts = |relation: &Entry<Relation>| relation.content.accepts(&linked, directory);
    Ok((!named.iter().any(accepts)).then(|| ValidationError {
        path: vec!["relation".to_owned()],
        reason: InvalidReason::OtherRelation { code }.into(),
    }))
}

fn has_same_link(one: &LinkedActivity, other: &LinkedActivity) -> bool {
    (&one.relation, one.unit, &one.partners) == (&other.relation, other.unit, &other.partners)
}
