//! Child lists: the first rows under each of many parents, in one statement for all of them.

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::list::PageQuery;
use crate::row::ENTRY_COLUMNS;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::entry::Entry;
use caunoi_domain::page::{ListQuery, Page, Parent, ParentKind};
use caunoi_domain::policy::Scope;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, IntoColumnRef, JoinType, Query, SelectStatement};
use std::collections::HashMap;

const PARENT: &str = "parent";
/// Alias of the rowid of an entry on SQLite.
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
        let page_query = PageQuery::new::<C>(scope, list_query, parents, key)?;
        let child_query =
            ChildQuery { engine: self.engine(), scope, kind, list_query, page_query: &page_query };
        let select = match self.engine() {
            Engine::Sqlite => select_by_rowid::<C>(&child_query, parents),
            Engine::Postgres => select_lateral::<C>(&child_query, parents),
        };
        let Some(select) = select else { return Ok(HashMap::new()) };
        let rows = self.all(scope, &select).await?;
        let mut by_parent: HashMap<(i32, i32), Vec<QueryResult>> = HashMap::new();
        let numbers_at = ENTRY_COLUMNS.len() + list_query.order.len();
        for row in rows {
            let numbers = (row.try_get_by_index(numbers_at)?, row.try_get_by_index(numbers_at + 1)?);
            by_parent.entry(numbers).or_default().push(row);
        }
        parents
            .iter()
            .map(|parent| {
                let rows = by_parent.get(&numbers(*parent)).map_or(&[][..], Vec::as_slice);
                Ok((*parent, page_query.page(rows, list_query, Some(*parent), key)?))
            })
            .collect()
    }
}

/// Returns the column of the partner, and the child table that contains it, if any.
fn partner_column<C: StoredContent>() -> (Expr, Option<&'static str>) {
    match C::LOCALITIES {
        Some(child) => (column(child, "locality_id"), Some(child)),
        None => (column(C::TABLE, "partner_id"), None),
    }
}

/// Selects the first rows under the parent of the joined row, of every slot that the scope sees: in
/// the order of the list, each slot along an index that begins with the parent.
struct ChildQuery<'a> {
    engine: Engine,
    scope: Scope,
    kind: ParentKind,
    list_query: &'a ListQuery,
    page_query: &'a PageQuery,
}

impl ChildQuery<'_> {
    fn first<C: StoredContent>(&self, base: &SelectStatement) -> Option<SelectStatement> {
        let of_slot = |(slot, condition)| self.of_slot::<C>(base.clone(), slot, condition);
        let selects = condition::of_slots::<C>(self.scope).into_iter().map(of_slot).collect();
        self.page_query.merge(selects, u64::from(self.list_query.window.size) + 1)
    }

    fn of_slot<C: StoredContent>(
        &self,
        mut select: SelectStatement,
        slot: &'static str,
        condition: Expr,
    ) -> SelectStatement {
        self.page_query.apply::<C>(&mut select);
        select
            .and_where(condition)
            .cond_where(condition::of_filter::<C>(self.engine, &self.list_query.filter));
        let mut holder = C::TABLE;
        if matches!(self.kind, ParentKind::Log | ParentKind::Relation) {
            select.and_where(column(C::TABLE, "province_id").eq(parent_log()));
        }
        if matches!(self.kind, ParentKind::Locality | ParentKind::Relation) {
            let (partner, child) = partner_column::<C>();
            if let Some(child) = child {
                let same = |name: &'static str| column(child, name).equals((C::TABLE, name));
                select.inner_join(child, same("province_id").and(same("number")).and(same("slot")));
                // The index of partners begins with the slot, and SQLite does not infer it from the
                // other table.
                select.and_where(column(child, "slot").eq(literal(slot)));
                holder = child;
            }
            select.and_where(partner.eq(parent_locality()));
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
fn select_by_rowid<C: StoredContent>(
    child_query: &ChildQuery<'_>,
    parents: &[Parent],
) -> Option<SelectStatement> {
    let row = || column(C::TABLE, "rowid");
    let keys = Query::select()
        .expr_as(row(), ROW)
        .columns(["province_id", "number"].map(|name| (C::TABLE, name)))
        .from(C::TABLE)
        .to_owned();
    let keys = Query::select().column(ROW).from_subquery(child_query.first::<C>(&keys)?, "child").to_owned();
    // Repeated here, so that no mistake in the keys reveals a row outside the scope; inside a CASE,
    // so that SQLite uses no index for it: by the slot it would read the whole table for each
    // parent.
    let is_seen =
        Expr::case(condition::of_scope::<C>(child_query.scope), literal(true)).finally(literal(false));
    let mut query = Query::select();
    query.columns(ENTRY_COLUMNS.map(|name| (C::TABLE, name)));
    child_query.page_query.columns(&mut query);
    query
        .expr(parent_log())
        .expr(parent_locality())
        .from_values(parents.iter().map(|parent| numbers(*parent)), PARENT)
        .join(JoinType::CrossJoin, C::TABLE, literal(true))
        .and_where(row().in_subquery(keys))
        .and_where(is_seen.into());
    child_query.page_query.order(&mut query, C::TABLE);
    Some(query)
}

fn select_lateral<C: StoredContent>(
    child_query: &ChildQuery<'_>,
    parents: &[Parent],
) -> Option<SelectStatement> {
    let entries = select_entries::<C>();
    let child = child_query.first::<C>(&entries)?;
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
