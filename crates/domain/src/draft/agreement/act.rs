//! Drafts of acts.

use crate::agreement::{Act, ActKind, FIRST_DAY_WITHOUT_DISTRICTS, SigningLevel};
use crate::date::FuzzyDate;
use crate::draft::{DraftReader, LONGEST_NOTE};
use crate::locale::Bilingual;
use crate::validation::{InvalidReason, Reason, WordList};

/// Maximum number of acts of one agreement.
const MOST_ACTS: usize = 100;

/// Unchecked input for an act.
#[derive(Debug, Clone, Default)]
pub struct ActDraft {
    /// A kind of act.
    pub kind: String,
    /// EDTF.
    pub on: String,
    /// The last day of the new term, EDTF, or blank; only for an extension or renewal.
    pub until: String,
    /// A remark.
    pub note: Bilingual,
    /// The code of its source, or blank.
    pub source: String,
}

/// Parses acts; returns those without errors in order of time.
pub(super) fn parse_acts(
    reader: &mut DraftReader<'_>,
    drafts: &[ActDraft],
    level: Option<SigningLevel>,
) -> Vec<Act> {
    let mut acts = Vec::new();
    for (index, draft) in reader.bounded_list("acts", drafts, MOST_ACTS).iter().enumerate() {
        let path = format!("acts.{index}");
        let Some(act) = draft.parse(reader, &path) else { continue };
        if level == Some(SigningLevel::District) {
            reject_after_districts(reader, &path, &act);
        }
        acts.push(act);
    }
    acts.sort_by_key(|act| act.on.first_latest());
    acts
}

impl ActDraft {
    fn parse(&self, reader: &mut DraftReader<'_>, path: &str) -> Option<Act> {
        let kind = reader.required_enum::<ActKind>(&format!("{path}.kind"), &self.kind, WordList::ActKind);
        let on = format!("{path}.on");
        reader.require(&on, &self.on);
        let on = reader.date(&on, &self.on);
        let until = reader.date(&format!("{path}.until"), &self.until);
        let note = reader.optional_bilingual(&format!("{path}.note"), &self.note, LONGEST_NOTE);
        let source = reader.optional_source(&format!("{path}.source"), &self.source);
        let (kind, on) = kind.zip(on)?;
        if let Some(reason) = until.as_ref().and_then(|until| check_new_term(kind, &on, until)) {
            reader.problems.note(&format!("{path}.until"), reason);
        }
        Some(Act { kind, on, until, note, source })
    }
}

/// Returns the error of a new term that this act cannot begin.
fn check_new_term(kind: ActKind, on: &FuzzyDate, until: &FuzzyDate) -> Option<Reason> {
    if !matches!(kind, ActKind::Extend | ActKind::Renew) {
        return Some(InvalidReason::NoNewTerm.into());
    }
    // The term is valid when some possible days of the two dates are in order.
    let is_before = until.latest().zip(on.earliest()).is_some_and(|(until, on)| until < on);
    is_before.then(|| InvalidReason::TermBeforeAct.into())
}

/// Rejects acts of districts after their abolition, except those that take over, correct or end
/// what a district signed.
fn reject_after_districts(reader: &mut DraftReader<'_>, path: &str, act: &Act) {
    if act.on.first_latest().is_none_or(|day| day < FIRST_DAY_WITHOUT_DISTRICTS) {
        return;
    }
    let path = match act.kind {
        ActKind::Succeed
        | ActKind::Correct
        | ActKind::Terminate
        | ActKind::Withdraw
        | ActKind::Supersede
        | ActKind::Expire => return,
        ActKind::Sign => "signingLevel",
        ActKind::EnterIntoForce
        | ActKind::Amend
        | ActKind::Extend
        | ActKind::Renew
        | ActKind::Suspend
        | ActKind::Resume => &format!("{path}.on"),
    };
    let (act, on) = (act.kind, act.on.edtf().to_owned());
    let reason =
        InvalidReason::NoDistricts { act: act.into(), on, since: FIRST_DAY_WITHOUT_DISTRICTS.to_string() };
    reader.problems.note(path, reason.into());
}
