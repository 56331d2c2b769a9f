//! Packed values of versions: a table with a few bytes for each version, which a starting node reads
//! instead of contents.
//!
//! PostgreSQL sends all rows as one, with their contents concatenated: a separate row costs both
//! sides more than its values. SQLite runs in this process, so there rows are read one by one.

use crate::column::Table;
use crate::entity::{PackedColumn, VersionKey};
use crate::error::StoreError;
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::sqlx::Row as _;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr};
use std::ops::Range;

/// Packed values in no order.
#[derive(Debug, Default)]
pub(crate) struct PackedRows {
    /// The keys and the lengths of the contents.
    lengths: Vec<((i16, i32), usize)>,
    /// The concatenated contents.
    contents: Vec<u8>,
}

impl PackedRows {
    /// Reads the values in these rows of a table.
    pub(crate) async fn read(tx: &DatabaseTransaction, table: Table, rows: Expr) -> Result<Self, StoreError> {
        let [log, number] = [VersionKey::ProvinceId, VersionKey::Number].map(|name| table.expr(name));
        let content = table.expr(PackedColumn::Content);
        let mut query = Query::select();
        query.from(table).and_where(rows);
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

    /// Calls `take` with the key and the content of each value, in the order of the keys.
    ///
    /// # Errors
    /// Returns the first error of `take`.
    pub(crate) fn each(
        &self,
        mut take: impl FnMut((i16, i32), &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut start = 0;
        let mut places: Vec<((i16, i32), Range<usize>)> = Vec::with_capacity(self.lengths.len());
        for (key, length) in &self.lengths {
            places.push((*key, start..start + length));
            start += length;
        }
        places.sort_unstable_by_key(|(key, _)| *key);
        for (key, place) in places {
            take(key, self.contents.get(place).unwrap_or_default())?;
        }
        Ok(())
    }
}
