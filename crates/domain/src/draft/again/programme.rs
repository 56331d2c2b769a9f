//! Drafts of programmes that stand already.

use super::{Writing, edtf, quantity, text, word};
use crate::date::Day;
use crate::directory::Directory;
use crate::draft::{CommonDraft, Draft, Placed, ProgrammeDraft};
use crate::id::Log;
use crate::programme::Programme;
use crate::refusal::Problem;

impl Draft for ProgrammeDraft {
    type Content = Programme;

    fn of(programme: &Programme, log: Log, directory: &Directory) -> Self {
        let writing = Writing { directory };
        Self {
            common: writing.common(&programme.common, log),
            title: programme.title.clone(),
            kind: writing.term(programme.kind),
            direction: word(programme.direction),
            partners: programme.partners.iter().map(|partner| writing.locality(*partner)).collect(),
            partner_body: text(programme.partner_body.as_ref()),
            countries: programme.countries.iter().map(|country| writing.country(*country)).collect(),
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

    fn read(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Programme>, Vec<Problem>> {
        self.parse(directory, brought_on)
    }
}
