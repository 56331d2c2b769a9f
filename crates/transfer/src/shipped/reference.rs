//! The reader of reference data.

use super::csv_schemas::ShippedFile;
use super::files::ShippedTables;
use super::{geography, unit_changes, units};
use crate::table::{CsvRow, Flaws, one_of, word};
use caunoi_domain::date::parse_day;
use caunoi_domain::directory::{Reference, next_id};
use caunoi_domain::draft::{LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD};
use caunoi_domain::entry::{CountryId, SourceId, TermId};
use caunoi_domain::id::Id;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::occasion::Occasion;
use caunoi_domain::place::{Country, GeoPoint, LocalityId};
use caunoi_domain::reference::{Source, SourceKind, Term, Vocabulary};
use caunoi_domain::validation::{Format, Reason, ReferenceKind, WordList, parse_text};
use std::collections::HashMap;
use std::hash::Hash;

/// Returns the reference data of these tables. In a row with a flaw the default replaces the
/// invalid value, so that references to the row do not fail too; the flaw alone makes the data set
/// invalid.
pub(super) fn read(tables: &ShippedTables, known: &Reference, flaws: &mut Flaws) -> Reference {
    let mut reader = ReferenceReader { tables, known, reference: Reference::default(), flaws };
    reader.read_sources();
    reader.read_countries();
    reader.read_terms();
    reader.read_localities();
    reader.read_occasions();
    units::read(&mut reader);
    unit_changes::read(&mut reader);
    geography::read(&mut reader);
    reader.reference
}

/// Reads reference data from the tables and collects flaws.
pub(super) struct ReferenceReader<'a> {
    pub(super) tables: &'a ShippedTables,
    pub(super) known: &'a Reference,
    pub(super) reference: Reference,
    pub(super) flaws: &'a mut Flaws,
}

impl ReferenceReader<'_> {
    fn read_sources(&mut self) {
        // Sources that people name have keys of their own.
        let known = self.known.sources.iter().filter(|source| source.id.is_of_data_set());
        let known: Vec<&Source> = known.collect();
        let mut keys = KeyAllocator::new(&known, |source| (source.code.clone(), source.id));
        for row in self.tables[ShippedFile::Sources].rows() {
            let id = keys.key(&row.owned("id"));
            let code = self.flaws.value_or_default(row.read("id", short));
            let title = self.flaws.value_or_default(row.read("title", title));
            let address = self.flaws.value_or_default(row.read("address", note));
            let kind = self.flaws.collect(row.read("kind", word(WordList::SourceKind)));
            let kind = kind.unwrap_or(SourceKind::Dataset);
            self.reference.sources.push(Source::new(id, &code, &title, &address, kind));
        }
    }

    fn read_countries(&mut self) {
        let mut keys = KeyAllocator::new(&self.known.countries, |country| (country.iso2.clone(), country.id));
        for row in self.tables[ShippedFile::Countries].rows() {
            let label = self.tables[ShippedFile::CountryLabels].find("iso2", row.text("iso2")).unwrap_or(row);
            let country = Country {
                id: keys.key(&row.owned("iso2")),
                iso2: self
                    .flaws
                    .value_or_default(row.read("iso2", |raw| capitals(raw, 2, Format::TwoCapitals))),
                iso3: self
                    .flaws
                    .value_or_default(row.read("iso3", |raw| capitals(raw, 3, Format::ThreeCapitals))),
                name: self.name(label),
                // Antarctica belongs to no region.
                region: self.flaws.value_or_default(row.read_optional("region", word(WordList::Region))),
                subregion: self
                    .flaws
                    .value_or_default(row.read_optional("subregion", word(WordList::Subregion))),
            };
            self.reference.countries.push(country);
        }
    }

    fn read_terms(&mut self) {
        let mut keys =
            KeyAllocator::new(&self.known.terms, |term| ((term.vocabulary, term.code.clone()), term.id));
        for row in self.tables[ShippedFile::Terms].rows() {
            let vocabulary =
                self.flaws.collect(row.read("vocabulary", word::<Vocabulary>(WordList::Vocabulary)));
            let Some(vocabulary) = vocabulary else { continue };
            let additive = self
                .flaws
                .value_or_default(row.read_optional("additive", one_of(WordList::YesNo, &["yes", "no"])));
            let term = Term {
                id: keys.key(&(vocabulary, row.owned("code"))),
                vocabulary,
                code: self.flaws.value_or_default(row.read("code", short)),
                name: self.name(row),
                parent: None,
                valid_from: self.flaws.value_or_default(row.read_optional("valid_from", parse_day)),
                units: row.list("unit"),
                is_additive: additive.as_deref() == Some("yes"),
                source: self.source(row, "source_id"),
            };
            self.reference.terms.push(term);
        }
        self.read_parents();
    }

    /// Sets the parents of terms once all terms are read, since a term may precede its parent.
    fn read_parents(&mut self) {
        for row in self.tables[ShippedFile::Terms].rows() {
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
            if let Some(term) = self
                .reference
                .terms
                .iter_mut()
                .find(|term| term.vocabulary == vocabulary && term.code == code)
            {
                term.parent = parent;
            }
        }
    }

    fn read_occasions(&mut self) {
        let mut keys =
            KeyAllocator::new(&self.known.occasions, |occasion| (occasion.code.clone(), occasion.id));
        for row in self.tables[ShippedFile::Occasions].rows() {
            let occasion = Occasion {
                id: keys.key(&row.owned("code")),
                code: self.flaws.value_or_default(row.read("code", short)),
                name: self.name(row),
                anchor: self.flaws.value_or_default(row.read_optional("anchor_date", parse_day)),
                month_day: self.flaws.value_or_default(row.read_optional("month_day", month_day)),
                country: self.optional_country(row, "country"),
                source: self.source(row, "source_id"),
            };
            self.reference.occasions.push(occasion);
        }
    }

    /// Returns the name in both languages from `name_vi` and `name_en`.
    pub(super) fn name(&mut self, row: CsvRow<'_>) -> Bilingual {
        let vi = self.flaws.value_or_default(row.read("name_vi", title));
        let en = self.flaws.value_or_default(row.read("name_en", title));
        Bilingual::both(vi, en)
    }

    /// Returns the source with the code in a column.
    pub(super) fn source(&mut self, row: CsvRow<'_>, column: &str) -> Option<SourceId> {
        let sources = &self.reference.sources;
        self.flaws.collect(row.read(column, |code| {
            let found = sources.iter().find(|source| source.code == code).map(|source| source.id);
            found.ok_or_else(|| Reason::unknown(ReferenceKind::Source, code))
        }))
    }

    /// Returns the country with this code; `column` is where a flaw is reported.
    pub(super) fn country(&mut self, row: CsvRow<'_>, column: &str, iso2: &str) -> Option<CountryId> {
        let found =
            self.reference.countries.iter().find(|country| country.iso2 == iso2).map(|country| country.id);
        self.flaws
            .collect(found.ok_or_else(|| row.flaw(column, Reason::unknown(ReferenceKind::Country, iso2))))
    }

    /// Returns the country with the code in a column; `None` if the column is blank.
    pub(super) fn optional_country(&mut self, row: CsvRow<'_>, column: &str) -> Option<CountryId> {
        let iso2 = row.text(column);
        if iso2.is_empty() { None } else { self.country(row, column, iso2) }
    }

    /// Returns the locality with this slug; `column` is where a flaw is reported.
    pub(super) fn locality(&mut self, row: CsvRow<'_>, column: &str, slug: &str) -> Option<LocalityId> {
        let found = self
            .reference
            .localities
            .iter()
            .find(|locality| locality.slug == slug)
            .map(|locality| locality.id);
        self.flaws
            .collect(found.ok_or_else(|| row.flaw(column, Reason::unknown(ReferenceKind::Locality, slug))))
    }

    /// Returns the term of a vocabulary with this code; `column` is where a flaw is reported.
    pub(super) fn term(
        &mut self,
        row: CsvRow<'_>,
        column: &str,
        list: Vocabulary,
        code: &str,
    ) -> Option<TermId> {
        let mut terms = self.reference.terms.iter();
        let found = terms.find(|term| term.vocabulary == list && term.code == code).map(|term| term.id);
        self.flaws.collect(found.ok_or_else(|| row.flaw(column, Reason::unknown(ReferenceKind::Term, code))))
    }

    /// Returns the point from `lat` and `lon`; `None` if one of them is blank.
    pub(super) fn point(&mut self, row: CsvRow<'_>) -> Option<GeoPoint> {
        let latitude =
            self.flaws.value_or_default(row.read_optional("lat", |raw| degrees(raw, 90.0, Format::Latitude)));
        let longitude = self
            .flaws
            .value_or_default(row.read_optional("lon", |raw| degrees(raw, 180.0, Format::Longitude)));
        Some(GeoPoint { latitude: latitude?, longitude: longitude? })
    }
}

/// Assigns ids: the known id to a known row, the next free one to a new row.
pub(super) struct KeyAllocator<N, T> {
    known: HashMap<N, Id<T>>,
    next: Id<T>,
}

impl<N: Hash + Eq, T> KeyAllocator<N, T> {
    /// Returns an allocator with the ids and natural keys of these rows.
    pub(super) fn new<R>(rows: &[R], natural: impl Fn(&R) -> (N, Id<T>)) -> Self {
        let known: HashMap<N, Id<T>> = rows.iter().map(natural).collect();
        let next = next_id(known.values().copied());
        Self { known, next }
    }

    /// Returns the id for a natural key.
    pub(super) fn key(&mut self, natural: &N) -> Id<T> {
        self.known.get(natural).copied().unwrap_or_else(|| {
            let key = self.next;
            self.next = Id::new(key.number() + 1);
            key
        })
    }
}

/// Parses a code or another short word.
pub(super) fn short(raw: &str) -> Result<String, Reason> {
    parse_text(raw, LONGEST_WORD)
}

/// Parses a name or title.
pub(super) fn title(raw: &str) -> Result<String, Reason> {
    parse_text(raw, LONGEST_TITLE)
}

/// Parses a note or address.
pub(super) fn note(raw: &str) -> Result<String, Reason> {
    parse_text(raw, LONGEST_NOTE)
}

fn capitals(raw: &str, length: usize, format: Format) -> Result<String, Reason> {
    let is_code = raw.len() == length && raw.bytes().all(|b| b.is_ascii_uppercase());
    if is_code { Ok(raw.to_owned()) } else { Err(Reason::malformed(format, raw)) }
}

fn degrees(raw: &str, most: f64, format: Format) -> Result<f64, Reason> {
    let degrees = raw.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    degrees.ok_or_else(|| Reason::malformed(format, raw))
}

/// Parses `MM-DD`. The year added for the check is a leap year, so 29 February is valid.
fn month_day(raw: &str) -> Result<String, Reason> {
    let day = parse_day(&format!("2000-{raw}"));
    day.map(|_| raw.to_owned()).map_err(|_| Reason::malformed(Format::MonthDay, raw))
}
