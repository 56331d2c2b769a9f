//! Selects as the texts that are sent: which values are bound and which are part of the text.
//!
//! PostgreSQL plans a prepared statement for each execution as long as plans that know the bound
//! values look cheaper. A bound LIMIT always looks so, and a status or a day that it does not know
//! makes it guess how many rows there are. Such values are few, so they are part of the text:
//! limits here, words of closed lists and days by [`literal`]. Keys, codes, texts and instants stay
//! bound. A connection keeps 100 prepared statements and closes the one that was not used for the
//! longest time, so their number is bounded whatever is asked.

use sea_orm::sea_query::{
    Expr, PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqliteQueryBuilder, Value, Values,
};
use sea_orm::{DbBackend, Statement};
use std::fmt::{self, Display, Write};
use std::sync::OnceLock;

/// A value that is part of the text: for words of closed lists and for days, never for what a
/// caller typed.
pub(crate) fn literal<V: Into<Value>>(value: V) -> Expr {
    Expr::Constant(value.into())
}

/// The statement of a select, its limits part of the text.
pub(crate) fn build(backend: DbBackend, select: &SelectStatement) -> Statement {
    if backend == DbBackend::Postgres {
        written(backend, select, PostgresQueryBuilder)
    } else {
        written(backend, select, SqliteQueryBuilder)
    }
}

fn written<B: QueryBuilder>(backend: DbBackend, select: &SelectStatement, builder: B) -> Statement {
    let (placeholder, is_numbered) = builder.placeholder();
    let mut writer =
        Writer { placeholder, is_numbered, text: String::with_capacity(1_024), values: Vec::new() };
    select.build_collect_into(builder, &mut writer);
    Statement { sql: writer.text, values: Some(Values(writer.values)), db_backend: backend }
}

/// Collects the bound values, and writes the others into the text.
struct Writer {
    placeholder: &'static str,
    is_numbered: bool,
    text: String,
    values: Vec<Value>,
}

impl SqlWriter for Writer {
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

impl Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

impl Display for Writer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// Receives every statement that reads, before it is sent.
pub type StatementObserver = Box<dyn Fn(&Statement) + Send + Sync>;

/// The observer of a store; none unless one was set.
#[derive(Default)]
pub(crate) struct Observed(OnceLock<StatementObserver>);

impl Observed {
    /// Sets the observer; a later one is ignored.
    pub(crate) fn set(&self, observer: StatementObserver) {
        let _ = self.0.set(observer);
    }

    /// Passes a statement on to the observer.
    pub(crate) fn note(&self, statement: &Statement) {
        if let Some(observer) = self.0.get() {
            observer(statement);
        }
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Observed").field(&self.0.get().is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::{ExprTrait, Query};

    #[test]
    fn limits_and_literals_are_text_and_other_values_are_bound() {
        let select = Query::select()
            .column("code")
            .from("agreement")
            .and_where(Expr::col("slot").eq(literal("PUBLISHED")))
            .and_where(Expr::col("province_id").eq(7_i16))
            .and_where(Expr::col("code").eq("it's"))
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
