//! The status of relations and agreements over time, computed from dated acts.
//!
//! A fold turns acts, terms and statements into spans that cover all time without gap or overlap,
//! both ends inclusive. The status on a day is that of the span that contains it, so an agreement
//! expires without a job that updates it.

use crate::agreement::{Act, ActKind, EntryIntoForce};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::relation::Stated;
use chrono::Months;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The status of a relation on a day.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationStatus {
    /// It is under discussion.
    Proposed,
    /// It is active.
    Active,
    /// It exists but has had no activity for 24 months.
    Dormant,
    /// It has ended.
    Ended,
    /// The sources do not state the status.
    Unknown,
}

/// The status of an agreement on a day, computed from its acts and its term.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementStatus {
    /// It is signed and not yet in force.
    SignedNotInForce,
    /// It is in force (còn hiệu lực).
    InForce,
    /// It is suspended.
    Suspended,
    /// Its term has ended (hết hiệu lực).
    Expired,
    /// It was terminated.
    Terminated,
    /// One party has withdrawn from it.
    Withdrawn,
    /// Another document has replaced it.
    Superseded,
    /// The sources do not state the status. It does not count as in force.
    Unknown,
}

/// The status of a relation or an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Of a relation.
    Relation(RelationStatus),
    /// Of an agreement.
    Agreement(AgreementStatus),
}

impl Status {
    /// Returns whether the entry is in force: an agreement in force, a relation active or dormant.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        match self {
            Self::Relation(RelationStatus::Active | RelationStatus::Dormant)
            | Self::Agreement(AgreementStatus::InForce) => true,
            Self::Relation(RelationStatus::Proposed | RelationStatus::Ended | RelationStatus::Unknown)
            | Self::Agreement(
                AgreementStatus::SignedNotInForce
                | AgreementStatus::Suspended
                | AgreementStatus::Expired
                | AgreementStatus::Terminated
                | AgreementStatus::Withdrawn
                | AgreementStatus::Superseded
                | AgreementStatus::Unknown,
            ) => false,
        }
    }

    /// Returns its name in the GraphQL schema and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relation(status) => status.into(),
            Self::Agreement(status) => status.into(),
        }
    }
}

/// A status and the days on which it applies, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span<S> {
    /// The status.
    pub status: S,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl<S: Copy> Span<S> {
    /// Returns the spans with each status converted.
    pub fn map_status<T>(spans: &[Self], status: impl Fn(S) -> T) -> Vec<Span<T>> {
        spans.iter().map(|span| Span { status: status(span.status), from: span.from, to: span.to }).collect()
    }
}

/// Returns the status on a day; None only where the spans do not cover it.
#[must_use]
pub fn on<S: Copy>(spans: &[Span<S>], day: Day) -> Option<S> {
    spans.iter().find(|span| span.from <= day && day <= span.to).map(|span| span.status)
}

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

/// The months without linked activity after which a relation is dormant.
pub const DORMANT_AFTER_MONTHS: u32 = 24;

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

/// Returns spans that cover all time, from transitions in order of time; the last of a day wins.
fn build_spans<S: Copy + PartialEq>(before: S, transitions: &[(Day, S)]) -> Vec<Span<S>> {
    let mut spans = vec![Span { status: before, from: UNDATED_FIRST, to: UNDATED_LAST }];
    for (day, status) in transitions.iter().copied().filter(|transition| transition.0 <= UNDATED_LAST) {
        let Some(last) = spans.last_mut() else { continue };
        if last.status == status {
            continue;
        }
        if last.from >= day {
            last.status = status;
        } else if let Some(end) = day.pred_opt() {
            last.to = end;
            spans.push(Span { status, from: day, to: UNDATED_LAST });
        }
    }
    spans.dedup_by(|later, earlier| {
        let same = later.status == earlier.status;
        if same {
            earlier.to = later.to;
        }
        same
    });
    spans
}

#[cfg(test)]
mod tests;
