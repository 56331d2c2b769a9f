//! A filter as an SQL condition.
//!
//! Invariant: every condition is true or false, never null, so that `not` means the same here as
//! over facts. A comparison with a nullable column is therefore combined with a null check.

mod owner;

pub(crate) use owner::{ListPart, list_parts};

use crate::column::{Table, TableColumn, column};
use crate::connect::Engine;
use crate::entity::{EntryColumn, SpanColumn, VersionKey, agreement, event, relation};
use crate::find::has_key;
use crate::search;
use crate::statement::literal;
use crate::table::EntryTables;
use caunoi_domain::date::Day;
use caunoi_domain::entry::Publication;
use caunoi_domain::filter::{DateField, DateTest, Filter, Predicate};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::place::LocalityId;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::status::Status;
use owner::OwnerTest;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};

/// The slot of the version that everybody sees.
pub(crate) const PUBLISHED: &str = "PUBLISHED";
/// The slot of the version that its province is working on.
pub(crate) const WORKING: &str = "WORKING";

/// Returns the condition that restricts a read to the rows of a scope; every read has it. It
/// selects at most one version of each entry: `pending` of a published row is set if the entry has
/// a working version.
pub(crate) fn of_scope(tables: &EntryTables, scope: Scope) -> Expr {
    let slots = of_slots(tables, scope);
    let is_one = slots.len() == 1;
    let names: Vec<Expr> = slots.iter().map(|(slot, _)| literal(*slot)).collect();
    let condition = slots.into_iter().map(|(_, condition)| condition).reduce(Expr::or);
    let condition = condition.unwrap_or_else(nothing);
    // Repeats the slots in one list, so that one scan of an index of slots and codes answers all.
    if is_one { condition } else { tables.entries.expr(EntryColumn::Slot).is_in(names).and(condition) }
}

/// Returns the same condition per slot: a list reads each slot along an index that begins with the
/// slot.
pub(crate) fn of_slots(tables: &EntryTables, scope: Scope) -> Vec<(&'static str, Expr)> {
    let of = |column: EntryColumn| tables.entries.expr(column);
    let published = of(EntryColumn::Slot).eq(literal(PUBLISHED));
    let working = of(EntryColumn::Slot).eq(literal(WORKING));
    let alone = of(EntryColumn::Pending).is_null();
    match scope.visibility() {
        Visibility::Published => vec![(PUBLISHED, published)],
        Visibility::Province(log) => {
            let own = of(EntryColumn::ProvinceId).eq(log.number());
            vec![(PUBLISHED, published.and(alone.or(own.clone().not()))), (WORKING, working.and(own))]
        }
        Visibility::Ministry => {
            let submitted = || literal::<&'static str>(Publication::Submitted.into());
            let own = of(EntryColumn::ProvinceId).eq(literal(Log::MINISTRY.number()));
            let unseen = own.clone().not().and(of(EntryColumn::Pending).ne(submitted()));
            let shown = own.or(of(EntryColumn::Publication).eq(submitted()));
            vec![(PUBLISHED, published.and(alone.or(unseen))), (WORKING, working.and(shown))]
        }
    }
}

/// Returns the condition that an entry matches the filter.
pub(crate) fn of_filter(tables: &EntryTables, engine: Engine, filter: &Filter) -> Condition {
    let of = |part| of_filter(tables, engine, part);
    match filter {
        Filter::All(parts) => parts.iter().map(of).fold(Condition::all(), Condition::add),
        Filter::Any(parts) if parts.is_empty() => Condition::all().add(nothing()),
        Filter::Any(parts) => parts.iter().map(of).fold(Condition::any(), Condition::add),
        Filter::Not(part) => of(part).not(),
        Filter::Is(predicate) => Condition::all().add(of_predicate(tables, engine, predicate)),
    }
}

fn of_predicate(tables: &EntryTables, engine: Engine, predicate: &Predicate) -> Expr {
    let shared = |column: EntryColumn| tables.entries.column(column);
    match predicate {
        Predicate::Log(logs) => {
            one_of(shared(EntryColumn::ProvinceId), logs.iter().map(|log| Expr::val(log.number())).collect())
        }
        Predicate::Owner(logs) => OwnerTest::of_logs(logs).condition(tables),
        Predicate::Unit(units) => OwnerTest::of_units(units).condition(tables),
        Predicate::Country(countries) => one_of_if_present(tables.country, numbers(countries)),
        Predicate::AnyCountry(countries) => match tables.countries {
            Some(country) => has_child(tables, country, numbers(countries)),
            None => one_of_if_present(tables.country, numbers(countries)),
        },
        Predicate::Locality(localities) => match tables.child_partner() {
            Some(partner) => has_locality(tables, partner, localities),
            None => one_of_if_present(tables.partner, numbers(localities)),
        },
        Predicate::Pillar(pillars) => one_of_nullable(shared(EntryColumn::Pillar), words(pillars)),
        Predicate::Field(terms) => {
            tables.fields.map_or_else(nothing, |field| has_child(tables, field, numbers(terms)))
        }
        Predicate::Term(terms) => one_of_if_present(tables.term, numbers(terms)),
        Predicate::Tier(tiers) => one_of(relation::Column::Tier, words(tiers)),
        Predicate::Level(levels) => one_of_nullable(agreement::Column::Level, words(levels)),
        Predicate::Direction(directions) => one_of_if_present(tables.direction, words(directions)),
        Predicate::EventRank(levels) => one_of_nullable(event::Column::EventLevel, words(levels)),
        Predicate::Mode(modes) => one_of_nullable(event::Column::Mode, words(modes)),
        Predicate::Series(names) => one_of_nullable(event::Column::Series, texts(names)),
        Predicate::Edition(names) => one_of_nullable(event::Column::Edition, texts(names)),
        Predicate::Publication(states) => one_of(shared(EntryColumn::Publication), words(states)),
        Predicate::Status(statuses, day) => {
            tables.spans.map_or_else(nothing, |spans| has_status(tables, engine, spans, statuses, *day))
        }
        Predicate::Date(field, test) => of_date(tables, *field, *test),
        Predicate::CountsOn(day) => tables.entries.expr(EntryColumn::CountsFrom).lte(literal(*day)),
        Predicate::Words(words) => search::has_words(tables, words),
        Predicate::OneOf(kind, found) if *kind == tables.kind => {
            has_key(tables.entries, found.iter().copied())
        }
        Predicate::OneOf(..) => nothing(),
    }
}

/// Returns a condition that no row meets.
pub(crate) fn nothing() -> Expr {
    Expr::val(1).eq(0)
}

fn numbers<T>(ids: &[Id<T>]) -> Vec<Expr> {
    ids.iter().map(|id| Expr::val(id.number())).collect()
}

fn texts(texts: &[String]) -> Vec<Expr> {
    texts.iter().map(|text| Expr::val(text.as_str())).collect()
}

/// Returns the words of a closed list as literals.
fn words<W: Copy + Into<&'static str>>(words: &[W]) -> Vec<Expr> {
    words.iter().map(|word| literal::<&'static str>((*word).into())).collect()
}

fn one_of(column: impl Into<TableColumn>, values: Vec<Expr>) -> Expr {
    if values.is_empty() { nothing() } else { column.into().expr().is_in(values) }
}

fn one_of_nullable(column: impl Into<TableColumn>, values: Vec<Expr>) -> Expr {
    let column = column.into();
    column.expr().is_not_null().and(one_of(column, values))
}

/// Entries of a kind without the column match no value of it.
fn one_of_if_present(column: Option<TableColumn>, values: Vec<Expr>) -> Expr {
    column.map_or_else(nothing, |column| one_of_nullable(column, values))
}

/// Selects from a child table the rows of the same version of the same entry.
fn child_of(tables: &EntryTables, child: Table) -> SelectStatement {
    let mut rows = Query::select();
    rows.expr(literal(1)).from(child);
    for key in search::KEY {
        rows.and_where(child.expr(key).equals((tables.entries, key)));
    }
    rows
}

fn has_child(tables: &EntryTables, column: TableColumn, values: Vec<Expr>) -> Expr {
    if values.is_empty() {
        return nothing();
    }
    Expr::exists(child_of(tables, column.table).and_where(column.expr().is_in(values)).to_owned())
}

/// Few entries have a locality, so their keys are read from its index, not looked up per entry.
fn has_locality(tables: &EntryTables, partner: TableColumn, localities: &[LocalityId]) -> Expr {
    if localities.is_empty() {
        return nothing();
    }
    let keys = Query::select()
        .columns(search::KEY)
        .from(partner.table)
        .and_where(partner.table.expr(VersionKey::Slot).is_in([PUBLISHED, WORKING].map(literal)))
        .and_where(partner.expr().is_in(numbers(localities)))
        .to_owned();
    search::key(tables).in_subquery(keys)
}

/// Returns whether the entries that match a filter are few and found by key, so that sorting them
/// costs less than a walk along the order.
pub(crate) fn is_narrow(tables: &EntryTables, filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().any(|part| is_narrow(tables, part)),
        Filter::Is(Predicate::Locality(_)) => tables.child_partner().is_some(),
        Filter::Is(_) | Filter::Any(_) | Filter::Not(_) => false,
    }
}

fn has_status(tables: &EntryTables, engine: Engine, spans: Table, statuses: &[Status], day: Day) -> Expr {
    if statuses.is_empty() {
        return nothing();
    }
    let status = match engine {
        // The plus prevents SQLite from using the index of statuses, in which it would scan every
        // entry of a status for each entry.
        Engine::Sqlite => Expr::cust_with_expr("+?", spans.expr(SpanColumn::Status)),
        Engine::Postgres => spans.expr(SpanColumn::Status),
    };
    let spans = child_of(tables, spans)
        .and_where(status.is_in(statuses.iter().map(|status| literal(status.as_str()))))
        .and_where(spans.expr(SpanColumn::FromOn).lte(literal(day)))
        .and_where(spans.expr(SpanColumn::ToOn).gte(literal(day)))
        .to_owned();
    Expr::exists(spans)
}

fn of_date(tables: &EntryTables, field: DateField, test: DateTest) -> Expr {
    let shared = |column: EntryColumn| tables.entries.expr(column);
    let (edtf, from, until) = match field {
        DateField::First => (
            shared(EntryColumn::FirstText),
            shared(EntryColumn::FirstEarliest),
            shared(EntryColumn::FirstLatest),
        ),
        DateField::Expires => (
            column(agreement::Column::ExpiresText),
            column(agreement::Column::ExpiresEarliest),
            column(agreement::Column::ExpiresLatest),
        ),
        DateField::Published => return of_publication_day(tables, test),
    };
    let dated = edtf.clone().is_not_null();
    match test {
        DateTest::OnOrAfter(day) => dated.and(from.gte(literal(day))),
        DateTest::After(day) => dated.and(from.gt(literal(day))),
        DateTest::OnOrBefore(day) => dated.and(until.lte(literal(day))),
        DateTest::Before(day) => dated.and(until.lt(literal(day))),
        DateTest::IsUndated(true) => edtf.is_null(),
        DateTest::IsUndated(false) => dated,
    }
}

/// A publication is an instant; the filter compares its day in Vietnam.
fn of_publication_day(tables: &EntryTables, test: DateTest) -> Expr {
    let published_at = || tables.entries.expr(EntryColumn::PublishedAtUs);
    let known = published_at().is_not_null();
    let begins = |day: Day| caunoi_domain::clock::day_begins_at_us(day);
    let after = |day: Day| day.succ_opt().map_or(i64::MAX, begins);
    match test {
        DateTest::OnOrAfter(day) => known.and(published_at().gte(begins(day))),
        DateTest::After(day) => known.and(published_at().gte(after(day))),
        DateTest::OnOrBefore(day) => known.and(published_at().lt(after(day))),
        DateTest::Before(day) => known.and(published_at().lt(begins(day))),
        DateTest::IsUndated(true) => published_at().is_null(),
        DateTest::IsUndated(false) => known,
    }
}
