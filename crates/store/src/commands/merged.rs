//! The entries that were merged into others: the kept ones are rows, the merged ones are in the logs.

use super::CommandTransaction;
use crate::changes::{self, select_changes};
use crate::column::column;
use crate::entity::change::Column;
use crate::error::StoreError;
use crate::kept;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::change::{Change, Subject};
use caunoi_domain::entry::{Entry, EntryMeta, Publication};
use caunoi_domain::id::Log;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::ExprTrait as _;

impl CommandTransaction<'_> {
    /// Returns the entry that the entry with this number of the current log was merged into.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_kept<C: StoredContent>(&self, number: i32) -> Result<Option<Entry<C>>, StoreError> {
        let Some(query) = kept::select_by_keys(&C::tables(), &[(self.log, number)]) else { return Ok(None) };
        self.writing.tx().query_one(&query).await?.map(|row| crate::row::read(&row)).transpose()
    }

    /// Returns a merged entry as it was when it was merged: the content before its last public
    /// change.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_merged<C: StoredContent>(
        &self,
        log: Log,
        code: &str,
    ) -> Result<Option<Entry<C>>, StoreError> {
        let query = select_changes()
            .and_where(column(Column::ProvinceId).eq(log.number()))
            .and_where(column(Column::Subject).eq(literal(Subject::Entry(C::KIND).as_str())))
            .and_where(column(Column::Code).eq(code))
            .and_where(column(Column::IsPublic).eq(literal(true)))
            .to_owned();
        let rows = self.writing.tx().query_all(&query).await?;
        let public = rows.iter().map(changes::read).collect::<Result<Vec<_>, _>>()?;
        let (Some(first), Some(last)) = (public.first(), public.last()) else { return Ok(None) };
        entry_before(&last.change, first.change.at_us)
    }
}

/// Returns the entry before a change, with the version of that change.
fn entry_before<C: StoredContent>(
    change: &Change,
    published_at_us: i64,
) -> Result<Option<Entry<C>>, StoreError> {
    let Some(text) = &change.before else { return Ok(None) };
    let content = serde_json::from_str(text)
        .map_err(|error| StoreError::corrupt(Column::BeforeText, change.code.as_str(), error.to_string()))?;
    let meta = EntryMeta {
        log: change.log,
        number: change.number,
        code: change.code.clone(),
        version: change.version,
        last_version: change.version,
        publication: Publication::Published,
        pending: None,
        published_at_us: Some(published_at_us),
        updated_at_us: change.at_us,
    };
    Ok(Some(Entry { meta, content }))
}
