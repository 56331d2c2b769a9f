//! The commands that merge entries and undo a merge.

use super::entry_transaction::EntryVersion;
use super::merge_transaction::MergeTargets;
use super::outcome::{CommandOutcome, CommandRefusal};
use super::writable::MergeableContent;
use super::{CommandContext, CommandTarget, problem_at};
use crate::Register;
use crate::error::Error;
use caunoi_domain::draft::MOST_MEMBERS;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::merged_entry::{KeptEntry, MergeReason};
use caunoi_domain::policy::{Action, Scope};
use caunoi_domain::validation::Reason;
use std::collections::HashSet;

impl Register {
    /// Merges published entries that record one document or event into `kept`: it gains their
    /// owners, parties and sources, and look-ups of them return it. All or nothing.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not merge entries, or an error if the database does not
    /// respond.
    pub async fn merge<C: MergeableContent>(
        &self,
        context: CommandContext,
        kept: CommandTarget,
        mut merged: Vec<CommandTarget>,
        reason: Bilingual,
    ) -> Result<CommandOutcome<C>, Error> {
        let Some(permit) = self.permit::<C>(&context.actor, Action::Merge, kept.key).await? else {
            return Ok(Err(CommandRefusal::NotFound));
        };
        for target in &merged {
            context.actor.permit(Action::Merge, target.key.log)?;
        }
        let mut seen = HashSet::new();
        merged.retain(|target| seen.insert(target.key));
        let refusal = match merged.len() {
            0 => Some(Reason::Required),
            given if given > MOST_MEMBERS => Some(Reason::TooMany { most: MOST_MEMBERS, given }),
            _ => None,
        };
        if let Some(refusal) = refusal {
            return Ok(Err(CommandRefusal::Invalid(vec![problem_at("merged", refusal)])));
        }
        let key = (kept.key.log, kept.key.number);
        let found = self.store.find_by_keys::<C>(Scope::of(&context.actor), &[key]).await?;
        // The code never changes, so it is the same in the transaction.
        let code = found.into_iter().next().map(|entry| entry.meta.code).unwrap_or_default();
        let merged_into = KeptEntry { log: kept.key.log, number: kept.key.number, code };
        let reason = serde_json::to_string(&MergeReason { reason, merged_into }).ok();
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, reason);
        let targets = MergeTargets { kept, merged };
        let transaction = C::merge(&self.store, &write_context, targets);
        self.run_transaction(&permit, transaction).await
    }

    /// Undoes the merge of the entry `target`, whose expected version is that of the kept entry: the
    /// merged entry is published as it was, and the kept one loses what it gained by it.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not merge entries, or an error if the database does not
    /// respond.
    pub async fn unmerge<C: MergeableContent>(
        &self,
        context: CommandContext,
        target: CommandTarget,
        reason: &Bilingual,
    ) -> Result<CommandOutcome<C>, Error> {
        let permit = context.actor.permit(Action::Merge, target.key.log)?;
        let reason = serde_json::to_string(reason).ok();
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, reason);
        let version = EntryVersion { number: target.key.number, expected: target.expected_version };
        let transaction = C::unmerge(&self.store, &write_context, version);
        self.run_transaction(&permit, transaction).await
    }
}
