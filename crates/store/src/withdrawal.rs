//! Withdrawals and merges of published entries, which the log keeps.

use crate::changes::{read, select_changes};
use crate::column::column;
use crate::connect::Store;
use crate::entity::change::Column;
use crate::error::StoreError;
use crate::pools::Rights;
use crate::statement::literal;
use caunoi_domain::change::Subject;
use caunoi_domain::entry::EntryKey;
use caunoi_domain::tombstone::Tombstone;
use sea_orm::sea_query::{Cond, Condition, ExprTrait};
use std::collections::HashMap;

impl Store {
    /// Returns the tombstones of those of these entries that were withdrawn or are merged, in one
    /// statement.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_tombstones(&self, keys: &[EntryKey]) -> Result<Vec<Tombstone>, StoreError> {
        let is_one = keys.iter().fold(Cond::any(), |any, key| {
            let subject = column(Column::Subject).eq(Subject::Entry(key.kind).as_str());
            let log = column(Column::ProvinceId).eq(key.log.number());
            any.add(log.and(subject).and(column(Column::Number).eq(key.number)))
        });
        if keys.is_empty() { Ok(Vec::new()) } else { self.ends(is_one).await }
    }

    /// Returns the tombstone of the entry with this code, if it was withdrawn or is merged.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_tombstone_by_code(&self, code: &str) -> Result<Option<Tombstone>, StoreError> {
        // No code contains NUL, and PostgreSQL rejects it even in a comparison.
        if code.contains('\0') {
            return Ok(None);
        }
        let found = self.ends(Cond::all().add(column(Column::Code).eq(code))).await?;
        Ok(found.into_iter().next())
    }

    async fn ends(&self, which: Condition) -> Result<Vec<Tombstone>, StoreError> {
        // Literals, so that the partial indexes apply.
        let operations = ["WITHDRAWN", "MERGED", "UNMERGED"].map(literal);
        let query = select_changes()
            .and_where(column(Column::Operation).is_in(operations))
            .and_where(column(Column::IsPublic).eq(literal(true)))
            .cond_where(which)
            .to_owned();
        // The last change of an entry decides: a merge may have been undone.
        let mut last = HashMap::new();
        for row in self.all(Rights::Public, &query).await? {
            let change = read(&row)?.change;
            last.insert((change.subject, change.log, change.number), Tombstone::from_change(&change));
        }
        Ok(last.into_values().flatten().collect())
    }
}
