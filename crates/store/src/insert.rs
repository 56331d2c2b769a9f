//! Inserting many rows at once.

use crate::error::StoreError;
use crate::table::Columns;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

/// The most values of one statement. SQLite takes 32,766 and PostgreSQL 65,535; fewer keep the
/// memory of a large load small and cost nothing that can be measured.
const MOST_VALUES: usize = 1_024;
/// How long the values of one statement are together, about, unless one row is longer. A longer
/// message would not fit one TLS record, and sqlx 0.9.0 leaves Nagle's algorithm on
/// (transact-rs/sqlx#4335): its second record would wait 40 ms for the acknowledgement of the first.
const MOST_BYTES: usize = 12 * 1_024;

/// How a row takes the place of the one that stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replace<'a> {
    /// The key under which it stands.
    pub(crate) by: &'a [&'static str],
    /// Other columns that are never another value. To say that one of a unique key is set would lock
    /// the row against everybody who names it.
    pub(crate) fixed: &'a [&'static str],
}

/// Inserts rows of one table, as many as one statement takes at a time, or puts them in the place of
/// those that stand.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    table: &'static str,
    rows: Vec<Columns>,
    replace: Option<Replace<'_>>,
) -> Result<(), StoreError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let names: Vec<&'static str> = first.iter().map(|(name, _)| *name).collect();
    let mut rest = rows.as_slice();
    while let (chunk @ [_, ..], others) = rest.split_at(at_once(rest)) {
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

/// How many of these rows one statement takes: a power of two, so that few statements differ and
/// the database knows each of them soon.
fn at_once(rows: &[Columns]) -> usize {
    let mut bytes = 0;
    let fits = |row: &&Columns| {
        bytes += row.iter().map(|(_, value)| length(value)).sum::<usize>();
        bytes <= MOST_BYTES
    };
    let most = rows.first().map_or(1, |row| MOST_VALUES / row.len().max(1));
    let fitting = rows.iter().take(most).take_while(fits).count();
    if fitting == 0 { rows.len().min(1) } else { 1 << fitting.ilog2() }
}

/// How long a value is on its way, about.
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

    fn row(length: usize) -> Columns {
        vec![("number", 1.into()), ("content", "x".repeat(length).into())]
    }

    #[test]
    fn a_statement_is_as_long_as_one_record_at_most_and_takes_a_power_of_two() {
        assert_eq!(at_once(&[]), 0);
        for (count, length, expected) in
            [(1, 10, 1), (7, 10, 4), (5_000, 10, 256), (5_000, 1_000, 8), (3, 7_000, 1), (3, 70_000, 1)]
        {
            assert_eq!(at_once(&vec![row(length); count]), expected, "{count} rows of {length}");
        }
    }
}
