//! Drafts of programmes.

use super::Draft;
use super::writer::{DraftWriter, edtf, quantity, text, word};
use super::{CommonDraft, DateEvidence, DraftReader, LONGEST_TITLE, ParsedDraft, QuantityDraft};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::Direction;
use crate::id::Log;
use crate::locale::Bilingual;
use crate::programme::Programme;
use crate::quantity::Measure;
use crate::reference::Vocabulary;
use crate::validation::{Reason, ValidationError, WordList};

/// Unchecked input for a programme.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// A code of `PROGRAMME_KIND`.
    pub kind: String,
    /// IN or OUT, or blank.
    pub direction: String,
    /// Slugs of partner localities.
    pub partners: Vec<String>,
    /// A partner organization, or blank.
    pub partner_body: String,
    /// Codes of the countries that it is for.
    pub countries: Vec<String>,
    /// EDTF, or blank.
    pub period: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// Seats per year.
    pub seats_per_year: QuantityDraft,
    /// The number of projects, titles or the like.
    pub quantity: QuantityDraft,
    /// Its value in money.
    pub amount: QuantityDraft,
}

impl ProgrammeDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Programme>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let period = reader.date("period", &self.period);
        let as_of = reader.date("asOf", &self.as_of);
        let evidence =
            DateEvidence { first: period.as_ref().or(as_of.as_ref()), evidence_year: None, received_on };
        let common = reader.common(&self.common, evidence);
        let title = reader.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reader.term("kind", Vocabulary::ProgrammeKind, &self.kind);
        let direction = reader.enum_value::<Direction>("direction", &self.direction, WordList::Direction);
        let partners = reader.localities("partnerLocalities", &self.partners);
        let partner_body = reader.optional_text("partnerName", &self.partner_body, LONGEST_TITLE);
        let countries = reader.countries("countries", &self.countries);
        let seats_per_year = reader.quantity("seatsPerYear", &self.seats_per_year, Measure::Seats);
        let quantity = reader.quantity("quantity", &self.quantity, Measure::Results);
        let amount = reader.quantity("amount", &self.amount, Measure::Money);
        if amount.as_ref().is_some_and(|amount| amount.currency.is_none()) {
            reader.problems.note("amount.currency", Reason::Required);
        }
        let parsed = common.zip(title).zip(kind).map(|(((log, common), title), kind)| ParsedDraft {
            log,
            content: Programme {
                common,
                title,
                kind,
                direction,
                partners,
                partner_body,
                countries,
                period,
                as_of,
                seats_per_year,
                quantity,
                amount,
            },
        });
        reader.problems.settle(parsed)
    }
}

impl Draft for ProgrammeDraft {
    type Content = Programme;

    fn from_content(programme: &Programme, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        Self {
            common: writer.common(&programme.common, log),
            title: programme.title.clone(),
            kind: writer.term(programme.kind),
            direction: word(programme.direction),
            partners: programme.partners.iter().map(|partner| writer.locality(*partner)).collect(),
            partner_body: text(programme.partner_body.as_ref()),
            countries: programme.countries.iter().map(|country| writer.country(*country)).collect(),
            period: edtf(programme.period.as_ref()),
            as_of: edtf(programme.as_of.as_ref()),
            seats_per_year: quantity(programme.seats_per_year.as_ref()),
            quantity: quantity(programme.quantity.as_ref()),
            amount: quantity(programme.amount.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Programme>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}
