//! Drafts of stored programmes.

use super::{DraftWriter, edtf, quantity, text, word};
use crate::date::Day;
use crate::directory::Directory;
use crate::draft::{CommonDraft, Draft, ParsedDraft, ProgrammeDraft};
use crate::id::Log;
use crate::programme::Programme;
use crate::validation::ValidationError;

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
