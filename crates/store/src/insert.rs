//! Inserts of many rows.

use crate::error::StoreError;
use crate::table::ColumnValues;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

/// Most values of one statement. SQLite accepts 32,766 and PostgreSQL 65,535; fewer keep the memory
/// of a large load small at no measurable cost.
const MAX_VALUES: usize = 1_024;
/// Approximate size of the values of one statement, unless one row is larger. A larger message
/// would not fit into one TLS record, and sqlx 0.9.0 leaves Nagle's algorithm on
/// (transact-rs/sqlx#4335): its second record would wait 40 ms for the acknowledgement of the
/// first.
const MAX_BYTES: usize = 12 * 1_024;

/// How a row replaces the existing one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replace<'a> {
    /// The columns of the key.
    pub(crate) by: &'a [&'static str],
    /// Other columns that never change. Setting a column of a unique key, even to the same value,
    /// would lock the row against transactions that reference it.
    pub(crate) fixed: &'a [&'static str],
}

/// Inserts rows of one table, with as many rows per statement as fit; with `replace`, existing rows
/// are updated.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    table: &'static str,
    rows: Vec<ColumnValues>,
    replace: Option<Replace<'_>>,
) -> Result<(), StoreError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let names: Vec<&'static str> = first.iter().map(|(name, _)| *name).collect();
    let mut rest = rows.as_slice();
    while let (chunk @ [_, ..], others) = rest.split_at(rows_per_statement(rest)) {
        rest = others;
        let mut insert = Query::insert();
        insert.into_table(table).columns(names.iter().copied());
        for row in chunk {
            insert.values_panic(row.iter().map(|(_, value)| Expr::val(value.clone())));
        }
        if let Some(Replace { by, fixed }) = replace {
            let others = names.iter().copied().filter(|name| !by.contains(name) && !fixed.contains(name));
            insert.on_conflict(OnConflict::columns(by.iter().copied()).update_columns(others).to_owned());
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// Returns how many of these rows one statement takes: a power of two, so that there are few
/// different statements to prepare.
fn rows_per_statement(rows: &[ColumnValues]) -> usize {
    let mut bytes = 0;
    let fits = |row: &&ColumnValues| {
        bytes += row.iter().map(|(_, value)| length(value)).sum::<usize>();
        bytes <= MAX_BYTES
    };
    let most = rows.first().map_or(1, |row| MAX_VALUES / row.len().max(1));
    let fitting = rows.iter().take(most).take_while(fits).count();
    if fitting == 0 { rows.len().min(1) } else { 1 << fitting.ilog2() }
}

/// Returns the approximate size of a value in a message, in bytes.
fn length(value: &Value) -> usize {
    let own = if let Value::String(Some(text)) = value {
        text.len()
    } else if let Value::Bytes(Some(bytes)) = value {
        bytes.len()
    } else {
        8
    };
    own + 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(length: usize) -> ColumnValues {
        vec![("number", 1.into()), ("content", "x".repeat(length).into())]
    }

    #[test]
    fn statement_fits_one_record_and_takes_a_power_of_two() {
        assert_eq!(rows_per_statement(&[]), 0);
        for (count, length, expected) in
            [(1, 10, 1), (7, 10, 4), (5_000, 10, 256), (5_000, 1_000, 8), (3, 7_000, 1), (3, 70_000, 1)]
        {
            assert_eq!(rows_per_statement(&vec![row(length); count]), expected, "{count} rows of {length}");
        }
    }
}
