//! The status of an agreement over time, computed from its acts and term.

use super::act_table::{self, Effect, is_final};
use super::{Act, ActKind, Agreement, EntryIntoForce};
use crate::date::{Day, FuzzyDate};
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
        let mut transitions = self.transitions_from_acts();
        if let Some(stated) = self.known_statement() {
            let next = transitions.partition_point(|transition| transition.0 <= stated.on);
            let known = next.checked_sub(1).map(|last| transitions[last].1);
            if known != Some(stated.status) && !known.is_some_and(is_final) {
                transitions.insert(next, (stated.on, stated.status));
                if is_final(stated.status) {
                    transitions.truncate(next + 1);
                }
            }
        }
        build_spans(AgreementStatus::Unknown, &transitions)
    }

    /// Returns the transitions by acts and by the expiry of terms, in order of time.
    ///
    /// An extension or renewal starts a new term; after the expiry of the old term it puts the
    /// agreement into force again.
    fn transitions_from_acts(&self) -> Vec<(Day, AgreementStatus)> {
        let mut transitions = Vec::new();
        let mut lapse = self.lapse_after(self.expires);
        for (act, day) in self.acts.iter().zip(self.effective_days()) {
            let Some(day) = day else { continue };
            if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
                if let Some(lapsed) = lapse.filter(|lapse| *lapse < day) {
                    end_term(&mut transitions, lapsed);
                }
                // An act never changes the status before its day, even if its term ends earlier.
                lapse = self.lapse_after(act.until.as_ref()).map(|lapse| lapse.max(day));
            }
            let before = transitions.last().map(|transition| transition.1);
            if let Some(status) = self.status_after(act.kind, before) {
                transitions.push((day, status));
            }
        }
        if let Some(lapse) = lapse {
            end_term(&mut transitions, lapse);
        }
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

    /// Returns the status after an act; `None` where it changes nothing. An act of an old content
    /// that the table refuses has its usual effect.
    fn status_after(&self, kind: ActKind, before: Option<AgreementStatus>) -> Option<AgreementStatus> {
        match act_table::follow(before, kind).unwrap_or_else(|_| act_table::effect(kind)) {
            Effect::Signed => self.after_signing(),
            Effect::Becomes(status) => Some(status),
            Effect::Unchanged => None,
        }
    }
}

/// Ends a term on the day `lapse`: the agreement expires unless it has ended before. Later
/// transitions are dropped unless they are final.
fn end_term(transitions: &mut Vec<(Day, AgreementStatus)>, lapse: Day) {
    transitions.retain(|transition| transition.0 < lapse || is_final(transition.1));
    let next = transitions.partition_point(|transition| transition.0 <= lapse);
    if !transitions[..next].last().is_some_and(|transition| is_final(transition.1)) {
        transitions.insert(next, (lapse, AgreementStatus::Expired));
    }
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
