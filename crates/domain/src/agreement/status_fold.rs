//! The steps of an agreement one after the other. The status over time and the rules for acts are the
//! same fold, so an act may follow exactly the status that the agreement has.

use super::act_table::{Effect, is_final};
use super::{Act, ActKind, AgreementHistory};
use crate::date::Day;
use crate::status::{AgreementStatus, Stated};

/// The state of an agreement after some steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StatusFold {
    /// The status; `None` before the signature.
    pub(super) status: Option<AgreementStatus>,
    /// The first day after the term; `None` without an end.
    lapse: Option<Day>,
}

impl StatusFold {
    /// Returns the state before the first step: with the term as first agreed.
    pub(super) fn new(history: &AgreementHistory<'_>, status: Option<AgreementStatus>) -> Self {
        Self { status, lapse: history.lapse_after(history.expires) }
    }

    /// Ends the term if `day` is after it, also where a step of that day prolongs it. Returns the day
    /// on which the agreement expired thereby. A term does not end before the signature.
    pub(super) fn reach(&mut self, day: Day) -> Option<Day> {
        let lapse = self.lapse.filter(|lapse| *lapse <= day)?;
        let status = self.status?;
        self.lapse = None;
        if is_final(status) {
            return None;
        }
        self.status = Some(AgreementStatus::Expired);
        Some(lapse)
    }

    /// Returns the first day after the term, if it is after `first` and not after `last`.
    pub(super) fn lapse_within(self, first: Day, last: Day) -> Option<Day> {
        self.lapse.filter(|lapse| first < *lapse && *lapse <= last)
    }

    /// Applies an act of a day with this effect. Returns whether it sets the status.
    pub(super) fn apply(
        &mut self,
        history: &AgreementHistory<'_>,
        act: &Act,
        day: Day,
        effect: Effect,
    ) -> bool {
        if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
            // An act never changes the status before its day, even if its term ends earlier.
            self.lapse = history.lapse_after(act.until.as_ref()).map(|lapse| lapse.max(day));
        }
        let status = match effect {
            Effect::Signed => history.after_signing().unwrap_or(AgreementStatus::Unknown),
            Effect::Becomes(status) => status,
            Effect::Unchanged => return false,
        };
        self.status = Some(status);
        true
    }

    /// Applies the statement of a source. It does not revive an agreement that has ended for good.
    /// Returns whether it sets the status.
    pub(super) fn state(&mut self, stated: Stated<AgreementStatus>) -> bool {
        if self.status.is_some_and(is_final) {
            return false;
        }
        self.status = Some(stated.status);
        true
    }
}
