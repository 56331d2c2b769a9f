//! The status of relations and agreements over time.
//!
//! `agreement::AgreementHistory` and `relation::RelationHistory` turn acts, terms and statements
//! into spans that cover all time without gap or overlap, both ends inclusive. The status on a day
//! is that of the span that contains it, so an agreement expires without a job that updates it.

use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
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

    /// Returns whether the sources do not state the status: such an entry may be in force or not.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Relation(RelationStatus::Unknown) | Self::Agreement(AgreementStatus::Unknown))
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

/// A status that a source states without naming the act behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<S> {
    /// The stated status.
    pub status: S,
    /// The day of the statement; the status before it is unknown.
    pub on: Day,
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

/// Returns spans that cover all time, from transitions in order of time; the last of a day wins.
pub(crate) fn build_spans<S: Copy + PartialEq>(before: S, transitions: &[(Day, S)]) -> Vec<Span<S>> {
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
