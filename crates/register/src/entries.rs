//! Listing and finding entries.

use crate::error::Error;
use crate::{Parent, Register, Stored};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::policy::Scope;
use std::collections::HashMap;

impl Register {
    /// One page of a list, in one statement.
    ///
    /// # Errors
    /// A cursor of another list; the database does not answer.
    pub async fn list<C: Stored>(&self, scope: Scope, ask: &Ask) -> Result<Page<Entry<C>>, Error> {
        Ok(self.store.list(scope, ask, &self.sealing_key).await?)
    }

    /// One page under each of these parents, which are all of one kind, in one statement.
    ///
    /// # Errors
    /// A cursor of another list; the database does not answer.
    pub async fn list_under<C: Stored>(
        &self,
        scope: Scope,
        parents: &[Parent],
        ask: &Ask,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, Error> {
        Ok(self.store.list_under(scope, parents, ask, &self.sealing_key).await?)
    }

    /// How many entries a list has, for the kinds that have no facts in memory.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count<C: Stored>(&self, scope: Scope, ask: &Ask) -> Result<u64, Error> {
        Ok(self.store.count::<C>(scope, ask).await?)
    }

    /// The entries with these codes, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_by_codes<C: Stored>(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, Error> {
        Ok(self.store.find_by_codes(scope, codes).await?)
    }

    /// The entries with these numbers in their logs, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_by_keys<C: Stored>(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, Error> {
        Ok(self.store.find_by_keys(scope, keys).await?)
    }

    /// The agreements that name an entry with one of these codes, in one statement: of each code
    /// the newest 100, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_linked(
        &self,
        scope: Scope,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, Error> {
        Ok(self.store.find_linked(scope, link, codes).await?)
    }
}
