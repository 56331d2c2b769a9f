//! Drafts of instruments.

use super::{CommonDraft, DateEvidence, DraftReader, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, ParsedDraft};
use crate::date::Day;
use crate::directory::Directory;
use crate::instrument::{Instrument, InstrumentKind};
use crate::locale::Bilingual;
use crate::validation::{ValidationError, WordList};

/// Unchecked input for an instrument.
#[derive(Debug, Clone, Default)]
pub struct InstrumentDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// The number as printed, or blank.
    pub number: String,
    /// The title.
    pub title: Bilingual,
    /// RESOLUTION, DIRECTIVE, DOCUMENT and so on.
    pub kind: String,
    /// The issuer, or blank.
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
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Instrument>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let issued = reader.date("issued", &self.issued);
        let effective = reader.date("effective", &self.effective);
        let period = reader.date("period", &self.period);
        let first = issued.as_ref().or(effective.as_ref()).or(period.as_ref());
        let common = reader.common(&self.common, DateEvidence { first, evidence_year: None, received_on });
        let number = reader.optional_text("number", &self.number, LONGEST_WORD);
        let title = reader.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reader.required_enum::<InstrumentKind>("kind", &self.kind, WordList::InstrumentKind);
        let issued_by = reader.optional_text("issuer", &self.issuer, LONGEST_TITLE);
        let implements = reader.texts("implements", &self.implements, LONGEST_WORD);
        let regions = reader.texts("regions", &self.regions, LONGEST_TITLE);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        let parsed = common.zip(title).zip(kind).map(|(((log, common), title), kind)| ParsedDraft {
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
        reader.problems.settle(parsed)
    }
}
