//! How the state of a relation or an agreement follows from dated acts.
//!
//! A fold turns acts, terms and statements into spans that cover all time without gap or
//! overlap, both ends inclusive. Whoever asks for a day takes the span that contains it, so an
//! agreement lapses by itself and no job has to run for the answer to be right.

use crate::agreement::{Act, ActKind, EntryIntoForce};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::relation::Stated;
use chrono::Months;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The state of a relation.
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
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationStatus {
    /// Under discussion.
    Proposed,
    /// Standing.
    Active,
    /// Standing, but no linked activity for 24 months.
    Dormant,
    /// Ended.
    Ended,
    /// The sources do not say.
    Unknown,
}

/// The state of an agreement.
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
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementStatus {
    /// Signed; its effect begins later.
    SignedNotInForce,
    /// In effect.
    InForce,
    /// Its effect is paused.
    Suspended,
    /// Its term ran out.
    Expired,
    /// Ended by an act.
    Terminated,
    /// One side left it.
    Withdrawn,
    /// Another document took its place.
    Superseded,
    /// The sources do not say.
    Unknown,
}

/// The state of an entry of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Of a relation.
    Relation(RelationStatus),
    /// Of an agreement.
    Agreement(AgreementStatus),
}

impl Status {
    /// Whether an entry in this state stands: an agreement in force, a relation not ended.
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

    /// The word for it, as the public face and the database spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relation(status) => status.into(),
            Self::Agreement(status) => status.into(),
        }
    }
}

/// A status and the days on which it holds, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span<S> {
    /// What holds.
    pub status: S,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl<S: Copy> Span<S> {
    /// The same spans with their status in other words.
    pub fn each_as<T>(spans: &[Self], status: impl Fn(S) -> T) -> Vec<Span<T>> {
        spans.iter().map(|span| Span { status: status(span.status), from: span.from, to: span.to }).collect()
    }
}

/// The status on a day; none only where the spans do not cover it.
#[must_use]
pub fn on<S: Copy>(spans: &[Span<S>], day: Day) -> Option<S> {
    spans.iter().find(|span| span.from <= day && day <= span.to).map(|span| span.status)
}

/// What an agreement's status follows from.
#[derive(Debug, Clone, Copy)]
pub struct AgreementLife<'a> {
    /// What happened, in order of time.
    pub acts: &'a [Act],
    /// The last day of the term.
    pub expires: Option<&'a FuzzyDate>,
    /// How it takes effect.
    pub entry_into_force: Option<EntryIntoForce>,
    /// Whether the term prolongs itself.
    pub renews_automatically: bool,
    /// What the source states without naming an act.
    pub stated: Option<Stated<AgreementStatus>>,
}

impl AgreementLife<'_> {
    /// The status through time.
    ///
    /// An act holds from its latest possible day on. A signature alone says nothing of effect,
    /// unless it is known to bring it, or a term was agreed: then the agreement is in force from
    /// its signing to the last day of the term. Where effect waits for something else, only the
    /// act of entry into force brings it. An extension or renewal begins a new term, which is open where the act names
    /// no end. A statement holds from its day on, where nothing later says otherwise.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<AgreementStatus>> {
        let mut turns = self.turns_of_acts();
        if let Some(stated) = self.stated.filter(|stated| stated.status != AgreementStatus::Unknown) {
            let known = turns.iter().rev().find(|turn| turn.0 <= stated.on).map(|turn| turn.1);
            if known != Some(stated.status) {
                turns.push((stated.on, stated.status));
                turns.sort_by_key(|turn| turn.0);
            }
        }
        cover(AgreementStatus::Unknown, &turns)
    }

    /// What turned by acts and by the lapse of terms, in order of time.
    ///
    /// A prolongation opens a new term; one that comes after the old term lapsed revives the
    /// agreement.
    fn turns_of_acts(&self) -> Vec<(Day, AgreementStatus)> {
        let enters = self.acts.iter().any(|act| act.kind == ActKind::EnterIntoForce);
        let mut turns = Vec::new();
        let mut lapse = self.lapse_after(self.expires);
        for act in self.acts {
            let Some(day) = act.on.first_latest() else { continue };
            if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
                if let Some(lapsed) = lapse.filter(|lapse| *lapse < day) {
                    end_term(&mut turns, lapsed);
                }
                // No act changes the days before it, whatever end its term was given.
                lapse = self.lapse_after(act.until.as_ref()).map(|lapse| lapse.max(day));
            }
            if let Some(status) = self.status_after(act.kind, enters, &turns) {
                turns.push((day, status));
            }
        }
        if let Some(lapse) = lapse {
            end_term(&mut turns, lapse);
        }
        turns
    }

    /// The first day after a term; none for a term that is open or prolongs itself.
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
            // A change of text, of owner or of the register's own words leaves the state alone.
            ActKind::Amend | ActKind::Succeed | ActKind::Correct => before.last().map(|turn| turn.1),
        }
    }
}

/// Lets a term lapse: what had not ended by then has expired, and only what ends an agreement for
/// good still counts after that.
fn end_term(turns: &mut Vec<(Day, AgreementStatus)>, lapse: Day) {
    turns.retain(|turn| turn.0 < lapse || is_final(turn.1));
    let next = turns.partition_point(|turn| turn.0 <= lapse);
    if !turns[..next].last().is_some_and(|turn| is_final(turn.1)) {
        turns.insert(next, (lapse, AgreementStatus::Expired));
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

/// Months without linked activity after which a relation is dormant.
pub const DORMANT_AFTER_MONTHS: u32 = 24;

/// What a relation's status follows from.
#[derive(Debug, Clone, Copy)]
pub struct RelationLife<'a> {
    /// When it was established.
    pub established: Option<&'a FuzzyDate>,
    /// When it was ended.
    pub ended: Option<&'a FuzzyDate>,
    /// What the source states, and for which day.
    pub stated: Option<Stated<RelationStatus>>,
    /// Days of linked activity, in order of time.
    pub activity: &'a [Day],
}

impl RelationLife<'_> {
    /// The status through time.
    ///
    /// A relation stands from the latest day of its establishment; without one, from the day for
    /// which its source states it. It falls dormant 24 months after an activity that no other
    /// follows; without any dated activity it stays as its source says. A statement that it
    /// stands is a sign of life for its day. It has ended on the day after its last.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<RelationStatus>> {
        let stated = self.stated.filter(|stated| stated.status != RelationStatus::Unknown);
        let stands_from =
            self.established.filter(|_| stated.is_some()).and_then(FuzzyDate::first_latest).or_else(|| {
                stated.filter(|stated| stated.status != RelationStatus::Ended).map(|stated| stated.on)
            });
        let mut turns = Vec::new();
        if let Some(from) = stands_from {
            turns.push((from, RelationStatus::Active));
            self.add_dormancy(from, stated, &mut turns);
        }
        if let Some(end) = self.ended.and_then(FuzzyDate::latest).and_then(|day| day.succ_opt()) {
            turns.retain(|turn| turn.0 < end);
            turns.push((end, RelationStatus::Ended));
        } else if let Some(stated) = stated {
            let known = turns.iter().rev().find(|turn| turn.0 <= stated.on).map(|turn| turn.1);
            if known != Some(stated.status) {
                turns.push((stated.on, stated.status));
            }
        }
        turns.sort_by_key(|turn| turn.0);
        cover(RelationStatus::Unknown, &turns)
    }

    fn add_dormancy(
        &self,
        from: Day,
        stated: Option<Stated<RelationStatus>>,
        turns: &mut Vec<(Day, RelationStatus)>,
    ) {
        let Some(first) = self.activity.first().copied() else { return };
        let mut signs: Vec<Day> = self.activity.iter().copied().filter(|day| *day >= from).collect();
        signs.extend(stated.filter(|stated| stated.status == RelationStatus::Active).map(|stated| stated.on));
        signs.push(first.max(from));
        signs.sort_unstable();
        signs.dedup();
        for (index, sign) in signs.iter().enumerate() {
            let Some(asleep) =
                sign.checked_add_months(Months::new(DORMANT_AFTER_MONTHS)).and_then(|day| day.succ_opt())
            else {
                continue;
            };
            match signs.get(index + 1) {
                Some(next) if *next <= asleep => {}
                Some(next) => {
                    turns.extend([(asleep, RelationStatus::Dormant), (*next, RelationStatus::Active)]);
                }
                None => turns.push((asleep, RelationStatus::Dormant)),
            }
        }
    }
}

/// Spans that cover all time from turns in order of time; the last of one day wins.
fn cover<S: Copy + PartialEq>(before: S, turns: &[(Day, S)]) -> Vec<Span<S>> {
    let mut spans = vec![Span { status: before, from: UNDATED_FIRST, to: UNDATED_LAST }];
    for (day, status) in turns.iter().copied().filter(|turn| turn.0 <= UNDATED_LAST) {
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
