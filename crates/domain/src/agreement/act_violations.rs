//! The rules for the acts of one agreement: their order, their days, and who could act.

use super::act_order::{Blocked, Cause, possible_days};
use super::act_table::Refusal;
use super::{Act, ActKind, Agreement, FIRST_DAY_WITHOUT_DISTRICTS, SigningLevel};
use crate::date::{Day, DayRange, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Directory;
use crate::validation::{InvalidReason, Reason, ValidationError};

/// A rule that the acts of an agreement break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActViolation {
    /// The index of the act in the list of the agreement; `None` for the term of the agreement.
    pub act: Option<usize>,
    /// The field of the act or of the agreement that contradicts others.
    pub field: &'static str,
    /// The reason, which names the act by its number.
    pub reason: Reason,
}

impl ActViolation {
    /// Returns the error at a position in the list of acts, such as the index.
    #[must_use]
    pub fn into_error(self, position: impl FnOnce(usize) -> usize) -> ValidationError {
        let field = self.field.to_owned();
        let path = match self.act {
            Some(act) => vec!["acts".to_owned(), position(act).to_string(), field],
            None => vec![field],
        };
        ValidationError { path, reason: self.reason }
    }
}

/// Returns the rules that the acts of an agreement break on the day `today`. Partial dates break a
/// rule only if they do so on every day that they may mean.
#[must_use]
pub fn act_violations(agreement: &Agreement, today: Day, directory: &Directory) -> Vec<ActViolation> {
    let mut found = order_violations(agreement);
    found.extend(term_before_signing(agreement));
    found.extend(shortened_terms(agreement));
    let bodies = bodies(agreement, directory);
    for (index, act) in agreement.acts.iter().enumerate() {
        let (earliest, latest) = possible_days(&act.on);
        if earliest > today {
            let reason = InvalidReason::ActInFuture {
                number: act.id,
                act: act.kind.into(),
                on: written(act),
                today: today.to_string(),
            };
            found.push(violation(index, "on", reason));
        }
        if !needs_living_body(act.kind) {
            continue;
        }
        let before = bodies.iter().find(|body| latest < body.days().earliest);
        found.extend(before.map(|body| body.violation(index, act)));
        let takes_over = |other: &Act, body: &Body| {
            let (first, last) = possible_days(&other.on);
            other.kind == ActKind::Succeed && first <= latest && last >= body.days().latest
        };
        let is_succeeded = |body: &Body| {
            act.kind != ActKind::Sign && agreement.acts.iter().any(|other| takes_over(other, body))
        };
        let after = bodies.iter().find(|body| body.days().latest < earliest && !is_succeeded(body));
        found.extend(after.map(|body| body.violation(index, act)));
    }
    found
}

fn violation(act: usize, field: &'static str, reason: InvalidReason) -> ActViolation {
    ActViolation { act: Some(act), field, reason: reason.into() }
}

fn written(act: &Act) -> String {
    act.on.edtf().to_owned()
}

/// Returns a violation for each act that must go before the others are in order.
fn order_violations(agreement: &Agreement) -> Vec<ActViolation> {
    let history = agreement.status_history();
    let mut left_out = Vec::new();
    let mut found = Vec::new();
    while let Err(blocked) = history.find_order(&left_out) {
        left_out.push(blocked.act);
        found.push(order_violation(agreement, &blocked));
    }
    found
}

fn order_violation(agreement: &Agreement, blocked: &Blocked) -> ActViolation {
    let act = &agreement.acts[blocked.act];
    let (number, on, kind) = (act.id, written(act), act.kind.into());
    let status = blocked.before.map_or("", Into::into);
    let since = match blocked.cause {
        Cause::Start => String::new(),
        Cause::Act(cause) => written(&agreement.acts[cause]),
        Cause::Lapse(day) | Cause::Statement(day) => day.to_string(),
    };
    let (field, reason) = match blocked.refusal {
        Refusal::NotSigned => {
            let signed = agreement.acts.iter().find(|act| act.kind == ActKind::Sign).map(written);
            let signed = signed.unwrap_or_default();
            ("on", InvalidReason::ActBeforeSigning { number, act: kind, on, signed })
        }
        Refusal::SignedAlready => {
            let first = agreement.acts.iter().find(|act| act.kind == ActKind::Sign);
            let first = first.filter(|first| first.id != number).map_or(since, written);
            ("kind", InvalidReason::SignedAlready { number, on, signed: first })
        }
        Refusal::NotInForce => ("on", InvalidReason::ActBeforeEntryIntoForce { number, act: kind, on }),
        Refusal::Repeated => ("kind", InvalidReason::ActRepeated { number, act: kind, on, status, since }),
        Refusal::NotSuspended => ("kind", InvalidReason::NotSuspended { number, act: kind, on }),
        Refusal::Expired => ("on", InvalidReason::ActAfterExpiry { number, act: kind, on, since }),
        Refusal::Ended => ("on", InvalidReason::ActAfterEnd { number, act: kind, on, status, since }),
    };
    violation(blocked.act, field, reason)
}

/// Returns the violation of a term that ended before the signature.
fn term_before_signing(agreement: &Agreement) -> Option<ActViolation> {
    let expires = agreement.expires.as_ref()?;
    let signed = agreement.acts.iter().find(|act| act.kind == ActKind::Sign)?;
    let is_before = expires.latest().is_some_and(|last| last < possible_days(&signed.on).0);
    is_before.then(|| ActViolation {
        act: None,
        field: "expires",
        reason: InvalidReason::TermBeforeSigning {
            expires: expires.edtf().to_owned(),
            signed: written(signed),
        }
        .into(),
    })
}

/// Returns a violation for each extension that ends before the term that it prolongs.
fn shortened_terms(agreement: &Agreement) -> Vec<ActViolation> {
    let mut found = Vec::new();
    let mut term = agreement.expires.as_ref();
    for (index, act) in agreement.acts.iter().enumerate() {
        let last = act.until.as_ref().and_then(FuzzyDate::latest).filter(|_| act.kind == ActKind::Extend);
        let before = term.filter(|term| last < term.earliest());
        if let (Some(_), Some(until), Some(before)) = (last, &act.until, before) {
            let (until, before) = (until.edtf().to_owned(), before.edtf().to_owned());
            let reason = InvalidReason::TermShortened { number: act.id, act: act.kind.into(), until, before };
            found.push(violation(index, "until", reason));
        }
        if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
            term = act.until.as_ref();
        }
    }
    found
}

/// Returns whether an act needs a body that exists. What takes over, corrects or ends an agreement
/// may be done for a body that has ended.
fn needs_living_body(kind: ActKind) -> bool {
    match kind {
        ActKind::Sign
        | ActKind::EnterIntoForce
        | ActKind::Amend
        | ActKind::Extend
        | ActKind::Renew
        | ActKind::Suspend
        | ActKind::Resume => true,
        ActKind::Succeed
        | ActKind::Correct
        | ActKind::Terminate
        | ActKind::Withdraw
        | ActKind::Supersede
        | ActKind::Expire => false,
    }
}

/// A body of the Vietnamese side that existed for a time.
enum Body {
    /// All districts.
    Districts,
    /// A unit, by its slug.
    Unit(String, DayRange),
}

impl Body {
    /// Returns the days on which it existed.
    fn days(&self) -> DayRange {
        match self {
            Self::Districts => {
                let latest = FIRST_DAY_WITHOUT_DISTRICTS.pred_opt().unwrap_or(UNDATED_LAST);
                DayRange { earliest: UNDATED_FIRST, latest }
            }
            Self::Unit(_, days) => *days,
        }
    }

    /// Returns the violation of an act outside these days.
    fn violation(&self, index: usize, act: &Act) -> ActViolation {
        let (number, kind, on) = (act.id, act.kind.into(), written(act));
        match self {
            Self::Districts => {
                let field = if act.kind == ActKind::Sign { "signingLevel" } else { "on" };
                let since = FIRST_DAY_WITHOUT_DISTRICTS.to_string();
                let reason = InvalidReason::NoDistricts { act: kind, on, since };
                ActViolation {
                    act: Some(index).filter(|_| act.kind != ActKind::Sign),
                    field,
                    reason: reason.into(),
                }
            }
            Self::Unit(unit, days) => {
                let (unit, DayRange { earliest, latest }) = (unit.clone(), *days);
                let reason = if possible_days(&act.on).1 < earliest {
                    InvalidReason::ActBeforeUnit { number, act: kind, on, unit, begins: earliest.to_string() }
                } else {
                    InvalidReason::UnitEnded { number, act: kind, on, unit, ended: latest.to_string() }
                };
                violation(index, "on", reason)
            }
        }
    }
}

/// Returns the bodies that act: the unit of origin, further units that are parties, and the districts
/// for an agreement of a district.
fn bodies(agreement: &Agreement, directory: &Directory) -> Vec<Body> {
    let of_districts = agreement.level == Some(SigningLevel::District);
    let units = agreement.common.origin_unit.into_iter().chain(agreement.common.shared_with.iter().copied());
    let units = units
        .filter_map(|unit| Some(Body::Unit(directory.unit(unit)?.slug.clone(), directory.existence(unit)?)));
    of_districts.then_some(Body::Districts).into_iter().chain(units).collect()
}

impl Agreement {
    /// Puts the acts into an order in which each may follow the ones before it, if there is one.
    pub(crate) fn put_acts_in_order(&mut self) {
        if let Ok(order) = self.status_history().find_order(&[]) {
            let mut acts: Vec<Option<Act>> = std::mem::take(&mut self.acts).into_iter().map(Some).collect();
            self.acts = order.into_iter().filter_map(|index| acts[index].take()).collect();
        }
    }
}

#[cfg(test)]
mod tests;
