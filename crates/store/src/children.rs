//! Child lists: the first rows under each of many parents, in one statement for all of them.

use crate::column::{Table, TableColumn};
use crate::condition;
use crate::connect::{Engine, Store};
use crate::entity::{EntryColumn, OwnerColumn, VersionKey};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::list::PageQuery;
use crate::row::ENTRY_COLUMNS;
use crate::search;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::entry::Entry;
use caunoi_domain::page::{ListQuery, Page, Parent, ParentKind};
use caunoi_domain::policy::Scope;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, IntoColumnRef, JoinType, Query, SelectStatement};
use std::collections::HashMap;

const PARENT: &str = "parent";
/// The rowid of a table on SQLite, which is no column.
const ROWID: &str = "rowid";
/// Alias of the rowid of an entry.
const ROW: &str = "entry_row";

impl Store {
    /// Returns one page under each parent; the first rows of each are read from an index.
    ///
    /// # Errors
    /// Returns `Refused` for a cursor of another list, and an error if the database fails or a row
    /// is corrupt.
    pub async fn list_under<C: StoredContent>(
        &self,
        scope: Scope,
        parents: &[Parent],
        list_query: &ListQuery,
        key: &InstallationKey,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, StoreError> {
        let Some(kind) = parents.first().map(|parent| parent.kind()) else { return Ok(HashMap::new()) };
        let tables = C::tables();
        let page_query = PageQuery::new(&tables, scope, list_query, parents, key)?;
        let child_query = ChildQuery {
            engine: self.engine(),
            tables: &tables,
            scope,
            kind,
            list_query,
            page_query: &page_query,
        };
        let by_parent = self.child_rows(&child_query, parents).await?;
        parents
            .iter()
            .map(|parent| {
                let rows = by_parent.get(&numbers(*parent)).map_or(&[][..], Vec::as_slice);
                Ok((*parent, page_query.page(rows, list_query, Some(*parent), key)?))
            })
            .collect()
    }

    /// Returns the rows under each parent, by its numbers.
    async fn child_rows(
        &self,
        child_query: &ChildQuery<'_>,
        parents: &[Parent],
    ) -> Result<HashMap<(i32, i32), Vec<QueryResult>>, StoreError> {
        let mut by_parent: HashMap<(i32, i32), Vec<QueryResult>> = HashMap::new();
        let select = match self.engine() {
            Engine::Sqlite => select_by_rowid(child_query, parents),
            Engine::Postgres => select_lateral(child_query, parents),
        };
        let Some(select) = select else { return Ok(by_parent) };
        let numbers_at = ENTRY_COLUMNS.len() + child_query.list_query.order.len();
        for row in self.all(child_query.scope, &select).await? {
            let numbers = (row.try_get_by_index(numbers_at)?, row.try_get_by_index(numbers_at + 1)?);
            by_parent.entry(numbers).or_default().push(row);
        }
        Ok(by_parent)
    }
}

/// Selects the first rows under the parent of the joined row, of every slot that the scope sees: in
/// the order of the list, each slot along an index that begins with the parent.
struct ChildQuery<'a> {
    engine: Engine,
    tables: &'a EntryTables,
    scope: Scope,
    kind: ParentKind,
    list_query: &'a ListQuery,
    page_query: &'a PageQuery,
}

impl ChildQuery<'_> {
    fn first(&self, base: &SelectStatement) -> Option<SelectStatement> {
        let mut selects = Vec::new();
        for (slot, condition) in condition::of_slots(self.tables, self.scope) {
            if let (ParentKind::Log, Some(owners)) = (self.kind, self.tables.owners) {
                selects.push(self.shared_of_slot(base.clone(), slot, condition.clone(), owners));
            }
            selects.push(self.of_slot(base.clone(), slot, condition));
        }
        self.page_query.merge(selects, u64::from(self.list_query.window.size) + 1)
    }

    /// Selects the entries of other logs that are shared with the parent, by their keys.
    fn shared_of_slot(
        &self,
        mut select: SelectStatement,
        slot: &'static str,
        condition: Expr,
        owners: Table,
    ) -> SelectStatement {
        let entries = self.tables.entries;
        self.page_query.apply(&mut select);
        select
            .inner_join(owners, search::is_same_version(owners, entries))
            .and_where(owners.expr(VersionKey::Slot).eq(literal(slot)))
            .and_where(owners.expr(OwnerColumn::OwnerId).eq(parent_log()))
            .and_where(owners.expr(OwnerColumn::IsFirst).eq(literal(true)))
            .and_where(entries.expr(EntryColumn::ProvinceId).ne(parent_log()))
            .and_where(condition)
            .cond_where(condition::of_filter(self.tables, self.engine, &self.list_query.filter));
        match self.engine {
            Engine::Sqlite => self.page_query.sort(&mut select),
            Engine::Postgres => self.page_query.order(&mut select, entries),
        }
        select
    }

    fn of_slot(&self, mut select: SelectStatement, slot: &'static str, condition: Expr) -> SelectStatement {
        let entries = self.tables.entries;
        self.page_query.apply(&mut select);
        select.and_where(condition).cond_where(condition::of_filter(
            self.tables,
            self.engine,
            &self.list_query.filter,
        ));
        let mut holder = entries;
        if matches!(self.kind, ParentKind::Log | ParentKind::Relation) {
            select.and_where(entries.expr(EntryColumn::ProvinceId).eq(parent_log()));
        }
        if matches!(self.kind, ParentKind::Locality | ParentKind::Relation) {
            if let Some(TableColumn { table: child, .. }) = self.tables.child_partner() {
                select.inner_join(child, search::is_same_version(child, entries));
                // The index of partners begins with the slot, and SQLite does not infer it from the
                // other table.
                select.and_where(child.expr(VersionKey::Slot).eq(literal(slot)));
                holder = child;
            }
            let is_partner = |partner: TableColumn| partner.expr().eq(parent_locality());
            select.and_where(self.tables.partner.map_or_else(condition::nothing, is_partner));
        }
        self.page_query.order(&mut select, holder);
        select
    }
}

fn parent_log() -> Expr {
    Expr::col((PARENT, "column1"))
}

fn parent_locality() -> Expr {
    Expr::col((PARENT, "column2"))
}

/// SQLite has no lateral joins, but looks up the rows whose rowids a correlated select returns. The
/// cross join keeps the parents in the outer loop.
fn select_by_rowid(child_query: &ChildQuery<'_>, parents: &[Parent]) -> Option<SelectStatement> {
    let entries = child_query.tables.entries;
    let row = || Expr::col((entries, ROWID));
    let keys = Query::select()
        .expr_as(row(), ROW)
        .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (entries, name)))
        .from(entries)
        .to_owned();
    let keys = Query::select().column(ROW).from_subquery(child_query.first(&keys)?, "child").to_owned();
    // Repeated here, so that no mistake in the keys reveals a row outside the scope; inside a CASE,
    // so that SQLite uses no index for it: by the slot it would read the whole table for each
    // parent.
    let scope = condition::of_scope(child_query.tables, child_query.scope);
    let is_seen = Expr::case(scope, literal(true)).finally(literal(false));
    let mut query = Query::select();
    query.columns(ENTRY_COLUMNS.map(|name| (entries, name)));
    child_query.page_query.columns(&mut query);
    query
        .expr(parent_log())
        .expr(parent_locality())
        .from_values(parents.iter().map(|parent| numbers(*parent)), PARENT)
        .join(JoinType::CrossJoin, entries, literal(true))
        .and_where(row().in_subquery(keys))
        .and_where(is_seen.into());
    child_query.page_query.order(&mut query, entries);
    Some(query)
}

fn select_lateral(child_query: &ChildQuery<'_>, parents: &[Parent]) -> Option<SelectStatement> {
    let child = child_query.first(&select_entries(child_query.tables))?;
    let query = Query::select()
        .column(("child", Asterisk).into_column_ref())
        .expr(parent_log())
        .expr(parent_locality())
        .from_values(parents.iter().map(|parent| numbers(*parent)), PARENT)
        .join_lateral(JoinType::InnerJoin, child, "child", literal(true))
        .to_owned();
    Some(query)
}

/// Returns the two numbers that represent the parent in a statement; unused ones are 0.
fn numbers(parent: Parent) -> (i32, i32) {
    match parent {
        Parent::Log(log) => (i32::from(log.number()), 0),
        Parent::Locality(locality) => (0, locality.number()),
        Parent::Relation(log, locality) => (i32::from(log.number()), locality.number()),
    }
}
