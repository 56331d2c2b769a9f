//! Reference data: what the rows of entries point at.

use super::files::Tables;
use super::geography;
use super::shapes::File;
use super::units;
use crate::table::{Flaws, Row, one_of, word};
use caunoi_domain::date::parse_day;
use caunoi_domain::directory::{Reference, next_id};
use caunoi_domain::draft::{LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD};
use caunoi_domain::entry::{CountryId, SourceId, TermId};
use caunoi_domain::id::Id;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Country, GeoPoint, LocalityId};
use caunoi_domain::reference::{Occasion, Source, Term, Vocabulary};
use caunoi_domain::refusal::Refusal;
use caunoi_domain::text;
use std::collections::HashMap;
use std::hash::Hash;

/// The reference data of these tables. A row with a flaw is kept with the usual value in the
/// place of the wrong one, so that what points at it is not refused as well; the flaw alone
/// makes the data set fail.
pub(super) fn read(tables: &Tables, known: &Reference, flaws: &mut Flaws) -> Reference {
    let mut reading = Reading { tables, known, made: Reference::default(), flaws };
    reading.read_sources();
    reading.read_countries();
    reading.read_terms();
    reading.read_localities();
    reading.read_occasions();
    units::read(&mut reading);
    geography::read(&mut reading);
    reading.made
}

/// Reference data while it is read.
pub(super) struct Reading<'a> {
    pub(super) tables: &'a Tables,
    pub(super) known: &'a Reference,
    pub(super) made: Reference,
    pub(super) flaws: &'a mut Flaws,
}

impl Reading<'_> {
    fn read_sources(&mut self) {
        let mut keys = Keys::new(&self.known.sources, |source| (source.code.clone(), source.id));
        for row in self.tables[File::Sources].rows() {
            let source = Source {
                id: keys.key(&row.owned("id")),
                code: self.flaws.value(row.read("id", short)),
                title: self.flaws.value(row.read("title", title)),
                address: self.flaws.value(row.read("address", note)),
                kind: self.flaws.value(row.read("kind", one_of(&["SEED", "NEWS", "PORTAL", "DATASET"]))),
            };
            self.made.sources.push(source);
        }
    }

    fn read_countries(&mut self) {
        let mut keys = Keys::new(&self.known.countries, |country| (country.iso2.clone(), country.id));
        for row in self.tables[File::Countries].rows() {
            let label = self.tables[File::CountryLabels].find("iso2", row.text("iso2")).unwrap_or(row);
            let country = Country {
                id: keys.key(&row.owned("iso2")),
                iso2: self.flaws.value(row.read("iso2", |raw| capitals(raw, 2))),
                iso3: self.flaws.value(row.read("iso3", |raw| capitals(raw, 3))),
                name: self.name(label),
                // Antarctica lies in no region.
                region: self.flaws.value(row.read_optional("region", short)).unwrap_or_default(),
                subregion: self.flaws.value(row.read_optional("subregion", short)).unwrap_or_default(),
            };
            self.made.countries.push(country);
        }
    }

    fn read_terms(&mut self) {
        let mut keys = Keys::new(&self.known.terms, |term| ((term.vocabulary, term.code.clone()), term.id));
        for row in self.tables[File::Terms].rows() {
            let vocabulary = self.flaws.keep(row.read("vocabulary", word::<Vocabulary>("a vocabulary")));
            let Some(vocabulary) = vocabulary else { continue };
            let additive = self.flaws.value(row.read_optional("additive", one_of(&["yes", "no"])));
            let term = Term {
                id: keys.key(&(vocabulary, row.owned("code"))),
                vocabulary,
                code: self.flaws.value(row.read("code", short)),
                name: self.name(row),
                parent: None,
                valid_from: self.flaws.value(row.read_optional("valid_from", parse_day)),
                units: row.list("unit"),
                is_additive: additive.as_deref() == Some("yes"),
                source: self.source(row, "source_id"),
            };
            self.made.terms.push(term);
        }
        self.read_parents();
    }

    /// A term may stand before its parent, so parents are looked up when all terms are there.
    fn read_parents(&mut self) {
        for row in self.tables[File::Terms].rows() {
            let Some((vocabulary, parent)) = row
                .text("vocabulary")
                .parse()
                .ok()
                .zip(Some(row.text("parent_code")).filter(|code| !code.is_empty()))
            else {
                continue;
            };
            let parent = self.term(row, "parent_code", vocabulary, parent);
            let code = row.text("code");
            if let Some(term) =
                self.made.terms.iter_mut().find(|term| term.vocabulary == vocabulary && term.code == code)
            {
                term.parent = parent;
            }
        }
    }

    fn read_occasions(&mut self) {
        let mut keys = Keys::new(&self.known.occasions, |occasion| (occasion.code.clone(), occasion.id));
        for row in self.tables[File::Occasions].rows() {
            let occasion = Occasion {
                id: keys.key(&row.owned("code")),
                code: self.flaws.value(row.read("code", short)),
                name: self.name(row),
                anchor: self.flaws.value(row.read_optional("anchor_date", parse_day)),
                month_day: self.flaws.value(row.read_optional("month_day", month_day)),
                country: self.optional_country(row, "country"),
                source: self.source(row, "source_id"),
            };
            self.made.occasions.push(occasion);
        }
    }

    /// The name in both languages from `name_vi` and `name_en`.
    pub(super) fn name(&mut self, row: Row<'_>) -> Bilingual {
        let vi = self.flaws.value(row.read("name_vi", title));
        let en = self.flaws.value(row.read("name_en", title));
        Bilingual::both(vi, en)
    }

    /// The source that a column names.
    pub(super) fn source(&mut self, row: Row<'_>, column: &str) -> Option<SourceId> {
        let sources = &self.made.sources;
        self.flaws.keep(row.read(column, |code| {
            let found = sources.iter().find(|source| source.code == code).map(|source| source.id);
            found.ok_or_else(|| Refusal::unknown("source", code))
        }))
    }

    /// The country that one code of a column names.
    pub(super) fn country(&mut self, row: Row<'_>, column: &str, iso2: &str) -> Option<CountryId> {
        let found = self.made.countries.iter().find(|country| country.iso2 == iso2).map(|country| country.id);
        self.flaws.keep(found.ok_or_else(|| row.flaw(column, Refusal::unknown("country", iso2))))
    }

    /// The country that a column names, where it names one.
    pub(super) fn optional_country(&mut self, row: Row<'_>, column: &str) -> Option<CountryId> {
        let iso2 = row.text(column);
        if iso2.is_empty() { None } else { self.country(row, column, iso2) }
    }

    /// The locality that one slug of a column names.
    pub(super) fn locality(&mut self, row: Row<'_>, column: &str, slug: &str) -> Option<LocalityId> {
        let found =
            self.made.localities.iter().find(|locality| locality.slug == slug).map(|locality| locality.id);
        self.flaws.keep(found.ok_or_else(|| row.flaw(column, Refusal::unknown("locality", slug))))
    }

    /// The term of a vocabulary that a column names.
    pub(super) fn term(
        &mut self,
        row: Row<'_>,
        column: &str,
        list: Vocabulary,
        code: &str,
    ) -> Option<TermId> {
        let mut terms = self.made.terms.iter();
        let found = terms.find(|term| term.vocabulary == list && term.code == code).map(|term| term.id);
        self.flaws
            .keep(found.ok_or_else(|| row.flaw(column, Refusal::unknown("term of that vocabulary", code))))
    }

    /// The point from `lat` and `lon`, where both are given.
    pub(super) fn point(&mut self, row: Row<'_>) -> Option<GeoPoint> {
        let latitude = self.flaws.value(row.read_optional("lat", |raw| degrees(raw, 90.0)));
        let longitude = self.flaws.value(row.read_optional("lon", |raw| degrees(raw, 180.0)));
        Some(GeoPoint { latitude: latitude?, longitude: longitude? })
    }
}

/// Gives rows the keys under which the register knows them, and new ones the next.
pub(super) struct Keys<N, T> {
    known: HashMap<N, Id<T>>,
    next: Id<T>,
}

impl<N: Hash + Eq, T> Keys<N, T> {
    /// Keys of these rows, each with its natural key.
    pub(super) fn new<R>(rows: &[R], natural: impl Fn(&R) -> (N, Id<T>)) -> Self {
        let known: HashMap<N, Id<T>> = rows.iter().map(natural).collect();
        let next = next_id(known.values().copied());
        Self { known, next }
    }

    /// The key of the row with this natural key.
    pub(super) fn key(&mut self, natural: &N) -> Id<T> {
        self.known.get(natural).copied().unwrap_or_else(|| {
            let key = self.next;
            self.next = Id::new(key.number() + 1);
            key
        })
    }
}

/// A rule for codes and other short words.
pub(super) fn short(raw: &str) -> Result<String, Refusal> {
    text::parse(raw, LONGEST_WORD)
}

/// A rule for names and titles.
pub(super) fn title(raw: &str) -> Result<String, Refusal> {
    text::parse(raw, LONGEST_TITLE)
}

/// A rule for remarks and addresses.
pub(super) fn note(raw: &str) -> Result<String, Refusal> {
    text::parse(raw, LONGEST_NOTE)
}

fn capitals(raw: &str, length: usize) -> Result<String, Refusal> {
    let is_code = raw.len() == length && raw.bytes().all(|b| b.is_ascii_uppercase());
    let expected = format!("a code of {length} capital letters");
    if is_code { Ok(raw.to_owned()) } else { Err(Refusal::unreadable(&expected, raw)) }
}

fn degrees(raw: &str, most: f64) -> Result<f64, Refusal> {
    let degrees = raw.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    degrees.ok_or_else(|| Refusal::unreadable(&format!("a number from -{most} to {most}"), raw))
}

/// A rule for `MM-DD`; 29 February counts, so the year that completes it is a leap year.
fn month_day(raw: &str) -> Result<String, Refusal> {
    let day = parse_day(&format!("2000-{raw}"));
    day.map(|_| raw.to_owned()).map_err(|_| Refusal::unreadable("a month and day such as 11-17", raw))
}
