//! The entries that other entries name by their codes.

use super::CommandTransaction;
use crate::condition::PUBLISHED;
use crate::entity::EntryColumn;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::entry::Entry;
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::ExprTrait as _;

impl CommandTransaction<'_> {
    /// Returns the versions of the relation of this province with this code.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_relations_named(&self, code: &str) -> Result<Vec<Entry<Relation>>, StoreError> {
        let mut named = self.load_named::<Relation>(code).await?;
        named.retain(|relation| relation.meta.log == self.log);
        Ok(named)
    }

    /// Returns the versions of the entry with this code: of this province all, of others the
    /// published one.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_named<C: StoredContent>(&self, code: &str) -> Result<Vec<Entry<C>>, StoreError> {
        let tables = C::tables();
        let entry = |name| tables.entries.expr(name);
        let is_own = entry(EntryColumn::ProvinceId).eq(self.log.number());
        let query = select_entries(&tables)
            .and_where(is_own.or(entry(EntryColumn::Slot).eq(literal(PUBLISHED))))
            .and_where(entry(EntryColumn::Code).eq(code))
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}
