//! Localities that a province misses: it proposes, the steward says what becomes of it.

use crate::acting::{Asked, home_of, problem};
use crate::error::Error;
use crate::{Handed, Hindrance, Register};
use caunoi_domain::draft::{SettlementDraft, WishDraft};
use caunoi_domain::feed;
use caunoi_domain::policy::{Action, Scope, Sees};
use caunoi_domain::proposal::ProposalKey;
use caunoi_domain::refusal::Refusal;
use caunoi_store::ChangeRef;

/// What came of an act on a proposal.
pub type Proposing = Result<Handed, Hindrance>;

impl Register {
    /// Proposes a locality for the province that bears this slug, or inherited from who bore it.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn propose(&self, asked: Asked, province: &str, draft: &WishDraft) -> Result<Proposing, Error> {
        asked.actor.known()?;
        let replica = self.replica();
        let home = home_of(&replica.directory, province).filter(|log| log.is_province());
        let Some(log) = home else {
            let mut problems = draft.parse(&replica.directory).err().unwrap_or_default();
            problems.insert(0, problem("province", Refusal::unknown("unit", province)));
            return Ok(Err(Hindrance::Problems(problems)));
        };
        let permit = asked.actor.permit(Action::Propose, log)?;
        let intent = self.intent(&permit, &replica, asked.repeat, None);
        let proposing = Box::pin(self.store.propose(&intent, |directory| draft.parse(directory)));
        let handed = self.written(proposing.await)?;
        self.hand(handed).await
    }

    /// Says what becomes of a proposal; none where an id names no proposal.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn settle(
        &self,
        asked: Asked,
        key: Option<ProposalKey>,
        draft: &SettlementDraft,
    ) -> Result<Proposing, Error> {
        asked.actor.known()?;
        let scope = Scope::of(&asked.actor);
        let sees = |key: &ProposalKey| scope.sees() == Sees::Ministry || feed::is_inside(scope, key.log);
        let Some(key) = key.filter(|key| key.log.is_province() && sees(key)) else {
            let unknown = problem("id", Refusal::unknown("proposal", "that id"));
            return Ok(Err(Hindrance::Problems(vec![unknown])));
        };
        let permit = asked.actor.permit(Action::Settle, key.log)?;
        let intent = self.intent(&permit, &self.replica(), asked.repeat, None);
        let settling = self.store.settle(&intent, key.number, |directory| draft.parse(directory));
        let handed = self.written(Box::pin(settling).await)?;
        self.hand(handed).await
    }

    async fn hand(&self, proposing: Proposing) -> Result<Proposing, Error> {
        if let Ok(handed) = &proposing {
            let log = handed.proposed.key.log;
            self.reach(ChangeRef { log, position: handed.position, link: handed.link }).await?;
        }
        Ok(proposing)
    }
}
