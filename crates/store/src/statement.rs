//! Selects as SQL text: which values are bound and which are literals.
//!
//! PostgreSQL plans a prepared statement for each execution as long as plans that know the bound
//! values look cheaper. A bound LIMIT always does, and with an unknown status or day it has to
//! guess the number of rows. Such values are few, so they are literals: limits here, words of
//! closed lists and days by [`literal`]. Keys, codes, texts and instants stay bound. A connection
//! caches 100 prepared statements and closes the least recently used, so their number is bounded.

use sea_orm::sea_query::{
    Expr, PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqliteQueryBuilder, Value, Values,
};
use sea_orm::{DbBackend, Statement};
use std::fmt::{self, Display, Write};
use std::sync::OnceLock;

/// Returns a value that becomes part of the text: for words of closed lists and for days, never for
/// input of a caller.
pub(crate) fn literal<V: Into<Value>>(value: V) -> Expr {
    Expr::Constant(value.into())
}

/// Builds the statement of a select, with its limits as literals.
pub(crate) fn build(backend: DbBackend, select: &SelectStatement) -> Statement {
    if backend == DbBackend::Postgres {
        build_with(backend, select, PostgresQueryBuilder)
    } else {
        build_with(backend, select, SqliteQueryBuilder)
    }
}

fn build_with<B: QueryBuilder>(backend: DbBackend, select: &SelectStatement, builder: B) -> Statement {
    let (placeholder, is_numbered) = builder.placeholder();
    let mut writer =
        LiteralWriter { placeholder, is_numbered, text: String::with_capacity(1_024), values: Vec::new() };
    select.build_collect_into(builder, &mut writer);
    Statement { sql: writer.text, values: Some(Values(writer.values)), db_backend: backend }
}

/// Collects the bound values, and writes the literals into the text.
struct LiteralWriter {
    placeholder: &'static str,
    is_numbered: bool,
    text: String,
    values: Vec<Value>,
}

impl SqlWriter for LiteralWriter {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, _: &T) {
        // No column is unsigned: an unsigned number is a LIMIT.
        if let Value::BigUnsigned(Some(limit)) = value {
            self.text.push_str(&limit.to_string());
            return;
        }
        self.values.push(value);
        self.text.push_str(self.placeholder);
        if self.is_numbered {
            self.text.push_str(&self.values.len().to_string());
        }
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

impl Write for LiteralWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

impl Display for LiteralWriter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// A callback that receives every read statement before it is sent.
pub type StatementObserver = Box<dyn Fn(&Statement) + Send + Sync>;

/// The observer of a store, if one was set.
#[derive(Default)]
pub(crate) struct ObserverSlot(OnceLock<StatementObserver>);

impl ObserverSlot {
    /// Sets the observer; a later one is ignored.
    pub(crate) fn set(&self, observer: StatementObserver) {
        let _ = self.0.set(observer);
    }

    /// Passes a statement to the observer.
    pub(crate) fn notify(&self, statement: &Statement) {
        if let Some(observer) = self.0.get() {
            observer(statement);
        }
    }
}

impl fmt::Debug for ObserverSlot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Observed").field(&self.0.get().is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::agreement;
    use sea_orm::sea_query::{ExprTrait, Query};

    #[test]
    fn limits_and_literals_are_text_and_other_values_are_bound() {
        let select = Query::select()
            .column(agreement::Column::Code)
            .from(agreement::Entity)
            .and_where(Expr::col(agreement::Column::Slot).eq(literal("PUBLISHED")))
            .and_where(Expr::col(agreement::Column::ProvinceId).eq(7_i16))
            .and_where(Expr::col(agreement::Column::Code).eq("it's"))
            .limit(21)
            .to_owned();
        let sql = |backend| build(backend, &select);
        let postgres = sql(DbBackend::Postgres);
        assert_eq!(
            postgres.sql,
            r#"SELECT "code" FROM "agreement" WHERE "slot" = 'PUBLISHED' AND "province_id" = $1 AND "code" = $2 LIMIT 21"#
        );
        assert_eq!(postgres.values, Some(Values(vec![7_i16.into(), "it's".into()])));
        assert!(sql(DbBackend::Sqlite).sql.ends_with(r#""province_id" = ? AND "code" = ? LIMIT 21"#));
    }
}
