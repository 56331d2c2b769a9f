//! Lists with keyset pagination: a page starts after the sort keys of a row, never after an offset.

use crate::column::{Table, column};
use crate::condition::{self, ListPart};
use crate::connect::{Engine, Store};
use crate::entity::{EntryColumn, agreement};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::{EntryTables, StoredContent};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use caunoi_domain::cursor::{CursorSigner, InstallationKey, RowCursor};
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, EntryMeta};
use caunoi_domain::locale::Locale;
use caunoi_domain::page::{ListQuery, Order, OrderKey, Page, Parent, Sorting};
use caunoi_domain::policy::Scope;
use caunoi_domain::validation::{InvalidReason, Reason};
use sea_orm::sea_query::{
    self, Asterisk, Cond, Condition, Expr, ExprTrait, Query, SelectStatement, UnionType,
};
use sea_orm::{QueryResult, Value};
use serde::{Deserialize, Serialize};

/// The value of one sort key in a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum SortKeyValue {
    Day(Day),
    Bytes(String),
    Number(i64),
}

/// The position of a row in a list: its sort keys, then the key of its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PagePosition {
    keys: Vec<SortKeyValue>,
    log: i16,
    number: i32,
}

/// One column of the order, and its direction on this page.
struct SortColumn {
    key: OrderKey,
    column: Expr,
    descending: bool,
}

/// Alias of the rows of one slot within a union.
const PART: &str = "part";
/// Alias of the rows of all slots.
const MERGED: &str = "merged";
/// The key of an entry, which comes last in every order.
const TIE: [EntryColumn; 2] = [EntryColumn::ProvinceId, EntryColumn::Number];

/// How one page is read: its order and its start.
pub(crate) struct PageQuery {
    entries: Table,
    sort_columns: Vec<SortColumn>,
    tie_descending: bool,
    after: Option<PagePosition>,
    list: String,
}

impl PageQuery {
    /// Reads the order and the cursor of a query, below these parents or, if there are none, over
    /// all entries. A cursor is valid for the list that issued it, so with a cursor there is one
    /// parent.
    pub(crate) fn new(
        tables: &EntryTables,
        scope: Scope,
        list_query: &ListQuery,
        parents: &[Parent],
        key: &InstallationKey,
    ) -> Result<Self, Reason> {
        let backwards = list_query.window.backwards;
        let sort_columns: Vec<SortColumn> = list_query
            .order
            .iter()
            .map(|Order { key, sorting }| SortColumn {
                key: *key,
                column: order_column(tables.entries, *key),
                descending: (*sorting == Sorting::Descending) != backwards,
            })
            .collect();
        let tie_descending = sort_columns.first().map_or(backwards, |first| first.descending);
        let list =
            format!("{} {scope:?} {:?} {:?}", tables.entries.name(), list_query.filter, list_query.order);
        let mut page_query =
            Self { entries: tables.entries, sort_columns, tie_descending, after: None, list };
        if let Some(cursor) = &list_query.window.cursor {
            let of = parents.iter().copied().map(Some).chain(parents.is_empty().then_some(None));
            for parent in of {
                let position =
                    decode_cursor(cursor, &page_query.purpose(parent), key, page_query.sort_columns.len())?;
                page_query.after = Some(position);
            }
        }
        Ok(page_query)
    }

    /// Returns the purpose for which a cursor is signed: list, scope, filter, order, language and
    /// parent. It is invalid for any other.
    fn purpose(&self, parent: Option<Parent>) -> Vec<u8> {
        format!("{} {parent:?}", self.list).into_bytes()
    }

    /// Adds the sort columns.
    pub(crate) fn columns(&self, select: &mut SelectStatement) {
        for (index, sort_column) in self.sort_columns.iter().enumerate() {
            select.expr_as(sort_column.column.clone(), order_alias(index));
        }
    }

    /// Adds the sort columns and the start condition to a select of entries.
    pub(crate) fn apply(&self, select: &mut SelectStatement) {
        self.columns(select);
        if let Some(position) = &self.after {
            select.cond_where(self.after_position(position));
        }
    }

    /// Orders a select by columns of `holder`: the table of the entries, or a child table whose
    /// index has the same order.
    pub(crate) fn order(&self, select: &mut SelectStatement, holder: Table) {
        for (expr, order) in self.ordering(holder) {
            select.order_by_expr(expr, order);
        }
    }

    /// Orders a select on SQLite by sorting, not by an index.
    pub(crate) fn sort(&self, select: &mut SelectStatement) {
        for (expr, order) in self.ordering(self.entries) {
            select.order_by_expr(Expr::cust_with_expr("+?", expr), order);
        }
    }

    /// Merges selects that are each in this order into one select in this order. Each has its own
    /// limit, so that each walks its own index; SQLite allows a limit in a part of a union only
    /// within a subquery.
    pub(crate) fn merge(&self, selects: Vec<SelectStatement>, size: u64) -> Option<SelectStatement> {
        let is_one = selects.len() == 1;
        let mut parts = selects.into_iter().map(|mut select| {
            select.limit(size);
            let whole = Query::select().column(Asterisk).from_subquery(select.clone(), PART).to_owned();
            if is_one { select } else { whole }
        });
        let mut first = parts.next()?;
        if is_one {
            return Some(first);
        }
        for part in parts {
            first.union(UnionType::All, part);
        }
        let mut merged = Query::select().column(Asterisk).from_subquery(first, MERGED).to_owned();
        for (index, sort_column) in self.sort_columns.iter().enumerate() {
            merged.order_by((MERGED, order_alias(index)), direction(sort_column.descending));
        }
        for name in TIE {
            merged.order_by((MERGED, name), direction(self.tie_descending));
        }
        Some(merged.limit(size).to_owned())
    }

    /// Returns the order by column; the key of the entry comes last.
    fn ordering(&self, holder: Table) -> Vec<(Expr, sea_query::Order)> {
        let tie = TIE.map(|name| (holder.expr(name), direction(self.tie_descending)));
        let key = |sort_column: &SortColumn| match sort_column.key {
            OrderKey::First => order_column(holder, OrderKey::First),
            OrderKey::Expires | OrderKey::Name(_) | OrderKey::UpdatedAt => sort_column.column.clone(),
        };
        self.sort_columns
            .iter()
            .map(|sort_column| (key(sort_column), direction(sort_column.descending)))
            .chain(tie)
            .collect()
    }

    /// Returns the condition that a row comes after a position. If all keys have one direction, it
    /// is a row comparison, which an index answers; else a chain of alternatives.
    fn after_position(&self, position: &PagePosition) -> Condition {
        let mut columns: Vec<(Expr, Expr, bool)> = self
            .sort_columns
            .iter()
            .zip(&position.keys)
            .map(|(sort_column, key)| (sort_column.column.clone(), to_expr(key), sort_column.descending))
            .collect();
        let values = [Expr::val(position.log), Expr::val(position.number)];
        let tie = TIE.into_iter().zip(values);
        columns.extend(tie.map(|(name, value)| (self.entries.expr(name), value, self.tie_descending)));
        if columns.iter().all(|(_, _, descending)| *descending == self.tie_descending) {
            let row = Expr::tuple(columns.iter().map(|(column, _, _)| column.clone()));
            let start = Expr::tuple(columns.iter().map(|(_, value, _)| value.clone()));
            return Cond::all().add(if self.tie_descending { row.lt(start) } else { row.gt(start) });
        }
        let mut any = Cond::any();
        for (index, (column, value, descending)) in columns.iter().enumerate() {
            let mut all = Cond::all();
            for (earlier, same, _) in &columns[..index] {
                all = all.add(earlier.clone().eq(same.clone()));
            }
            let further =
                if *descending { column.clone().lt(value.clone()) } else { column.clone().gt(value.clone()) };
            any = any.add(all.add(further));
        }
        // Without this bound the alternatives would read the index from its start.
        let first_bound = columns.first().map(|(column, value, descending)| {
            if *descending { column.clone().lte(value.clone()) } else { column.clone().gte(value.clone()) }
        });
        Cond::all().add_option(first_bound).add(any)
    }

    /// Builds the page from the rows of one list, of which there is one more than the page size if
    /// more follow.
    pub(crate) fn page<C: StoredContent>(
        &self,
        rows: &[QueryResult],
        list_query: &ListQuery,
        parent: Option<Parent>,
        key: &InstallationKey,
    ) -> Result<Page<Entry<C>>, StoreError> {
        let signer = CursorSigner::new(key.clone(), self.purpose(parent));
        let size = usize::from(list_query.window.size);
        let more = rows.len() > size;
        let mut page = Vec::with_capacity(rows.len().min(size));
        for row in rows.iter().take(size) {
            let entry: Entry<C> = row::read(row)?;
            page.push((RowCursor::new(&signer, self.position(row, &entry.meta)?), entry));
        }
        let began_at_cursor = list_query.window.cursor.is_some();
        let (has_next, has_previous) = if list_query.window.backwards {
            page.reverse();
            (began_at_cursor, more)
        } else {
            (more, began_at_cursor)
        };
        Ok(Page { rows: page, has_next, has_previous })
    }

    /// Returns the position of a row as the content of a cursor.
    fn position(&self, row: &QueryResult, meta: &EntryMeta) -> Result<Vec<u8>, StoreError> {
        let mut keys = Vec::with_capacity(self.sort_columns.len());
        for (index, sort_column) in self.sort_columns.iter().enumerate() {
            let at = ENTRY_COLUMNS.len() + index;
            keys.push(match sort_column.key {
                OrderKey::First | OrderKey::Expires => SortKeyValue::Day(row.try_get_by_index(at)?),
                OrderKey::Name(_) => {
                    SortKeyValue::Bytes(STANDARD_NO_PAD.encode(row.try_get_by_index::<Vec<u8>>(at)?))
                }
                OrderKey::UpdatedAt => SortKeyValue::Number(row.try_get_by_index(at)?),
            });
        }
        let position = PagePosition { keys, log: meta.log.number(), number: meta.number };
        serde_json::to_vec(&position).map_err(|error| StoreError::Corrupt {
            table: self.entries.name(),
            column: "order key",
            id: meta.code.clone(),
            why: error.to_string(),
        })
    }
}

fn direction(descending: bool) -> sea_query::Order {
    if descending { sea_query::Order::Desc } else { sea_query::Order::Asc }
}

/// Returns the alias of a sort column.
fn order_alias(index: usize) -> String {
    format!("order_{index}")
}

fn decode_cursor(
    cursor: &str,
    purpose: &[u8],
    key: &InstallationKey,
    keys: usize,
) -> Result<PagePosition, Reason> {
    let content = key.verify(purpose, cursor)?;
    let position: Option<PagePosition> = serde_json::from_slice(&content).ok();
    position
        .filter(|position| position.keys.len() == keys)
        .ok_or_else(|| InvalidReason::ForeignPageCursor.into())
}

fn to_expr(key: &SortKeyValue) -> Expr {
    Expr::val(match key {
        SortKeyValue::Day(day) => Value::from(*day),
        SortKeyValue::Bytes(text) => STANDARD_NO_PAD.decode(text).unwrap_or_default().into(),
        SortKeyValue::Number(number) => (*number).into(),
    })
}

/// Returns the column of an order, in the table of the entries, or in a child table that has it.
fn order_column(holder: Table, key: OrderKey) -> Expr {
    match key {
        OrderKey::First => holder.expr(EntryColumn::FirstEarliest),
        OrderKey::Expires => column(agreement::Column::ExpiresLatest),
        OrderKey::Name(Locale::Vi) => holder.expr(EntryColumn::NameVi),
        OrderKey::Name(Locale::En) => holder.expr(EntryColumn::NameEn),
        OrderKey::UpdatedAt => holder.expr(EntryColumn::UpdatedAtUs),
    }
}

impl Store {
    /// Returns one page of the entries that match the filter, in one statement.
    ///
    /// # Errors
    /// Returns `Refused` for a cursor of another list, and an error if the database fails or a row
    /// is corrupt.
    pub async fn list<C: StoredContent>(
        &self,
        scope: Scope,
        list_query: &ListQuery,
        key: &InstallationKey,
    ) -> Result<Page<Entry<C>>, StoreError> {
        let (page_query, rows) = self.list_rows(&C::tables(), scope, list_query, key).await?;
        page_query.page(&rows, list_query, None, key)
    }

    async fn list_rows(
        &self,
        tables: &EntryTables,
        scope: Scope,
        list_query: &ListQuery,
        key: &InstallationKey,
    ) -> Result<(PageQuery, Vec<QueryResult>), StoreError> {
        let page_query = PageQuery::new(tables, scope, list_query, &[], key)?;
        let of_slot = |slot: &Expr, part: ListPart| {
            let mut select = select_entries(tables);
            page_query.apply(&mut select);
            // SQLite has no statistics of the rows and prefers any index in the requested order.
            if self.engine() == Engine::Sqlite && part.is_narrow {
                page_query.sort(&mut select);
            } else {
                page_query.order(&mut select, tables.entries);
            }
            select.and_where(slot.clone()).cond_where(part.condition);
            select
        };
        let parts = || condition::list_parts(tables, self.engine(), &list_query.filter);
        let slots = condition::of_slots(tables, scope);
        let selects =
            slots.iter().flat_map(|(_, slot)| parts().into_iter().map(move |part| of_slot(slot, part)));
        let selects = selects.collect();
        let rows = match page_query.merge(selects, u64::from(list_query.window.size) + 1) {
            Some(select) => self.all(scope, &select).await?,
            None => Vec::new(),
        };
        Ok((page_query, rows))
    }

    /// Returns the number of entries that match the filter, in one statement.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn count<C: StoredContent>(
        &self,
        scope: Scope,
        list_query: &ListQuery,
    ) -> Result<u64, StoreError> {
        self.count_rows(&C::tables(), scope, list_query).await
    }

    async fn count_rows(
        &self,
        tables: &EntryTables,
        scope: Scope,
        list_query: &ListQuery,
    ) -> Result<u64, StoreError> {
        let select = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(tables.entries)
            .and_where(condition::of_scope(tables, scope))
            .cond_where(condition::of_filter(tables, self.engine(), &list_query.filter))
            .to_owned();
        let rows = self.all(scope, &select).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
