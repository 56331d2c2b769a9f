//! Look-ups of words that people write: a code, or a name that only one row has, without regard to
//! case and diacritics.

use super::Directory;
use super::country_names::other_country_names;
use super::name_index::both;
use crate::entry::UnitId;
use crate::locale::Locale;
use crate::place::{Country, Locality};
use crate::reference::{Term, Vocabulary};
use crate::source::Source;
use crate::unit::AdminUnit;
use crate::validation::candidate::{Candidate, most_similar};
use crate::validation::{Reason, ReferenceKind};

impl Directory {
    /// Returns the slug of a unit, current or former, by its slug or a name that only units with one
    /// slug have or had: `DONG_NAI`, "Đồng Nai", "tỉnh Đồng Nai".
    #[must_use]
    pub fn find_unit_slug<'a>(&'a self, given: &'a str) -> Option<&'a str> {
        if self.units_by_slug.contains_key(given) {
            return Some(given);
        }
        self.name_index.units.only(given).map(String::as_str)
    }

    /// Returns the country with this ISO 3166-1 code or name.
    #[must_use]
    pub fn find_country(&self, given: &str) -> Option<&Country> {
        let named = || self.name_index.countries.only(given).map(|row| &self.reference.countries[*row]);
        self.country_by_iso2(given).or_else(named)
    }

    /// Returns the locality with this slug, name or alias.
    #[must_use]
    pub fn find_locality(&self, given: &str) -> Option<&Locality> {
        let named = || self.name_index.localities.only(given).map(|row| &self.reference.localities[*row]);
        self.locality_by_slug(given).or_else(named)
    }

    /// Returns the term of a vocabulary with this code or name.
    #[must_use]
    pub fn find_term(&self, vocabulary: Vocabulary, given: &str) -> Option<&Term> {
        let named = || {
            let row = self.name_index.terms.get(&vocabulary)?.only(given)?;
            Some(&self.reference.terms[*row])
        };
        self.term_by_code(vocabulary, given).or_else(named)
    }

    /// Returns the slug of a unit like [`Directory::find_unit_slug`]. `what` is the kind of
    /// reference for the error.
    ///
    /// # Errors
    /// `Unknown` with candidates where no unit or several have or had it.
    pub fn require_unit_slug<'a>(&'a self, what: ReferenceKind, given: &'a str) -> Result<&'a str, Reason> {
        self.find_unit_slug(given)
            .ok_or_else(|| Reason::unknown_among(what, given, self.units().iter().map(unit_candidate)))
    }

    /// Returns the slugs of present-day provinces that are similar to a word, at most five.
    #[must_use]
    pub fn similar_provinces(&self, given: &str) -> Vec<String> {
        let units = self.provinces().iter().filter_map(|province| self.unit(province.unit));
        most_similar(given, units.map(unit_candidate))
    }

    /// Returns the units, current and former, that have or had this slug or name: at least one.
    ///
    /// # Errors
    /// Those of [`Directory::require_unit_slug`].
    pub fn require_units(&self, what: ReferenceKind, given: &str) -> Result<&[UnitId], Reason> {
        self.require_unit_slug(what, given).map(|slug| self.units_by_slug(slug))
    }

    /// Returns the country with this ISO 3166-1 code or name.
    ///
    /// # Errors
    /// `Unknown` with candidates where there is none, or more than one.
    pub fn require_country(&self, given: &str) -> Result<&Country, Reason> {
        self.find_country(given).ok_or_else(|| {
            let known = self.countries().iter().map(|country| Candidate {
                word: &country.iso2,
                names: both(&country.name)
                    .into_iter()
                    .chain(other_country_names(&country.iso2).iter().copied())
                    .chain([country.iso3.as_str()])
                    .collect(),
            });
            Reason::unknown_among(ReferenceKind::Country, given, known)
        })
    }

    /// Returns the locality with this slug, name or alias.
    ///
    /// # Errors
    /// `Unknown` with candidates where there is none, or more than one.
    pub fn require_locality(&self, given: &str) -> Result<&Locality, Reason> {
        self.find_locality(given).ok_or_else(|| {
            let known = self.localities().iter().map(|locality| Candidate {
                word: &locality.slug,
                names: both(&locality.name)
                    .into_iter()
                    .chain(locality.aliases.iter().map(|alias| alias.name.as_str()))
                    .collect(),
            });
            Reason::unknown_among(ReferenceKind::Locality, given, known)
        })
    }

    /// Returns the term of a vocabulary with this code or name.
    ///
    /// # Errors
    /// `Unknown` with candidates where there is none, or more than one.
    pub fn require_term(&self, vocabulary: Vocabulary, given: &str) -> Result<&Term, Reason> {
        self.find_term(vocabulary, given).ok_or_else(|| {
            let known = self.terms(vocabulary);
            let known = known.map(|term| Candidate { word: &term.code, names: both(&term.name).into() });
            Reason::unknown_among(vocabulary.term_kind(), given, known)
        })
    }
}

impl Directory {
    /// Returns the source with this code.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn require_source(&self, code: &str) -> Result<&Source, Reason> {
        self.source_by_code(code).ok_or_else(|| {
            let known = self.sources().iter().map(|source| Candidate {
                word: &source.code,
                names: Locale::ALL.map(|locale| source.title_in(locale)).into(),
            });
            Reason::unknown_among(ReferenceKind::Source, code, known)
        })
    }
}

fn unit_candidate(unit: &AdminUnit) -> Candidate<'_> {
    let names = unit.designations.iter().flat_map(|designation| both(&designation.name)).collect();
    Candidate { word: &unit.slug, names }
}

#[cfg(test)]
mod tests;
