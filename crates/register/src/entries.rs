//! Listing and finding entries.

use crate::error::Error;
use crate::{Register, Stored};
use caunoi_domain::entry::Entry;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::policy::Scope;

impl Register {
    /// One page of a list, in one statement.
    ///
    /// # Errors
    /// A cursor of another list; the database does not answer.
    pub async fn list<C: Stored>(&self, scope: Scope, ask: &Ask) -> Result<Page<Entry<C>>, Error> {
        Ok(self.store.list(scope, ask, &self.replica().page_key).await?)
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
}
