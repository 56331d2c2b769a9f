//! Visit conflicts: several provinces visit the same partner at about the same time.

use super::monitoring::counted_on;
use super::{CalendarPeriod, FactTable};
use crate::date::Day;
use crate::entry::{Direction, EntryKey};
use crate::fact::DateBounds;
use crate::filter::{Filter, Predicate};
use crate::id::Log;
use crate::place::LocalityId;
use crate::validation::{InvalidReason, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum of `within_days`: a quarter.
const MAX_DAYS_APART: i32 = 92;

/// Visits of several provinces to one partner, each within a few days of the previous ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitConflict {
    /// The partner locality.
    pub partner: LocalityId,
    /// The first day of the first visit.
    pub from: Day,
    /// The last day of the last visit.
    pub to: Day,
    /// The visits, in order of time.
    pub visits: Vec<EntryKey>,
}

/// The first and the last day of a visit, and its key.
type DatedVisit = (Day, Day, EntryKey);

/// Returns the visit conflicts of a period, the earliest first: outgoing events of different
/// provinces to one partner that start in the period, at most `within_days` apart. Visits are
/// excluded whose start or end may be a week or more away, because their days are unknown; so are
/// those of the ministry. A long visit between known days is not excluded.
///
/// # Errors
/// `Invalid` for days out of bounds.
pub fn find_visit_conflicts(
    fact_table: &FactTable,
    day: Day,
    period: CalendarPeriod,
    within_days: i32,
) -> Result<Vec<VisitConflict>, Reason> {
    if !(0..=MAX_DAYS_APART).contains(&within_days) {
        let (most, given) = (MAX_DAYS_APART.into(), within_days.into());
        return Err(InvalidReason::OutOfRange { least: 0, most, given }.into());
    }
    let out = Filter::Is(Predicate::Direction(vec![Direction::Out]));
    let mut by_partner: BTreeMap<LocalityId, Vec<DatedVisit>> = BTreeMap::new();
    let visits = fact_table.events.select(&counted_on(day).and(period.filter()).and(out));
    for row in fact_table.events.rows(&visits) {
        let fact = fact_table.events.fact(row);
        let DateBounds { start, end, .. } = fact.first;
        let is_known = [start, end].into_iter().all(|side| side.days_apart() < DAYS_PER_WEEK);
        if fact.key.log.is_province() && is_known {
            let (begins, ends) = (start.earliest, end.latest);
            for partner in BTreeSet::from_iter(fact.localities) {
                by_partner.entry(partner).or_default().push((begins, ends, fact.key));
            }
        }
    }
    let mut found: Vec<VisitConflict> = Vec::new();
    for (partner, mut visits) in by_partner {
        visits.sort_unstable();
        found.extend(runs(&visits, within_days.into()).filter_map(|run| conflict(partner, run)));
    }
    found.sort_by_key(|conflict| (conflict.from, conflict.partner));
    Ok(found)
}

const DAYS_PER_WEEK: i64 = 7;

/// Splits visits, in order of time, where one begins more than `apart` days after all before have
/// ended.
fn runs(visits: &[DatedVisit], apart: i64) -> impl Iterator<Item = &[DatedVisit]> {
    let mut ended = Day::MIN;
    visits.chunk_by(move |before, next| {
        ended = ended.max(before.1);
        let goes_on = (next.0 - ended).num_days() <= apart;
        if !goes_on {
            ended = Day::MIN;
        }
        goes_on
    })
}

fn conflict(partner: LocalityId, run: &[DatedVisit]) -> Option<VisitConflict> {
    let provinces: BTreeSet<Log> = run.iter().map(|(_, _, key)| key.log).collect();
    let from = run.first().map(|visit| visit.0)?;
    let to = run.iter().map(|visit| visit.1).max()?;
    let visits = run.iter().map(|(_, _, key)| *key).collect();
    (provinces.len() > 1).then_some(VisitConflict { partner, from, to, visits })
}
