//! The table of packed facts, with a row for each version of an entry that statistics count.
//!
//! PostgreSQL sends all rows as one, with their contents concatenated: a separate row costs both
//! sides more than its values. SQLite runs in this process, so there rows are read one by one.

use crate::column::{Table, column};
use crate::entity::fact;
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::table::{StoredContent, word};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryKind, EntryMeta};
use caunoi_domain::fact::{Fact, PackedFactError};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Asterisk, DeleteStatement, Expr, ExprTrait, Func, Query, UpdateStatement};
use sea_orm::sqlx::Row as _;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr};
use std::ops::Range;

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(fact::Entity)
}

/// Returns the row of a version; `None` if statistics do not count its kind.
pub(crate) fn row<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<Option<TableRow>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    Ok(Some(TableRow::new(fact::ActiveModel {
        province_id: Set(entry.meta.log.number()),
        number: Set(entry.meta.number),
        slot: word(slot),
        kind: word(C::KIND),
        content: Set(content),
    })))
}

/// Updates the row of a version to its metadata; `None` if statistics do not count its kind.
pub(crate) fn update_meta<C: StoredContent>(
    entry: &Entry<C>,
    slot: &str,
    directory: &Directory,
) -> Result<Option<UpdateStatement>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    let mut update = Query::update();
    update.table(table()).value(fact::Column::Content, content).and_where(key(&entry.meta, slot));
    Ok(Some(update))
}

/// Deletes the row of a version.
pub(crate) fn remove(meta: &EntryMeta, slot: &str) -> DeleteStatement {
    Query::delete().from_table(table()).and_where(key(meta, slot)).to_owned()
}

/// Returns the number of rows of a kind.
pub(crate) async fn count(tx: &DatabaseTransaction, of: EntryKind) -> Result<usize, StoreError> {
    let query =
        Query::select().expr(Expr::col(Asterisk).count()).from(table()).and_where(is_of_kind(of)).to_owned();
    let count: Option<i64> = tx.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}

fn key(meta: &EntryMeta, slot: &str) -> Expr {
    column(fact::Column::ProvinceId)
        .eq(meta.log.number())
        .and(column(fact::Column::Number).eq(meta.number))
        .and(column(fact::Column::Slot).eq(slot))
}

fn packed<C: StoredContent>(entry: &Entry<C>, directory: &Directory) -> Result<Option<Vec<u8>>, StoreError> {
    let packed = Fact::from_entry(entry, directory).map(|fact| fact.to_bytes()).transpose();
    packed.map_err(|error| corrupt(format!("{} {}", C::tables().entries.name(), entry.meta.code), &error))
}

/// Returns the condition that a row is of a kind.
pub(super) fn is_of_kind(kind: EntryKind) -> Expr {
    let kind: &'static str = kind.into();
    column(fact::Column::Kind).eq(kind)
}

/// Packed facts in no order.
#[derive(Debug, Default)]
pub(super) struct PackedFacts {
    /// The keys and the lengths of the contents.
    lengths: Vec<((i16, i32), usize)>,
    /// The concatenated contents.
    contents: Vec<u8>,
}

impl PackedFacts {
    /// Reads the facts in these rows.
    pub(super) async fn read(tx: &DatabaseTransaction, rows: Expr) -> Result<Self, StoreError> {
        let columns = [fact::Column::ProvinceId, fact::Column::Number, fact::Column::Content];
        let [log, number, content] = columns.map(column);
        let mut query = Query::select();
        query.from(table()).and_where(rows);
        if tx.get_database_backend() == DbBackend::Postgres {
            let all = |value| Func::cust("array_agg").arg(value);
            let length = Func::cust("octet_length").arg(content.clone());
            // Without an ORDER BY, all of these aggregates read the rows in the same order.
            query.exprs([all(log), all(number), all(length.into())].map(Expr::from));
            query.expr(Func::cust("string_agg").arg(content).arg(Vec::<u8>::new()));
            let row = tx.query_one(&query).await?;
            return row.map(|row| Self::from_aggregate_row(&row)).transpose().map(Option::unwrap_or_default);
        }
        query.exprs([log, number, content]);
        let mut read = Self::default();
        for row in tx.query_all(&query).await? {
            let (log, number, content): (i16, i32, Vec<u8>) = row.try_get_many_by_index()?;
            read.lengths.push(((log, number), content.len()));
            read.contents.extend(content);
        }
        Ok(read)
    }

    /// Splits the one row of PostgreSQL; its aggregates over no rows are null.
    fn from_aggregate_row(row: &QueryResult) -> Result<Self, StoreError> {
        let Some(row) = row.try_as_pg_row() else { return Ok(Self::default()) };
        let failed = |error: sea_orm::sqlx::Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        let logs: Option<Vec<i16>> = row.try_get(0).map_err(failed)?;
        let numbers: Option<Vec<i32>> = row.try_get(1).map_err(failed)?;
        let lengths: Option<Vec<i32>> = row.try_get(2).map_err(failed)?;
        let contents: Option<Vec<u8>> = row.try_get(3).map_err(failed)?;
        let keys = logs.unwrap_or_default().into_iter().zip(numbers.unwrap_or_default());
        let lengths =
            lengths.unwrap_or_default().into_iter().map(|length| usize::try_from(length).unwrap_or(0));
        Ok(Self { lengths: keys.zip(lengths).collect(), contents: contents.unwrap_or_default() })
    }

    /// Calls `take` with each fact, in the order of their keys.
    pub(super) fn each(&self, mut take: impl FnMut(Fact)) -> Result<(), StoreError> {
        let mut start = 0;
        let mut places: Vec<((i16, i32), Range<usize>)> = Vec::with_capacity(self.lengths.len());
        for (key, length) in &self.lengths {
            places.push((*key, start..start + length));
            start += length;
        }
        places.sort_unstable_by_key(|(key, _)| *key);
        for (key, place) in places {
            let fact = Fact::from_bytes(self.contents.get(place).unwrap_or_default());
            take(fact.map_err(|error| corrupt(format!("{key:?}"), &error))?);
        }
        Ok(())
    }
}

fn corrupt(id: String, error: &PackedFactError) -> StoreError {
    StoreError::corrupt(fact::Column::Content, id, error.to_string())
}
