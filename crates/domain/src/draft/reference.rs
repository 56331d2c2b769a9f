//! References of drafts: codes, slugs or names of rows of the reference data.

use super::DraftReader;
use crate::date::DayRange;
use crate::entry::{CountryId, SourceId, TermId, UnitId};
use crate::occasion::OccasionId;
use crate::place::LocalityId;
use crate::reference::Vocabulary;
use crate::validation::{Reason, ReferenceKind};

impl DraftReader<'_> {
    /// Parses the required slug or name of a unit; of several units in turn, that of these days.
    pub(super) fn require_unit(&mut self, path: &str, given: &str, days: DayRange) -> Option<UnitId> {
        self.require(path, given)?;
        let slug = self.directory.require_unit_slug(ReferenceKind::Unit, given);
        let slug = self.problems.take(path, slug)?;
        self.directory.unit_by_slug_in(slug, days).map(|unit| unit.id)
    }

    pub(super) fn term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        self.require(path, code)?;
        let outcome = self.find_term(vocabulary, code);
        self.problems.take(path, outcome)
    }

    pub(super) fn optional_term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        if code.trim().is_empty() { None } else { self.term(path, vocabulary, code) }
    }

    pub(super) fn terms(&mut self, path: &str, vocabulary: Vocabulary, codes: &[String]) -> Vec<TermId> {
        self.list(path, codes, |reader, code| reader.find_term(vocabulary, code))
    }

    pub(super) fn find_term(&self, vocabulary: Vocabulary, code: &str) -> Result<TermId, Reason> {
        self.directory.require_term(vocabulary, code).map(|term| term.id)
    }

    pub(super) fn find_source(&self, code: &str) -> Result<SourceId, Reason> {
        let found = self.directory.source_by_code(code).map(|source| source.id);
        found.ok_or_else(|| Reason::unknown(ReferenceKind::Source, code))
    }

    pub(super) fn optional_source(&mut self, path: &str, code: &str) -> Option<SourceId> {
        if code.trim().is_empty() {
            return None;
        }
        let outcome = self.find_source(code);
        self.problems.take(path, outcome)
    }

    pub(super) fn find_locality(&self, slug: &str) -> Result<LocalityId, Reason> {
        self.directory.require_locality(slug).map(|locality| locality.id)
    }

    pub(super) fn find_country(&self, iso2: &str) -> Result<CountryId, Reason> {
        self.directory.require_country(iso2).map(|country| country.id)
    }

    /// Parses the required slug or name of a locality.
    pub(super) fn locality(&mut self, path: &str, slug: &str) -> Option<LocalityId> {
        self.require(path, slug)?;
        let outcome = self.find_locality(slug);
        self.problems.take(path, outcome)
    }

    pub(super) fn localities(&mut self, path: &str, slugs: &[String]) -> Vec<LocalityId> {
        self.list(path, slugs, Self::find_locality)
    }

    pub(super) fn countries(&mut self, path: &str, codes: &[String]) -> Vec<CountryId> {
        self.list(path, codes, Self::find_country)
    }

    pub(super) fn country(&mut self, path: &str, iso2: &str) -> Option<CountryId> {
        if iso2.trim().is_empty() {
            return None;
        }
        let outcome = self.find_country(iso2);
        self.problems.take(path, outcome)
    }

    pub(super) fn occasions(&mut self, path: &str, codes: &[String]) -> Vec<OccasionId> {
        self.list(path, codes, |reader, code| {
            let found = reader.directory.occasion_by_code(code).map(|occasion| occasion.id);
            found.ok_or_else(|| Reason::unknown(ReferenceKind::Occasion, code))
        })
    }
}
