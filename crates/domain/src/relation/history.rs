//! The status of a relation over time, computed from its dates and linked activity.

use super::Relation;
use crate::date::{Day, FuzzyDate};
use crate::status::{RelationStatus, Span, Stated, build_spans};
use chrono::Months;

/// The months without linked activity after which a relation is dormant.
const DORMANT_AFTER_MONTHS: u32 = 24;

/// The dates that determine the status of a relation.
#[derive(Debug, Clone, Copy)]
pub struct RelationHistory<'a> {
    /// The date of establishment.
    pub established: Option<&'a FuzzyDate>,
    /// The date of its end.
    pub ended: Option<&'a FuzzyDate>,
    /// The status that the source states, and the day of the statement.
    pub stated: Option<Stated<RelationStatus>>,
    /// Days of linked activity, in order of time.
    pub activity: &'a [Day],
}

impl RelationHistory<'_> {
    /// Returns the status over time.
    ///
    /// A relation is active from the latest day of its establishment; without one, from the day of
    /// the statement of its source. It becomes dormant 24 months after its latest activity; without
    /// dated activity it keeps the stated status. A statement `ACTIVE` counts as activity on its
    /// day. It is ended from the day after its end date.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<RelationStatus>> {
        let stated = self.stated.filter(|stated| stated.status != RelationStatus::Unknown);
        let stands_from =
            self.established.filter(|_| stated.is_some()).and_then(FuzzyDate::first_latest).or_else(|| {
                stated.filter(|stated| stated.status != RelationStatus::Ended).map(|stated| stated.on)
            });
        let mut transitions = Vec::new();
        if let Some(from) = stands_from {
            transitions.push((from, RelationStatus::Active));
            self.add_dormancy(from, stated, &mut transitions);
        }
        if let Some(end) = self.ended.and_then(FuzzyDate::latest).and_then(|day| day.succ_opt()) {
            transitions.retain(|transition| transition.0 < end);
            transitions.push((end, RelationStatus::Ended));
        } else if let Some(stated) = stated {
            let known = transitions
                .iter()
                .rev()
                .find(|transition| transition.0 <= stated.on)
                .map(|transition| transition.1);
            if known != Some(stated.status) {
                transitions.push((stated.on, stated.status));
            }
        }
        transitions.sort_by_key(|transition| transition.0);
        build_spans(RelationStatus::Unknown, &transitions)
    }

    fn add_dormancy(
        &self,
        from: Day,
        stated: Option<Stated<RelationStatus>>,
        transitions: &mut Vec<(Day, RelationStatus)>,
    ) {
        let Some(first) = self.activity.first().copied() else { return };
        let mut activity_days: Vec<Day> = self.activity.iter().copied().filter(|day| *day >= from).collect();
        activity_days
            .extend(stated.filter(|stated| stated.status == RelationStatus::Active).map(|stated| stated.on));
        activity_days.push(first.max(from));
        activity_days.sort_unstable();
        activity_days.dedup();
        for (index, day) in activity_days.iter().enumerate() {
            let Some(dormant_from) =
                day.checked_add_months(Months::new(DORMANT_AFTER_MONTHS)).and_then(|day| day.succ_opt())
            else {
                continue;
            };
            match activity_days.get(index + 1) {
                Some(next) if *next <= dormant_from => {}
                Some(next) => {
                    transitions
                        .extend([(dormant_from, RelationStatus::Dormant), (*next, RelationStatus::Active)]);
                }
                None => transitions.push((dormant_from, RelationStatus::Dormant)),
            }
        }
    }
}

impl Relation {
    /// Returns the relation with its last activity and status spans derived from these days of
    /// activity, which must be sorted.
    #[must_use]
    pub fn with_activity(mut self, activity: &[Day]) -> Self {
        let life = RelationHistory {
            established: self.established.as_ref(),
            ended: self.ended.as_ref(),
            stated: self.stated,
            activity,
        };
        self.spans = life.spans();
        self.last_activity_on = activity.last().copied();
        self
    }
}

#[cfg(test)]
mod tests;
