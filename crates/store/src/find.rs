//! Finding entries by what names them.

use crate::condition;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::row::{self, ENTRY_COLUMNS};
use crate::table::Stored;
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, TermId};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::statistics::watch::counted_on;
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    self, Expr, ExprTrait, JoinType, Order, OverStatement, Query, SelectStatement, WindowStatement,
};
use std::collections::BTreeSet;

/// The most agreements that are told for one code.
const MOST_LINKED: i64 = 100;
/// The agreement that another one is a subsidiary document of.
const PARENT: &str = "parent";
/// The place of a row among those that name one code.
const ROW: &str = "rank_in_code";

impl Store {
    /// The entries with these codes that the scope sees, in one statement.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_by_codes<C: Stored>(
        &self,
        scope: Scope,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        // No code holds a NUL, and PostgreSQL takes none even to compare.
        let codes = codes.iter().filter(|code| !code.contains('\0'));
        self.find_where(scope, column(C::TABLE, "code").is_in(codes)).await
    }

    /// The entries with these keys that the scope sees, in one statement.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_by_keys<C: Stored>(
        &self,
        scope: Scope,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let key = Expr::tuple([column(C::TABLE, "province_id"), column(C::TABLE, "number")]);
        self.find_where(scope, key.in_tuples(keys.iter().map(|(log, number)| (log.number(), *number)))).await
    }

    /// The agreements that name an entry with one of these codes, in one statement: of each code
    /// the newest 100, the newest first.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn find_linked(
        &self,
        scope: Scope,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, StoreError> {
        let of = |name| column(Agreement::TABLE, name);
        let code = of(match link {
            AgreementLink::Renews => "renews_code",
            AgreementLink::Parent => "parent_code",
            AgreementLink::Relation => "relation_code",
        });
        let mut newest = WindowStatement::new();
        newest.add_partition_by(code.clone());
        for name in ["first_earliest", "province_id", "number"] {
            newest.order_by_expr(of(name), Order::Desc);
        }
        let inner = select_entries::<Agreement>()
            .and_where(condition::of_scope::<Agreement>(scope))
            .and_where(code.is_in(codes))
            .expr_window_as(Expr::cust("ROW_NUMBER()"), newest, ROW)
            .to_owned();
        let query = Query::select()
            .column(sea_query::Asterisk)
            .from_subquery(inner, "linked")
            .and_where(Expr::col(ROW).lte(MOST_LINKED))
            .order_by(ROW, Order::Asc)
            .to_owned();
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }

    /// The agreements of a form that have a subsidiary document which the scope sees and which counts
    /// on a day, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_with_subsidiary(
        &self,
        scope: Scope,
        form: TermId,
        day: Day,
    ) -> Result<BTreeSet<(Log, i32)>, StoreError> {
        let parent = |name| column(PARENT, name);
        let query = Query::select()
            .distinct()
            .expr(parent("province_id"))
            .expr(parent("number"))
            .from(Agreement::TABLE)
            .join_as(
                JoinType::Join,
                Agreement::TABLE,
                PARENT,
                parent("code").equals((Agreement::TABLE, "parent_code")),
            )
            .and_where(condition::of_scope::<Agreement>(scope))
            .cond_where(condition::of_filter::<Agreement>(&counted_on(day)))
            .and_where(parent("form_id").eq(form.number()))
            .to_owned();
        let key = |row: &QueryResult| Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?));
        self.all(scope, &query).await?.iter().map(key).collect()
    }

    async fn find_where<C: Stored>(&self, scope: Scope, which: Expr) -> Result<Vec<Entry<C>>, StoreError> {
        let query =
            select_entries::<C>().and_where(condition::of_scope::<C>(scope)).and_where(which).to_owned();
        self.all(scope, &query).await?.iter().map(row::read).collect()
    }
}

/// A select of the columns that make an entry.
pub(crate) fn select_entries<C: Stored>() -> SelectStatement {
    Query::select().columns(ENTRY_COLUMNS.map(|name| (C::TABLE, name))).from(C::TABLE).to_owned()
}
