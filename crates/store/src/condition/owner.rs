//! The conditions of owners: the log that contains an entry, its unit of origin, and the further
//! owners of a shared entry.
//!
//! Few entries are shared. So a list reads an owner's own entries along an index in the order of
//! the list, and the shared ones by their keys; one condition with OR would have no index.

use super::{PUBLISHED, WORKING, is_narrow, nothing, of_filter};
use crate::column::Table;
use crate::connect::Engine;
use crate::entity::{EntryColumn, OwnerColumn, VersionKey};
use crate::search;
use crate::statement::literal;
use crate::table::EntryTables;
use caunoi_domain::entry::UnitId;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::{Id, Log};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};

/// A test of the owners of an entry.
#[derive(Default)]
pub(crate) struct OwnerTest {
    logs: Vec<Log>,
    units: Vec<UnitId>,
}

/// A part of the rows of a list; the parts of a list are disjoint.
pub(crate) struct ListPart {
    /// The condition of its rows.
    pub(crate) condition: Condition,
    /// Whether the rows are few and found by key.
    pub(crate) is_narrow: bool,
}

impl OwnerTest {
    /// Returns the test of an owner's log.
    pub(crate) fn of_logs(logs: &[Log]) -> Self {
        Self { logs: logs.to_vec(), units: Vec::new() }
    }

    /// Returns the test of units.
    pub(crate) fn of_units(units: &[UnitId]) -> Self {
        Self { logs: Vec::new(), units: units.to_vec() }
    }

    /// Returns the test that a filter consists of; `None` for another filter.
    fn of_filter(filter: &Filter) -> Option<Self> {
        match filter {
            Filter::Is(Predicate::Owner(logs)) => Some(Self::of_logs(logs)),
            Filter::Is(Predicate::Unit(units)) => Some(Self::of_units(units)),
            Filter::Any(parts) => {
                parts.iter().try_fold(Self::default(), |all, part| Some(all.or(Self::of_filter(part)?)))
            }
            Filter::Is(_) | Filter::All(_) | Filter::Not(_) => None,
        }
    }

    fn or(mut self, other: Self) -> Self {
        self.logs.extend(other.logs);
        self.units.extend(other.units);
        self
    }

    /// Returns the condition that the entry is an own or a shared one of these owners.
    pub(crate) fn condition(&self, tables: &EntryTables) -> Expr {
        match tables.owners {
            Some(owners) => self.is_own(tables).or(self.is_shared(tables, owners)),
            None => self.is_own(tables),
        }
    }

    fn is_own(&self, tables: &EntryTables) -> Expr {
        let logs = (!self.logs.is_empty())
            .then(|| tables.entries.expr(EntryColumn::ProvinceId).is_in(numbers_of_logs(&self.logs)));
        let origin = || tables.entries.expr(EntryColumn::OriginUnitId);
        let units = (!self.units.is_empty())
            .then(|| origin().is_not_null().and(origin().is_in(numbers_of_units(&self.units))));
        logs.into_iter().chain(units).reduce(Expr::or).unwrap_or_else(nothing)
    }

    fn is_shared(&self, tables: &EntryTables, owners: Table) -> Expr {
        let logs = (!self.logs.is_empty())
            .then(|| owners.expr(OwnerColumn::OwnerId).is_in(numbers_of_logs(&self.logs)));
        let units = (!self.units.is_empty())
            .then(|| owners.expr(OwnerColumn::UnitId).is_in(numbers_of_units(&self.units)));
        let Some(is_owner) = logs.into_iter().chain(units).reduce(Expr::or) else {
            return nothing();
        };
        let keys = Query::select()
            .columns(search::KEY)
            .from(owners)
            .and_where(owners.expr(VersionKey::Slot).is_in([PUBLISHED, WORKING].map(literal)))
            .and_where(is_owner)
            .to_owned();
        search::key(tables).in_subquery(keys)
    }
}

/// Returns the parts of the rows that match a filter: with a test of owners, the own entries and the
/// shared ones.
pub(crate) fn list_parts(tables: &EntryTables, engine: Engine, filter: &Filter) -> Vec<ListPart> {
    let parts = match filter {
        Filter::All(parts) => parts.as_slice(),
        part @ (Filter::Any(_) | Filter::Not(_) | Filter::Is(_)) => std::slice::from_ref(part),
    };
    let test = parts.iter().enumerate().find_map(|(at, part)| Some((at, OwnerTest::of_filter(part)?)));
    let (Some((at, test)), Some(owners)) = (test, tables.owners) else {
        let condition = of_filter(tables, engine, filter);
        return vec![ListPart { condition, is_narrow: is_narrow(tables, filter) }];
    };
    let rest = || {
        let others = parts.iter().enumerate().filter(|(index, _)| *index != at);
        others.map(|(_, part)| of_filter(tables, engine, part)).fold(Condition::all(), Condition::add)
    };
    let own = ListPart { condition: rest().add(test.is_own(tables)), is_narrow: is_narrow(tables, filter) };
    let shared = ListPart {
        condition: rest().add(test.is_shared(tables, owners)).add(test.is_own(tables).not()),
        is_narrow: true,
    };
    vec![own, shared]
}

fn numbers_of_logs(logs: &[Log]) -> Vec<Expr> {
    logs.iter().map(|log| Expr::val(log.number())).collect()
}

fn numbers_of_units(units: &[UnitId]) -> Vec<Expr> {
    units.iter().copied().map(Id::number).map(Expr::val).collect()
}
