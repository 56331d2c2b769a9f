//! Proposals of missing localities: a province proposes, the steward accepts or declines.

use crate::Register;
use crate::commands::recorded::{ProposalReceipt, find_replay};
use crate::commands::{
    self, CommandContext, CommandReceipt, CommandRefusal, Outcome, log_of_slug, problem_at, unknown_province,
};
use crate::error::Error;
use caunoi_domain::draft::{ProposedLocalityDraft, SettlementDraft};
use caunoi_domain::feed;
use caunoi_domain::policy::{Action, Scope, Visibility};
use caunoi_domain::proposal::{Proposal, ProposalKey, StoredProposal};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind};
use caunoi_store::{CommandTransaction, Store, StoreError, WriteContext};

/// The outcome of a command on a proposal.
pub type ProposalOutcome = Outcome<StoredProposal>;

impl Register {
    /// Proposes a locality for the province that has or had this slug or succeeded a unit with it.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not propose, or an error if the database does not
    /// respond.
    pub async fn propose(
        &self,
        context: CommandContext,
        province: &str,
        draft: &ProposedLocalityDraft,
    ) -> Result<ProposalOutcome, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let home = log_of_slug(&read_model.directory, province).filter(|log| log.is_province());
        let Some(log) = home else {
            let mut problems = draft.parse(&read_model.directory).err().unwrap_or_default();
            problems.insert(0, unknown_province(&read_model.directory, province));
            return Ok(Err(CommandRefusal::Invalid(problems)));
        };
        let permit = context.actor.permit(Action::Propose, log)?;
        let write_context = self.write_context(&permit, &read_model, context.idempotency_key, None);
        let transaction = Box::pin(propose(&self.store, &write_context, draft));
        let outcome = self.write_in_turn(&permit, transaction).await?;
        self.finish(log, outcome).await
    }

    /// Settles a proposal. `key` is `None` if the id of the request names no proposal.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not settle proposals, or an error if the database does
    /// not respond.
    pub async fn settle(
        &self,
        context: CommandContext,
        key: Option<ProposalKey>,
        draft: &SettlementDraft,
    ) -> Result<ProposalOutcome, Error> {
        context.actor.require_token()?;
        let scope = Scope::of(&context.actor);
        let sees = |key: &ProposalKey| {
            scope.visibility() == Visibility::Ministry || feed::sees_unpublished(scope, key.log)
        };
        let Some(key) = key.filter(|key| key.log.is_province() && sees(key)) else {
            let unknown = problem_at("id", Reason::unknown(ReferenceKind::Proposal, "that id"));
            return Ok(Err(CommandRefusal::Invalid(vec![unknown])));
        };
        let permit = context.actor.permit(Action::Settle, key.log)?;
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, None);
        let transaction = Box::pin(settle(&self.store, &write_context, key, draft));
        let outcome = self.write_in_turn(&permit, transaction).await?;
        self.finish(key.log, outcome).await
    }
}

/// Inserts a proposal, checked against the current reference data.
async fn propose(
    store: &Store,
    context: &WriteContext<'_>,
    draft: &ProposedLocalityDraft,
) -> Result<ProposalOutcome, StoreError> {
    let mut transaction = CommandTransaction::begin(store, context).await?;
    if let Some(outcome) = find_replay::<ProposalReceipt, _>(&transaction, context).await? {
        transaction.rollback().await;
        return Ok(outcome);
    }
    let locality = match draft.parse(&transaction.load_directory().await?) {
        Ok(locality) => locality,
        Err(problems) => {
            transaction.rollback().await;
            return Ok(Err(CommandRefusal::Invalid(problems)));
        }
    };
    let author = context.permit.author();
    let proposal = Proposal { locality, author, proposed_at_us: context.at_us, settled: None };
    let key = ProposalKey { log: context.permit.log(), number: transaction.allocate_number() };
    let stored = StoredProposal { key, proposal };
    transaction.insert_proposal(&stored)?;
    commit(transaction, stored).await
}

/// Records the decision of the ministry, checked against the current reference data.
async fn settle(
    store: &Store,
    context: &WriteContext<'_>,
    key: ProposalKey,
    draft: &SettlementDraft,
) -> Result<ProposalOutcome, StoreError> {
    let mut transaction = CommandTransaction::begin(store, context).await?;
    if let Some(outcome) = find_replay::<ProposalReceipt, _>(&transaction, context).await? {
        transaction.rollback().await;
        return Ok(outcome);
    }
    let current = transaction.find_proposal(key).await?;
    let directory = transaction.load_directory().await?;
    let unknown = || vec![problem_at("id", Reason::unknown(ReferenceKind::Proposal, &key.code()))];
    let decided = current.ok_or_else(unknown).and_then(|current| {
        let settled = current.settle(draft.parse(&directory)?, context.at_us);
        let settled = settled.ok_or_else(|| vec![problem_at("id", already_settled())])?;
        Ok((current, StoredProposal { key, proposal: settled }))
    });
    match decided {
        Ok((current, stored)) => {
            transaction.update_proposal(&current, &stored).await?;
            commit(transaction, stored).await
        }
        Err(problems) => {
            transaction.rollback().await;
            Ok(Err(CommandRefusal::Invalid(problems)))
        }
    }
}

async fn commit(
    transaction: CommandTransaction<'_>,
    stored: StoredProposal,
) -> Result<ProposalOutcome, StoreError> {
    let receipt = CommandReceipt::new(stored, transaction.position());
    commands::commit(transaction, None, receipt, |receipt, _| Ok(ProposalReceipt::new(receipt))).await
}

fn already_settled() -> Reason {
    InvalidReason::ProposalSettled.into()
}
