//! The status of an agreement over time, computed from its acts and term.

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
    /// An act applies from its latest possible day. A signature puts the agreement into force only
    /// if it is known to take effect on signature, or if it has a term: then it is in force from
    /// its signing to the last day of the term. Where it takes effect otherwise, only an
    /// `ENTER_INTO_FORCE` act puts it into force. An extension or renewal starts a new term, which
    /// is open where the act states no end. A statement applies from its day until a later act.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<AgreementStatus>> {
        let mut transitions = self.transitions_from_acts();
        if let Some(stated) = self.stated.filter(|stated| stated.status != AgreementStatus::Unknown) {
            let known = transitions
                .iter()
                .rev()
                .find(|transition| transition.0 <= stated.on)
                .map(|transition| transition.1);
            if known != Some(stated.status) {
                transitions.push((stated.on, stated.status));
                transitions.sort_by_key(|transition| transition.0);
            }
        }
        build_spans(AgreementStatus::Unknown, &transitions)
    }

    /// Returns the transitions by acts and by the expiry of terms, in order of time.
    ///
    /// An extension or renewal starts a new term; after the expiry of the old term it puts the
    /// agreement into force again.
    fn transitions_from_acts(&self) -> Vec<(Day, AgreementStatus)> {
        let enters = self.acts.iter().any(|act| act.kind == ActKind::EnterIntoForce);
        let mut transitions = Vec::new();
        let mut lapse = self.lapse_after(self.expires);
        for act in self.acts {
            let Some(day) = act.on.first_latest() else { continue };
            if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
                if let Some(lapsed) = lapse.filter(|lapse| *lapse < day) {
                    end_term(&mut transitions, lapsed);
                }
                // An act never changes the status before its day, even if its term ends earlier.
                lapse = self.lapse_after(act.until.as_ref()).map(|lapse| lapse.max(day));
            }
            if let Some(status) = self.status_after(act.kind, enters, &transitions) {
                transitions.push((day, status));
            }
        }
        if let Some(lapse) = lapse {
            end_term(&mut transitions, lapse);
        }
        transitions
    }

    /// Returns the first day after a term; None for a term that is open or renews automatically.
    fn lapse_after(&self, term: Option<&FuzzyDate>) -> Option<Day> {
        term.filter(|_| !self.renews_automatically).and_then(FuzzyDate::latest)?.succ_opt()
    }

    fn status_after(
        &self,
        kind: ActKind,
        enters: bool,
        before: &[(Day, AgreementStatus)],
    ) -> Option<AgreementStatus> {
        match kind {
            ActKind::Sign if enters => Some(AgreementStatus::SignedNotInForce),
            ActKind::Sign => match self.entry_into_force {
                Some(EntryIntoForce::OnSignature) => Some(AgreementStatus::InForce),
                Some(
                    EntryIntoForce::OnNotification | EntryIntoForce::OnApproval | EntryIntoForce::OnDate,
                ) => Some(AgreementStatus::SignedNotInForce),
                Some(EntryIntoForce::Other) | None => self.expires.map(|_| AgreementStatus::InForce),
            },
            ActKind::EnterIntoForce | ActKind::Resume | ActKind::Renew | ActKind::Extend => {
                Some(AgreementStatus::InForce)
            }
            ActKind::Suspend => Some(AgreementStatus::Suspended),
            ActKind::Withdraw => Some(AgreementStatus::Withdrawn),
            ActKind::Terminate => Some(AgreementStatus::Terminated),
            ActKind::Expire => Some(AgreementStatus::Expired),
            ActKind::Supersede => Some(AgreementStatus::Superseded),
            // A change of the text, of the party or of the record does not change the status.
            ActKind::Amend | ActKind::Succeed | ActKind::Correct => {
                before.last().map(|transition| transition.1)
            }
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

fn is_final(status: AgreementStatus) -> bool {
    match status {
        AgreementStatus::Terminated | AgreementStatus::Withdrawn | AgreementStatus::Superseded => true,
        AgreementStatus::SignedNotInForce
        | AgreementStatus::InForce
        | AgreementStatus::Suspended
        | AgreementStatus::Expired
        | AgreementStatus::Unknown => false,
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
