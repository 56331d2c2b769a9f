//! The transactions that merge entries and undo a merge. They write to the logs of all entries and
//! of all their owners.

use super::CommandTarget;
use super::entry_transaction::{EntryVersion, absent, begin, commit_with, roll_back_with, save};
use super::outcome::{CommandOutcome, CommandRefusal};
use super::recorded::{StoredEntry, find_replay};
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::merge::{self, MergeWrite, Mergeable};
use caunoi_domain::merged_entry::MergedEntry;
use caunoi_domain::policy::Action;
use caunoi_domain::publication::Versions;
use caunoi_domain::validation::{InvalidReason, ValidationError};
use caunoi_store::{CommandTransaction, Store, StoreError, StoredContent, WriteContext};
use std::collections::BTreeSet;

/// The entries of a merge, each with the version that the author read.
#[derive(Debug)]
pub struct MergeTargets {
    /// The entry that stays.
    pub(super) kept: CommandTarget,
    /// The entries that become part of it.
    pub(super) merged: Vec<CommandTarget>,
}

/// Merges entries into the one in the log of the permit.
pub(super) async fn merge<C: StoredContent + Mergeable>(
    store: &Store,
    context: &WriteContext<'_>,
    MergeTargets { kept, merged }: MergeTargets,
) -> Result<CommandOutcome<C>, StoreError> {
    let targets: Vec<CommandTarget> = std::iter::once(kept).chain(merged).collect();
    let mut logs: BTreeSet<Log> = targets.iter().map(|target| target.key.log).collect();
    let (mut transaction, versions) = loop {
        let mut transaction = begin(store, context, &logs).await?;
        if let Some(outcome) = find_replay::<StoredEntry<C>, _>(&transaction, context).await? {
            return roll_back_with(transaction, outcome).await;
        }
        let mut versions = Vec::with_capacity(targets.len());
        for target in &targets {
            transaction.enter(target.key.log).await?;
            versions.push(transaction.load_versions::<C>(target.key.number).await?);
        }
        let further: BTreeSet<Log> = versions
            .iter()
            .flat_map(|versions| versions.owner_logs(Action::Merge, transaction.directory()))
            .collect();
        if further.is_subset(&logs) {
            break (transaction, versions);
        }
        // Heads are locked in order, so all locks are taken again, now those of the owners too.
        transaction.rollback().await;
        logs.extend(further);
    };
    for (index, (target, versions)) in targets.iter().zip(&versions).enumerate() {
        transaction.enter(target.key.log).await?;
        if let Some(refusal) = check_visible(&transaction, context, (index, *target), versions).await? {
            return roll_back_with(transaction, Err(refusal)).await;
        }
    }
    let mut others = versions.into_iter();
    let kept_before = others.next().unwrap_or(Versions { published: None, working: None });
    let others: Vec<Versions<C>> = others.collect();
    match merge::merge(kept_before.clone(), others.clone(), context.at_us) {
        Ok(MergeWrite { kept, merged }) => {
            // The kept entry first: so the activity of relations is never without both.
            transaction.enter(context.permit.log()).await?;
            let shown = save(&mut transaction, &kept_before, kept).await?;
            for (before, write) in others.iter().zip(merged) {
                transaction.enter(write.shown.meta.log).await?;
                save(&mut transaction, before, write).await?;
            }
            transaction.enter(context.permit.log()).await?;
            commit_with(transaction, shown).await
        }
        Err(problems) => roll_back_with(transaction, Err(CommandRefusal::Invalid(problems))).await,
    }
}

/// Returns the refusal if the author does not see the entry of a merge in the expected version. The
/// entry at index 0 is the kept one.
async fn check_visible<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    context: &WriteContext<'_>,
    (index, target): (usize, CommandTarget),
    versions: &Versions<C>,
) -> Result<Option<CommandRefusal<Entry<C>>>, StoreError> {
    let Some(visible) = versions.visible_to(context.permit.scope()) else {
        let index = index.checked_sub(1).map(|index| index.to_string());
        let path = index.as_deref().map_or(vec!["kept"], |index| vec!["merged", index]);
        return absent(transaction, target.key.number, &path).await.map(Some);
    };
    let is_stale = visible.meta.version != target.expected_version;
    Ok(is_stale.then(|| CommandRefusal::Stale(Box::new(visible.clone()))))
}

/// Undoes the merge of an entry of the log of the permit; the expected version is that of the kept
/// entry.
pub(super) async fn unmerge<C: StoredContent + Mergeable>(
    store: &Store,
    context: &WriteContext<'_>,
    target: EntryVersion,
) -> Result<CommandOutcome<C>, StoreError> {
    let own = context.permit.log();
    let mut logs = BTreeSet::new();
    let (mut transaction, kept, versions) = loop {
        let mut transaction = begin(store, context, &logs).await?;
        if let Some(outcome) = find_replay::<StoredEntry<C>, _>(&transaction, context).await? {
            return roll_back_with(transaction, outcome).await;
        }
        let Some(kept) = transaction.find_kept::<C>(target.number).await? else {
            let refusal = not_merged(&transaction, context, target.number).await?;
            return roll_back_with(transaction, Err(refusal)).await;
        };
        let mut further = BTreeSet::from([own, kept.meta.log]);
        further.extend(kept.content.common().shared_logs(kept.meta.log, transaction.directory()));
        if further.is_subset(&logs) {
            transaction.enter(kept.meta.log).await?;
            let versions = transaction.load_versions::<C>(kept.meta.number).await?;
            break (transaction, kept, versions);
        }
        transaction.rollback().await;
        logs.extend(further);
    };
    let visible = versions.visible_to(context.permit.scope());
    if let Some(visible) = visible.filter(|visible| visible.meta.version != target.expected) {
        return roll_back_with(transaction, Err(CommandRefusal::Stale(Box::new(visible.clone())))).await;
    }
    let is_target = |entry: &&MergedEntry| (entry.log, entry.number) == (own, target.number);
    let code = kept.content.common().merged.iter().find(is_target).map(|entry| entry.code.as_str());
    let last = match code {
        Some(code) => transaction.load_merged::<C>(own, code).await?,
        None => None,
    };
    let Some(last) = last else {
        return roll_back_with(transaction, Err(CommandRefusal::NotFound)).await;
    };
    match merge::unmerge(versions.clone(), &last, context.at_us) {
        Ok(MergeWrite { kept, merged }) => {
            // The merged entry first: so the activity of relations is never without both.
            transaction.enter(own).await?;
            let mut shown = last;
            for write in merged {
                let nothing = Versions { published: None, working: None };
                shown = save(&mut transaction, &nothing, write).await?;
            }
            let kept_log = kept.shown.meta.log;
            transaction.enter(kept_log).await?;
            save(&mut transaction, &versions, kept).await?;
            transaction.enter(own).await?;
            commit_with(transaction, shown).await
        }
        Err(problems) => roll_back_with(transaction, Err(CommandRefusal::Invalid(problems))).await,
    }
}

/// Returns the refusal to undo the merge of an entry that was not merged.
async fn not_merged<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    context: &WriteContext<'_>,
    number: i32,
) -> Result<CommandRefusal<Entry<C>>, StoreError> {
    let versions = transaction.load_versions::<C>(number).await?;
    Ok(match versions.visible_to(context.permit.scope()) {
        Some(_) => {
            let reason = InvalidReason::NotMerged.into();
            CommandRefusal::Invalid(vec![ValidationError::new(&["id"], reason)])
        }
        None => CommandRefusal::NotFound,
    })
}
