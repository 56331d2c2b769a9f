//! Proposals of missing localities: a province proposes, the steward accepts or declines.

use crate::commands::{CommandContext, log_of_slug, problem_at};
use crate::error::Error;
use crate::{Hindrance, ProposalReceipt, Register};
use caunoi_domain::draft::{ProposedLocalityDraft, SettlementDraft};
use caunoi_domain::feed;
use caunoi_domain::policy::{Action, Scope, Visibility};
use caunoi_domain::proposal::ProposalKey;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_store::ChangeRef;

/// The outcome of a command on a proposal.
pub type ProposalOutcome = Result<ProposalReceipt, Hindrance>;

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
            problems.insert(0, problem_at("province", Reason::unknown(ReferenceKind::Unit, province)));
            return Ok(Err(Hindrance::ValidationErrors(problems)));
        };
        let permit = context.actor.permit(Action::Propose, log)?;
        let write_context = self.write_context(&permit, &read_model, context.idempotency_key, None);
        let transaction = Box::pin(self.store.propose(&write_context, |directory| draft.parse(directory)));
        let outcome = self.check_write(transaction.await)?;
        self.finish_proposal(outcome).await
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
            return Ok(Err(Hindrance::ValidationErrors(vec![unknown])));
        };
        let permit = context.actor.permit(Action::Settle, key.log)?;
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, None);
        let transaction = self.store.settle(&write_context, key.number, |directory| draft.parse(directory));
        let outcome = self.check_write(Box::pin(transaction).await)?;
        self.finish_proposal(outcome).await
    }

    async fn finish_proposal(&self, outcome: ProposalOutcome) -> Result<ProposalOutcome, Error> {
        if let Ok(receipt) = &outcome {
            let log = receipt.proposed.key.log;
            self.wait_until_visible(ChangeRef { log, position: receipt.position, link: receipt.link })
                .await?;
        }
        Ok(outcome)
    }
}
