//! Lists by keyset: a page goes on after the order keys of a row, never after a count of rows.

use crate::children::Parent;
use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::Stored;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::date::Day;
use caunoi_domain::entry::Entry;
use caunoi_domain::locale::Locale;
use caunoi_domain::page::{Ask, Order, OrderKey, Page, Sorting};
use caunoi_domain::policy::Scope;
use caunoi_domain::refusal::Refusal;
use sea_orm::sea_query::{
    self, Asterisk, Cond, Condition, Expr, ExprTrait, Query, SelectStatement, UnionType,
};
use sea_orm::{QueryResult, Value};
use serde::{Deserialize, Serialize};

/// The value of one order key, as a cursor carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum KeyValue {
    Day(Day),
    Bytes(String),
    Number(i64),
}

/// The place of a row in a list: its order keys, then the key of its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PlaceInList {
    keys: Vec<KeyValue>,
    log: i16,
    number: i32,
}

/// One column of an order, with the way in which this page reads it.
struct Sorted {
    key: OrderKey,
    column: Expr,
    descending: bool,
}

/// The rows of one slot within a merge.
const PART: &str = "part";
/// The rows of all slots.
const MERGED: &str = "merged";

/// How one page is read: its order and where it begins.
pub(crate) struct Reading {
    sorted: Vec<Sorted>,
    tie_descending: bool,
    after: Option<PlaceInList>,
    list: String,
}

impl Reading {
    /// Reads the order and the cursor of an ask, below these parents or, where there is none,
    /// everywhere. A cursor goes on in the list that it came from, so it fits one parent alone.
    pub(crate) fn new<C: Stored>(
        scope: Scope,
        ask: &Ask,
        parents: &[Parent],
        key: &SealingKey,
    ) -> Result<Self, Refusal> {
        let backwards = ask.window.backwards;
        let sorted: Vec<Sorted> = ask
            .order
            .iter()
            .map(|Order { key, sorting }| Sorted {
                key: *key,
                column: column(C::TABLE, order_column(*key)),
                descending: (*sorting == Sorting::Descending) != backwards,
            })
            .collect();
        let tie_descending = sorted.first().map_or(backwards, |first| first.descending);
        let list = format!("{} {scope:?} {:?} {:?}", C::TABLE, ask.filter, ask.order);
        let mut reading = Self { sorted, tie_descending, after: None, list };
        if let Some(cursor) = &ask.window.cursor {
            let of = parents.iter().copied().map(Some).chain(parents.is_empty().then_some(None));
            for parent in of {
                let place = open(cursor, &reading.purpose(parent), key, reading.sorted.len())?;
                reading.after = Some(place);
            }
        }
        Ok(reading)
    }

    /// What a cursor is bound to: list, scope, filter, order, language and parent. Elsewhere it
    /// means nothing.
    fn purpose(&self, parent: Option<Parent>) -> Vec<u8> {
        format!("{} {parent:?}", self.list).into_bytes()
    }

    /// Adds the order columns.
    pub(crate) fn columns(&self, select: &mut SelectStatement) {
        for (index, sorted) in self.sorted.iter().enumerate() {
            select.expr_as(sorted.column.clone(), order_alias(index));
        }
    }

    /// Adds the order columns and the start to a select of entries.
    pub(crate) fn apply<C: Stored>(&self, select: &mut SelectStatement) {
        self.columns(select);
        if let Some(place) = &self.after {
            select.cond_where(self.beyond::<C>(place));
        }
    }

    /// Orders a select by the columns of a table that holds the dates and keys of the entries:
    /// their own, or a child table whose index is in that order.
    pub(crate) fn order(&self, select: &mut SelectStatement, holder: &'static str) {
        for (expr, order) in self.ordering(holder) {
            select.order_by_expr(expr, order);
        }
    }

    /// Orders a select on SQLite by sorting its rows, whatever index has them in order.
    fn sort<C: Stored>(&self, select: &mut SelectStatement) {
        for (expr, order) in self.ordering(C::TABLE) {
            select.order_by_expr(Expr::cust_with_expr("+?", expr), order);
        }
    }

    /// The first rows of several selects that are each in this order, as one select in this order.
    /// Each of them is bounded by itself, so that each is read along its own index; SQLite takes a
    /// limit in a part of a union only within a select of its own.
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
        for (index, sorted) in self.sorted.iter().enumerate() {
            merged.order_by((MERGED, order_alias(index)), way(sorted.descending));
        }
        for name in ["province_id", "number"] {
            merged.order_by((MERGED, name), way(self.tie_descending));
        }
        Some(merged.limit(size).to_owned())
    }

    /// The order, column by column; the key of the entry comes last.
    pub(crate) fn ordering(&self, holder: &'static str) -> Vec<(Expr, sea_query::Order)> {
        let tie = ["province_id", "number"].map(|name| (column(holder, name), way(self.tie_descending)));
        let key = |sorted: &Sorted| match sorted.key {
            OrderKey::First => column(holder, order_column(OrderKey::First)),
            OrderKey::Expires | OrderKey::Name(_) | OrderKey::UpdatedAt => sorted.column.clone(),
        };
        self.sorted.iter().map(|sorted| (key(sorted), way(sorted.descending))).chain(tie).collect()
    }

    /// The rows that come after a place. Keys that all run one way make a row comparison, which
    /// an index answers; mixed ways make a chain of alternatives.
    fn beyond<C: Stored>(&self, place: &PlaceInList) -> Condition {
        let mut columns: Vec<(Expr, Expr, bool)> = self
            .sorted
            .iter()
            .zip(&place.keys)
            .map(|(sorted, key)| (sorted.column.clone(), bound(key), sorted.descending))
            .collect();
        columns.push((column(C::TABLE, "province_id"), Expr::val(place.log), self.tie_descending));
        columns.push((column(C::TABLE, "number"), Expr::val(place.number), self.tie_descending));
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
        // Alternatives alone would read the index from its beginning.
        let begun = columns.first().map(|(column, value, descending)| {
            if *descending { column.clone().lte(value.clone()) } else { column.clone().gte(value.clone()) }
        });
        Cond::all().add_option(begun).add(any)
    }

    /// Turns the rows of one list, one more than the page has, into the page.
    pub(crate) fn page<C: Stored>(
        &self,
        rows: &[QueryResult],
        ask: &Ask,
        parent: Option<Parent>,
        key: &SealingKey,
    ) -> Result<Page<Entry<C>>, StoreError> {
        let purpose = self.purpose(parent);
        let size = usize::from(ask.window.size);
        let more = rows.len() > size;
        let mut page = Vec::with_capacity(rows.len().min(size));
        for row in rows.iter().take(size) {
            let entry: Entry<C> = row::read(row)?;
            page.push((key.seal(&purpose, &self.place(row, &entry)?), entry));
        }
        let began_at_cursor = ask.window.cursor.is_some();
        let (has_next, has_previous) = if ask.window.backwards {
            page.reverse();
            (began_at_cursor, more)
        } else {
            (more, began_at_cursor)
        };
        Ok(Page { rows: page, has_next, has_previous })
    }

    /// The place of a row, as a cursor carries it.
    fn place<C: Stored>(&self, row: &QueryResult, entry: &Entry<C>) -> Result<Vec<u8>, StoreError> {
        let mut keys = Vec::with_capacity(self.sorted.len());
        for (index, sorted) in self.sorted.iter().enumerate() {
            let at = ENTRY_COLUMNS.len() + index;
            keys.push(match sorted.key {
                OrderKey::First | OrderKey::Expires => KeyValue::Day(row.try_get_by_index(at)?),
                OrderKey::Name(_) => {
                    KeyValue::Bytes(STANDARD_NO_PAD.encode(row.try_get_by_index::<Vec<u8>>(at)?))
                }
                OrderKey::UpdatedAt => KeyValue::Number(row.try_get_by_index(at)?),
            });
        }
        let place = PlaceInList { keys, log: entry.stamp.log.number(), number: entry.stamp.number };
        serde_json::to_vec(&place).map_err(|error| StoreError::Corrupt {
            table: C::TABLE,
            column: "order key",
            id: entry.stamp.code.clone(),
            why: error.to_string(),
        })
    }
}

fn way(descending: bool) -> sea_query::Order {
    if descending { sea_query::Order::Desc } else { sea_query::Order::Asc }
}

/// What an order column is called in a select of entries.
fn order_alias(index: usize) -> String {
    format!("order_{index}")
}

fn open(cursor: &str, purpose: &[u8], key: &SealingKey, keys: usize) -> Result<PlaceInList, Refusal> {
    let content = key.open(purpose, cursor)?;
    let place: Option<PlaceInList> = serde_json::from_slice(&content).ok();
    place.filter(|place| place.keys.len() == keys).ok_or_else(|| {
        Refusal::Invalid("the cursor is not one of this list: ask again from the start".into())
    })
}

fn bound(key: &KeyValue) -> Expr {
    Expr::val(match key {
        KeyValue::Day(day) => Value::from(*day),
        KeyValue::Bytes(text) => STANDARD_NO_PAD.decode(text).unwrap_or_default().into(),
        KeyValue::Number(number) => (*number).into(),
    })
}

fn order_column(key: OrderKey) -> &'static str {
    match key {
        OrderKey::First => "first_earliest",
        OrderKey::Expires => "expires_latest",
        OrderKey::Name(Locale::Vi) => "name_vi",
        OrderKey::Name(Locale::En) => "name_en",
        OrderKey::UpdatedAt => "updated_at_us",
    }
}

impl Store {
    /// One page of the entries that pass the filter, in one statement.
    ///
    /// # Errors
    /// A cursor of another list, a database that does not answer, a corrupt row.
    pub async fn list<C: Stored>(
        &self,
        scope: Scope,
        ask: &Ask,
        key: &SealingKey,
    ) -> Result<Page<Entry<C>>, StoreError> {
        let reading = Reading::new::<C>(scope, ask, &[], key)?;
        // SQLite has no figures about the rows, and walks along an order wherever an index has it.
        let is_sorted = self.engine() == Engine::Sqlite && condition::is_narrow::<C>(&ask.filter);
        let of_slot = |(_, slot)| {
            let mut select = select_entries::<C>();
            reading.apply::<C>(&mut select);
            if is_sorted {
                reading.sort::<C>(&mut select);
            } else {
                reading.order(&mut select, C::TABLE);
            }
            select.and_where(slot).cond_where(condition::of_filter::<C>(self.engine(), &ask.filter));
            select
        };
        let selects = condition::of_slots::<C>(scope).into_iter().map(of_slot).collect();
        let rows = match reading.merge(selects, u64::from(ask.window.size) + 1) {
            Some(select) => self.all(scope, &select).await?,
            None => Vec::new(),
        };
        reading.page(&rows, ask, None, key)
    }

    /// How many entries pass the filter, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count<C: Stored>(&self, scope: Scope, ask: &Ask) -> Result<u64, StoreError> {
        let select = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(C::TABLE)
            .and_where(condition::of_scope::<C>(scope))
            .cond_where(condition::of_filter::<C>(self.engine(), &ask.filter))
            .to_owned();
        let rows = self.all(scope, &select).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
