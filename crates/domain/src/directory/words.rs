//! Lookups of filter values that return `Unknown` with suggestions instead of None.

use super::Directory;
use crate::entry::UnitId;
use crate::locale::{Bilingual, Locale};
use crate::place::{Country, Locality};
use crate::reference::{Term, Vocabulary};
use crate::source::Source;
use crate::validation::candidate::Candidate;
use crate::validation::{Reason, ReferenceKind};

impl Directory {
    /// Returns the units, current and former, that have or had this slug: at least one. `what` is
    /// the kind of reference for the error.
    ///
    /// # Errors
    /// `Unknown` where no unit has or had it.
    pub fn require_units(&self, what: ReferenceKind, slug: &str) -> Result<&[UnitId], Reason> {
        let units = self.units_by_slug(slug);
        if units.is_empty() {
            let known = self.units().iter().map(|unit| Candidate {
                word: &unit.slug,
                names: unit.designations.iter().flat_map(|designation| both(&designation.name)).collect(),
            });
            return Err(Reason::unknown_among(what, slug, known));
        }
        Ok(units)
    }

    /// Returns the country with this ISO 3166-1 alpha-2 code.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn require_country(&self, iso2: &str) -> Result<&Country, Reason> {
        self.country_by_iso2(iso2).ok_or_else(|| {
            let known = self.countries().iter().map(|country| Candidate {
                word: &country.iso2,
                names: both(&country.name).into_iter().chain([country.iso3.as_str()]).collect(),
            });
            Reason::unknown_among(ReferenceKind::Country, iso2, known)
        })
    }

    /// Returns the locality with this slug.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn require_locality(&self, slug: &str) -> Result<&Locality, Reason> {
        self.locality_by_slug(slug).ok_or_else(|| {
            let known = self.localities().iter().map(|locality| Candidate {
                word: &locality.slug,
                names: both(&locality.name)
                    .into_iter()
                    .chain(locality.aliases.iter().map(|alias| alias.name.as_str()))
                    .collect(),
            });
            Reason::unknown_among(ReferenceKind::Locality, slug, known)
        })
    }

    /// Returns the term of a vocabulary with this code.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn require_term(&self, vocabulary: Vocabulary, code: &str) -> Result<&Term, Reason> {
        self.term_by_code(vocabulary, code).ok_or_else(|| {
            let known = self.terms(vocabulary);
            let known = known.map(|term| Candidate { word: &term.code, names: both(&term.name).into() });
            Reason::unknown_among(vocabulary.term_kind(), code, known)
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

fn both(name: &Bilingual) -> [&str; 2] {
    Locale::ALL.map(|locale| name.in_locale(locale))
}
