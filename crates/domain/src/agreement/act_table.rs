//! The table of acts: which act may follow which status, and the status after it.
//!
//! docs/reference/acts.md contains the table; a test compares it with this module.

use super::{ActKind, EntryIntoForce};
use crate::status::AgreementStatus::{
    self, Expired, InForce, SignedNotInForce, Superseded, Suspended, Terminated, Unknown, Withdrawn,
};

/// What an act does to the status of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is signed: [`after_signing`] returns the status.
    Signed,
    /// It has this status.
    Becomes(AgreementStatus),
    /// It keeps its status.
    Unchanged,
}

/// Why an act may not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The agreement was not signed yet.
    NotSigned,
    /// It was signed before.
    SignedAlready,
    /// It has not entered into force.
    NotInForce,
    /// It has that status already.
    Repeated,
    /// It is not suspended.
    NotSuspended,
    /// Its term has ended.
    Expired,
    /// It has ended for good.
    Ended,
}

/// Returns the effect of an act on an agreement with this status, or why it may not follow. `None`
/// is the time before the signature.
pub(super) fn follow(before: Option<AgreementStatus>, kind: ActKind) -> Result<Effect, Refusal> {
    let Some(status) = before else {
        let begins = matches!(kind, ActKind::Sign | ActKind::Correct);
        return if begins { Ok(effect(kind)) } else { Err(Refusal::NotSigned) };
    };
    let refusal = match (kind, status) {
        // The party or the record changes, not the agreement.
        (ActKind::Succeed | ActKind::Correct, _) => None,
        (ActKind::Sign, _) => Some(Refusal::SignedAlready),
        (_, Terminated | Withdrawn | Superseded) => Some(Refusal::Ended),
        // An end of a term may be recorded late, and what has lapsed may be ended for good.
        (ActKind::Expire | ActKind::Terminate | ActKind::Withdraw | ActKind::Supersede, _) => None,
        (ActKind::Extend | ActKind::Renew, SignedNotInForce) => Some(Refusal::NotInForce),
        (ActKind::Extend | ActKind::Renew, InForce | Suspended | Expired | Unknown) => None,
        (_, Expired) => Some(Refusal::Expired),
        (ActKind::Amend, SignedNotInForce | InForce | Suspended | Unknown) => None,
        (ActKind::EnterIntoForce, InForce | Suspended) => Some(Refusal::Repeated),
        (ActKind::EnterIntoForce, SignedNotInForce | Unknown) => None,
        (ActKind::Suspend, SignedNotInForce) => Some(Refusal::NotInForce),
        (ActKind::Suspend, Suspended) => Some(Refusal::Repeated),
        (ActKind::Suspend, InForce | Unknown) => None,
        (ActKind::Resume, Suspended) => None,
        (ActKind::Resume, SignedNotInForce | InForce | Unknown) => Some(Refusal::NotSuspended),
    };
    match (refusal, kind, status) {
        (Some(refusal), _, _) => Err(refusal),
        // A longer term does not resume what is suspended.
        (None, ActKind::Extend | ActKind::Renew, Suspended) => Ok(Effect::Unchanged),
        (None, _, _) => Ok(effect(kind)),
    }
}

/// Returns the effect of an act where it may follow.
pub(super) fn effect(kind: ActKind) -> Effect {
    match kind {
        ActKind::Sign => Effect::Signed,
        ActKind::EnterIntoForce | ActKind::Resume | ActKind::Renew | ActKind::Extend => {
            Effect::Becomes(InForce)
        }
        ActKind::Suspend => Effect::Becomes(Suspended),
        ActKind::Withdraw => Effect::Becomes(Withdrawn),
        ActKind::Terminate => Effect::Becomes(Terminated),
        ActKind::Expire => Effect::Becomes(Expired),
        ActKind::Supersede => Effect::Becomes(Superseded),
        ActKind::Amend | ActKind::Succeed | ActKind::Correct => Effect::Unchanged,
    }
}

/// Returns the status after the signature; `None` where nothing states it. `enters` means that a
/// later act puts the agreement into force.
pub(super) fn after_signing(
    entry_into_force: Option<EntryIntoForce>,
    enters: bool,
    has_term: bool,
) -> Option<AgreementStatus> {
    if enters {
        return Some(SignedNotInForce);
    }
    match entry_into_force {
        Some(EntryIntoForce::OnSignature) => Some(InForce),
        Some(EntryIntoForce::OnNotification | EntryIntoForce::OnApproval | EntryIntoForce::OnDate) => {
            Some(SignedNotInForce)
        }
        Some(EntryIntoForce::Other) | None => has_term.then_some(InForce),
    }
}

/// Returns whether no act but a takeover or a correction may follow a status.
pub(super) fn is_final(status: AgreementStatus) -> bool {
    match status {
        Terminated | Withdrawn | Superseded => true,
        SignedNotInForce | InForce | Suspended | Expired | Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    const BEFORE: [Option<AgreementStatus>; 7] = [
        None,
        Some(Unknown),
        Some(SignedNotInForce),
        Some(InForce),
        Some(Suspended),
        Some(Expired),
        Some(Terminated),
    ];

    fn cell(before: Option<AgreementStatus>, kind: ActKind) -> String {
        match follow(before, kind) {
            Err(_) => "refused".to_owned(),
            Ok(Effect::Signed) => "signed".to_owned(),
            Ok(Effect::Becomes(status)) => status.to_string(),
            Ok(Effect::Unchanged) => "unchanged".to_owned(),
        }
    }

    /// The table as the documentation shows it.
    fn table() -> String {
        let header = "| act | not signed yet | UNKNOWN | SIGNED_NOT_IN_FORCE | IN_FORCE | SUSPENDED | EXPIRED | TERMINATED, WITHDRAWN, SUPERSEDED |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
        let rows = ActKind::VARIANTS.iter().map(|kind| {
            let cells = BEFORE.map(|before| cell(before, *kind)).join(" | ");
            format!("| `{kind}` | {cells} |\n")
        });
        header.to_owned() + &rows.collect::<String>()
    }

    #[test]
    fn documentation_contains_the_table() {
        let page = include_str!("../../../../docs/reference/acts.md");
        assert!(page.contains(&table()), "docs/reference/acts.md lacks:\n{}", table());
    }

    #[test]
    fn final_statuses_are_treated_alike() {
        for kind in ActKind::VARIANTS {
            let expected = follow(Some(Terminated), *kind);
            for status in AgreementStatus::VARIANTS.iter().filter(|status| is_final(**status)) {
                assert_eq!(follow(Some(*status), *kind), expected, "{kind} after {status}");
            }
            assert!(!matches!(expected, Ok(Effect::Becomes(_))), "{kind}");
        }
    }
}
