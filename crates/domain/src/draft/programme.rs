//! Drafts of programmes.

use super::{CommonDraft, Dating, LONGEST_TITLE, Placed, QuantityDraft, Reading};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::Direction;
use crate::locale::Bilingual;
use crate::programme::Programme;
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};

/// A programme as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// A code of `PROGRAMME_KIND`.
    pub kind: String,
    /// IN or OUT, or blank.
    pub direction: String,
    /// Slugs of partner localities.
    pub partners: Vec<String>,
    /// A partner that is a body, or blank.
    pub partner_body: String,
    /// Countries that it is for.
    pub countries: Vec<String>,
    /// EDTF, or blank.
    pub period: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// Seats a year.
    pub seats_per_year: QuantityDraft,
    /// What it counts.
    pub quantity: QuantityDraft,
    /// What it is worth.
    pub amount: QuantityDraft,
}

impl ProgrammeDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Programme>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let period = reading.date("period", &self.period);
        let as_of = reading.date("asOf", &self.as_of);
        let dating = Dating { first: period.as_ref().or(as_of.as_ref()), evidence_year: None, brought_on };
        let common = reading.common(&self.common, dating);
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reading.term("kind", Vocabulary::ProgrammeKind, &self.kind);
        let direction = reading.word::<Direction>("direction", &self.direction, "a direction");
        let partners = reading.localities("partners", &self.partners);
        let partner_body = reading.optional_text("partnerBody", &self.partner_body, LONGEST_TITLE);
        let countries = reading.countries("countries", &self.countries);
        let seats_per_year = reading.quantity("seatsPerYear", &self.seats_per_year);
        let quantity = reading.quantity("quantity", &self.quantity);
        let amount = reading.quantity("amount", &self.amount);
        if amount.as_ref().is_some_and(|amount| amount.currency.is_none()) {
            reading.problems.note("amount.currency", Refusal::Required);
        }
        let made = common.zip(title).zip(kind).map(|(((log, common), title), kind)| Placed {
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
        reading.problems.settle(made)
    }
}
