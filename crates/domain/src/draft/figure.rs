//! Drafts of figures.

use super::{
    CommonDraft, Dating, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, Placed, QuantityDraft,
    Reading,
};
use crate::date::Day;
use crate::directory::Directory;
use crate::figure::{Basis, Dimension, Figure};
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};

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
    /// What else it is narrowed to.
    pub dimensions: Vec<DimensionDraft>,
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

/// A dimension, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct DimensionDraft {
    /// What is told apart; each name once.
    pub name: String,
    /// The one that is meant.
    pub value: String,
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
        let dimensions = self.dimensions(&mut reading);
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
                dimensions,
                period,
                as_of,
                change_percent,
                quote,
                note,
            },
        });
        reading.problems.settle(made)
    }

    fn dimensions(&self, reading: &mut Reading<'_>) -> Vec<Dimension> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        for (index, draft) in reading.bounded("dimensions", &self.dimensions, MOST_MEMBERS).iter().enumerate()
        {
            let path = |field: &str| format!("dimensions.{index}.{field}");
            let name = reading.text(&path("name"), &draft.name, LONGEST_WORD);
            let value = reading.text(&path("value"), &draft.value, LONGEST_TITLE);
            let Some((name, value)) = name.zip(value) else { continue };
            if dimensions.iter().any(|known| known.name == name) {
                reading.problems.note(&path("name"), Refusal::Taken(name));
                continue;
            }
            dimensions.push(Dimension { name, value });
        }
        dimensions
    }
}
