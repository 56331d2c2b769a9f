//! The term of an agreement: as first agreed, and after extensions and renewals.

use super::{Act, ActKind, Agreement, AgreementHistory};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::status::{self, AgreementStatus, Span};
use chrono::Days;
use serde::{Deserialize, Serialize};

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

/// The end of the term as the acts until a day tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lapse {
    /// The day of the last of these acts; [`UNDATED_FIRST`] before the first act.
    #[serde(with = "crate::date::day_number")]
    pub known_from: Day,
    /// The day on which the agreement then expires; [`UNDATED_LAST`] for one that does not expire.
    #[serde(with = "crate::date::day_number")]
    pub on: Day,
}

impl Lapse {
    /// Returns the day on which an agreement in force on `day` expires by the acts until then.
    #[must_use]
    pub fn after(lapses: &[Self], day: Day) -> Option<Day> {
        let known = lapses.iter().rfind(|lapse| lapse.known_from <= day)?;
        Some(known.on).filter(|on| day < *on && *on < UNDATED_LAST)
    }
}

impl Agreement {
    /// Returns how the end of the term became known, act by act, in order of time; empty where the
    /// agreement never expires.
    #[must_use]
    pub fn lapses(&self) -> Vec<Lapse> {
        let days = self.status_history().effective_days();
        let acted = days.iter().zip(1..).filter_map(|(day, count)| Some((day.as_ref().copied()?, count)));
        let mut lapses: Vec<Lapse> = Vec::new();
        for (known_from, count) in std::iter::once((UNDATED_FIRST, 0)).chain(acted) {
            let history = AgreementHistory { acts: &self.acts[..count], ..self.status_history() };
            let is_lapse = |span: &Span<_>| span.status == AgreementStatus::Expired && span.from > known_from;
            let on = history.spans().into_iter().find(is_lapse).map_or(UNDATED_LAST, |span| span.from);
            lapses.retain(|lapse| lapse.known_from < known_from);
            if lapses.last().is_none_or(|last| last.on != on) {
                lapses.push(Lapse { known_from, on });
            }
        }
        if lapses.iter().all(|lapse| lapse.on == UNDATED_LAST) { Vec::new() } else { lapses }
    }

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
    /// agreement does not lapse, or its notice period or the day of its end is unknown.
    #[must_use]
    pub fn renewal_deadline(&self, day: Day) -> Option<RenewalDeadline> {
        let term = self.term_on(day)?;
        if term.earliest() != term.latest() {
            return None;
        }
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
