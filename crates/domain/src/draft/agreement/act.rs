//! Drafts of acts.

use crate::agreement::{Act, ActKind, AgreementLevel, FIRST_DAY_WITHOUT_DISTRICTS};
use crate::date::FuzzyDate;
use crate::draft::{LONGEST_NOTE, Reading};
use crate::locale::Bilingual;
use crate::refusal::Refusal;

/// The most acts of one agreement.
const MOST_ACTS: usize = 100;

/// An act as somebody wrote it.
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
    /// The code of the source where it was read, or blank.
    pub source: String,
}

/// The acts in order of time, as far as they can be read.
pub(super) fn read(
    reading: &mut Reading<'_>,
    drafts: &[ActDraft],
    level: Option<AgreementLevel>,
) -> Vec<Act> {
    let mut acts = Vec::new();
    for (index, draft) in reading.bounded("acts", drafts, MOST_ACTS).iter().enumerate() {
        let path = format!("acts.{index}");
        let Some(act) = draft.read(reading, &path) else { continue };
        if level == Some(AgreementLevel::District) {
            refuse_after_districts(reading, &path, &act);
        }
        acts.push(act);
    }
    acts.sort_by_key(|act| act.on.first_latest());
    acts
}

impl ActDraft {
    fn read(&self, reading: &mut Reading<'_>, path: &str) -> Option<Act> {
        let kind = reading.required_word::<ActKind>(&format!("{path}.kind"), &self.kind, "a kind of act");
        let on = format!("{path}.on");
        reading.present(&on, &self.on);
        let on = reading.date(&on, &self.on);
        let until = reading.date(&format!("{path}.until"), &self.until);
        let note = reading.optional_bilingual(&format!("{path}.note"), &self.note, LONGEST_NOTE);
        let source = reading.optional_source(&format!("{path}.source"), &self.source);
        let (kind, on) = kind.zip(on)?;
        if let Some(refusal) = until.as_ref().and_then(|until| refusal_of_term(kind, &on, until)) {
            reading.problems.note(&format!("{path}.until"), refusal);
        }
        Some(Act { kind, on, until, note, source })
    }
}

/// Why an act of this kind and date cannot begin a term that ends so.
fn refusal_of_term(kind: ActKind, on: &FuzzyDate, until: &FuzzyDate) -> Option<Refusal> {
    if !matches!(kind, ActKind::Extend | ActKind::Renew) {
        return Some(Refusal::Invalid("only EXTEND and RENEW begin a new term".to_owned()));
    }
    // Only where no day that the two dates may mean would do.
    let is_before = until.latest().zip(on.earliest()).is_some_and(|(until, on)| until < on);
    is_before.then(|| Refusal::Invalid("lies before the act".to_owned()))
}

/// What a district signed may still be taken over, put right and brought to its end.
fn refuse_after_districts(reading: &mut Reading<'_>, path: &str, act: &Act) {
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
        ActKind::Sign => "level",
        ActKind::EnterIntoForce
        | ActKind::Amend
        | ActKind::Extend
        | ActKind::Renew
        | ActKind::Suspend
        | ActKind::Resume => &format!("{path}.on"),
    };
    let (kind, on) = (act.kind, act.on.edtf());
    let reason =
        format!("{kind} on {on} cannot be a district's: there are none since {FIRST_DAY_WITHOUT_DISTRICTS}");
    reading.problems.note(path, Refusal::Invalid(reason));
}
