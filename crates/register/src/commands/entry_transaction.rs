//! The transactions of commands on entries.

use super::outcome::{CommandOutcome, CommandReceipt, CommandRefusal};
use super::recorded::{StoredEntry, canonical_text, find_replay};
use super::{chain, commit, relation_link};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryMeta, LinkedActivity};
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::relation::Relation;
use caunoi_domain::similarity;
use caunoi_domain::validation::{InvalidReason, ValidationError};
use caunoi_store::{CommandTransaction, Store, StoreError, StoredContent, WriteContext};
use std::collections::BTreeSet;

/// A new entry.
pub struct NewEntry<C> {
    /// The content.
    pub(super) content: C,
    /// The slug of its province, which becomes part of its code.
    pub(super) province: String,
    /// Whether similar entries do not refuse the command.
    pub(super) allows_duplicates: bool,
}

/// The entry that a command changes.
pub struct EntryVersion {
    /// Its number in the log.
    pub(super) number: i32,
    /// The version that the author read; the command is refused as stale if the author now sees
    /// another one.
    pub(super) expected: i32,
}

/// The versions to write, or the problems of the input.
pub(super) type Decision<C> = Result<EntryWrite<C>, Vec<ValidationError>>;

/// Decides what a command writes, from the stored versions, the one that the author sees, and the
/// directory.
pub(super) type Decide<'a, C> =
    Box<dyn FnOnce(Versions<C>, &Entry<C>, &Directory) -> Decision<C> + Send + 'a>;

/// Creates a draft.
pub(super) async fn create<C: StoredContent>(
    store: &Store,
    context: &WriteContext<'_>,
    new: NewEntry<C>,
) -> Result<CommandOutcome<C>, StoreError> {
    let log = context.permit.log();
    let mut transaction = begin(store, context, &BTreeSet::new()).await?;
    if let Some(outcome) = find_replay::<StoredEntry<C>, _>(&transaction, context).await? {
        return roll_back_with(transaction, outcome).await;
    }
    if !new.allows_duplicates {
        let duplicates = find_duplicates(&transaction, &new.content).await?;
        if !duplicates.is_empty() {
            return roll_back_with(transaction, Err(CommandRefusal::Duplicates(duplicates))).await;
        }
    }
    let number = transaction.allocate_number();
    let code = format!("{}-{}-{number:04}", C::KIND.prefix(), new.province);
    let meta = EntryMeta::new(log, number, code, context.at_us);
    let nothing = Versions { published: None, working: None };
    save_and_commit(transaction, &nothing, Versions::create(meta, new.content)).await
}

/// Executes a command on the version that the author sees; `decide` returns the versions to write.
pub(super) async fn change<C: StoredContent>(
    store: &Store,
    context: &WriteContext<'_>,
    target: EntryVersion,
    decide: Decide<'_, C>,
) -> Result<CommandOutcome<C>, StoreError> {
    let mut owners = BTreeSet::new();
    let (transaction, versions) = loop {
        let transaction = begin(store, context, &owners).await?;
        if let Some(outcome) = find_replay::<StoredEntry<C>, _>(&transaction, context).await? {
            return roll_back_with(transaction, outcome).await;
        }
        let versions = transaction.load_versions::<C>(target.number).await?;
        let further = versions.owner_logs(context.permit.action(), transaction.directory());
        if further.is_subset(&owners) {
            break (transaction, versions);
        }
        // Heads are locked in order, so all locks are taken again, now those of the owners too.
        transaction.rollback().await;
        owners.extend(further);
    };
    let Some(visible) = versions.visible_to(context.permit.scope()).cloned() else {
        let refusal = absent::<C>(&transaction, target.number, &["id"]).await?;
        return roll_back_with(transaction, Err(refusal)).await;
    };
    if visible.meta.version != target.expected {
        return roll_back_with(transaction, Err(CommandRefusal::Stale(Box::new(visible)))).await;
    }
    match decide(versions.clone(), &visible, transaction.directory()) {
        Ok(written) => save_and_commit(transaction, &versions, written).await,
        Err(problems) => roll_back_with(transaction, Err(CommandRefusal::Invalid(problems))).await,
    }
}

/// Returns the refusal for an entry that the author does not see: it may have been merged.
pub(super) async fn absent<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    number: i32,
    path: &[&str],
) -> Result<CommandRefusal<Entry<C>>, StoreError> {
    Ok(match transaction.find_kept::<C>(number).await? {
        Some(kept) => {
            let reason = InvalidReason::AlreadyMerged { into: kept.meta.code };
            CommandRefusal::Invalid(vec![ValidationError::new(path, reason.into())])
        }
        None => CommandRefusal::NotFound,
    })
}

pub(super) async fn begin<'a>(
    store: &'a Store,
    context: &'a WriteContext<'a>,
    owners: &BTreeSet<Log>,
) -> Result<CommandTransaction<'a>, StoreError> {
    let mut transaction = CommandTransaction::begin_with_owners(store, context, owners).await?;
    transaction.update_directory().await?;
    Ok(transaction)
}

pub(super) async fn roll_back_with<C>(
    transaction: CommandTransaction<'_>,
    outcome: CommandOutcome<C>,
) -> Result<CommandOutcome<C>, StoreError> {
    transaction.rollback().await;
    Ok(outcome)
}

/// Returns the entries of the log that are similar to a new one.
async fn find_duplicates<C: StoredContent>(
    transaction: &CommandTransaction<'_>,
    content: &C,
) -> Result<Vec<Entry<C>>, StoreError> {
    match content.similarity_key().filter(|key| !key.partners().is_empty()) {
        Some(key) => {
            let candidates = transaction.load_entries_with_partners(key.partners()).await?;
            Ok(similarity::find_duplicates(&key, candidates))
        }
        None => Ok(Vec::new()),
    }
}

/// Saves the versions, their change and what follows from them in other entries, then commits.
async fn save_and_commit<C: StoredContent>(
    mut transaction: CommandTransaction<'_>,
    before: &Versions<C>,
    written: EntryWrite<C>,
) -> Result<CommandOutcome<C>, StoreError> {
    let mut problem = relation_link::find_problem(&transaction, before, &written).await?;
    if problem.is_none() {
        problem = chain::find_problem(&transaction, before, &written).await?;
    }
    if let Some(problem) = problem {
        return roll_back_with(transaction, Err(CommandRefusal::Invalid(vec![problem]))).await;
    }
    let shown = save(&mut transaction, before, written).await?;
    commit_with(transaction, shown).await
}

/// Saves the versions, their change and what follows from them in other entries of the current log.
/// Returns the version that the author sees.
pub(super) async fn save<C: StoredContent>(
    transaction: &mut CommandTransaction<'_>,
    before: &Versions<C>,
    written: EntryWrite<C>,
) -> Result<Entry<C>, StoreError> {
    let written = match written.activity_partner() {
        Some(partner) => {
            let activity =
                transaction.load_activity(written.shown.meta.log, &written.shown.meta.code, partner).await?;
            let unit = written.shown.content.common().origin_unit;
            let days = activity.days_of(unit, transaction.directory());
            written.with_activity_status(&days)
        }
        None => written,
    };
    transaction.save_entry(before, &written).await?;
    update_relations(transaction, &written).await?;
    if let Some(name) = written.changed_name() {
        transaction.refresh_names(&name).await?;
    }
    Ok(written.shown)
}

/// Records the response and commits.
pub(super) async fn commit_with<C: StoredContent>(
    transaction: CommandTransaction<'_>,
    shown: Entry<C>,
) -> Result<CommandOutcome<C>, StoreError> {
    let receipt = CommandReceipt::new(shown, transaction.position());
    let content = canonical_text(&receipt.value)?;
    commit(transaction, Some(&content), receipt, StoredEntry::new).await
}

/// Computes the status of the published relations of all owners again to which the entry counts
/// before or after, or whose activity may have moved to or from a written relation.
async fn update_relations<C: StoredContent>(
    transaction: &mut CommandTransaction<'_>,
    written: &EntryWrite<C>,
) -> Result<(), StoreError> {
    let meta = &written.shown.meta;
    let mut activities = written.changed_activities(transaction.directory());
    let (own, partners) = (activities.remove(&meta.log).unwrap_or_default(), written.moved_partners());
    for (relation, content) in find_moved_relations(transaction, meta.log, &own, &partners).await? {
        transaction.update_relation(relation, content).await?;
    }
    for owner in written.owner_logs(transaction.directory()) {
        let activities = activities.remove(&owner).unwrap_or_default();
        let moved = find_moved_relations(transaction, owner, &activities, &[]).await?;
        transaction.settle_owner(owner, moved, &meta.code).await?;
    }
    Ok(())
}

/// Returns the published relations of a log whose content changes with these activities and partners,
/// each with its new content.
async fn find_moved_relations(
    transaction: &mut CommandTransaction<'_>,
    log: Log,
    activities: &[LinkedActivity],
    partners: &[LocalityId],
) -> Result<Vec<(Entry<Relation>, Relation)>, StoreError> {
    let mut moved = Vec::new();
    if activities.is_empty() && partners.is_empty() {
        return Ok(moved);
    }
    // The reads below must see the rows of this command.
    transaction.send().await?;
    for relation in transaction.load_relations_of(log, activities, partners).await? {
        let activity = transaction.load_activity(log, &relation.meta.code, relation.content.partner).await?;
        let days = activity.days_of(relation.content.common.origin_unit, transaction.directory());
        let content = relation.content.clone().with_activity(&days);
        if content != relation.content {
            moved.push((relation, content));
        }
    }
    Ok(moved)
}
