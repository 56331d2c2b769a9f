//! What somebody should look at before it lapses: agreements that end soon, relations without life.

use super::{Boundaries, FactBook, Facts, GroupBy, GroupKey, KeyValue, Lens};
use crate::date::{Day, UNDATED_LAST};
use crate::directory::Directory;
use crate::entry::{EntryKey, Publication};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::Log;
use crate::place::LocalityId;
use crate::refusal::Refusal;
use crate::status::{AgreementStatus, RelationStatus, Span, Status};
use chrono::{Days, Months};
use std::collections::{HashMap, HashSet};

/// The most days that a look ahead has: a hundred years.
pub const FURTHEST_DAYS: i32 = 36_525;
/// The most months that a look back has: a hundred years.
pub const FURTHEST_MONTHS: i32 = 1_200;

/// Entries that count on a day; what was taken back counts for nobody, though its province still
/// sees it in lists.
#[must_use]
pub fn counted_on(day: Day) -> Filter {
    let stands = Filter::Not(Box::new(Filter::Is(Predicate::Publication(vec![Publication::Withdrawn]))));
    Filter::Is(Predicate::CountsOn(day)).and(stands)
}

/// Agreements that are in force on a day and lapse so many days after it at the latest, the
/// earliest end first. One that renews itself never lapses; one that was extended lapses at the
/// end of its new term; one that an act ends does not lapse.
///
/// # Errors
/// `Invalid` for days out of bounds.
pub fn expiring(agreements: &Facts, day: Day, within_days: i32) -> Result<Vec<EntryKey>, Refusal> {
    let days = bounded(within_days, 0, FURTHEST_DAYS)?;
    // In force now and lapsed on the day after: its end lies between, or is not known to come.
    let after = day.checked_add_days(Days::new(u64::from(days) + 1));
    let lapsed = after.map_or(UNDATED_LAST, |after| after.min(UNDATED_LAST));
    let is = |status, day| Filter::Is(Predicate::Status(vec![Status::Agreement(status)], day));
    let filter =
        counted_on(day).and(is(AgreementStatus::InForce, day)).and(is(AgreementStatus::Expired, lapsed));
    let ends = |row: u32| {
        let fact = agreements.fact(row);
        let expired = Status::Agreement(AgreementStatus::Expired);
        let lapse = fact.spans.iter().find(|span| span.from > day && span.status == expired);
        (lapse.map(|span| span.from), fact.key)
    };
    let mut found: Vec<_> = agreements.rows(&agreements.select(&filter)).map(ends).collect();
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, key)| key).collect())
}

/// The last day on which an agreement is in force, where it is on this day and lapses by itself.
#[must_use]
pub fn runs_until(spans: &[Span<AgreementStatus>], day: Day) -> Option<Day> {
    let at = spans.iter().position(|span| span.from <= day && day <= span.to)?;
    let lapses = spans.get(at + 1).is_some_and(|next| next.status == AgreementStatus::Expired);
    (spans[at].status == AgreementStatus::InForce && lapses).then_some(spans[at].to)
}

/// The last day on which the renewal of what ends on this day may safely begin: notice before it
/// is still in time.
#[must_use]
pub fn renew_by(last: Day, notice_days: Option<i32>) -> Option<Day> {
    let notice = notice_days.and_then(|days| u64::try_from(days).ok()).unwrap_or(0);
    last.checked_sub_days(Days::new(notice))
}

/// Relations that stand on a day and whose last dated activity is so many months old at least, the
/// longest silent first. Activity is an agreement signed or an event held by the same province
/// with the same partner. Without any dated activity a relation is never dormant.
///
/// # Errors
/// `Invalid` for months out of bounds.
pub fn dormant(
    book: &FactBook,
    directory: &Directory,
    day: Day,
    months: i32,
) -> Result<Vec<EntryKey>, Refusal> {
    let months = bounded(months, 1, FURTHEST_MONTHS)?;
    let Some(since) = day.checked_sub_months(Months::new(months)) else { return Ok(Vec::new()) };
    let lens = Lens { directory, as_of: Some(day), today: day, boundaries: Boundaries::Today };
    let dated = Filter::Is(Predicate::Date(DateField::First, DateTest::IsUndated(false)));
    let before = counted_on(since).and(dated.clone());
    let later = counted_on(day).and(dated).and(Filter::Not(Box::new(Filter::Is(Predicate::CountsOn(since)))));
    let mut alive = HashSet::new();
    for facts in [&book.agreements, &book.events] {
        alive.extend(pairs_of(facts, &later, &lens)?);
    }
    let silent = silent_relations(&book.relations, day, &alive);
    let partners: HashSet<LocalityId> =
        silent.iter().flat_map(|(_, pairs)| pairs).map(|pair| pair.1).collect();
    let with_them = before.and(Filter::Is(Predicate::Locality(partners.into_iter().collect())));
    let last = last_days([&book.agreements, &book.events], &with_them);
    let newest = |(key, pairs): (EntryKey, Vec<Pair>)| {
        let newest = pairs.iter().filter_map(|pair| last.get(pair).copied()).max();
        newest.map(|newest| (newest, key))
    };
    let mut found: Vec<(Day, EntryKey)> = silent.into_iter().filter_map(newest).collect();
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, key)| key).collect())
}

/// A province and a partner of it.
type Pair = (Log, LocalityId);

/// The provinces and partners of the facts that pass; the ministry's own are left out.
fn pairs_of(facts: &Facts, filter: &Filter, lens: &Lens<'_>) -> Result<Vec<Pair>, Refusal> {
    let by = [GroupKey::Province, GroupKey::Locality].map(GroupBy::Key);
    let groups = super::groups(facts, &facts.select(filter), &by, lens)?;
    let pair = |group: super::Group| match group.keys.as_slice() {
        [KeyValue::Log(log), KeyValue::Locality(place)] => Some((*log, *place)),
        _ => None,
    };
    Ok(groups.into_iter().filter_map(pair).collect())
}

/// The relations that stand on a day without a pair that is alive.
fn silent_relations(relations: &Facts, day: Day, alive: &HashSet<Pair>) -> Vec<(EntryKey, Vec<Pair>)> {
    let stands = [RelationStatus::Active, RelationStatus::Dormant].map(Status::Relation).to_vec();
    let standing = relations.select(&counted_on(day).and(Filter::Is(Predicate::Status(stands, day))));
    let with_pairs = relations.rows(&standing).map(|row| {
        let fact = relations.fact(row);
        (fact.key, fact.localities.iter().map(|place| (fact.key.log, *place)).collect::<Vec<Pair>>())
    });
    with_pairs.filter(|(_, pairs)| !pairs.iter().any(|pair| alive.contains(pair))).collect()
}

/// The last day of each pair among the facts that pass.
fn last_days(all: [&Facts; 2], filter: &Filter) -> HashMap<Pair, Day> {
    let mut last = HashMap::new();
    for facts in all {
        for row in facts.rows(&facts.select(filter)) {
            let fact = facts.fact(row);
            for place in fact.localities {
                let day = last.entry((fact.key.log, place)).or_insert(fact.counts_from);
                *day = fact.counts_from.max(*day);
            }
        }
    }
    last
}

fn bounded(given: i32, least: i32, most: i32) -> Result<u32, Refusal> {
    if (least..=most).contains(&given) {
        return Ok(given.unsigned_abs());
    }
    Err(Refusal::Invalid(format!("{given} is not from {least} to {most}")))
}
