//! The directory: all reference data in memory, so that names and links need no SQL query.

mod name_source;
mod words;

pub use name_source::NameSource;

use crate::collation;
use crate::date::Day;
use crate::entry::{CountryId, Entry, SourceId, TermId, UnitId};
use crate::id::{Id, Log};
use crate::instrument::Instrument;
use crate::locale::Locale;
use crate::occasion::{Occasion, OccasionId};
use crate::organization::Organization;
use crate::place::{Country, Locality, LocalityId};
use crate::reference::{Source, Term, Vocabulary};
use crate::search::Name;
use crate::unit::{AdminUnit, Province, Succession};
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
    names: SearchNames,
}

/// Normalized names for searches, in the order of the lists of [`Reference`].
#[derive(Debug, Default)]
struct SearchNames {
    units: Vec<Vec<Name>>,
    localities: Vec<Vec<Name>>,
    organizations: Vec<Vec<Name>>,
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
        directory.names = SearchNames {
            units: directory.units().iter().map(unit_names).collect(),
            localities: directory.localities().iter().map(locality_names).collect(),
            organizations: directory
                .organizations()
                .iter()
                .map(|entry| organization_names(&entry.content))
                .collect(),
        };
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

    /// Returns the current province that a unit belongs to, through its successions.
    #[must_use]
    pub fn province_of(&self, unit: UnitId) -> Option<&Province> {
        self.province_of_unit.get(&unit).map(|index| &self.reference.provinces[*index])
    }

    /// Returns the unit with this key.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&AdminUnit> {
        self.unit_by_id.get(&id).map(|index| &self.reference.units[*index])
    }

    /// Returns every unit that has or had this slug.
    #[must_use]
    pub fn units_by_slug(&self, slug: &str) -> &[UnitId] {
        self.units_by_slug.get(slug).map_or(&[], Vec::as_slice)
    }

    /// Returns the unit with this slug on a day, else the first unit that had it.
    #[must_use]
    pub fn unit_by_slug_on(&self, slug: &str, day: Day) -> Option<&AdminUnit> {
        let units = || self.units_by_slug(slug).iter().filter_map(|id| self.unit(*id));
        units().find(|unit| unit.is_valid_on(day)).or_else(|| units().next())
    }

    /// Returns the unit with this code on a day.
    #[must_use]
    pub fn unit_by_code_on(&self, code: &str, day: Day) -> Option<&AdminUnit> {
        self.units().iter().find(|unit| {
            unit.is_valid_on(day) && unit.designation(day).is_some_and(|designation| designation.code == code)
        })
    }

    /// Returns the direct successors of a unit.
    pub fn successors(&self, unit: UnitId) -> impl Iterator<Item = &AdminUnit> {
        self.successions()
            .iter()
            .filter(move |succession| succession.predecessor == unit)
            .filter_map(|succession| self.unit(succession.successor))
    }

    /// Returns the direct predecessors of a unit.
    pub fn predecessors(&self, unit: UnitId) -> impl Iterator<Item = &AdminUnit> {
        self.successions()
            .iter()
            .filter(move |succession| succession.successor == unit)
            .filter_map(|succession| self.unit(succession.predecessor))
    }

    /// Returns the unit that this one has become by a day, through its successions; without a
    /// day, the current one. Returns the unit itself before its beginning.
    ///
    /// Invariant: the successions have no cycle, so the loop ends.
    #[must_use]
    pub fn unit_on(&self, unit: UnitId, day: Option<Day>) -> UnitId {
        let mut at = unit;
        for _ in 0..self.units().len() {
            let ended = self.unit(at).and_then(|unit| unit.valid_to);
            let has_ended = ended.is_some_and(|last| day.is_none_or(|day| last < day));
            match self.successions().iter().find(|succession| succession.predecessor == at) {
                Some(succession) if has_ended => at = succession.successor,
                _ => return at,
            }
        }
        at
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

    /// Returns each unit with all names that it has or had, for searches.
    pub fn named_units(&self) -> impl Iterator<Item = (&AdminUnit, &[Name])> {
        self.units().iter().zip(self.names.units.iter().map(Vec::as_slice))
    }

    /// Returns each locality with all its names and aliases, for searches.
    pub fn named_localities(&self) -> impl Iterator<Item = (&Locality, &[Name])> {
        self.localities().iter().zip(self.names.localities.iter().map(Vec::as_slice))
    }

    /// Returns each organization with its names and abbreviation, for searches.
    pub fn named_organizations(&self) -> impl Iterator<Item = (&Entry<Organization>, &[Name])> {
        self.organizations().iter().zip(self.names.organizations.iter().map(Vec::as_slice))
    }
}

fn distinct_names<'a>(shown: impl Iterator<Item = &'a str>) -> Vec<Name> {
    let mut seen: Vec<&str> = Vec::new();
    for name in shown.filter(|name| !name.is_empty()) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.into_iter().map(Name::new).collect()
}

fn unit_names(unit: &AdminUnit) -> Vec<Name> {
    distinct_names(
        unit.designations
            .iter()
            .flat_map(|designation| Locale::ALL.into_iter().map(|locale| designation.name.in_locale(locale))),
    )
}

fn locality_names(locality: &Locality) -> Vec<Name> {
    distinct_names(
        Locale::ALL
            .into_iter()
            .map(|locale| locality.name.in_locale(locale))
            .chain(locality.native_name.as_deref())
            .chain(locality.aliases.iter().map(|alias| alias.name.as_str())),
    )
}

fn organization_names(organization: &Organization) -> Vec<Name> {
    distinct_names(
        Locale::ALL
            .into_iter()
            .map(|locale| organization.name.in_locale(locale))
            .chain(organization.abbreviation.as_deref()),
    )
}

/// Returns the number after the largest of these keys, for a new row.
#[must_use]
pub fn next_id<T>(ids: impl Iterator<Item = Id<T>>) -> Id<T> {
    Id::new(ids.map(Id::number).max().unwrap_or(0) + 1)
}
