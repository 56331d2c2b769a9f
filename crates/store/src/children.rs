//! The first rows under each of many parents, in one statement for all of them.

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::list::Reading;
use crate::row::ENTRY_COLUMNS;
use crate::table::Stored;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::place::LocalityId;
use caunoi_domain::policy::Scope;
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    self, Alias, Expr, ExprTrait, IntoColumnRef, JoinType, OverStatement, Query, SelectStatement,
    WindowStatement,
};
use std::collections::HashMap;

/// What entries hang under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parent {
    /// The entries of a province.
    Log(Log),
    /// The entries with a partner.
    Locality(LocalityId),
    /// The entries of a province with a partner: what stands beside a relation.
    Tie(Log, LocalityId),
}

/// The kind of a parent: all parents of one question are of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParentKind {
    /// [`Parent::Log`].
    Log,
    /// [`Parent::Locality`].
    Locality,
    /// [`Parent::Tie`].
    Tie,
}

impl Parent {
    /// Its kind.
    #[must_use]
    pub fn kind(self) -> ParentKind {
        match self {
            Self::Log(_) => ParentKind::Log,
            Self::Locality(_) => ParentKind::Locality,
            Self::Tie(..) => ParentKind::Tie,
        }
    }

    /// The filter that keeps the entries under it.
    #[must_use]
    pub fn filter(self) -> Filter {
        let log = |log| Filter::Is(Predicate::Log(vec![log]));
        let locality = |locality| Filter::Is(Predicate::Locality(vec![locality]));
        match self {
            Self::Log(of) => log(of),
            Self::Locality(of) => locality(of),
            Self::Tie(of, with) => Filter::All(vec![log(of), locality(with)]),
        }
    }

    /// The two numbers that stand for it in a statement; unused ones are 0.
    fn numbers(self) -> (i32, i32) {
        match self {
            Self::Log(log) => (i32::from(log.number()), 0),
            Self::Locality(locality) => (0, locality.number()),
            Self::Tie(log, locality) => (i32::from(log.number()), locality.number()),
        }
    }
}

const PARENT: &str = "parent";
const ROW: &str = "rank_in_parent";

impl Store {
    /// One page under each parent. SQLite numbers the rows of each parent and keeps the first
    /// ones; PostgreSQL reads the first ones of each parent from the index.
    ///
    /// # Errors
    /// A cursor of another list, a database that does not answer, a corrupt row.
    pub async fn list_under<C: Stored>(
        &self,
        scope: Scope,
        parents: &[Parent],
        ask: &Ask,
        key: &SealingKey,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, StoreError> {
        let Some(kind) = parents.first().map(|parent| parent.kind()) else { return Ok(HashMap::new()) };
        let reading = Reading::new::<C>(scope, ask, parents, key)?;
        let select = match self.engine() {
            Engine::Sqlite => numbered::<C>(scope, parents, kind, ask, &reading),
            Engine::Postgres => lateral::<C>(scope, parents, kind, ask, &reading),
        };
        let rows = self.all(scope, &select).await?;
        let mut by_parent: HashMap<(i32, i32), Vec<QueryResult>> = HashMap::new();
        let numbers_at = ENTRY_COLUMNS.len() + ask.order.len();
        for row in rows {
            let numbers = (row.try_get_by_index(numbers_at)?, row.try_get_by_index(numbers_at + 1)?);
            by_parent.entry(numbers).or_default().push(row);
        }
        parents
            .iter()
            .map(|parent| {
                let rows = by_parent.get(&parent.numbers()).map_or(&[][..], Vec::as_slice);
                Ok((*parent, reading.page(rows, ask, Some(*parent), key)?))
            })
            .collect()
    }
}

/// Entries of this scope that pass the filter, with their order columns.
fn entries<C: Stored>(scope: Scope, ask: &Ask, reading: &Reading) -> SelectStatement {
    let mut select = select_entries::<C>();
    reading.apply::<C>(&mut select);
    select.and_where(condition::of_scope::<C>(scope)).cond_where(condition::of_filter::<C>(&ask.filter));
    select
}

/// The column that holds the partner, and the child table that it needs.
fn partner_column<C: Stored>() -> (Expr, Option<&'static str>) {
    match C::LOCALITIES {
        Some(child) => (column(child, "locality_id"), Some(child)),
        None => (column(C::TABLE, "partner_id"), None),
    }
}

fn join_partners<C: Stored>(select: &mut SelectStatement, child: &'static str) {
    let same = |name: &'static str| column(child, name).equals((C::TABLE, name));
    select.inner_join(child, same("province_id").and(same("number")).and(same("slot")));
}

fn numbered<C: Stored>(
    scope: Scope,
    parents: &[Parent],
    kind: ParentKind,
    ask: &Ask,
    reading: &Reading,
) -> SelectStatement {
    let mut inner = entries::<C>(scope, ask, reading);
    let log = column(C::TABLE, "province_id");
    let (partner, child) = partner_column::<C>();
    let none = || Expr::val(0);
    let (first, second) = match kind {
        ParentKind::Log => (log, none()),
        ParentKind::Locality => (none(), partner),
        ParentKind::Tie => (log, partner),
    };
    if let (ParentKind::Locality | ParentKind::Tie, Some(child)) = (kind, child) {
        join_partners::<C>(&mut inner, child);
    }
    inner.expr(first.clone()).expr(second.clone());
    inner.and_where(
        Expr::tuple([first.clone(), second.clone()]).in_tuples(parents.iter().map(|parent| parent.numbers())),
    );
    let mut window = WindowStatement::new();
    window.add_partition_by(first).add_partition_by(second);
    for (expr, order) in reading.ordering(C::TABLE) {
        window.order_by_expr(expr, order);
    }
    inner.expr_window_as(Expr::cust("ROW_NUMBER()"), window, ROW);
    Query::select()
        .column(sea_query::Asterisk)
        .from_subquery(inner, PARENT)
        .and_where(Expr::col(ROW).lte(i64::from(ask.window.size) + 1))
        .order_by(ROW, sea_query::Order::Asc)
        .to_owned()
}

fn lateral<C: Stored>(
    scope: Scope,
    parents: &[Parent],
    kind: ParentKind,
    ask: &Ask,
    reading: &Reading,
) -> SelectStatement {
    let mut inner = entries::<C>(scope, ask, reading);
    let (log, locality) = (Expr::col((PARENT, "column1")), Expr::col((PARENT, "column2")));
    let (partner, child) = partner_column::<C>();
    let mut holder = C::TABLE;
    if matches!(kind, ParentKind::Log | ParentKind::Tie) {
        inner.and_where(column(C::TABLE, "province_id").eq(log.clone()));
    }
    if matches!(kind, ParentKind::Locality | ParentKind::Tie) {
        if let Some(child) = child {
            join_partners::<C>(&mut inner, child);
            holder = child;
        }
        inner.and_where(partner.eq(locality.clone()));
    }
    inner.expr_as(log, Alias::new("parent_log")).expr_as(locality, Alias::new("parent_locality"));
    reading.order(&mut inner, holder);
    inner.limit(u64::from(ask.window.size) + 1);
    Query::select()
        .column(("child", sea_query::Asterisk).into_column_ref())
        .from_values(parents.iter().map(|parent| parent.numbers()), PARENT)
        .join_lateral(JoinType::InnerJoin, inner, "child", Expr::val(true))
        .to_owned()
}
