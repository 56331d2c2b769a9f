//! Rows to write, and inserts of many of them.

use crate::column::{SharedColumn, Table};
use crate::error::StoreError;
use sea_orm::sea_query::{Expr, InsertStatement, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, Value,
};

/// Most values of one statement. SQLite accepts 32,766 and PostgreSQL 65,535; fewer keep the memory
/// of a large load small at no measurable cost.
const MAX_VALUES: usize = 1_024;
/// Approximate size of the values of one statement, unless one row is larger. A larger message
/// would not fit into one TLS record, and sqlx 0.9.0 leaves Nagle's algorithm on
/// (transact-rs/sqlx#4335): its second record would wait 40 ms for the acknowledgement of the
/// first.
const MAX_BYTES: usize = 12 * 1_024;

/// A row to write: its table, and values by the names of columns.
#[derive(Debug, Clone)]
pub struct TableRow {
    pub(crate) table: Table,
    pub(crate) values: Vec<(&'static str, Value)>,
}

impl TableRow {
    /// Returns the row with the values that an active model has.
    pub(crate) fn new<A: ActiveModelTrait>(mut model: A) -> Self {
        let value_of = |column: <A::Entity as EntityTrait>::Column| match model.take(column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some((column.as_str(), value)),
            ActiveValue::NotSet => None,
        };
        let values = <A::Entity as EntityTrait>::Column::iter().filter_map(value_of).collect();
        Self { table: Table::of(A::Entity::default()), values }
    }

    /// Returns the row with the values that an active model has, and values that it cannot have: null
    /// in a column that the table refuses to be null.
    pub(crate) fn with_nullable<A: ActiveModelTrait>(
        model: A,
        nullable: impl IntoIterator<Item = (<A::Entity as EntityTrait>::Column, Value)>,
    ) -> Self {
        let mut row = Self::new(model);
        row.values.extend(nullable.into_iter().map(|(column, value)| (column.as_str(), value)));
        row
    }

    /// Adds columns that the table shares with others.
    pub(crate) fn with<C: SharedColumn>(mut self, shared: impl IntoIterator<Item = (C, Value)>) -> Self {
        self.values.extend(shared.into_iter().map(|(column, value)| (column.as_str(), value)));
        self
    }

    /// Returns the values as expressions, for an update.
    pub(crate) fn into_updates(self) -> impl Iterator<Item = (&'static str, Expr)> {
        self.values.into_iter().map(|(name, value)| (name, Expr::val(value)))
    }
}

/// How rows replace the existing ones with the same primary key.
#[derive(Debug, Clone)]
pub struct Replacement {
    key: Vec<&'static str>,
    /// Other columns that never change. Setting a column of a unique key, even to the same value,
    /// would lock the row against transactions that reference it.
    fixed: Vec<&'static str>,
}

impl Replacement {
    /// Returns the replacement of rows of an entity; `fixed` are columns that never change.
    pub(crate) fn in_table<E: EntityTrait>(fixed: &[E::Column]) -> Self {
        let key = E::PrimaryKey::iter().map(|part| part.into_column().as_str()).collect();
        Self { key, fixed: fixed.iter().map(IdenStatic::as_str).collect() }
    }

    fn on_conflict(&self, row: &TableRow) -> OnConflict {
        let is_updated = |name: &&'static str| !self.key.contains(name) && !self.fixed.contains(name);
        let updated = row.values.iter().map(|(name, _)| *name).filter(is_updated);
        OnConflict::columns(self.key.iter().copied()).update_columns(updated).to_owned()
    }
}

/// Inserts rows of one table, with as many rows per statement as fit; with `replacement`, existing
/// rows are updated. All rows have the same columns.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    rows: &[TableRow],
    replacement: Option<&Replacement>,
) -> Result<(), StoreError> {
    let mut rest = rows;
    while let (chunk @ [first, ..], others) = rest.split_at(rows_per_statement(rest)) {
        rest = others;
        let mut insert = statement(first, chunk);
        if let Some(replacement) = replacement {
            insert.on_conflict(replacement.on_conflict(first));
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// Inserts rows of one table in one statement, without those that conflict with an existing row;
/// returns the number of inserted rows.
pub(crate) async fn insert_absent(
    tx: &DatabaseTransaction,
    rows: &[TableRow],
    mut conflict: OnConflict,
) -> Result<u64, StoreError> {
    let Some(first) = rows.first() else { return Ok(0) };
    let insert = statement(first, rows).on_conflict(conflict.do_nothing().to_owned()).to_owned();
    Ok(tx.execute(&insert).await?.rows_affected())
}

/// Returns the statement that inserts rows of one table, which have the columns of the first one.
pub(crate) fn statement(first: &TableRow, rows: &[TableRow]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(first.table).columns(first.values.iter().map(|(name, _)| *name));
    for row in rows {
        insert.values_panic(row.values.iter().map(|(_, value)| Expr::val(value.clone())));
    }
    insert
}

/// Returns how many of these rows one statement takes: a power of two, so that there are few
/// different statements to prepare.
fn rows_per_statement(rows: &[TableRow]) -> usize {
    let mut bytes = 0;
    let fits = |row: &&TableRow| {
        bytes += row.values.iter().map(|(_, value)| length(value)).sum::<usize>();
        bytes <= MAX_BYTES
    };
    let most = rows.first().map_or(1, |row| MAX_VALUES / row.values.len().max(1));
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
    use crate::entity::locality_proposal::ActiveModel;
    use sea_orm::ActiveValue::Set;

    fn row(length: usize) -> TableRow {
        TableRow::new(ActiveModel { number: Set(1), content: Set("x".repeat(length)), ..Default::default() })
    }

    #[test]
    fn row_has_the_values_that_are_set() {
        let values = row(2).values;
        assert_eq!(values, [("number", 1.into()), ("content", "xx".into())]);
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
