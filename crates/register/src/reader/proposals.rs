//! Reads of proposals for localities.

use super::RegisterReader;
use crate::error::Error;
use caunoi_domain::policy::Visibility;
use caunoi_domain::proposal::{ProposalKey, ProposalList, ProposalState, StoredProposal};

impl RegisterReader {
    /// Returns the proposals that the scope sees, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn proposals(&self, list: &ProposalList) -> Result<Vec<StoredProposal>, Error> {
        if !self.may_see_proposals() {
            return Ok(Vec::new());
        }
        Ok(self.acquire_store().await?.proposals(self.scope(), list).await?)
    }

    /// Returns the number of the proposals in a state that the scope sees.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn count_proposals(&self, state: ProposalState) -> Result<u64, Error> {
        if !self.may_see_proposals() {
            return Ok(0);
        }
        Ok(self.acquire_store().await?.count_proposals(self.scope(), state).await?)
    }

    /// Returns a proposal; `None` if the scope sees none with this key.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_proposal(&self, key: ProposalKey) -> Result<Option<StoredProposal>, Error> {
        if !self.may_see_proposals() {
            return Ok(None);
        }
        Ok(self.acquire_store().await?.find_proposal(self.scope(), key).await?)
    }

    /// Records the logs that proposals are read from, and returns whether the scope sees any.
    fn may_see_proposals(&self) -> bool {
        let visibility = self.scope().visibility();
        match visibility {
            Visibility::Province(log) => self.reads.add_log(log),
            Visibility::Ministry | Visibility::Published => self.reads.add_all_logs(),
        }
        !matches!(visibility, Visibility::Published)
    }
}
