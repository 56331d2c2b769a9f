//! Words of closed lists as filters have them: what each names, or a refusal that names the known
//! words most similar to it.

use super::Directory;
use crate::entry::UnitId;
use crate::locale::{Bilingual, Locale};
use crate::place::{Country, Locality};
use crate::reference::{Term, Vocabulary};
use crate::refusal::Refusal;
use crate::refusal::candidate::Candidate;

impl Directory {
    /// The units, living and former, that ever had this slug: at least one. `what` names the sort
    /// of thing in the refusal.
    ///
    /// # Errors
    /// `Unknown` where no unit ever had it.
    pub fn known_units(&self, what: &'static str, slug: &str) -> Result<&[UnitId], Refusal> {
        let units = self.units_by_slug(slug);
        if units.is_empty() {
            let known = self.units().iter().map(|unit| Candidate {
                word: &unit.slug,
                names: unit.designations.iter().flat_map(|designation| both(&designation.name)).collect(),
            });
            return Err(Refusal::unknown_among(what, slug, known));
        }
        Ok(units)
    }

    /// The country with this ISO 3166-1 alpha-2 code.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn known_country(&self, iso2: &str) -> Result<&Country, Refusal> {
        self.country_by_iso2(iso2).ok_or_else(|| {
            let known = self.countries().iter().map(|country| Candidate {
                word: &country.iso2,
                names: both(&country.name).into_iter().chain([country.iso3.as_str()]).collect(),
            });
            Refusal::unknown_among("country", iso2, known)
        })
    }

    /// The locality with this slug.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn known_locality(&self, slug: &str) -> Result<&Locality, Refusal> {
        self.locality_by_slug(slug).ok_or_else(|| {
            let known = self.localities().iter().map(|locality| Candidate {
                word: &locality.slug,
                names: both(&locality.name)
                    .into_iter()
                    .chain(locality.aliases.iter().map(|alias| alias.name.as_str()))
                    .collect(),
            });
            Refusal::unknown_among("locality", slug, known)
        })
    }

    /// The term of a vocabulary with this code.
    ///
    /// # Errors
    /// `Unknown` where there is none.
    pub fn known_term(&self, vocabulary: Vocabulary, code: &str) -> Result<&Term, Refusal> {
        self.term_by_code(vocabulary, code).ok_or_else(|| {
            let known = self.terms(vocabulary);
            let known = known.map(|term| Candidate { word: &term.code, names: both(&term.name).into() });
            Refusal::unknown_among(vocabulary.term_name(), code, known)
        })
    }
}

fn both(name: &Bilingual) -> [&str; 2] {
    Locale::ALL.map(|locale| name.in_locale(locale))
}
