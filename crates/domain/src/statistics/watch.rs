//! What somebody should look at: agreements that end soon, relations without life, frameworks that
//! nobody filled.

use super::codes::range;
use super::{FactBook, Facts, Rows};
use crate::date::{Day, UNDATED_LAST};
use crate::entry::{EntryKey, Publication, TermId};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::Log;
use crate::page::SortKey;
use crate::place::LocalityId;
use crate::refusal::Refusal;
use crate::status::{AgreementStatus, RelationStatus, Span, Status};
use chrono::{Datelike, Days, Months};
use std::collections::HashMap;

/// The most days that a look ahead has: a hundred years.
pub const FURTHEST_DAYS: i32 = 36_525;
/// The most months that a look back has: a hundred years.
pub const FURTHEST_MONTHS: i32 = 1_200;

/// An entry and the day by which its list is ordered; the key of the entry orders equal days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dated {
    /// The day.
    pub day: Day,
    /// The entry.
    pub key: EntryKey,
}

impl Dated {
    /// Its sort key, which orders as the lists here are ordered. All entries of a list are of one
    /// kind.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let EntryKey { kind: _, log, number } = self.key;
        SortKey::default().number(self.day.num_days_from_ce()).number(log.number()).number(number)
    }
}

/// Entries that count on a day; what was taken back counts for nobody, though its province still
/// sees it in lists.
#[must_use]
pub fn counted_on(day: Day) -> Filter {
    Filter::Is(Predicate::CountsOn(day)).and(not_withdrawn())
}

/// Entries that nobody took back.
#[must_use]
pub fn not_withdrawn() -> Filter {
    Filter::Not(Box::new(Filter::Is(Predicate::Publication(vec![Publication::Withdrawn]))))
}

/// Agreements that are in force on a day and lapse so many days after it at the latest, the
/// earliest end first. One that renews itself never lapses; one that was extended lapses at the
/// end of its new term; one that an act ends does not lapse.
///
/// # Errors
/// `Invalid` for days out of bounds.
pub fn expiring(agreements: &Facts, day: Day, within_days: i32) -> Result<Vec<Dated>, Refusal> {
    let days = bounded(within_days, 0, FURTHEST_DAYS)?;
    // In force now and lapsed on the day after: its end lies between, or is not known to come.
    let after = day.checked_add_days(Days::new(u64::from(days) + 1));
    let lapsed = after.map_or(UNDATED_LAST, |after| after.min(UNDATED_LAST));
    let is = |status, day| Filter::Is(Predicate::Status(vec![Status::Agreement(status)], day));
    let filter =
        counted_on(day).and(is(AgreementStatus::InForce, day)).and(is(AgreementStatus::Expired, lapsed));
    let expired = Status::Agreement(AgreementStatus::Expired);
    let mut found = Vec::new();
    let rows = agreements.select(&filter);
    for (chunk, part) in agreements.taken(&rows) {
        for row in part.iter() {
            let spans = chunk.turns.spans(row).into_iter();
            let lapse = spans.filter(|span| span.from > day && span.status == expired).map(|span| span.from);
            found.push(Dated { day: lapse.min().unwrap_or(lapsed), key: chunk.key(row) });
        }
    }
    found.sort_unstable();
    Ok(found)
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
pub fn dormant(book: &FactBook, day: Day, months: i32) -> Result<Vec<Dated>, Refusal> {
    let months = bounded(months, 1, FURTHEST_MONTHS)?;
    let Some(since) = day.checked_sub_months(Months::new(months)) else { return Ok(Vec::new()) };
    let last = last_days(book, &counted_on(day));
    let stands = [RelationStatus::Active, RelationStatus::Dormant].map(Status::Relation).to_vec();
    let standing = book.relations.select(&counted_on(day).and(Filter::Is(Predicate::Status(stands, day))));
    let mut found = Vec::new();
    for (chunk, part) in book.relations.taken(&standing) {
        for row in part.iter() {
            let lasts = chunk.localities.of(row).filter_map(|place| last.get(&(chunk.log, place)));
            let newest = lasts.max().filter(|newest| **newest <= since);
            found.extend(newest.map(|newest| Dated { day: *newest, key: chunk.key(row) }));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Framework agreements of provinces in force on a day after which nothing happened by then, the
/// oldest first: since the day from which each counts, its province has signed no agreement of
/// another form and held no event with a partner locality of its. Facts tell neither of other
/// partners nor of subsidiary documents.
#[must_use]
pub fn framework_only(book: &FactBook, day: Day, framework: TermId) -> Vec<Dated> {
    let is_framework = Filter::Is(Predicate::Term(vec![framework]));
    let last = last_days(book, &counted_on(day).and(Filter::Not(Box::new(is_framework.clone()))));
    let in_force = Predicate::Status(vec![Status::Agreement(AgreementStatus::InForce)], day);
    let standing = book.agreements.select(&counted_on(day).and(is_framework).and(Filter::Is(in_force)));
    let mut found = Vec::new();
    for (chunk, part) in book.agreements.taken(&standing).filter(|(chunk, _)| chunk.log.is_province()) {
        for row in part.iter() {
            let (key, since) = (chunk.key(row), chunk.counts_from.at(row).unwrap_or_default());
            let lasts = chunk.localities.of(row).filter_map(|place| last.get(&(chunk.log, place)));
            if lasts.max().is_none_or(|last| *last < since) {
                found.push(Dated { day: since, key });
            }
        }
    }
    found.sort_unstable();
    found
}

/// Of each province and partner, the last day of the dated agreements and events that pass; the
/// ministry's own are left out.
fn last_days(book: &FactBook, filter: &Filter) -> HashMap<(Log, LocalityId), Day> {
    let dated = Filter::Is(Predicate::Date(DateField::First, DateTest::IsUndated(false)));
    let filter = filter.clone().and(dated);
    let mut last = HashMap::new();
    for facts in [&book.agreements, &book.events] {
        note_last_days(facts, &facts.select(&filter), &mut last);
    }
    last
}

fn note_last_days(facts: &Facts, rows: &Rows, last: &mut HashMap<(Log, LocalityId), Day>) {
    for (chunk, part) in facts.taken(rows).filter(|(chunk, _)| chunk.log.is_province()) {
        let places = &chunk.localities.items;
        // A later day has a higher code, so days are compared by their codes and looked up once.
        let mut newest: Vec<u16> = vec![0; places.values.len()];
        for row in part.iter() {
            let code = chunk.counts_from.code(row);
            for item in range(chunk.localities.ends.as_ref(), row) {
                let known = &mut newest[places.codes.at(item) as usize];
                *known = code.max(*known);
            }
        }
        for (place, code) in places.values.iter().zip(newest) {
            let known = last.get(&(chunk.log, *place)).copied();
            if let Some(newest) = chunk.counts_from.day(code).max(known) {
                last.insert((chunk.log, *place), newest);
            }
        }
    }
}

fn bounded(given: i32, least: i32, most: i32) -> Result<u32, Refusal> {
    if (least..=most).contains(&given) {
        return Ok(given.unsigned_abs());
    }
    Err(Refusal::Invalid(format!("{given} is not from {least} to {most}")))
}
