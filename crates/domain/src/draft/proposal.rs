//! Drafts of proposals: what a province knows of a locality that it misses, and what the ministry says.

use super::locality::{iso_code, wikidata_item};
use super::{LONGEST_NOTE, LONGEST_TITLE, Reading};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::proposal::{Settlement, Wish};
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};

/// A wish as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct WishDraft {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The name.
    pub name: Bilingual,
    /// The name in the language of the place, or blank.
    pub native_name: String,
    /// A code of `PARTNER_LEVEL`, or blank.
    pub level: String,
    /// ISO 3166-2, or blank.
    pub iso_3166_2: String,
    /// A Wikidata item, or blank.
    pub wikidata_id: String,
    /// What it is needed for, or blank.
    pub note: String,
    /// What whoever filled the draft found wrong already.
    pub noted: Vec<Problem>,
}

/// What the ministry says, as somebody wrote it: one of both.
#[derive(Debug, Clone, Default)]
pub struct SettlementDraft {
    /// The slug of the locality that stands for it, or blank.
    pub locality: String,
    /// Why there will be none.
    pub reason: Bilingual,
    /// What whoever filled the draft found wrong already.
    pub noted: Vec<Problem>,
}

impl WishDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory) -> Result<Wish, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        reading.present("country", &self.country);
        let country = reading.country("country", &self.country);
        let name = reading.bilingual("name", &self.name, LONGEST_TITLE);
        let native_name = reading.optional_text("nativeName", &self.native_name, LONGEST_TITLE);
        let level = reading.optional_term("level", Vocabulary::PartnerLevel, &self.level);
        let iso_3166_2 = reading.optional("isoCode", &self.iso_3166_2, |raw| iso_code(raw, &self.country));
        let wikidata_id = reading.optional("wikidataId", &self.wikidata_id, wikidata_item);
        let note = reading.optional_text("note", &self.note, LONGEST_NOTE);
        reading.problems.join(&self.noted);
        let made = country.zip(name).map(|(country, name)| Wish {
            country,
            name,
            native_name,
            level,
            iso_3166_2,
            wikidata_id,
            note,
        });
        reading.problems.settle(made)
    }
}

impl SettlementDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory) -> Result<Settlement, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let reason = reading.optional_bilingual("reason", &self.reason, LONGEST_NOTE);
        let has_reason = reason.vi.is_some() || reason.en.is_some();
        let locality = reading.optional("locality", &self.locality, |slug| {
            let found = directory.locality_by_slug(slug).map(|locality| locality.id);
            found.ok_or_else(|| Refusal::unknown("locality", slug))
        });
        reading.problems.join(&self.noted);
        let settlement = match (self.locality.trim().is_empty(), has_reason) {
            (false, false) => locality.map(Settlement::Accepted),
            (true, true) => Some(Settlement::Declined(reason)),
            (true, false) => {
                reading.problems.note("locality", Refusal::Required);
                None
            }
            (false, true) => {
                let why = "is for what is declined: name a locality or a reason, not both".to_owned();
                reading.problems.note("reason", Refusal::Invalid(why));
                None
            }
        };
        reading.problems.settle(settlement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::Id;
    use crate::place::{Country, Locality};

    fn directory() -> Directory {
        let country = Country {
            id: Id::new(1),
            iso2: "KR".to_owned(),
            iso3: "KOR".to_owned(),
            name: Bilingual::both("Hàn Quốc".to_owned(), "Korea".to_owned()),
            region: "Asia".to_owned(),
            subregion: "Eastern Asia".to_owned(),
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

    fn paths<T>(outcome: Result<T, Vec<Problem>>) -> Vec<String> {
        let problems = outcome.err().unwrap_or_default();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn a_wish_has_a_country_and_a_name_and_every_problem_is_told() {
        let directory = directory();
        let name = Bilingual { vi: Some("  Gimhae\u{301} ".to_owned()), en: None };
        let good = WishDraft { country: "KR".to_owned(), name, ..WishDraft::default() };
        let wish = good.parse(&directory).unwrap();
        assert_eq!((wish.country, wish.name.vi.as_deref()), (Id::new(1), Some("Gimhaé")));
        assert_eq!(paths(WishDraft::default().parse(&directory)), ["country", "name"]);
        let bad = WishDraft {
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
    fn the_ministry_names_a_locality_or_a_reason() {
        let directory = directory();
        let draft = |locality: &str, reason: &str| SettlementDraft {
            locality: locality.to_owned(),
            reason: Bilingual { vi: None, en: Some(reason.to_owned()) },
            noted: Vec::new(),
        };
        assert_eq!(draft("kr-busan", " ").parse(&directory), Ok(Settlement::Accepted(Id::new(4))));
        assert!(matches!(draft("", "no").parse(&directory), Ok(Settlement::Declined(_))));
        assert_eq!(paths(draft("", "").parse(&directory)), ["locality"]);
        assert_eq!(paths(draft("kr-seoul", "").parse(&directory)), ["locality"]);
        assert_eq!(paths(draft("kr-busan", "no").parse(&directory)), ["reason"]);
    }
}
