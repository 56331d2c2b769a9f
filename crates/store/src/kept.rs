//! Look-ups of kept entries by the codes and keys of the entries that were merged into them.

use crate::column::Table;
use crate::condition::{self, PUBLISHED};
use crate::connect::Store;
use crate::entity::{MergedColumn, VersionKey};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

impl Store {
    /// Returns the entries that the entries with these codes were merged into, in one statement; in
    /// none for a kind that is not merged.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_kept_by_codes<C: StoredContent>(
        &self,
        scope: Scope,
        codes: &[&str],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        // No code contains NUL, and PostgreSQL rejects it even in a comparison.
        let codes: Vec<&str> = codes.iter().copied().filter(|code| !code.contains('\0')).collect();
        let tables = C::tables();
        let query = select(&tables, |merged| {
            (!codes.is_empty()).then(|| merged.expr(MergedColumn::MergedCode).is_in(codes))
        });
        self.find_kept(scope, &tables, query).await
    }

    /// Returns the entries that the entries with these keys were merged into, in one statement; in
    /// none for a kind that is not merged.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_kept_by_keys<C: StoredContent>(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        let tables = C::tables();
        self.find_kept(scope, &tables, select_by_keys(&tables, keys)).await
    }

    async fn find_kept<C: StoredContent>(
        &self,
        scope: Scope,
        tables: &EntryTables,
        query: Option<SelectStatement>,
    ) -> Result<Vec<Entry<C>>, StoreError> {
        let Some(mut query) = query else { return Ok(Vec::new()) };
        query.and_where(condition::of_scope(tables, scope));
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }
}

/// Selects the entries that the entries with these keys were merged into; `None` without keys and for
/// a kind that is not merged.
pub(crate) fn select_by_keys(tables: &EntryTables, keys: &[(Log, i32)]) -> Option<SelectStatement> {
    select(tables, |merged| {
        let key = |(log, number): &(Log, i32)| {
            let log = merged.expr(MergedColumn::MergedProvinceId).eq(log.number());
            log.and(merged.expr(MergedColumn::MergedNumber).eq(*number))
        };
        keys.iter().map(key).reduce(Expr::or)
    })
}

/// Selects the entries whose published version names a merged entry that meets the condition.
fn select(tables: &EntryTables, which: impl FnOnce(Table) -> Option<Expr>) -> Option<SelectStatement> {
    let merged = tables.merged?;
    let entry = [VersionKey::ProvinceId, VersionKey::Number];
    let keys = Query::select()
        .columns(entry)
        .from(merged)
        .and_where(merged.expr(VersionKey::Slot).eq(literal(PUBLISHED)))
        .and_where(which(merged)?)
        .to_owned();
    let is_kept = Expr::tuple(entry.map(|name| tables.entries.expr(name))).in_subquery(keys);
    Some(select_entries(tables).and_where(is_kept).to_owned())
}
