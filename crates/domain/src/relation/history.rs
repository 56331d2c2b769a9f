//! The status of a relation over time, computed from its dates and linked activity.

use super::Relation;
use super::activity::{ActivityPeriod, DORMANT_AFTER_MONTHS, dormant_from};
use crate::date::{Day, FuzzyDate};
use crate::status::{RelationStatus, Span, Stated, build_spans};

/// The dates that determine the status of a relation.
#[derive(Debug, Clone, Copy)]
pub struct RelationHistory<'a> {
    /// The date of establishment.
    pub established: Option<&'a FuzzyDate>,
    /// The date of its end.
    pub ended: Option<&'a FuzzyDate>,
    /// The status that the source states, and the day of the statement.
    pub stated: Option<Stated<RelationStatus>>,
    /// The first day for which the source attests the statement; its own day where `None`.
    pub stated_since: Option<Day>,
    /// Days of linked activity, in order of time.
    pub activity: &'a [Day],
}

impl RelationHistory<'_> {
    /// Returns the status over time.
    ///
    /// A relation is active from the latest day of its establishment; without one, from the first
    /// day for which its source states a status. It becomes dormant 24 months after its latest
    /// activity; without dated activity it keeps the stated status. A statement `ACTIVE` counts as
    /// activity from its first day to its last. It is ended from the day after its end date. Where a
    /// source states that it has ended and not when, its status is unknown from its last activity to
    /// the statement.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<RelationStatus>> {
        let mut transitions = Vec::new();
        if let Some(from) = self.stands_from() {
            transitions.push((from, RelationStatus::Active));
            add_dormancy(&self.activity_periods(), &mut transitions);
        }
        if let Some(end) = self.ended.and_then(FuzzyDate::latest).and_then(|day| day.succ_opt()) {
            transitions.retain(|transition| transition.0 < end);
            transitions.push((end, RelationStatus::Ended));
        } else if let Some(stated) = self.known_statement() {
            if stated.status == RelationStatus::Ended {
                self.forget_unknown_end(self.stated_from(stated), &mut transitions);
            }
            for day in [self.stated_from(stated), stated.on] {
                let known = transitions.iter().rev().find(|transition| transition.0 <= day);
                if known.map(|transition| transition.1) != Some(stated.status) {
                    transitions.push((day, stated.status));
                    transitions.sort_by_key(|transition| transition.0);
                }
            }
        }
        transitions.sort_by_key(|transition| transition.0);
        build_spans(RelationStatus::Unknown, &transitions)
    }

    /// Returns the periods in which the relation is known to be active, in order of time; none for
    /// a relation without dated activity, which is never dormant by itself.
    #[must_use]
    pub fn activity_periods(&self) -> Vec<ActivityPeriod> {
        let (Some(from), Some(first)) = (self.stands_from(), self.activity.first().copied()) else {
            return Vec::new();
        };
        let days = self.activity.iter().copied().filter(|day| *day >= from).chain([first.max(from)]);
        let mut periods: Vec<ActivityPeriod> =
            days.map(|day| ActivityPeriod { from: day, to: day }).collect();
        let active = self.known_statement().filter(|stated| stated.status == RelationStatus::Active);
        if let Some(stated) = active.filter(|stated| stated.on >= from) {
            periods.push(ActivityPeriod { from: self.stated_from(stated), to: stated.on });
        }
        periods.sort_unstable();
        periods.dedup();
        periods
    }

    /// Drops what is not known of a relation that ended on an unknown day before `stated_from`.
    fn forget_unknown_end(&self, stated_from: Day, transitions: &mut Vec<(Day, RelationStatus)>) {
        let days = self.activity_periods().into_iter().map(|period| period.to);
        let last = days.filter(|day| *day < stated_from).max();
        transitions.retain(|transition| last.is_some_and(|last| transition.0 <= last));
        let unknown_from = last.and_then(|last| last.succ_opt());
        transitions.extend(unknown_from.map(|day| (day, RelationStatus::Unknown)));
    }

    /// Returns the day from which the relation is active; `None` where no source states a status.
    fn stands_from(&self) -> Option<Day> {
        let stated = self.known_statement()?;
        let established = self.established.and_then(FuzzyDate::first_latest);
        let since = || self.stated_since.map_or(stated.on, |since| since.min(stated.on));
        established.or_else(|| (stated.status != RelationStatus::Ended).then(since))
    }

    fn known_statement(&self) -> Option<Stated<RelationStatus>> {
        self.stated.filter(|stated| stated.status != RelationStatus::Unknown)
    }

    /// Returns the first day for which a status is stated: never after the statement itself, and
    /// not before the establishment.
    fn stated_from(&self, stated: Stated<RelationStatus>) -> Day {
        let since = self.stated_since.unwrap_or(stated.on);
        self.stands_from().map_or(since, |from| since.max(from)).min(stated.on)
    }
}

/// Adds the times between periods of activity in which the relation is dormant.
fn add_dormancy(periods: &[ActivityPeriod], transitions: &mut Vec<(Day, RelationStatus)>) {
    let mut last = None;
    for (index, period) in periods.iter().enumerate() {
        let end = last.map_or(period.to, |last: Day| last.max(period.to));
        last = Some(end);
        let Some(dormant_from) = dormant_from(end, DORMANT_AFTER_MONTHS) else { continue };
        match periods.get(index + 1) {
            Some(next) if next.from <= dormant_from => {}
            Some(next) => transitions
                .extend([(dormant_from, RelationStatus::Dormant), (next.from, RelationStatus::Active)]),
            None => transitions.push((dormant_from, RelationStatus::Dormant)),
        }
    }
}

impl Relation {
    /// Returns the relation with its activity and status spans derived from these days of activity,
    /// which must be sorted.
    #[must_use]
    pub fn with_activity(mut self, activity: &[Day]) -> Self {
        self.activity = activity.to_vec();
        self.last_activity_on = activity.last().copied();
        self.spans = self.status_history().spans();
        self
    }

    /// Returns the dates that its status is derived from.
    #[must_use]
    pub fn status_history(&self) -> RelationHistory<'_> {
        RelationHistory {
            established: self.established.as_ref(),
            ended: self.ended.as_ref(),
            stated: self.stated,
            stated_since: self.stated_since,
            activity: &self.activity,
        }
    }
}

#[cfg(test)]
mod tests;
