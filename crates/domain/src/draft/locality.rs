//! Drafts of localities abroad.

use super::{DraftReader, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, parse_language};
use crate::date::FuzzyDate;
use crate::directory::{Directory, next_id};
use crate::locale::Bilingual;
use crate::place::{Alias, GeoPoint, Locality};
use crate::reference::Vocabulary;
use crate::validation::{Format, InvalidReason, Reason, ValidationError, WordList};

/// Unchecked input for a locality.
#[derive(Debug, Clone, Default)]
pub struct LocalityDraft {
    /// The stable key; it begins with the code of the country.
    pub slug: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The name.
    pub name: Bilingual,
    /// The name in the local language, or blank.
    pub native_name: String,
    /// Every other name that documents print.
    pub aliases: Vec<AliasDraft>,
    /// A code of `PARTNER_LEVEL`, or blank.
    pub level: String,
    /// A point inside it.
    pub location: Option<GeoPoint>,
    /// ISO 3166-2, or blank.
    pub iso_3166_2: String,
    /// A Wikidata item, or blank.
    pub wikidata_id: String,
    /// EDTF, or blank.
    pub valid_to: String,
    /// A remark, or blank.
    pub note: String,
    /// The code of a source, or blank.
    pub source: String,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

/// Unchecked input for an alias of a locality.
#[derive(Debug, Clone, Default)]
pub struct AliasDraft {
    /// The name as printed.
    pub name: String,
    /// ISO 639.
    pub language: String,
    /// SPELLING, TRANSLITERATION, NATIVE or `FORMER_NAME`.
    pub kind: String,
}

impl LocalityDraft {
    /// Returns the draft that parses to `locality`, so that a caller can change some of its fields.
    #[must_use]
    pub fn from_locality(locality: &Locality, directory: &Directory) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let alias = |alias: &Alias| AliasDraft {
            name: alias.name.clone(),
            language: alias.language.clone(),
            kind: alias.kind.to_string(),
        };
        let country = directory.country(locality.country).map(|country| country.iso2.clone());
        let level = locality.level.and_then(|level| directory.term(level)).map(|level| level.code.clone());
        let source =
            locality.source.and_then(|source| directory.source(source)).map(|source| source.code.clone());
        Self {
            slug: locality.slug.clone(),
            country: country.unwrap_or_default(),
            name: locality.name.clone(),
            native_name: text(&locality.native_name),
            aliases: locality.aliases.iter().map(alias).collect(),
            level: level.unwrap_or_default(),
            location: locality.location,
            iso_3166_2: text(&locality.iso_3166_2),
            wikidata_id: text(&locality.wikidata_id),
            valid_to: locality.valid_to.as_ref().map(|date| date.edtf().to_owned()).unwrap_or_default(),
            note: text(&locality.note),
            source: source.unwrap_or_default(),
            prior_errors: Vec::new(),
        }
    }

    /// Checks every field, for a new locality or as an update of `existing`. The caller must not
    /// change the slug and country of an existing one, because entries count under them.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        existing: Option<&Locality>,
    ) -> Result<Locality, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        reader.require("country", &self.country);
        let country = reader.country("country", &self.country);
        let slug = self.slug(&mut reader, existing);
        let name = reader.bilingual("name", &self.name, LONGEST_TITLE);
        let native_name = reader.optional_text("nativeName", &self.native_name, LONGEST_TITLE);
        let aliases = self.aliases(&mut reader);
        let level = reader.optional_term("level", Vocabulary::PartnerLevel, &self.level);
        if let Some(point) = self.location.filter(|point| !is_valid_point(*point)) {
            let (latitude, longitude) = (point.latitude.to_string(), point.longitude.to_string());
            reader.problems.note("location", InvalidReason::NotOnGlobe { latitude, longitude }.into());
        }
        let iso_3166_2 =
            reader.optional("isoCode", &self.iso_3166_2, |raw| parse_iso_code(raw, &self.country));
        let wikidata_id = reader.optional("wikidataId", &self.wikidata_id, parse_wikidata_id);
        let valid_to = reader.optional("validTo", &self.valid_to, FuzzyDate::parse);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        let source = reader.optional_source("source", &self.source);
        reader.problems.join(&self.prior_errors);
        let ids = directory.localities().iter().map(|locality| locality.id);
        let id = existing.map_or_else(|| next_id(ids), |existing| existing.id);
        let parsed = slug.zip(country).zip(name).map(|((slug, country), name)| Locality {
            id,
            slug,
            name,
            native_name,
            aliases,
            country,
            level,
            // Adding 0 removes the sign of a negative zero, which SQLite would not store.
            location: self
                .location
                .map(|point| GeoPoint { latitude: point.latitude + 0.0, longitude: point.longitude + 0.0 }),
            iso_3166_2,
            wikidata_id,
            valid_to,
            note,
            source,
        });
        reader.problems.settle(parsed)
    }

    fn slug(&self, reader: &mut DraftReader<'_>, existing: Option<&Locality>) -> Option<String> {
        reader.require("slug", &self.slug)?;
        let slug = reader.optional("slug", &self.slug, |raw| parse_slug(raw, &self.country))?;
        let owner = reader.directory.locality_by_slug(&slug).map(|locality| locality.id);
        if owner.is_some() && owner != existing.map(|existing| existing.id) {
            reader.problems.note("slug", Reason::Taken { given: slug });
            return None;
        }
        Some(slug)
    }

    fn aliases(&self, reader: &mut DraftReader<'_>) -> Vec<Alias> {
        let mut aliases = Vec::new();
        for (index, draft) in reader.bounded_list("aliases", &self.aliases, MOST_MEMBERS).iter().enumerate() {
            let path = |field: &str| format!("aliases.{index}.{field}");
            let name = reader.text(&path("name"), &draft.name, LONGEST_TITLE);
            reader.require(&path("language"), &draft.language);
            let language = reader.optional(&path("language"), &draft.language, parse_language);
            let kind = reader.required_enum(&path("kind"), &draft.kind, WordList::AliasKind);
            let alias = name.zip(language).zip(kind);
            aliases.extend(alias.map(|((name, language), kind)| Alias { name, language, kind }));
        }
        aliases
    }
}

fn is_valid_point(point: GeoPoint) -> bool {
    // NaN is not within bounds either.
    point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0
}

fn parse_slug(raw: &str, country: &str) -> Result<String, Reason> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let begins = raw.split_once('-').is_some_and(|(first, _)| first == country.to_ascii_lowercase());
    if begins && raw.len() <= LONGEST_WORD && raw.split('-').all(is_word) {
        return Ok(raw.to_owned());
    }
    Err(Reason::malformed(Format::LocalitySlug, raw))
}

pub(super) fn parse_iso_code(raw: &str, country: &str) -> Result<String, Reason> {
    let is_part = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    match raw.split_once('-') {
        Some((of, part)) if of == country && is_part(part) => Ok(raw.to_owned()),
        _ => Err(Reason::malformed(Format::SubdivisionCode, raw)),
    }
}

pub(super) fn parse_wikidata_id(raw: &str) -> Result<String, Reason> {
    let number = raw.strip_prefix('Q').unwrap_or_default();
    if (1..=12).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(raw.to_owned());
    }
    Err(Reason::malformed(Format::WikidataItem, raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::Id;
    use crate::place::{Country, Region, Subregion};

    fn directory() -> Directory {
        let country = Country {
            id: Id::new(1),
            iso2: "KR".to_owned(),
            iso3: "KOR".to_owned(),
            name: Bilingual::both("Hàn Quốc".to_owned(), "Korea".to_owned()),
            region: Some(Region::Asia),
            subregion: Some(Subregion::EasternAsia),
        };
        let mut reference = Reference { countries: vec![country], ..Reference::default() };
        let existing = busan().parse(&Directory::new(reference.clone()), None).unwrap();
        reference.localities.push(existing);
        Directory::new(reference)
    }

    fn busan() -> LocalityDraft {
        LocalityDraft {
            slug: "kr-busan".to_owned(),
            country: "KR".to_owned(),
            name: Bilingual::both("Pu-xan".to_owned(), "Busan".to_owned()),
            location: Some(GeoPoint { latitude: 35.1, longitude: 129.04 }),
            wikidata_id: "Q16520".to_owned(),
            iso_3166_2: "KR-26".to_owned(),
            aliases: vec![AliasDraft {
                name: "Pusan".to_owned(),
                language: "en".to_owned(),
                kind: "SPELLING".to_owned(),
            }],
            ..LocalityDraft::default()
        }
    }

    fn errors(change: impl FnOnce(&mut LocalityDraft)) -> Vec<String> {
        let mut draft = LocalityDraft { slug: "kr-ulsan".to_owned(), ..busan() };
        change(&mut draft);
        let problems = draft.parse(&directory(), None).unwrap_err();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn stored_locality_round_trips_through_its_draft() {
        let directory = directory();
        let existing = directory.locality_by_slug("kr-busan").unwrap();
        let stored =
            LocalityDraft::from_locality(existing, &directory).parse(&directory, Some(existing)).unwrap();
        assert_eq!(&stored, existing);
    }

    #[test]
    fn new_locality_gets_a_new_id_and_a_unique_slug() {
        let draft = LocalityDraft { slug: "kr-ulsan".to_owned(), ..busan() };
        assert_eq!(draft.parse(&directory(), None).unwrap().id, Id::new(2));
        assert_eq!(errors(|draft| draft.slug = "kr-busan".to_owned()), ["slug"]);
    }

    #[test]
    fn slugs_codes_points_and_names_are_checked() {
        for slug in ["", "ulsan", "jp-ulsan", "kr-", "kr-Ulsan", "kr--ulsan", "kr-ul san"] {
            assert_eq!(errors(|draft| draft.slug = slug.to_owned()), ["slug"], "{slug}");
        }
        for code in ["JP-26", "KR26", "KR-", "KR-2626", "kr-26"] {
            assert_eq!(errors(|draft| draft.iso_3166_2 = code.to_owned()), ["isoCode"], "{code}");
        }
        for item in ["16520", "Q", "Q1x", "P1"] {
            assert_eq!(errors(|draft| draft.wikidata_id = item.to_owned()), ["wikidataId"], "{item}");
        }
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            let point = GeoPoint { latitude, longitude };
            assert_eq!(errors(|draft| draft.location = Some(point)), ["location"], "{point:?}");
        }
        assert_eq!(errors(|draft| draft.aliases[0].kind = "NICKNAME".to_owned()), ["aliases.0.kind"]);
        assert_eq!(errors(|draft| draft.aliases[0].language = "English".to_owned()), ["aliases.0.language"]);
        assert_eq!(errors(|draft| draft.name = Bilingual::default()), ["name"]);
        assert_eq!(errors(|draft| draft.country = "ZZ".to_owned()), ["country", "slug", "isoCode"]);
    }
}
