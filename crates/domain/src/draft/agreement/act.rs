//! Drafts of acts.

use crate::agreement::{Act, ActKind};
use crate::date::FuzzyDate;
use crate::draft::{DraftReader, LONGEST_NOTE};
use crate::locale::Bilingual;
use crate::validation::{InvalidReason, Reason, WordList};

/// Maximum number of acts of one agreement.
const MOST_ACTS: usize = 100;

/// Unchecked input for an act.
#[derive(Debug, Clone, Default)]
pub struct ActDraft {
    /// Its number within the agreement; `None` for a new act.
    pub id: Option<i32>,
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

/// Parses acts; returns those without errors in order of time. New acts get the next numbers after
/// `last_id` and those of the others.
pub(super) fn parse_acts(reader: &mut DraftReader<'_>, drafts: &[ActDraft], last_id: i32) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut last_id = drafts.iter().filter_map(|draft| draft.id).fold(last_id, i32::max);
    for (index, draft) in reader.bounded_list("acts", drafts, MOST_ACTS).iter().enumerate() {
        let id = draft.id.unwrap_or_else(|| {
            last_id = last_id.saturating_add(1);
            last_id
        });
        acts.extend(draft.parse(reader, &format!("acts.{index}"), id));
    }
    acts.sort_by_key(|act| act.on.first_latest());
    acts
}

impl ActDraft {
    fn parse(&self, reader: &mut DraftReader<'_>, path: &str, id: i32) -> Option<Act> {
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
        Some(Act { id, kind, on, until, note, source })
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
