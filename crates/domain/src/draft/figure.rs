//! Drafts of figures.

use super::{
    CommonDraft, DateEvidence, DraftReader, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS,
    ParsedDraft, QuantityDraft,
};
use crate::date::Day;
use crate::directory::Directory;
use crate::figure::{Basis, Figure, FigureDimension};
use crate::reference::Vocabulary;
use crate::validation::{Reason, ValidationError, WordList};

/// Unchecked input for a figure.
#[derive(Debug, Clone, Default)]
pub struct FigureDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// A code of `INDICATOR`.
    pub indicator: String,
    /// The number as stated.
    pub quantity: QuantityDraft,
    /// REPORTED, ESTIMATE or TARGET; blank means REPORTED.
    pub basis: String,
    /// The code of the organization that it is about, or blank.
    pub organization: String,
    /// The country that it is about, or blank.
    pub country: String,
    /// Further dimensions that it is limited to.
    pub dimensions: Vec<DimensionDraft>,
    /// EDTF, or blank.
    pub period: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// The change from the same period before, in percent, or blank.
    pub change_percent: String,
    /// At most twelve words of the source, or blank.
    pub quote: String,
    /// A remark, or blank.
    pub note: String,
}

/// Unchecked input for a dimension of a figure.
#[derive(Debug, Clone, Default)]
pub struct DimensionDraft {
    /// The name of the dimension, unique within the figure.
    pub name: String,
    /// The value.
    pub value: String,
}

impl FigureDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Figure>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let period = reader.date("period", &self.period);
        let as_of = reader.date("asOf", &self.as_of);
        let evidence =
            DateEvidence { first: as_of.as_ref().or(period.as_ref()), evidence_year: None, received_on };
        let common = reader.common(&self.common, evidence);
        let indicator = reader.term("indicator", Vocabulary::Indicator, &self.indicator);
        let quantity = reader.quantity("quantity", &self.quantity, None);
        let basis =
            reader.enum_value::<Basis>("basis", &self.basis, WordList::Basis).unwrap_or(Basis::Reported);
        let organization = reader.optional_text("organization", &self.organization, LONGEST_WORD);
        let country = reader.country("country", &self.country);
        let dimensions = self.dimensions(&mut reader);
        let change_percent = reader.decimal("changePercent", &self.change_percent);
        let quote = reader.optional_text("quote", &self.quote, LONGEST_NOTE);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        let parsed =
            common.zip(indicator).zip(quantity).map(|(((log, common), indicator), quantity)| ParsedDraft {
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
        reader.problems.settle(parsed)
    }

    fn dimensions(&self, reader: &mut DraftReader<'_>) -> Vec<FigureDimension> {
        let mut dimensions: Vec<FigureDimension> = Vec::new();
        for (index, draft) in
            reader.bounded_list("dimensions", &self.dimensions, MOST_MEMBERS).iter().enumerate()
        {
            let path = |field: &str| format!("dimensions.{index}.{field}");
            let name = reader.text(&path("name"), &draft.name, LONGEST_WORD);
            let value = reader.text(&path("value"), &draft.value, LONGEST_TITLE);
            let Some((name, value)) = name.zip(value) else { continue };
            if dimensions.iter().any(|known| known.name == name) {
                reader.problems.note(&path("name"), Reason::Taken { given: name });
                continue;
            }
            dimensions.push(FigureDimension { name, value });
        }
        dimensions
    }
}
