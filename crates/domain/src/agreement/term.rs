//! The term of an agreement: as first agreed, and after extensions and renewals.

use super::{Act, ActKind, Agreement, AgreementHistory};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST};
use crate::status::{self, AgreementStatus};
use chrono::Days;

/// The last day on which notice of renewal is in time, and what it is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalDeadline {
    /// The last day: `lapses_after` less `notice_days`.
    pub on: Day,
    /// The last day in force.
    pub lapses_after: Day,
    /// The notice period in days.
    pub notice_days: i32,
}

impl Agreement {
    /// Returns the last day of the term that its last extension or renewal leads to, else of the
    /// term as first agreed; `None` for a term that is open or not stated.
    #[must_use]
    pub fn term(&self) -> Option<&FuzzyDate> {
        self.term_by(self.acts.iter())
    }

    /// Returns the last day of the term that applied on a day.
    #[must_use]
    pub fn term_on(&self, day: Day) -> Option<&FuzzyDate> {
        let days = self.status_history().effective_days();
        self.term_by(
            self.acts
                .iter()
                .zip(days)
                .filter(|(_, from)| from.is_some_and(|from| from <= day))
                .map(|(act, _)| act),
        )
    }

    /// Returns the last day in force by the acts until `day`; `None` unless the agreement is in force
    /// on `day` and then expires with its term.
    #[must_use]
    pub fn lapses_after(&self, day: Day) -> Option<Day> {
        let is_in_force = |spans| status::on(spans, day) == Some(AgreementStatus::InForce);
        if !is_in_force(&self.spans) {
            return None;
        }
        let happened = self.status_history().effective_days();
        let count = happened.iter().rposition(|from| from.is_some_and(|from| from <= day));
        let acts = &self.acts[..count.map_or(0, |last| last + 1)];
        let spans = AgreementHistory { acts, ..self.status_history() }.spans();
        let at = spans.iter().position(|span| span.from <= day && day <= span.to)?;
        let lapses = spans.get(at + 1).is_some_and(|next| next.status == AgreementStatus::Expired);
        (is_in_force(&spans) && lapses).then_some(spans[at].to)
    }

    /// Returns the last day on which notice of renewal is in time, seen from `day`; `None` if the
    /// agreement does not lapse or its notice period is unknown.
    #[must_use]
    pub fn renewal_deadline(&self, day: Day) -> Option<RenewalDeadline> {
        let lapses_after = self.lapses_after(day)?;
        let notice_days = self.notice_days?;
        let on = lapses_after.checked_sub_days(Days::new(u64::try_from(notice_days).ok()?))?;
        // The register has no day before the year 1.
        let on = on.max(UNDATED_FIRST);
        Some(RenewalDeadline { on, lapses_after, notice_days })
    }

    /// Returns the last day of the term after these acts.
    fn term_by<'a>(&'a self, acts: impl Iterator<Item = &'a Act>) -> Option<&'a FuzzyDate> {
        match acts.filter(|act| matches!(act.kind, ActKind::Extend | ActKind::Renew)).last() {
            Some(act) => act.until.as_ref(),
            None => self.expires.as_ref(),
        }
    }
}
