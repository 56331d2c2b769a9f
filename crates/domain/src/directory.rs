//! The directory: all reference data in memory, so that names and links need no SQL query.

pub(crate) mod country_names;
mod name_index;
mod name_source;
mod public_bodies;
mod units;
mod words;

pub use name_source::NameSource;

use crate::collation;
use crate::entry::{CountryId, Entry, SourceId, TermId, UnitId};
use crate::id::{Id, Log};
use crate::instrument::Instrument;
use crate::locale::Locale;
use crate::occasion::{Occasion, OccasionId};
use crate::organization::Organization;
use crate::place::{Country, Locality, LocalityId};
use crate::reference::{Term, Vocabulary};
use crate::source::Source;
use crate::unit::{AdminUnit, Province, Succession};
use name_index::NameIndex;
use std::collections::HashMap;

/// The reference data as loaded from the store.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// The current provinces.
    pub provinces: Vec<Province>,
    /// All administrative units, current and former.
    pub units: Vec<AdminUnit>,
    /// The successions of units.
    pub successions: Vec<Succession>,
    /// States and territories.
    pub countries: Vec<Country>,
    /// Partner localities.
    pub localities: Vec<Locality>,
    /// All vocabularies.
    pub terms: Vec<Term>,
    /// The sources of facts.
    pub sources: Vec<Source>,
    /// The occasions that events commemorate.
    pub occasions: Vec<Occasion>,
    /// Published organizations.
    pub organizations: Vec<Entry<Organization>>,
    /// Published instruments.
    pub instruments: Vec<Entry<Instrument>>,
}

/// The reference data with its indexes.
#[derive(Debug, Default)]
pub struct Directory {
    reference: Reference,
    province_by_log: HashMap<Log, usize>,
    province_of_unit: HashMap<UnitId, usize>,
    unit_by_id: HashMap<UnitId, usize>,
    units_by_slug: HashMap<String, Vec<UnitId>>,
    country_by_id: HashMap<CountryId, usize>,
    country_by_iso2: HashMap<String, usize>,
    locality_by_id: HashMap<LocalityId, usize>,
    locality_by_slug: HashMap<String, usize>,
    term_by_id: HashMap<TermId, usize>,
    term_by_code: HashMap<(Vocabulary, String), usize>,
    source_by_id: HashMap<SourceId, usize>,
    source_by_code: HashMap<String, usize>,
    occasion_by_id: HashMap<OccasionId, usize>,
    occasion_by_code: HashMap<String, usize>,
    organization_by_code: HashMap<String, usize>,
    organization_by_number: HashMap<(Log, i32), usize>,
    instrument_by_number: HashMap<String, usize>,
    name_index: NameIndex,
}

fn by_key<T, K: std::hash::Hash + Eq>(items: &[T], key: impl Fn(&T) -> K) -> HashMap<K, usize> {
    items.iter().enumerate().map(|(index, item)| (key(item), index)).collect()
}

impl Directory {
    /// Sorts the reference data and builds its indexes.
    #[must_use]
    pub fn new(mut reference: Reference) -> Self {
        let order = |name: &str| collation::key(name, Locale::Vi);
        reference.countries.sort_by_cached_key(|country| order(country.name.in_locale(Locale::Vi)));
        reference.provinces.sort_by_key(|province| province.log);
        let mut directory = Self { reference, ..Self::default() };
        directory.index_places();
        directory.index_words();
        directory.name_index = NameIndex::of(&directory.reference);
        directory
    }

    fn index_places(&mut self) {
        let Reference { provinces, units, countries, localities, .. } = &self.reference;
        self.province_by_log = by_key(provinces, |province| province.log);
        self.unit_by_id = by_key(units, |unit| unit.id);
        for unit in units {
            self.units_by_slug.entry(unit.slug.clone()).or_default().push(unit.id);
        }
        self.country_by_id = by_key(countries, |country| country.id);
        self.country_by_iso2 = by_key(countries, |country| country.iso2.clone());
        self.locality_by_id = by_key(localities, |locality| locality.id);
        self.locality_by_slug = by_key(localities, |locality| locality.slug.clone());
        let living: HashMap<UnitId, usize> = by_key(provinces, |province| province.unit);
        self.province_of_unit = units
            .iter()
            .filter_map(|unit| Some((unit.id, *living.get(&self.unit_on(unit.id, None))?)))
            .collect();
    }

    fn index_words(&mut self) {
        let Reference { terms, sources, occasions, organizations, instruments, .. } = &self.reference;
        self.term_by_id = by_key(terms, |term| term.id);
        self.term_by_code = by_key(terms, |term| (term.vocabulary, term.code.clone()));
        self.source_by_id = by_key(sources, |source| source.id);
        self.source_by_code = by_key(sources, |source| source.code.clone());
        self.occasion_by_id = by_key(occasions, |occasion| occasion.id);
        self.occasion_by_code = by_key(occasions, |occasion| occasion.code.clone());
        self.organization_by_code = by_key(organizations, |entry| entry.meta.code.clone());
        self.organization_by_number = by_key(organizations, |entry| (entry.meta.log, entry.meta.number));
        self.instrument_by_number = instruments
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| Some((entry.content.number.clone()?, index)))
            .collect();
    }

    /// Returns the current provinces, by their log number.
    #[must_use]
    pub fn provinces(&self) -> &[Province] {
        &self.reference.provinces
    }

    /// Returns all units, current and former.
    #[must_use]
    pub fn units(&self) -> &[AdminUnit] {
        &self.reference.units
    }

    /// Returns the successions of units.
    #[must_use]
    pub fn successions(&self) -> &[Succession] {
        &self.reference.successions
    }

    /// Returns countries and territories, by their Vietnamese names.
    #[must_use]
    pub fn countries(&self) -> &[Country] {
        &self.reference.countries
    }

    /// Returns all partner localities.
    #[must_use]
    pub fn localities(&self) -> &[Locality] {
        &self.reference.localities
    }

    /// Returns all occasions.
    #[must_use]
    pub fn occasions(&self) -> &[Occasion] {
        &self.reference.occasions
    }

    /// Returns all published organizations.
    #[must_use]
    pub fn organizations(&self) -> &[Entry<Organization>] {
        &self.reference.organizations
    }

    /// Returns all published instruments.
    #[must_use]
    pub fn instruments(&self) -> &[Entry<Instrument>] {
        &self.reference.instruments
    }

    /// Returns the terms of all vocabularies.
    #[must_use]
    pub fn all_terms(&self) -> &[Term] {
        &self.reference.terms
    }

    /// Returns the terms of a vocabulary, in the order of the list.
    pub fn terms(&self, vocabulary: Vocabulary) -> impl Iterator<Item = &Term> {
        self.reference.terms.iter().filter(move |term| term.vocabulary == vocabulary)
    }

    /// Returns the province that owns this log; None for the ministry.
    #[must_use]
    pub fn province(&self, log: Log) -> Option<&Province> {
        self.province_by_log.get(&log).map(|index| &self.reference.provinces[*index])
    }

    /// Returns the current province whose unit has this slug.
    #[must_use]
    pub fn province_by_slug(&self, slug: &str) -> Option<&Province> {
        self.provinces()
            .iter()
            .find(|province| self.unit(province.unit).is_some_and(|unit| unit.slug == slug))
    }

    /// Returns the country with this key.
    #[must_use]
    pub fn country(&self, id: CountryId) -> Option<&Country> {
        self.country_by_id.get(&id).map(|index| &self.reference.countries[*index])
    }

    /// Returns the country with this ISO 3166-1 alpha-2 code.
    #[must_use]
    pub fn country_by_iso2(&self, iso2: &str) -> Option<&Country> {
        self.country_by_iso2.get(iso2).map(|index| &self.reference.countries[*index])
    }

    /// Returns the locality with this key.
    #[must_use]
    pub fn locality(&self, id: LocalityId) -> Option<&Locality> {
        self.locality_by_id.get(&id).map(|index| &self.reference.localities[*index])
    }

    /// Returns the locality with this slug.
    #[must_use]
    pub fn locality_by_slug(&self, slug: &str) -> Option<&Locality> {
        self.locality_by_slug.get(slug).map(|index| &self.reference.localities[*index])
    }

    /// Returns the term with this key.
    #[must_use]
    pub fn term(&self, id: TermId) -> Option<&Term> {
        self.term_by_id.get(&id).map(|index| &self.reference.terms[*index])
    }

    /// Returns the term with this code.
    #[must_use]
    pub fn term_by_code(&self, vocabulary: Vocabulary, code: &str) -> Option<&Term> {
        self.term_by_code.get(&(vocabulary, code.to_owned())).map(|index| &self.reference.terms[*index])
    }

    /// Returns all sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.reference.sources
    }

    /// Returns the source with this key.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.source_by_id.get(&id).map(|index| &self.reference.sources[*index])
    }

    /// Returns the source with this code.
    #[must_use]
    pub fn source_by_code(&self, code: &str) -> Option<&Source> {
        self.source_by_code.get(code).map(|index| &self.reference.sources[*index])
    }

    /// Returns the occasion with this key.
    #[must_use]
    pub fn occasion(&self, id: OccasionId) -> Option<&Occasion> {
        self.occasion_by_id.get(&id).map(|index| &self.reference.occasions[*index])
    }

    /// Returns the occasion with this code.
    #[must_use]
    pub fn occasion_by_code(&self, code: &str) -> Option<&Occasion> {
        self.occasion_by_code.get(code).map(|index| &self.reference.occasions[*index])
    }

    /// Returns the published organization with this code.
    #[must_use]
    pub fn organization_by_code(&self, code: &str) -> Option<&Entry<Organization>> {
        self.organization_by_code.get(code).map(|index| &self.reference.organizations[*index])
    }

    /// Returns the published organization with this number in a log.
    #[must_use]
    pub fn organization(&self, log: Log, number: i32) -> Option<&Entry<Organization>> {
        self.organization_by_number.get(&(log, number)).map(|index| &self.reference.organizations[*index])
    }

    /// Returns the published instrument with this printed number.
    #[must_use]
    pub fn instrument_by_number(&self, number: &str) -> Option<&Entry<Instrument>> {
        self.instrument_by_number.get(number).map(|index| &self.reference.instruments[*index])
    }
}

/// Returns the number after the largest of these keys, for a new row.
#[must_use]
pub fn next_id<T>(ids: impl Iterator<Item = Id<T>>) -> Id<T> {
    Id::new(ids.map(Id::number).max().unwrap_or(0) + 1)
}
