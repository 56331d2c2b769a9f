//! Many rows at once, column by column.
//!
//! PostgreSQL sends each column as one array: a row of its own costs both sides more than the
//! values in it. SQLite lies in this process, so there rows are read as they come.

use crate::connect::column;
use crate::error::StoreError;
use caunoi_domain::date::Day;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{self, Row as _};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr, TryGetable};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Number,
    Time,
    Day,
    Word,
    /// Whether the column is null is all that is read of it.
    Presence,
}

/// A column to read: its name and what it holds.
pub(super) type Wanted = (&'static str, Shape);

#[derive(Debug)]
enum Values {
    Numbers(Vec<Option<i32>>),
    Times(Vec<Option<i64>>),
    Days(Vec<Option<Day>>),
    Words(Vec<Option<String>>),
    Flags(Vec<Option<bool>>),
}

/// Rows of one table, in no order: the columns that were asked for, all of one length.
#[derive(Debug)]
pub(super) struct Sheet {
    columns: Vec<(&'static str, Values)>,
}

/// The key of the version that a row belongs to, without its slot.
pub(super) type Key = (i16, i32);

const KEY: [Wanted; 2] = [("province_id", Shape::Number), ("number", Shape::Number)];

impl Sheet {
    /// Reads the key and these columns of the rows of a table.
    pub(super) async fn read(
        tx: &DatabaseTransaction,
        table: &'static str,
        wanted: impl IntoIterator<Item = Wanted>,
        condition: Expr,
    ) -> Result<Self, StoreError> {
        let wanted: Vec<Wanted> = KEY.into_iter().chain(wanted).collect();
        let is_postgres = tx.get_database_backend() == DbBackend::Postgres;
        let mut query = Query::select();
        for (name, shape) in &wanted {
            let value = match (*name, shape) {
                // Arrays of one width for all numbers.
                ("province_id", _) => column(table, name).cast_as("integer"),
                (_, Shape::Presence) => column(table, name).is_not_null(),
                (_, Shape::Number | Shape::Time | Shape::Day | Shape::Word) => column(table, name),
            };
            query.expr(if is_postgres { Func::cust("array_agg").arg(value).into() } else { value });
        }
        query.from(table).and_where(condition);
        let rows = tx.query_all(&query).await?;
        let mut columns = Vec::with_capacity(wanted.len());
        for (at, (name, shape)) in wanted.into_iter().enumerate() {
            let values = match rows.first().and_then(QueryResult::try_as_pg_row) {
                Some(row) => arrays(row, at, shape)?,
                None => cells(&rows, at, shape)?,
            };
            columns.push((name, values));
        }
        Ok(Self { columns })
    }

    /// The keys of the rows.
    pub(super) fn keys(&mut self) -> Vec<Key> {
        let (logs, numbers) = (self.numbers("province_id"), self.numbers("number"));
        let key = |(log, number): (Option<i32>, Option<i32>)| {
            (i16::try_from(log.unwrap_or_default()).unwrap_or_default(), number.unwrap_or_default())
        };
        logs.into_iter().zip(numbers).map(key).collect()
    }

    /// A column of numbers; empty where it was not asked for.
    pub(super) fn numbers(&mut self, name: &str) -> Vec<Option<i32>> {
        match self.take(name) {
            Some(Values::Numbers(values)) => values,
            _ => Vec::new(),
        }
    }

    /// A column of times.
    pub(super) fn times(&mut self, name: &str) -> Vec<Option<i64>> {
        match self.take(name) {
            Some(Values::Times(values)) => values,
            _ => Vec::new(),
        }
    }

    /// A column of days.
    pub(super) fn days(&mut self, name: &str) -> Vec<Option<Day>> {
        match self.take(name) {
            Some(Values::Days(values)) => values,
            _ => Vec::new(),
        }
    }

    /// A column of words.
    pub(super) fn words(&mut self, name: &str) -> Vec<Option<String>> {
        match self.take(name) {
            Some(Values::Words(values)) => values,
            _ => Vec::new(),
        }
    }

    /// A column of which only the presence was read.
    pub(super) fn flags(&mut self, name: &str) -> Vec<Option<bool>> {
        match self.take(name) {
            Some(Values::Flags(values)) => values,
            _ => Vec::new(),
        }
    }

    fn take(&mut self, name: &str) -> Option<Values> {
        let at = self.columns.iter().position(|(of, _)| *of == name)?;
        Some(self.columns.swap_remove(at).1)
    }
}

/// A column out of the one row that PostgreSQL gives; the array of no rows is null.
fn arrays(row: &PgRow, at: usize, shape: Shape) -> Result<Values, StoreError> {
    fn array<'r, T>(row: &'r PgRow, at: usize) -> Result<Vec<T>, StoreError>
    where
        Vec<T>: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let values: Result<Option<Vec<T>>, sqlx::Error> = row.try_get(at);
        let failed = |error: sqlx::Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        Ok(values.map_err(failed)?.unwrap_or_default())
    }
    Ok(match shape {
        Shape::Number => Values::Numbers(array(row, at)?),
        Shape::Time => Values::Times(array(row, at)?),
        Shape::Day => Values::Days(array(row, at)?),
        Shape::Word => Values::Words(array(row, at)?),
        Shape::Presence => Values::Flags(array(row, at)?),
    })
}

fn cells(rows: &[QueryResult], at: usize, shape: Shape) -> Result<Values, StoreError> {
    fn column<T: TryGetable>(rows: &[QueryResult], at: usize) -> Result<Vec<Option<T>>, StoreError> {
        rows.iter().map(|row| Ok(row.try_get_by_index(at)?)).collect()
    }
    Ok(match shape {
        Shape::Number => Values::Numbers(column(rows, at)?),
        Shape::Time => Values::Times(column(rows, at)?),
        Shape::Day => Values::Days(column(rows, at)?),
        Shape::Word => Values::Words(column(rows, at)?),
        Shape::Presence => Values::Flags(column(rows, at)?),
    })
}
