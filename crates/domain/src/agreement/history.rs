//! The status of an agreement over time, computed from its acts and term.

use super::act_table::{self, Effect, is_final};
use super::status_fold::StatusFold;
use super::{Act, ActKind, Agreement, EntryIntoForce};
use crate::date::{Day, FuzzyDate, UNDATED_LAST};
use crate::status::{AgreementStatus, Span, Stated, build_spans};

/// The dates that determine the status of an agreement.
#[derive(Debug, Clone, Copy)]
pub struct AgreementHistory<'a> {
    /// The acts, in order of time.
    pub acts: &'a [Act],
    /// The last day of the term.
    pub expires: Option<&'a FuzzyDate>,
    /// How it takes effect.
    pub entry_into_force: Option<EntryIntoForce>,
    /// Whether the term renews automatically.
    pub renews_automatically: bool,
    /// The status that the source states without naming an act.
    pub stated: Option<Stated<AgreementStatus>>,
}

impl AgreementHistory<'_> {
    /// Returns the status over time.
    ///
    /// An act applies from its latest possible day, which is not after those of later acts. A
    /// signature puts the agreement into force only if it is known to take effect on signature, or
    /// if it has a term: then it is in force from its signing to the last day of the term. Where it
    /// takes effect otherwise, only an `ENTER_INTO_FORCE` act puts it into force. An extension or
    /// renewal starts a new term, which is open where the act states no end. A statement applies
    /// from its day until a later act; it does not revive what an act has ended for good.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<AgreementStatus>> {
        build_spans(AgreementStatus::Unknown, &self.transitions())
    }

    /// Returns the transitions by acts, by the statement and by the ends of terms, in order of time. A
    /// statement follows the acts of its day.
    fn transitions(&self) -> Vec<(Day, AgreementStatus)> {
        let acts = self.acts.iter().zip(self.effective_days());
        let mut steps: Vec<(Day, Option<&Act>)> =
            acts.filter_map(|(act, day)| Some((day?, Some(act)))).collect();
        let stated = self.known_statement();
        if let Some(stated) = stated {
            steps.insert(steps.partition_point(|step| step.0 <= stated.on), (stated.on, None));
        }
        let mut fold = StatusFold::new(self, Some(AgreementStatus::Unknown));
        let mut transitions = Vec::new();
        for (day, act) in steps {
            transitions.extend(fold.reach(day).map(|lapse| (lapse, AgreementStatus::Expired)));
            let sets_status = match act {
                Some(act) => {
                    let effect = effect_in_old_content(fold.status, act.kind);
                    fold.apply(self, act, day, effect)
                }
                None => stated.is_some_and(|stated| fold.state(stated)),
            };
            transitions.extend(fold.status.filter(|_| sets_status).map(|status| (day, status)));
        }
        transitions.extend(fold.reach(UNDATED_LAST).map(|lapse| (lapse, AgreementStatus::Expired)));
        transitions
    }

    /// Returns the day from which each act applies: its latest possible day, or that of a later act
    /// if it is earlier. `None` where the start of its date is open or unknown.
    pub(super) fn effective_days(&self) -> Vec<Option<Day>> {
        let mut next = None::<Day>;
        let latest = |act: &Act| {
            let day = act.on.first_latest();
            next = day.map(|day| next.map_or(day, |next| next.min(day))).or(next);
            day.and(next)
        };
        let mut days: Vec<Option<Day>> = self.acts.iter().rev().map(latest).collect();
        days.reverse();
        days
    }

    /// Returns the first day after a term; None for a term that is open or renews automatically.
    pub(super) fn lapse_after(&self, term: Option<&FuzzyDate>) -> Option<Day> {
        term.filter(|_| !self.renews_automatically).and_then(FuzzyDate::latest)?.succ_opt()
    }

    /// Returns the status that the signature gives; `None` where nothing states it.
    pub(super) fn after_signing(&self) -> Option<AgreementStatus> {
        let enters = self.acts.iter().any(|act| act.kind == ActKind::EnterIntoForce);
        act_table::after_signing(self.entry_into_force, enters, self.expires.is_some())
    }

    /// Returns the statement of the source, unless it says that the status is unknown.
    pub(super) fn known_statement(&self) -> Option<Stated<AgreementStatus>> {
        self.stated.filter(|stated| stated.status != AgreementStatus::Unknown)
    }
}

/// Returns the effect of an act. One that the table refuses, which only an old content has, has its
/// usual effect unless the agreement has ended.
fn effect_in_old_content(before: Option<AgreementStatus>, kind: ActKind) -> Effect {
    let refused = |_| {
        let has_ended = before.is_some_and(|status| is_final(status) || status == AgreementStatus::Expired);
        if has_ended { Effect::Unchanged } else { act_table::effect(kind) }
    };
    act_table::follow(before, kind).unwrap_or_else(refused)
}

impl Agreement {
    /// Returns the facts that its status is derived from.
    #[must_use]
    pub fn status_history(&self) -> AgreementHistory<'_> {
        AgreementHistory {
            acts: &self.acts,
            expires: self.expires.as_ref(),
            entry_into_force: self.entry_into_force,
            renews_automatically: self.renews_automatically,
            stated: self.stated,
        }
    }

    /// Returns the day of activity that the agreement contributes to its relation: its signing.
    #[must_use]
    pub fn activity_on(&self) -> Option<Day> {
        self.signed.as_ref().and_then(FuzzyDate::first_latest)
    }
}

#[cfg(test)]
mod tests;
