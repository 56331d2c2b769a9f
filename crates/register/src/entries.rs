//! Reads of entries outside a request.

use crate::error::Error;
use crate::{EntryContent, Register};
use caunoi_domain::entry::Entry;
use caunoi_domain::page::{ListQuery, Page};
use caunoi_domain::policy::Scope;

impl Register {
    /// Returns one page of a list, in one statement.
    ///
    /// # Errors
    /// Returns an error if the cursor belongs to another list, or if the database does not respond.
    pub async fn list<C: EntryContent>(
        &self,
        scope: Scope,
        query: &ListQuery,
    ) -> Result<Page<Entry<C>>, Error> {
        Ok(self.store.list(scope, query, &self.read_model().page_key).await?)
    }

    /// Returns the entries with these codes, in one statement.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_by_codes<C: EntryContent>(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, Error> {
        Ok(self.store.find_by_codes(scope, codes).await?)
    }
}
