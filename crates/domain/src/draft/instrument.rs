//! Drafts of instruments.

use super::{CommonDraft, Dating, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, Placed, Reading};
use crate::date::Day;
use crate::directory::Directory;
use crate::instrument::Instrument;
use crate::locale::Bilingual;
use crate::refusal::Problem;

/// An instrument as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct InstrumentDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The number as printed, or blank.
    pub number: String,
    /// The title.
    pub title: Bilingual,
    /// RESOLUTION, DIRECTIVE, DOCUMENT and so on.
    pub kind: String,
    /// Who issued it, or blank.
    pub issuer: String,
    /// EDTF, or blank.
    pub issued: String,
    /// EDTF, or blank.
    pub effective: String,
    /// EDTF, or blank.
    pub period: String,
    /// Numbers of the instruments that it implements.
    pub implements: Vec<String>,
    /// Regions of the world, as printed.
    pub regions: Vec<String>,
    /// A remark, or blank.
    pub note: String,
}

impl InstrumentDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Instrument>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let issued = reading.date("issued", &self.issued);
        let effective = reading.date("effective", &self.effective);
        let period = reading.date("period", &self.period);
        let first = issued.as_ref().or(effective.as_ref()).or(period.as_ref());
        let common = reading.common(&self.common, Dating { first, evidence_year: None, brought_on });
        let number = reading.optional_text("number", &self.number, LONGEST_WORD);
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reading.text("kind", &self.kind, LONGEST_WORD);
        let issued_by = reading.optional_text("issuer", &self.issuer, LONGEST_TITLE);
        let implements: Vec<String> = self
            .implements
            .iter()
            .filter_map(|number| reading.optional_text("implements", number, LONGEST_WORD))
            .collect();
        let regions: Vec<String> = self
            .regions
            .iter()
            .filter_map(|region| reading.optional_text("regions", region, LONGEST_TITLE))
            .collect();
        let note = reading.optional_text("note", &self.note, LONGEST_NOTE);
        let made = common.zip(title).zip(kind).map(|(((log, common), title), kind)| Placed {
            log,
            content: Instrument {
                common,
                number,
                title,
                kind,
                issuer: issued_by,
                issued,
                effective,
                period,
                implements,
                regions,
                note,
            },
        });
        reading.problems.settle(made)
    }
}
