//! Drafts of proposals: a province proposes a missing locality, and the ministry decides.

use super::locality::{parse_iso_code, parse_wikidata_id};
use super::{DraftReader, LONGEST_NOTE, LONGEST_TITLE};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::proposal::{ProposedLocality, Settlement};
use crate::reference::Vocabulary;
use crate::validation::{InvalidReason, Reason, ValidationError};

/// Unchecked input for a proposed locality.
#[derive(Debug, Clone, Default)]
pub struct ProposedLocalityDraft {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The name.
    pub name: Bilingual,
    /// The name in the local language, or blank.
    pub native_name: String,
    /// A code of `PARTNER_LEVEL`, or blank.
    pub level: String,
    /// ISO 3166-2, or blank.
    pub iso_3166_2: String,
    /// A Wikidata item, or blank.
    pub wikidata_id: String,
    /// The purpose, or blank.
    pub note: String,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

/// Unchecked input for the ministry's decision: a locality or a reason.
#[derive(Debug, Clone, Default)]
pub struct SettlementDraft {
    /// The slug of the accepted locality, or blank.
    pub locality: String,
    /// The reason for declining.
    pub reason: Bilingual,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

impl ProposedLocalityDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(&self, directory: &Directory) -> Result<ProposedLocality, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        reader.require("country", &self.country);
        let country = reader.country("country", &self.country);
        let name = reader.bilingual("name", &self.name, LONGEST_TITLE);
        let native_name = reader.optional_text("nativeName", &self.native_name, LONGEST_TITLE);
        let level = reader.optional_term("level", Vocabulary::PartnerLevel, &self.level);
        let iso_3166_2 =
            reader.optional("isoCode", &self.iso_3166_2, |raw| parse_iso_code(raw, &self.country));
        let wikidata_id = reader.optional("wikidataId", &self.wikidata_id, parse_wikidata_id);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        reader.problems.join(&self.prior_errors);
        let parsed = country.zip(name).map(|(country, name)| ProposedLocality {
            country,
            name,
            native_name,
            level,
            iso_3166_2,
            wikidata_id,
            note,
        });
        reader.problems.settle(parsed)
    }
}

impl SettlementDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(&self, directory: &Directory) -> Result<Settlement, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let reason = reader.optional_bilingual("reason", &self.reason, LONGEST_NOTE);
        let has_reason = reason.vi.is_some() || reason.en.is_some();
        let locality = reader.optional("locality", &self.locality, |slug| {
            directory.require_locality(slug).map(|locality| locality.id)
        });
        reader.problems.join(&self.prior_errors);
        let settlement = match (self.locality.trim().is_empty(), has_reason) {
            (false, false) => locality.map(Settlement::Accepted),
            (true, true) => Some(Settlement::Declined(reason)),
            (true, false) => {
                reader.problems.note("locality", Reason::Required);
                None
            }
            (false, true) => {
                reader.problems.note("reason", InvalidReason::LocalityAndReason.into());
                None
            }
        };
        reader.problems.settle(settlement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::Id;
    use crate::place::{Country, Locality, Region, Subregion};

    fn directory() -> Directory {
        let country = Country {
            id: Id::new(1),
            iso2: "KR".to_owned(),
            iso3: "KOR".to_owned(),
            name: Bilingual::both("Hàn Quốc".to_owned(), "Korea".to_owned()),
            region: Some(Region::Asia),
            subregion: Some(Subregion::EasternAsia),
        };
        let locality = Locality {
            id: Id::new(4),
            slug: "kr-busan".to_owned(),
            name: Bilingual { vi: None, en: Some("Busan".to_owned()) },
            native_name: None,
            aliases: Vec::new(),
            country: Id::new(1),
            level: None,
            location: None,
            iso_3166_2: None,
            wikidata_id: None,
            valid_to: None,
            note: None,
            source: None,
        };
        let (countries, localities) = (vec![country], vec![locality]);
        Directory::new(Reference { countries, localities, ..Reference::default() })
    }

    fn paths<T>(outcome: Result<T, Vec<ValidationError>>) -> Vec<String> {
        let problems = outcome.err().unwrap_or_default();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn proposed_locality_requires_country_and_name() {
        let directory = directory();
        let name = Bilingual { vi: Some("  Gimhae\u{301} ".to_owned()), en: None };
        let good =
            ProposedLocalityDraft { country: "KR".to_owned(), name, ..ProposedLocalityDraft::default() };
        let locality = good.parse(&directory).unwrap();
        assert_eq!((locality.country, locality.name.vi.as_deref()), (Id::new(1), Some("Gimhaé")));
        assert_eq!(paths(ProposedLocalityDraft::default().parse(&directory)), ["country", "name"]);
        let bad = ProposedLocalityDraft {
            level: "X".to_owned(),
            iso_3166_2: "JP-1".to_owned(),
            wikidata_id: "42".to_owned(),
            native_name: "x".repeat(501),
            note: "a\u{7}".to_owned(),
            ..good
        };
        assert_eq!(paths(bad.parse(&directory)), ["nativeName", "level", "isoCode", "wikidataId", "note"]);
    }

    #[test]
    fn decision_has_either_a_locality_or_a_reason() {
        let directory = directory();
        let draft = |locality: &str, reason: &str| SettlementDraft {
            locality: locality.to_owned(),
            reason: Bilingual { vi: None, en: Some(reason.to_owned()) },
            prior_errors: Vec::new(),
        };
        assert_eq!(draft("kr-busan", " ").parse(&directory), Ok(Settlement::Accepted(Id::new(4))));
        assert!(matches!(draft("", "no").parse(&directory), Ok(Settlement::Declined(_))));
        assert_eq!(paths(draft("", "").parse(&directory)), ["locality"]);
        assert_eq!(paths(draft("kr-seoul", "").parse(&directory)), ["locality"]);
        assert_eq!(paths(draft("kr-busan", "no").parse(&directory)), ["reason"]);
    }
}
