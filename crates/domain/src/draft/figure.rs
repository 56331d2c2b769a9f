//! Drafts of figures.

use super::{CommonDraft, Dating, LONGEST_NOTE, LONGEST_WORD, Placed, QuantityDraft, Reading};
use crate::date::Day;
use crate::directory::Directory;
use crate::figure::{Basis, Figure};
use crate::reference::Vocabulary;
use crate::refusal::Problem;

/// A figure as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct FigureDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// A code of INDICATOR.
    pub indicator: String,
    /// The number as stated.
    pub quantity: QuantityDraft,
    /// REPORTED, ESTIMATE or TARGET; blank means reported.
    pub basis: String,
    /// The code of the organization that it is about, or blank.
    pub organization: String,
    /// The country that it is about, or blank.
    pub country: String,
    /// EDTF, or blank.
    pub period: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// Change against the same period before, in percent, or blank.
    pub change_percent: String,
    /// At most twelve words of the source, or blank.
    pub quote: String,
    /// A remark, or blank.
    pub note: String,
}

impl FigureDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Figure>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let period = reading.date("period", &self.period);
        let as_of = reading.date("asOf", &self.as_of);
        let dating = Dating { first: as_of.as_ref().or(period.as_ref()), evidence_year: None, brought_on };
        let common = reading.common(&self.common, dating);
        let indicator = reading.term("indicator", Vocabulary::Indicator, &self.indicator);
        let quantity = reading.quantity("quantity", &self.quantity);
        let basis = reading.word::<Basis>("basis", &self.basis, "a basis").unwrap_or(Basis::Reported);
        let organization = reading.optional_text("organization", &self.organization, LONGEST_WORD);
        let country = reading.country("country", &self.country);
        let change_percent = reading.decimal("changePercent", &self.change_percent);
        let quote = reading.optional_text("quote", &self.quote, LONGEST_NOTE);
        let note = reading.optional_text("note", &self.note, LONGEST_NOTE);
        let made = common.zip(indicator).zip(quantity).map(|(((log, common), indicator), quantity)| Placed {
            log,
            content: Figure {
                common,
                indicator,
                quantity,
                basis,
                organization,
                country,
                period,
                as_of,
                change_percent,
                quote,
                note,
            },
        });
        reading.problems.settle(made)
    }
}
