//! Many rows at once, column by column.
//!
//! PostgreSQL sends each column as one array: a row of its own costs both sides more than the
//! values in it. SQLite lies in this process, so there rows are read as they come.

use crate::connect::column;
use crate::error::StoreError;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::sqlx::{Decode, Error, Postgres, Row as _, Type};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr, TryGetable};

/// A column to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    /// Its values.
    Values(&'static str),
    /// Whether there is one.
    Presence(&'static str),
}

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Self::Values(name) | Self::Presence(name) => name,
        }
    }
}

/// The key of the version that a row belongs to, without its slot.
pub(super) type Key = (i16, i32);

const LOG: &str = "province_id";
const NUMBER: &str = "number";

/// Rows of one table, in no order, as the database sent them.
#[derive(Debug)]
pub(super) struct Sheet {
    names: Vec<&'static str>,
    rows: Vec<QueryResult>,
}

impl Sheet {
    /// Reads the key and these columns of the rows of a table.
    pub(super) async fn read(
        tx: &DatabaseTransaction,
        table: &'static str,
        wanted: impl IntoIterator<Item = Wanted>,
        condition: Expr,
    ) -> Result<Self, StoreError> {
        let is_postgres = tx.get_database_backend() == DbBackend::Postgres;
        let mut query = Query::select();
        let mut names = Vec::new();
        for wanted in [LOG, NUMBER].map(Wanted::Values).into_iter().chain(wanted) {
            let value = match wanted {
                // Numbers of one width, which all are read as.
                Wanted::Values(LOG) => column(table, LOG).cast_as("integer"),
                Wanted::Values(name) => column(table, name),
                Wanted::Presence(name) => column(table, name).is_not_null(),
            };
            query.expr(if is_postgres { Func::cust("array_agg").arg(value).into() } else { value });
            names.push(wanted.name());
        }
        query.from(table).and_where(condition);
        Ok(Self { names, rows: tx.query_all(&query).await? })
    }

    /// The keys of the rows.
    pub(super) fn keys(&self) -> Result<Vec<Key>, StoreError> {
        let (logs, numbers) = (self.column::<i32>(LOG)?, self.column::<i32>(NUMBER)?);
        let key = |(log, number): (Option<i32>, Option<i32>)| {
            (i16::try_from(log.unwrap_or_default()).unwrap_or_default(), number.unwrap_or_default())
        };
        Ok(logs.into_iter().zip(numbers).map(key).collect())
    }

    /// The values of a column; none at all where it was not asked for.
    pub(super) fn column<T: TryGetable>(&self, name: &str) -> Result<Vec<Option<T>>, StoreError>
    where
        Vec<Option<T>>: for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        let Some(at) = self.names.iter().position(|of| *of == name) else { return Ok(Vec::new()) };
        let Some(row) = self.rows.first().and_then(QueryResult::try_as_pg_row) else {
            return self.rows.iter().map(|row| Ok(row.try_get_by_index(at)?)).collect();
        };
        // The array of no rows is null.
        let values: Result<Option<Vec<Option<T>>>, Error> = row.try_get(at);
        let failed = |error: Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        Ok(values.map_err(failed)?.unwrap_or_default())
    }
}
