//! Monitoring: entries that need attention, such as agreements that end soon, dormant relations and
//! framework agreements without later activity.

use super::columns::range;
use super::row_selection::SegmentRows;
use super::segment::Segment;
use super::{FactTable, Facts, RowSelection};
use crate::agreement::Lapse;
use crate::date::{Day, UNDATED_LAST};
use crate::entry::{EntryKey, Publication, TermId};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::Log;
use crate::page::SortKey;
use crate::place::LocalityId;
use crate::relation::{is_dormant, last_active_on};
use crate::status::{AgreementStatus, RelationStatus, Status};
use crate::validation::{InvalidReason, Reason};
use chrono::{Datelike, Days};
use std::collections::HashMap;

/// The maximum number of days ahead: a hundred years.
pub const MAX_DAYS_AHEAD: i32 = 36_525;
/// The maximum number of months back: a hundred years.
pub const MAX_MONTHS_BACK: i32 = 1_200;

/// The key of an entry and the day that its list is ordered by; equal days follow by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatedKey {
    /// The day.
    pub day: Day,
    /// The key of the entry.
    pub key: EntryKey,
}

impl DatedKey {
    /// Returns the sort key, which orders as these lists are ordered. All entries of a list are of
    /// one kind.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let EntryKey { kind: _, log, number } = self.key;
        SortKey::default().number(self.day.num_days_from_ce()).number(log.number()).number(number)
    }
}

/// Returns the filter for entries that count on a day. A withdrawn entry does not count, although
/// the lists of its province still contain it.
#[must_use]
pub fn counted_on(day: Day) -> Filter {
    Filter::Is(Predicate::CountsOn(day)).and(not_withdrawn())
}

/// Returns the filter for entries that are not withdrawn.
#[must_use]
pub fn not_withdrawn() -> Filter {
    Filter::Not(Box::new(Filter::Is(Predicate::Publication(vec![Publication::Withdrawn]))))
}

/// Returns agreements that are in force on `day` and lapse within `within_days` by the acts until
/// `day`, the earliest end first. An agreement with automatic renewal never lapses; an extended one
/// lapses at the end of its new term.
///
/// # Errors
/// `Invalid` for days out of bounds.
pub fn find_expiring_agreements(
    agreements: &Facts,
    day: Day,
    within_days: i32,
) -> Result<Vec<DatedKey>, Reason> {
    let days = bounded(within_days, 0, MAX_DAYS_AHEAD)?;
    let after = day.checked_add_days(Days::new(u64::from(days) + 1));
    let last = after.map_or(UNDATED_LAST, |after| after.min(UNDATED_LAST));
    let in_force = Predicate::Status(vec![Status::Agreement(AgreementStatus::InForce)], day);
    let mut found = Vec::new();
    let rows = agreements.select(&counted_on(day).and(Filter::Is(in_force)));
    for (segment, part) in agreements.selected_segments(&rows) {
        for row in part.iter() {
            let lapse = Lapse::after(segment.lapses.at(row), day).filter(|on| *on <= last);
            found.extend(lapse.map(|on| DatedKey { day: on, key: segment.key(row) }));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Returns the relations that are dormant on `day` by [`is_dormant`], without activity for `months`,
/// the longest inactive first. One that is dormant only by a statement follows from the day on which
/// its status became DORMANT.
///
/// # Errors
/// `Invalid` for months out of bounds.
pub fn find_dormant_relations(relations: &Facts, day: Day, months: i32) -> Result<Vec<DatedKey>, Reason> {
    let months = bounded(months, 1, MAX_MONTHS_BACK)?;
    let statuses = [RelationStatus::Active, RelationStatus::Dormant];
    let in_existence = Predicate::Status(statuses.map(Status::Relation).to_vec(), day);
    let rows = relations.select(&counted_on(day).and(Filter::Is(in_existence)));
    let mut found = Vec::new();
    for (segment, part) in relations.selected_segments(&rows) {
        for row in part.iter() {
            let (periods, spans) = (segment.activity.at(row), segment.timeline.spans(row));
            let Some(span) = spans.iter().find(|span| span.from <= day && day <= span.to) else { continue };
            let Status::Relation(status) = span.status else { continue };
            if is_dormant(status, periods, day, months) {
                let since = last_active_on(periods, day).unwrap_or(span.from);
                found.push(DatedKey { day: since, key: segment.key(row) });
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Returns framework agreements of provinces that are in force on `day` without later activity, the
/// oldest first: since the day from which each counts, none of the provinces that own it has signed
/// an agreement of another form or held an event with one of its partner localities. Facts contain
/// neither other partners nor subsidiary documents.
#[must_use]
pub fn find_unused_frameworks(fact_table: &FactTable, day: Day, framework: TermId) -> Vec<DatedKey> {
    let is_framework = Filter::Is(Predicate::Term(vec![framework]));
    let last = &last_days(fact_table, &counted_on(day).and(Filter::Not(Box::new(is_framework.clone()))));
    let in_force = Predicate::Status(vec![Status::Agreement(AgreementStatus::InForce)], day);
    let rows = fact_table.agreements.select(&counted_on(day).and(is_framework).and(Filter::Is(in_force)));
    let mut found = Vec::new();
    for (segment, part) in fact_table.agreements.selected_segments(&rows) {
        for row in part.iter().filter(|row| segment.owners(*row).next().is_some()) {
            let (key, since) = (segment.key(row), segment.counts_from.at(row).unwrap_or_default());
            let last_of =
                |owner| segment.localities.of(row).filter_map(move |place| last.get(&(owner, place)));
            if segment.owners(row).flat_map(last_of).max().is_none_or(|last| *last < since) {
                found.push(DatedKey { day: since, key });
            }
        }
    }
    found.sort_unstable();
    found
}

/// Returns the last day of the dated agreements and events that match, by owner and partner; those
/// that only the ministry owns are excluded.
fn last_days(fact_table: &FactTable, filter: &Filter) -> HashMap<(Log, LocalityId), Day> {
    let dated = Filter::Is(Predicate::Date(DateField::First, DateTest::IsUndated(false)));
    let filter = filter.clone().and(dated);
    let mut last = HashMap::new();
    for facts in [&fact_table.agreements, &fact_table.events] {
        collect_last_days(facts, &facts.select(&filter), &mut last);
    }
    last
}

fn collect_last_days(facts: &Facts, rows: &RowSelection, last: &mut HashMap<(Log, LocalityId), Day>) {
    for (segment, part) in facts.selected_segments(rows) {
        if segment.is_shared() {
            collect_shared_days(segment, part, last);
        }
        if !segment.log.is_province() {
            continue;
        }
        let places = &segment.localities.items;
        // A later day has a higher code, so the loop compares codes and converts once per partner.
        let mut newest: Vec<u16> = vec![0; places.values.len()];
        for row in part.iter() {
            let code = segment.counts_from.code(row);
            for item in range(segment.localities.ends.as_ref(), row) {
                let known = &mut newest[places.codes.at(item) as usize];
                *known = code.max(*known);
            }
        }
        for (place, code) in places.values.iter().zip(newest) {
            let known = last.get(&(segment.log, *place)).copied();
            if let Some(newest) = segment.counts_from.day(code).max(known) {
                last.insert((segment.log, *place), newest);
            }
        }
    }
}

/// Collects the days of the further owners, entry by entry: few entries have any.
fn collect_shared_days(segment: &Segment, part: &SegmentRows, last: &mut HashMap<(Log, LocalityId), Day>) {
    for row in part.iter() {
        let Some(day) = segment.counts_from.at(row) else { continue };
        for owner in segment.shared_logs.of(row).filter(|log| log.is_province()) {
            for place in segment.localities.of(row) {
                let known = last.entry((owner, place)).or_insert(day);
                *known = day.max(*known);
            }
        }
    }
}

fn bounded(given: i32, least: i32, most: i32) -> Result<u32, Reason> {
    if (least..=most).contains(&given) {
        return Ok(given.unsigned_abs());
    }
    Err(InvalidReason::OutOfRange { least: least.into(), most: most.into(), given: given.into() }.into())
}
