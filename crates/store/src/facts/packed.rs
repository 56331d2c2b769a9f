//! The table of packed facts, with a row for each version of an entry that statistics count.
//!
//! PostgreSQL sends all rows as one, with their contents concatenated: a separate row costs both
//! sides more than its values. SQLite runs in this process, so there rows are read one by one.

use crate::connect::column;
use crate::error::StoreError;
use crate::table::{ColumnValues, StoredContent};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryKind};
use caunoi_domain::fact::{Fact, PackedFactError};
use sea_orm::sea_query::{Asterisk, DeleteStatement, Expr, ExprTrait, Func, Query, UpdateStatement};
use sea_orm::sqlx::Row as _;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr};
use std::ops::Range;

/// The name of the table.
pub(crate) const TABLE: &str = "fact";

const CONTENT: &str = "content";

/// Returns the row of a version; `None` if statistics do not count its kind.
pub(crate) fn row<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<Option<ColumnValues>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    Ok(Some(vec![
        ("province_id", entry.meta.log.number().into()),
        ("number", entry.meta.number.into()),
        ("slot", slot.into()),
        ("kind", kind(C::KIND).into()),
        (CONTENT, content.into()),
    ]))
}

/// Updates the row of a version to its metadata; `None` if statistics do not count its kind.
pub(crate) fn update_meta<C: StoredContent>(
    entry: &Entry<C>,
    slot: &str,
    directory: &Directory,
) -> Result<Option<UpdateStatement>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    let mut update = Query::update();
    update.table(TABLE).value(CONTENT, content).and_where(key(entry, slot));
    Ok(Some(update))
}

/// Deletes the row of a version.
pub(crate) fn remove<C: StoredContent>(entry: &Entry<C>, slot: &str) -> DeleteStatement {
    Query::delete().from_table(TABLE).and_where(key(entry, slot)).to_owned()
}

/// Returns the number of rows of a kind.
pub(crate) async fn count(tx: &DatabaseTransaction, of: EntryKind) -> Result<usize, StoreError> {
    let query = Query::select()
        .expr(Expr::col(Asterisk).count())
        .from(TABLE)
        .and_where(column(TABLE, "kind").eq(kind(of)))
        .to_owned();
    let count: Option<i64> = tx.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}

fn key<C: StoredContent>(entry: &Entry<C>, slot: &str) -> Expr {
    column(TABLE, "province_id")
        .eq(entry.meta.log.number())
        .and(column(TABLE, "number").eq(entry.meta.number))
        .and(column(TABLE, "slot").eq(slot))
}

fn packed<C: StoredContent>(entry: &Entry<C>, directory: &Directory) -> Result<Option<Vec<u8>>, StoreError> {
    let packed = Fact::from_entry(entry, directory).map(|fact| fact.to_bytes()).transpose();
    packed.map_err(|error| corrupt(format!("{} {}", C::TABLE, entry.meta.code), &error))
}

pub(super) fn kind(kind: EntryKind) -> &'static str {
    kind.into()
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
        let [log, number, content] = ["province_id", "number", CONTENT].map(|name| column(TABLE, name));
        let mut query = Query::select();
        query.from(TABLE).and_where(rows);
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
            let content: Vec<u8> = row.try_get_by_index(2)?;
            read.lengths.push(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), content.len()));
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
    StoreError::Corrupt { table: TABLE, column: CONTENT, id, why: error.to_string() }
}
