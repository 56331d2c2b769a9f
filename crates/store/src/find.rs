//! Finding entries by what names them.

use crate::condition;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::Stored;
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

impl Store {
    /// The entries with these codes that the scope sees, in one statement.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_by_codes<C: Stored>(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        // No code holds a NUL, and PostgreSQL takes none even to compare.
        let codes = codes.iter().filter(|code| !code.contains('\0'));
        self.find_where(scope, column(C::TABLE, "code").is_in(codes)).await
    }

    /// The entries with these keys that the scope sees, in one statement.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_by_keys<C: Stored>(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let key = Expr::tuple([column(C::TABLE, "province_id"), column(C::TABLE, "number")]);
        self.find_where(scope, key.in_tuples(keys.iter().map(|(log, number)| (log.number(), *number)))).await
    }

    /// The agreements that renew those with these codes, in one statement.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_renewals(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<caunoi_domain::agreement::Agreement>>, StoreError> {
        self.find_where(scope, column("agreement", "renews_code").is_in(codes)).await
    }

    async fn find_where<C: Stored>(&self, scope: Scope, which: Expr) -> Result<Vec<Entry<C>>, StoreError> {
        let query =
            select_entries::<C>().and_where(condition::of_scope::<C>(scope)).and_where(which).to_owned();
        self.all(&query).await?.iter().map(row::read).collect()
    }
}

/// A select of the columns that make an entry.
pub(crate) fn select_entries<C: Stored>() -> SelectStatement {
    Query::select().columns(ENTRY_COLUMNS.map(|name| (C::TABLE, name))).from(C::TABLE).to_owned()
}
