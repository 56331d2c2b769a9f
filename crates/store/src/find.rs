//! Lookups of entries by code, key or link.

use crate::column::{Table, column};
use crate::condition;
use crate::connect::{Engine, Store};
use crate::entity::{EntryColumn, VersionKey, agreement};
use crate::error::StoreError;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::{EntryTables, StoredContent};
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
        let tables = C::tables();
        let code = tables.entries.expr(EntryColumn::Code);
        read_all(&self.find_rows(scope, &tables, code.is_in(codes)).await?)
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
        let tables = C::tables();
        let which = has_key(tables.entries, keys.iter().copied());
        read_all(&self.find_rows(scope, &tables, which).await?)
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
        let tables = Agreement::tables();
        let code = column(match link {
            AgreementLink::Renews => agreement::Column::RenewsCode,
            AgreementLink::Parent => agreement::Column::ParentCode,
            AgreementLink::Relation => agreement::Column::RelationCode,
        });
        let mut newest = WindowStatement::new();
        newest.add_partition_by(code.clone());
        for name in [EntryColumn::FirstEarliest, EntryColumn::ProvinceId, EntryColumn::Number] {
            let key = tables.entries.expr(name);
            let key = match self.engine() {
                // The plus prevents SQLite from walking the index in this order, which would read
                // all rows.
                Engine::Sqlite => Expr::cust_with_expr("+?", key),
                Engine::Postgres => key,
            };
            newest.order_by_expr(key, Order::Desc);
        }
        let inner = select_entries(&tables)
            .and_where(condition::of_scope(&tables, scope))
            .and_where(code.is_in(codes))
            .expr_window_as(Expr::cust("ROW_NUMBER()"), newest, ROW)
            .to_owned();
        let query = Query::select()
            .column(sea_query::Asterisk)
            .from_subquery(inner, "linked")
            .and_where(Expr::col(ROW).lte(MAX_LINKED))
            .order_by(ROW, Order::Asc)
            .to_owned();
        read_all(&self.all(scope, &query).await?)
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
        let tables = Agreement::tables();
        let columns = [agreement::Column::Code, agreement::Column::ProvinceId, agreement::Column::Number];
        let query = Query::select()
            .exprs(columns.map(column))
            .from(tables.entries)
            .and_where(condition::of_scope(&tables, scope))
            .and_where(has_key(tables.entries, keys.iter().copied()))
            .to_owned();
        let read = |row: &QueryResult| {
            let (code, log, number) = row.try_get_many_by_index()?;
            Ok((code, (Log::new(log), number)))
        };
        self.all(scope, &query).await?.iter().map(read).collect()
    }

    async fn first_under(
        &self,
        scope: Scope,
        codes: impl Iterator<Item = &String>,
    ) -> Result<Vec<(String, Day)>, StoreError> {
        let tables = Agreement::tables();
        let parent = || column(agreement::Column::ParentCode);
        // The condition contains no day: with one, SQLite would scan all agreements that count by
        // then.
        let query = Query::select()
            .expr(parent())
            .expr(Func::min(column(agreement::Column::CountsFrom)))
            .from(tables.entries)
            .and_where(condition::of_scope(&tables, scope))
            .cond_where(condition::of_filter(&tables, self.engine(), &not_withdrawn()))
            .and_where(parent().is_in(codes))
            .add_group_by([parent()])
            .to_owned();
        let read = |row: &QueryResult| Ok(row.try_get_many_by_index()?);
        self.all(scope, &query).await?.iter().map(read).collect()
    }

    async fn find_rows(
        &self,
        scope: Scope,
        tables: &EntryTables,
        which: Expr,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let seen = condition::of_scope(tables, scope);
        self.all(scope, select_entries(tables).and_where(seen).and_where(which)).await
    }
}

fn read_all<C: StoredContent>(rows: &[QueryResult]) -> Result<Vec<Entry<C>>, StoreError> {
    rows.iter().map(row::read).collect()
}

/// Returns the condition that a row of a table has one of these keys. PostgreSQL joins them; it
/// would plan a list of tuples as one alternative each, at some 100 µs per tuple.
pub(crate) fn has_key(table: Table, keys: impl IntoIterator<Item = (Log, i32)>) -> Expr {
    let keys = keys.into_iter().map(|(log, number)| (log.number(), number));
    let keys =
        Query::select().columns([(KEYS, "column1"), (KEYS, "column2")]).from_values(keys, KEYS).to_owned();
    Expr::tuple([VersionKey::ProvinceId, VersionKey::Number].map(|name| table.expr(name))).in_subquery(keys)
}

/// Selects the columns of an entry.
pub(crate) fn select_entries(tables: &EntryTables) -> SelectStatement {
    let entries = tables.entries;
    Query::select().columns(ENTRY_COLUMNS.map(|name| (entries, name))).from(entries).to_owned()
}
