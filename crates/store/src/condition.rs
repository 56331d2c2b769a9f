//! A filter as an SQL condition.
//!
//! Invariant: every condition is true or false, never null, so that `not` means the same here as
//! over facts. A comparison with a nullable column is therefore combined with a null check.

use crate::connect::{Engine, column};
use crate::find::has_key;
use crate::search;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::date::Day;
use caunoi_domain::entry::Publication;
use caunoi_domain::filter::{DateField, DateTest, Filter, Predicate};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::place::LocalityId;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::status::Status;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};

/// The slot of the version that everybody sees.
pub(crate) const PUBLISHED: &str = "PUBLISHED";
/// The slot of the version that its province is working on.
pub(crate) const WORKING: &str = "WORKING";

/// Returns the condition that restricts a read to the rows of a scope; every read has it. It
/// selects at most one version of each entry: `pending` of a published row is set if the entry has
/// a working version.
pub(crate) fn of_scope<C: StoredContent>(scope: Scope) -> Expr {
    let slots = of_slots::<C>(scope);
    let is_one = slots.len() == 1;
    let names: Vec<Expr> = slots.iter().map(|(slot, _)| literal(*slot)).collect();
    let condition = slots.into_iter().map(|(_, condition)| condition).reduce(Expr::or);
    let condition = condition.unwrap_or_else(nothing);
    // Repeats the slots in one list, so that one scan of an index of slots and codes answers all.
    if is_one { condition } else { column(C::TABLE, "slot").is_in(names).and(condition) }
}

/// Returns the same condition per slot: a list reads each slot along an index that begins with the
/// slot.
pub(crate) fn of_slots<C: StoredContent>(scope: Scope) -> Vec<(&'static str, Expr)> {
    let of = |name| column(C::TABLE, name);
    let published = of("slot").eq(literal(PUBLISHED));
    let working = of("slot").eq(literal(WORKING));
    let alone = of("pending").is_null();
    match scope.visibility() {
        Visibility::Published => vec![(PUBLISHED, published)],
        Visibility::Province(log) => {
            let own = of("province_id").eq(log.number());
            vec![(PUBLISHED, published.and(alone.or(own.clone().not()))), (WORKING, working.and(own))]
        }
        Visibility::Ministry => {
            let submitted = || literal::<&'static str>(Publication::Submitted.into());
            let own = of("province_id").eq(literal(Log::MINISTRY.number()));
            let unseen = own.clone().not().and(of("pending").ne(submitted()));
            let shown = own.or(of("publication").eq(submitted()));
            vec![(PUBLISHED, published.and(alone.or(unseen))), (WORKING, working.and(shown))]
        }
    }
}

/// Returns the condition that an entry matches the filter.
pub(crate) fn of_filter<C: StoredContent>(engine: Engine, filter: &Filter) -> Condition {
    let of = |part| of_filter::<C>(engine, part);
    match filter {
        Filter::All(parts) => parts.iter().map(of).fold(Condition::all(), Condition::add),
        Filter::Any(parts) if parts.is_empty() => Condition::all().add(nothing()),
        Filter::Any(parts) => parts.iter().map(of).fold(Condition::any(), Condition::add),
        Filter::Not(part) => of(part).not(),
        Filter::Is(predicate) => Condition::all().add(of_predicate::<C>(engine, predicate)),
    }
}

fn of_predicate<C: StoredContent>(engine: Engine, predicate: &Predicate) -> Expr {
    match predicate {
        Predicate::Log(logs) => one_of::<C>("province_id", logs.iter().map(|log| Expr::val(log.number()))),
        Predicate::Unit(units) => one_of_nullable::<C>("origin_unit_id", numbers(units)),
        Predicate::Country(countries) => {
            C::COUNTRY.map_or_else(nothing, |name| one_of_nullable::<C>(name, numbers(countries)))
        }
        Predicate::AnyCountry(countries) => match C::COUNTRIES {
            Some(child) => has_child::<C>(child, "country_id", numbers(countries)),
            None => of_predicate::<C>(engine, &Predicate::Country(countries.clone())),
        },
        Predicate::Locality(localities) => match C::LOCALITIES {
            Some(child) => has_locality::<C>(child, localities),
            None => one_of_nullable::<C>("partner_id", numbers(localities)),
        },
        Predicate::Pillar(pillars) => one_of_nullable::<C>("pillar", words(pillars)),
        Predicate::Field(terms) => {
            C::FIELDS.map_or_else(nothing, |child| has_child::<C>(child, "term_id", numbers(terms)))
        }
        Predicate::Term(terms) => {
            C::TERM.map_or_else(nothing, |name| one_of_nullable::<C>(name, numbers(terms)))
        }
        Predicate::Tier(tiers) => one_of::<C>("tier", words(tiers)),
        Predicate::Level(levels) => one_of_nullable::<C>("level", words(levels)),
        Predicate::Direction(directions) => one_of_nullable::<C>("direction", words(directions)),
        Predicate::EventRank(levels) => one_of_nullable::<C>("event_level", words(levels)),
        Predicate::Mode(modes) => one_of_nullable::<C>("mode", words(modes)),
        Predicate::Series(names) => one_of_nullable::<C>("series", texts(names)),
        Predicate::Edition(names) => one_of_nullable::<C>("edition", texts(names)),
        Predicate::Publication(states) => one_of::<C>("publication", words(states)),
        Predicate::Status(statuses, day) => {
            C::SPANS.map_or_else(nothing, |child| has_status::<C>(engine, child, statuses, *day))
        }
        Predicate::Date(field, test) => of_date::<C>(*field, *test),
        Predicate::CountsOn(day) => column(C::TABLE, "counts_from").lte(literal(*day)),
        Predicate::Words(words) => search::has_words::<C>(words),
        Predicate::OneOf(kind, found) if *kind == C::KIND => has_key(C::TABLE, found.iter().copied()),
        Predicate::OneOf(..) => nothing(),
    }
}

/// Returns a condition that no row meets.
pub(crate) fn nothing() -> Expr {
    Expr::val(1).eq(0)
}

fn numbers<T>(ids: &[Id<T>]) -> impl Iterator<Item = Expr> {
    ids.iter().map(|id| Expr::val(id.number()))
}

fn texts(texts: &[String]) -> impl Iterator<Item = Expr> {
    texts.iter().map(|text| Expr::val(text.as_str()))
}

/// Returns the words of a closed list as literals.
fn words<W: Copy + Into<&'static str>>(words: &[W]) -> impl Iterator<Item = Expr> {
    words.iter().map(|word| literal::<&'static str>((*word).into()))
}

fn one_of<C: StoredContent>(name: &'static str, values: impl Iterator<Item = Expr>) -> Expr {
    let values: Vec<Expr> = values.collect();
    if values.is_empty() { nothing() } else { column(C::TABLE, name).is_in(values) }
}

fn one_of_nullable<C: StoredContent>(name: &'static str, values: impl Iterator<Item = Expr>) -> Expr {
    column(C::TABLE, name).is_not_null().and(one_of::<C>(name, values))
}

/// Selects from a child table the rows of the same version of the same entry.
fn child_of<C: StoredContent>(child: &'static str) -> SelectStatement {
    Query::select()
        .expr(literal(1))
        .from(child)
        .and_where(column(child, "province_id").equals((C::TABLE, "province_id")))
        .and_where(column(child, "number").equals((C::TABLE, "number")))
        .and_where(column(child, "slot").equals((C::TABLE, "slot")))
        .to_owned()
}

fn has_child<C: StoredContent>(
    child: &'static str,
    name: &'static str,
    values: impl Iterator<Item = Expr>,
) -> Expr {
    let values: Vec<Expr> = values.collect();
    if values.is_empty() {
        return nothing();
    }
    Expr::exists(child_of::<C>(child).and_where(column(child, name).is_in(values)).to_owned())
}

/// Few entries have a locality, so their keys are read from its index, not looked up per entry.
fn has_locality<C: StoredContent>(child: &'static str, localities: &[LocalityId]) -> Expr {
    if localities.is_empty() {
        return nothing();
    }
    let keys = Query::select()
        .columns(search::KEY)
        .from(child)
        .and_where(column(child, "slot").is_in([PUBLISHED, WORKING].map(literal)))
        .and_where(column(child, "locality_id").is_in(numbers(localities)))
        .to_owned();
    search::key::<C>().in_subquery(keys)
}

/// Returns whether the entries that match a filter are few and found by key, so that sorting them
/// costs less than a walk along the order.
pub(crate) fn is_narrow<C: StoredContent>(filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().any(is_narrow::<C>),
        Filter::Is(Predicate::Locality(_)) => C::LOCALITIES.is_some(),
        Filter::Is(_) | Filter::Any(_) | Filter::Not(_) => false,
    }
}

fn has_status<C: StoredContent>(engine: Engine, child: &'static str, statuses: &[Status], day: Day) -> Expr {
    if statuses.is_empty() {
        return nothing();
    }
    let status = match engine {
        // The plus prevents SQLite from using the index of statuses, in which it would scan every
        // entry of a status for each entry.
        Engine::Sqlite => Expr::cust_with_expr("+?", column(child, "status")),
        Engine::Postgres => column(child, "status"),
    };
    let spans = child_of::<C>(child)
        .and_where(status.is_in(statuses.iter().map(|status| literal(status.as_str()))))
        .and_where(column(child, "from_on").lte(literal(day)))
        .and_where(column(child, "to_on").gte(literal(day)))
        .to_owned();
    Expr::exists(spans)
}

fn of_date<C: StoredContent>(field: DateField, test: DateTest) -> Expr {
    let (edtf, from, until) = match field {
        DateField::First => ("first_text", "first_earliest", "first_latest"),
        DateField::Expires => ("expires_text", "expires_earliest", "expires_latest"),
        DateField::Published => return of_publication_day::<C>(test),
    };
    let dated = column(C::TABLE, edtf).is_not_null();
    match test {
        DateTest::OnOrAfter(day) => dated.and(column(C::TABLE, from).gte(literal(day))),
        DateTest::After(day) => dated.and(column(C::TABLE, from).gt(literal(day))),
        DateTest::OnOrBefore(day) => dated.and(column(C::TABLE, until).lte(literal(day))),
        DateTest::Before(day) => dated.and(column(C::TABLE, until).lt(literal(day))),
        DateTest::IsUndated(true) => column(C::TABLE, edtf).is_null(),
        DateTest::IsUndated(false) => dated,
    }
}

/// A publication is an instant; the filter compares its day in Vietnam.
fn of_publication_day<C: StoredContent>(test: DateTest) -> Expr {
    let name = "published_at_us";
    let known = column(C::TABLE, name).is_not_null();
    let begins = |day: Day| caunoi_domain::clock::day_begins_at_us(day);
    let after = |day: Day| day.succ_opt().map_or(i64::MAX, begins);
    match test {
        DateTest::OnOrAfter(day) => known.and(column(C::TABLE, name).gte(begins(day))),
        DateTest::After(day) => known.and(column(C::TABLE, name).gte(after(day))),
        DateTest::OnOrBefore(day) => known.and(column(C::TABLE, name).lt(after(day))),
        DateTest::Before(day) => known.and(column(C::TABLE, name).lt(begins(day))),
        DateTest::IsUndated(true) => column(C::TABLE, name).is_null(),
        DateTest::IsUndated(false) => known,
    }
}
