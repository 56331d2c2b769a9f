//! The table of acts: which act may follow which status, and the status after it.
//!
//! docs/reference/acts.md contains the table; a test compares it with this module.

use super::{ActKind, EntryIntoForce};
use crate::status::AgreementStatus::{
    self, Expired, InForce, SignedNotInForce, Superseded, Suspended, Terminated, Unknown, Withdrawn,
};

/// The effect of an act on the status of an agreement.
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
    let refusal = match (before, kind) {
        // The record or the party changes, not the agreement.
        (_, ActKind::Correct) | (Some(_), ActKind::Succeed) | (None, ActKind::Sign) => None,
        (None, _) => Some(Refusal::NotSigned),
        (Some(_), ActKind::Sign) => Some(Refusal::SignedAlready),
        (Some(status), _) if is_final(status) => Some(Refusal::Ended),
        (Some(status), _) => {
            let found = refused_acts(status).iter().find(|(refused, _)| *refused == kind);
            found.map(|(_, refusal)| *refusal)
        }
    };
    let prolongs = matches!(kind, ActKind::Extend | ActKind::Renew);
    match refusal {
        Some(refusal) => Err(refusal),
        // A longer term does not resume a suspended agreement.
        None if prolongs && before == Some(Suspended) => Ok(Effect::Unchanged),
        None => Ok(effect(kind)),
    }
}

/// Returns the acts that may not follow a status, besides `SIGN`. The end of a term may be recorded
/// late, and a lapsed agreement may be ended for good.
fn refused_acts(status: AgreementStatus) -> &'static [(ActKind, Refusal)] {
    match status {
        Unknown => &[(ActKind::Resume, Refusal::NotSuspended)],
        SignedNotInForce => &[
            (ActKind::Extend, Refusal::NotInForce),
            (ActKind::Renew, Refusal::NotInForce),
            (ActKind::Suspend, Refusal::NotInForce),
            (ActKind::Resume, Refusal::NotSuspended),
        ],
        InForce => &[(ActKind::EnterIntoForce, Refusal::Repeated), (ActKind::Resume, Refusal::NotSuspended)],
        Suspended => &[(ActKind::EnterIntoForce, Refusal::Repeated), (ActKind::Suspend, Refusal::Repeated)],
        Expired => &[
            (ActKind::EnterIntoForce, Refusal::Expired),
            (ActKind::Amend, Refusal::Expired),
            (ActKind::Suspend, Refusal::Expired),
            (ActKind::Resume, Refusal::Expired),
        ],
        // All that change the agreement: see `follow`.
        Terminated | Withdrawn | Superseded => &[],
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
