//! Published entries in the order of their keys, for checks of all of them.

use crate::condition::PUBLISHED;
use crate::connect::Store;
use crate::entity::{EntryColumn, VersionKey};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Order};

impl Store {
    /// Returns published entries in the order of log and number, at most `most`: those after a key,
    /// and only those of `log` where it is given.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn list_published_after<C: StoredContent>(
        &self,
        scope: Scope,
        log: Option<Log>,
        after: Option<(Log, i32)>,
        most: u64,
    ) -> Result<Vec<Entry<C>>, StoreError> {
        let tables = C::tables();
        let key = || [VersionKey::ProvinceId, VersionKey::Number].map(|name| tables.entries.expr(name));
        let mut query = select_entries(&tables);
        query.and_where(tables.entries.expr(EntryColumn::Slot).eq(literal(PUBLISHED)));
        if let Some(log) = log {
            query.and_where(tables.entries.expr(VersionKey::ProvinceId).eq(log.number()));
        }
        if let Some((log, number)) = after {
            let after = [Expr::val(log.number()), Expr::val(number)];
            query.and_where(Expr::tuple(key()).gt(Expr::tuple(after)));
        }
        for column in key() {
            query.order_by_expr(column, Order::Asc);
        }
        query.limit(most);
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }
}
