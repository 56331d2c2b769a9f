//! The first rows under each of many parents, in one statement for all of them.

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::list::Reading;
use crate::row::ENTRY_COLUMNS;
use crate::statement::literal;
use crate::table::Stored;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::place::LocalityId;
use caunoi_domain::policy::Scope;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, IntoColumnRef, JoinType, Query, SelectStatement};
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
/// The key of a row within its table on SQLite.
const ROW: &str = "entry_row";

impl Store {
    /// One page under each parent; the first rows of each parent are read from an index.
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
        let below = Below { engine: self.engine(), scope, kind, ask, reading: &reading };
        let select = match self.engine() {
            Engine::Sqlite => looked_up::<C>(&below, parents),
            Engine::Postgres => lateral::<C>(&below, parents),
        };
        let Some(select) = select else { return Ok(HashMap::new()) };
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

/// The column that holds the partner, and the child table that it needs.
fn partner_column<C: Stored>() -> (Expr, Option<&'static str>) {
    match C::LOCALITIES {
        Some(child) => (column(child, "locality_id"), Some(child)),
        None => (column(C::TABLE, "partner_id"), None),
    }
}

/// The first rows under the parent of the row beside them, of every slot that the scope sees: in
/// the order of the list, each slot read along an index that begins with the parent.
struct Below<'a> {
    engine: Engine,
    scope: Scope,
    kind: ParentKind,
    ask: &'a Ask,
    reading: &'a Reading,
}

impl Below<'_> {
    fn first<C: Stored>(&self, base: &SelectStatement) -> Option<SelectStatement> {
        let of_slot = |(slot, condition)| self.of_slot::<C>(base.clone(), slot, condition);
        let selects = condition::of_slots::<C>(self.scope).into_iter().map(of_slot).collect();
        self.reading.merge(selects, u64::from(self.ask.window.size) + 1)
    }

    fn of_slot<C: Stored>(
        &self,
        mut select: SelectStatement,
        slot: &'static str,
        condition: Expr,
    ) -> SelectStatement {
        self.reading.apply::<C>(&mut select);
        select.and_where(condition).cond_where(condition::of_filter::<C>(self.engine, &self.ask.filter));
        let mut holder = C::TABLE;
        if matches!(self.kind, ParentKind::Log | ParentKind::Tie) {
            select.and_where(column(C::TABLE, "province_id").eq(parent_log()));
        }
        if matches!(self.kind, ParentKind::Locality | ParentKind::Tie) {
            let (partner, child) = partner_column::<C>();
            if let Some(child) = child {
                let same = |name: &'static str| column(child, name).equals((C::TABLE, name));
                select.inner_join(child, same("province_id").and(same("number")).and(same("slot")));
                // The index of partners begins with the slot, which SQLite takes from no other table.
                select.and_where(column(child, "slot").eq(literal(slot)));
                holder = child;
            }
            select.and_where(partner.eq(parent_locality()));
        }
        self.reading.order(&mut select, holder);
        select
    }
}

fn parent_log() -> Expr {
    Expr::col((PARENT, "column1"))
}

fn parent_locality() -> Expr {
    Expr::col((PARENT, "column2"))
}

/// SQLite joins no select to the rows beside it, but looks up the rows whose keys such a select
/// gives. The cross join keeps the parents outside.
fn looked_up<C: Stored>(below: &Below<'_>, parents: &[Parent]) -> Option<SelectStatement> {
    let row = || column(C::TABLE, "rowid");
    let keys = Query::select()
        .expr_as(row(), ROW)
        .columns(["province_id", "number"].map(|name| (C::TABLE, name)))
        .from(C::TABLE)
        .to_owned();
    let keys = Query::select().column(ROW).from_subquery(below.first::<C>(&keys)?, "child").to_owned();
    // Said here too, so that no mistake in the keys shows what the scope does not see; within a CASE,
    // from which SQLite takes no index: by the slot it would read the whole table for each parent.
    let is_seen = Expr::case(condition::of_scope::<C>(below.scope), literal(true)).finally(literal(false));
    let mut query = Query::select();
    query.columns(ENTRY_COLUMNS.map(|name| (C::TABLE, name)));
    below.reading.columns(&mut query);
    query
        .expr(parent_log())
        .expr(parent_locality())
        .from_values(parents.iter().map(|parent| parent.numbers()), PARENT)
        .join(JoinType::CrossJoin, C::TABLE, literal(true))
        .and_where(row().in_subquery(keys))
        .and_where(is_seen.into());
    below.reading.order(&mut query, C::TABLE);
    Some(query)
}

fn lateral<C: Stored>(below: &Below<'_>, parents: &[Parent]) -> Option<SelectStatement> {
    let entries = select_entries::<C>();
    let child = below.first::<C>(&entries)?;
    let query = Query::select()
        .column(("child", Asterisk).into_column_ref())
        .expr(parent_log())
        .expr(parent_locality())
        .from_values(parents.iter().map(|parent| parent.numbers()), PARENT)
        .join_lateral(JoinType::InnerJoin, child, "child", literal(true))
        .to_owned();
    Some(query)
}
