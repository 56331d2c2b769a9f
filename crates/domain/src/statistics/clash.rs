//! Provinces that go to the same partner at the same time.

use super::watch::counted_on;
use super::{CalendarPeriod, FactBook};
use crate::date::Day;
use crate::entry::{Direction, EntryKey};
use crate::filter::{Filter, Predicate};
use crate::id::Log;
use crate::place::LocalityId;
use crate::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};

/// The most days that two visits may lie apart to be told: a quarter.
const FURTHEST_APART: i32 = 92;

/// Visits of several provinces to one partner, each within days of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Where.
    pub partner: LocalityId,
    /// The first day of the first visit.
    pub from: Day,
    /// The last day of the last one.
    pub to: Day,
    /// The visits, in order of time.
    pub visits: Vec<EntryKey>,
}

/// A visit: when it begins and ends, and which it is.
type Visit = (Day, Day, EntryKey);

/// Where, in a period, events that went out from different provinces to one partner lie within
/// days of each other; the earliest first. A visit whose dates are not known to the week is left
/// out: nothing invents a day. The ministry's own are left out too.
///
/// # Errors
/// `Invalid` for days out of bounds.
pub fn clashes(
    book: &FactBook,
    day: Day,
    period: CalendarPeriod,
    within_days: i32,
) -> Result<Vec<Clash>, Refusal> {
    if !(0..=FURTHEST_APART).contains(&within_days) {
        return Err(Refusal::Invalid(format!("{within_days} is not from 0 to {FURTHEST_APART}")));
    }
    let out = Filter::Is(Predicate::Direction(vec![Direction::Out]));
    let mut by_partner: BTreeMap<LocalityId, Vec<Visit>> = BTreeMap::new();
    for row in book.events.select(&counted_on(day).and(period.filter()).and(out)) {
        let fact = book.events.fact(row);
        let (begins, ends) = (fact.first.earliest, fact.first.latest);
        if fact.key.log.is_province() && (ends - begins).num_days() < DAYS_OF_A_WEEK {
            for partner in BTreeSet::from_iter(fact.localities) {
                by_partner.entry(partner).or_default().push((begins, ends, fact.key));
            }
        }
    }
    let mut found: Vec<Clash> = Vec::new();
    for (partner, mut visits) in by_partner {
        visits.sort_unstable();
        found.extend(runs(&visits, within_days.into()).filter_map(|run| clash(partner, run)));
    }
    found.sort_by_key(|clash| (clash.from, clash.partner));
    Ok(found)
}

const DAYS_OF_A_WEEK: i64 = 7;

/// Visits in order of time, cut where the next begins too long after all before have ended.
fn runs(visits: &[Visit], apart: i64) -> impl Iterator<Item = &[Visit]> {
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

fn clash(partner: LocalityId, run: &[Visit]) -> Option<Clash> {
    let provinces: BTreeSet<Log> = run.iter().map(|(_, _, key)| key.log).collect();
    let from = run.first().map(|visit| visit.0)?;
    let to = run.iter().map(|visit| visit.1).max()?;
    let visits = run.iter().map(|(_, _, key)| *key).collect();
    (provinces.len() > 1).then_some(Clash { partner, from, to, visits })
}
