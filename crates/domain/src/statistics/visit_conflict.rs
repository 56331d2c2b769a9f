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

/// A visit, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    /// The first day.
    from: Day,
    /// The last day.
    to: Day,
    key: EntryKey,
    /// The logs of the provinces that make it.
    owners: BTreeSet<Log>,
}

/// Returns the visit conflicts of a period, the earliest first: outgoing events of different
/// provinces to one partner (a visit that provinces make together is one of theirs) that start in the period, at most `within_days` apart. Visits are
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
    let mut by_partner: BTreeMap<LocalityId, Vec<Visit>> = BTreeMap::new();
    let visits = fact_table.events.select(&counted_on(day).and(period.filter()).and(out));
    for row in fact_table.events.rows(&visits) {
        let fact = fact_table.events.fact(row);
        let DateBounds { start, end, .. } = fact.first;
        let is_known = [start, end].into_iter().all(|side| side.days_apart() < DAYS_PER_WEEK);
        let owners = std::iter::once(fact.key.log).chain(fact.shared_logs);
        let owners: BTreeSet<Log> = owners.filter(|log| log.is_province()).collect();
        if !owners.is_empty() && is_known {
            let visit = Visit { from: start.earliest, to: end.latest, key: fact.key, owners };
            for partner in BTreeSet::from_iter(fact.localities) {
                by_partner.entry(partner).or_default().push(visit.clone());
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
fn runs(visits: &[Visit], apart: i64) -> impl Iterator<Item = &[Visit]> {
    let mut ended = Day::MIN;
    visits.chunk_by(move |before, next| {
        ended = ended.max(before.to);
        let goes_on = (next.from - ended).num_days() <= apart;
        if !goes_on {
            ended = Day::MIN;
        }
        goes_on
    })
}

/// Returns the conflict of a run, unless the same provinces make all of its visits.
fn conflict(partner: LocalityId, run: &[Visit]) -> Option<VisitConflict> {
    let first = run.first()?;
    let from = first.from;
    let to = run.iter().map(|visit| visit.to).max()?;
    let visits = run.iter().map(|visit| visit.key).collect();
    run.iter().any(|visit| visit.owners != first.owners).then_some(VisitConflict {
        partner,
        from,
        to,
        visits,
    })
}
