//! Lookups of entries by code, key or link.

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::StoredContent;
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::date::Day;
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::statistics::monitoring::not_withdrawn;
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    self, Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, WindowStatement,
};
use std::collections::HashMap;

/// Most agreements returned for one code.
const MAX_LINKED: i64 = 100;
/// Most keys of one statement.
const MAX_KEYS: usize = 500;
/// Alias of the keys that rows are joined to.
const KEYS: &str = "keys";
/// Rank of a row among those with one code.
const ROW: &str = "rank_in_code";

impl Store {
    /// Returns the entries with these codes that the scope sees, in one statement.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_by_codes<C: StoredContent>(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        // No code contains NUL, and PostgreSQL rejects it even in a comparison.
        let codes = codes.iter().filter(|code| !code.contains('\0'));
        self.find_where(scope, column(C::TABLE, "code").is_in(codes)).await
    }

    /// Returns the entries with these keys that the scope sees, in one statement.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_by_keys<C: StoredContent>(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.find_where(scope, has_key(C::TABLE, keys.iter().copied())).await
    }

    /// Returns the agreements that link to an entry with one of these codes, in one statement: for
    /// each code the newest 100, newest first.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn find_linked(
        &self,
        scope: Scope,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, StoreError> {
        let of = |name| column(Agreement::TABLE, name);
        let code = of(match link {
            AgreementLink::Renews => "renews_code",
            AgreementLink::Parent => "parent_code",
            AgreementLink::Relation => "relation_code",
        });
        let mut newest = WindowStatement::new();
        newest.add_partition_by(code.clone());
        for name in ["first_earliest", "province_id", "number"] {
            let key = match self.engine() {
                // The plus prevents SQLite from walking the index in this order, which would read
                // all rows.
                Engine::Sqlite => Expr::cust_with_expr("+?", of(name)),
                Engine::Postgres => of(name),
            };
            newest.order_by_expr(key, Order::Desc);
        }
        let inner = select_entries::<Agreement>()
            .and_where(condition::of_scope::<Agreement>(scope))
            .and_where(code.is_in(codes))
            .expr_window_as(Expr::cust("ROW_NUMBER()"), newest, ROW)
            .to_owned();
        let query = Query::select()
            .column(sea_query::Asterisk)
            .from_subquery(inner, "linked")
            .and_where(Expr::col(ROW).lte(MAX_LINKED))
            .order_by(ROW, Order::Asc)
            .to_owned();
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }

    /// Returns, for each of these agreements with a visible subsidiary document that is not
    /// withdrawn, the first day on which one counts. Runs two statements for every 500 agreements.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_first_subsidiaries(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<HashMap<(Log, i32), Day>, StoreError> {
        let mut first = HashMap::new();
        for chunk in keys.chunks(MAX_KEYS) {
            let key_of = self.keys_by_code(scope, chunk).await?;
            for (code, day) in self.first_under(scope, key_of.keys()).await? {
                first.extend(key_of.get(&code).map(|key| (*key, day)));
            }
        }
        Ok(first)
    }

    async fn keys_by_code(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<HashMap<String, (Log, i32)>, StoreError> {
        let of = |name| column(Agreement::TABLE, name);
        let query = Query::select()
            .exprs(["code", "province_id", "number"].map(of))
            .from(Agreement::TABLE)
            .and_where(condition::of_scope::<Agreement>(scope))
            .and_where(has_key(Agreement::TABLE, keys.iter().copied()))
            .to_owned();
        let read = |row: &QueryResult| {
            let key = (Log::new(row.try_get_by_index(1)?), row.try_get_by_index(2)?);
            Ok((row.try_get_by_index(0)?, key))
        };
        self.all(scope, &query).await?.iter().map(read).collect()
    }

    async fn first_under(
        &self,
        scope: Scope,
        codes: impl Iterator<Item = &String>,
    ) -> Result<Vec<(String, Day)>, StoreError> {
        let of = |name| column(Agreement::TABLE, name);
        // The condition contains no day: with one, SQLite would scan all agreements that count by
        // then.
        let query = Query::select()
            .expr(of("parent_code"))
            .expr(Func::min(of("counts_from")))
            .from(Agreement::TABLE)
            .and_where(condition::of_scope::<Agreement>(scope))
            .cond_where(condition::of_filter::<Agreement>(self.engine(), &not_withdrawn()))
            .and_where(of("parent_code").is_in(codes))
            .add_group_by([of("parent_code")])
            .to_owned();
        let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        self.all(scope, &query).await?.iter().map(read).collect()
    }

    async fn find_where<C: StoredContent>(
        &self,
        scope: Scope,
        which: Expr,
    ) -> Result<Vec<Entry<C>>, StoreError> {
        let query =
            select_entries::<C>().and_where(condition::of_scope::<C>(scope)).and_where(which).to_owned();
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }
}

/// Returns the condition that a row of a table has one of these keys. PostgreSQL joins them; it
/// would plan a list of tuples as one alternative each, at some 100 µs per tuple.
pub(crate) fn has_key(table: &'static str, keys: impl IntoIterator<Item = (Log, i32)>) -> Expr {
    let keys = keys.into_iter().map(|(log, number)| (log.number(), number));
    let keys =
        Query::select().columns([(KEYS, "column1"), (KEYS, "column2")]).from_values(keys, KEYS).to_owned();
    Expr::tuple([column(table, "province_id"), column(table, "number")]).in_subquery(keys)
}

/// Selects the columns of an entry.
pub(crate) fn select_entries<C: StoredContent>() -> SelectStatement {
    Query::select().columns(ENTRY_COLUMNS.map(|name| (C::TABLE, name))).from(C::TABLE).to_owned()
}
