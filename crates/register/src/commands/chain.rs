//! The check that the links of entries of one kind lead back to none of them: what renews, continues or
//! belongs to another entry.

use caunoi_domain::entry::Entry;
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::validation::{InvalidReason, ValidationError};
use caunoi_store::{CommandTransaction, StoreError, StoredContent};
use std::collections::BTreeSet;

/// The most entries of a chain that are read. A longer one is accepted.
const LONGEST_CHAIN: usize = 100;

/// Returns the problem of a link whose chain leads back to the entry; `None` where a version before
/// has the same links.
pub(super) async fn find_problem<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    before: &Versions<C>,
    written: &EntryWrite<C>,
) -> Result<Option<ValidationError>, StoreError> {
    let links = written.shown.content.chain_links();
    let is_known = |entry: &Entry<C>| entry.content.chain_links() == links;
    if [&before.published, &before.working].into_iter().flatten().any(is_known) {
        return Ok(None);
    }
    for (field, code) in links {
        if written.shown.codes_with_merged().any(|own| own == code) {
            return Ok(Some(ValidationError::new(&[field], InvalidReason::OwnEntry.into())));
        }
        if leads_back(transaction, &written.shown, field, code).await? {
            let reason = InvalidReason::LinkCycle { code: code.to_owned() };
            return Ok(Some(ValidationError::new(&[field], reason.into())));
        }
    }
    Ok(None)
}

/// Returns whether the links of a field lead from the entry with this code to the written one.
async fn leads_back<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    written: &Entry<C>,
    field: &str,
    code: &str,
) -> Result<bool, StoreError> {
    let mut seen = BTreeSet::new();
    let mut unread = vec![code.to_owned()];
    while let Some(code) = unread.pop().filter(|_| seen.len() < LONGEST_CHAIN) {
        if !seen.insert(code.clone()) {
            continue;
        }
        for entry in transaction.load_named::<C>(&code).await? {
            let next = entry.content.chain_links().into_iter().filter(|(of, _)| *of == field);
            let next: Vec<String> = next.map(|(_, code)| code.to_owned()).collect();
            if next.iter().any(|code| written.codes_with_merged().any(|own| own == code)) {
                return Ok(true);
            }
            unread.extend(next);
        }
    }
    Ok(false)
}
