//! The index of names: units, localities, countries, terms and organizations, with the attribute that
//! entries have in common with each.

use super::document::{Attribute, NameHash, hash, name_hashes};
use super::kind_words;
use super::segment::{Segment, Terms};
use crate::collation;
use crate::directory::Directory;
use crate::directory::country_names::other_country_names;
use crate::entry::{CountryId, TermId, UnitId};
use crate::id::Log;
use crate::locale::{Bilingual, Locale};
use crate::page::SortKey;
use crate::place::LocalityId;
use crate::spelling::{canonical_words, joined_forms};
use serde::{Deserialize, Serialize};

/// A thing with names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NamedItem {
    /// An administrative unit that exists.
    Unit(UnitId),
    /// An administrative unit that has ended.
    FormerUnit(UnitId),
    /// A country.
    Country(CountryId),
    /// A locality abroad.
    Locality(LocalityId),
    /// A term of a vocabulary.
    Term(TermId),
    /// A published organization, by its log and number.
    Organization(Log, i32),
    /// A published instrument, by its log and number.
    Instrument(Log, i32),
    /// A kind of entry, tier or kind of instrument. Entries have it; it is no hit itself.
    Kind(Attribute),
}

/// The class of an item, by which equally good hits are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum ItemClass {
    Unit,
    FormerUnit,
    Country,
    Locality,
    Term,
    Organization,
    Instrument,
    Kind,
}

/// The place of an item among equally good hits: by class, then names of fewer words, then by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamePlace {
    pub(super) class: ItemClass,
    words: u8,
    collation: Box<[u8]>,
    pub(super) item: NamedItem,
}

/// The search index of the names in a directory.
#[derive(Debug)]
pub struct NameIndex {
    pub(super) segment: Segment<NamePlace>,
    /// For each position, the attributes that entries have in common with the item.
    pub(super) implied: Vec<Vec<Attribute>>,
    /// For each position, the names.
    pub(super) shown: Vec<Box<[Box<str>]>>,
    pub(super) countries: Vec<(CountryId, Vec<Attribute>)>,
    /// For each position, its place by class and name in English.
    english: Vec<u32>,
}

/// An item with its names and attributes.
struct Named {
    item: NamedItem,
    names: Vec<String>,
    /// The codes that it is found by too. A code may be the name of another thing: NGA.
    codes: Vec<String>,
    /// The attributes that filters select the item by.
    attributes: Vec<Attribute>,
    /// The attributes of the entries that concern it.
    implied: Vec<Attribute>,
}

impl Default for NameIndex {
    fn default() -> Self {
        Self::of(&Directory::default())
    }
}

impl NameIndex {
    /// Returns the index of all names in a directory.
    #[must_use]
    pub fn of(directory: &Directory) -> Self {
        let mut rows: Vec<(NamePlace, Named)> =
            named(directory).map(|named| (named.place(), named)).collect();
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let implied = rows.iter().map(|(_, named)| named.implied.clone()).collect();
        let shown = rows.iter().map(|(_, named)| named.shown().map(Into::into).collect());
        let shown = shown.collect();
        let english = english_order(&rows);
        let documents = rows.into_iter().map(|(place, named)| (place, named.into_terms())).collect();
        let countries =
            directory.countries().iter().map(|country| (country.id, of_country(directory, country.id)));
        Self { segment: Segment::new(documents), implied, shown, countries: countries.collect(), english }
    }
}

/// Returns for each row its index in the order of classes and English names.
fn english_order(rows: &[(NamePlace, Named)]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(rows.len()).collect();
    order.sort_by_cached_key(|row| {
        rows.get(*row as usize)
            .map(|(place, named)| (place.class, collation::key(named.english(), Locale::En)))
    });
    let mut places = vec![0; rows.len()];
    for (place, row) in (0..).zip(order) {
        places[row as usize] = place;
    }
    places
}

/// Returns the attributes of entries that concern a country: itself and its localities.
fn of_country(directory: &Directory, country: CountryId) -> Vec<Attribute> {
    let localities = directory.localities().iter().filter(|locality| locality.country == country);
    let localities = localities.map(|locality| Attribute::Locality(locality.id));
    [Attribute::Country(country)].into_iter().chain(localities).collect()
}

fn named(directory: &Directory) -> impl Iterator<Item = Named> {
    let units = directory.units().iter().map(|unit| {
        let is_living = unit.valid_to.is_none();
        let names = unit.designations.iter().flat_map(|designation| both(&designation.name));
        let province = directory.province_of(unit.id).map(|province| Attribute::Log(province.log));
        Named {
            item: if is_living { NamedItem::Unit(unit.id) } else { NamedItem::FormerUnit(unit.id) },
            names: names.collect(),
            codes: Vec::new(),
            attributes: province.into_iter().collect(),
            implied: vec![Attribute::Unit(unit.id)],
        }
    });
    let countries = directory.countries().iter().map(|country| Named {
        item: NamedItem::Country(country.id),
        names: both(&country.name)
            .chain(other_country_names(&country.iso2).iter().map(|name| (*name).to_owned()))
            .collect(),
        codes: vec![country.iso2.clone(), country.iso3.clone()],
        attributes: vec![Attribute::Country(country.id)],
        implied: of_country(directory, country.id),
    });
    let localities = directory.localities().iter().map(|locality| {
        let aliases = locality.aliases.iter().map(|alias| alias.name.clone());
        Named {
            item: NamedItem::Locality(locality.id),
            names: both(&locality.name).chain(locality.native_name.clone()).chain(aliases).collect(),
            codes: Vec::new(),
            attributes: vec![Attribute::Country(locality.country)],
            implied: vec![Attribute::Locality(locality.id)],
        }
    });
    units.chain(countries).chain(localities).chain(named_words(directory)).chain(named_entries(directory))
}

fn named_words(directory: &Directory) -> impl Iterator<Item = Named> {
    let terms = directory.all_terms().iter().map(|term| Named {
        item: NamedItem::Term(term.id),
        names: both(&term.name).collect(),
        codes: Vec::new(),
        attributes: Vec::new(),
        implied: vec![Attribute::Term(term.id)],
    });
    let kinds = kind_words::all().map(|(attribute, words)| Named {
        item: NamedItem::Kind(attribute.clone()),
        names: words.iter().map(|word| (*word).to_owned()).collect(),
        codes: Vec::new(),
        attributes: Vec::new(),
        implied: vec![attribute],
    });
    terms.chain(kinds)
}

fn named_entries(directory: &Directory) -> impl Iterator<Item = Named> {
    let organizations = directory.organizations().iter().map(|entry| Named {
        item: NamedItem::Organization(entry.meta.log, entry.meta.number),
        names: both(&entry.content.name).chain(entry.content.abbreviation.clone()).collect(),
        codes: Vec::new(),
        attributes: vec![Attribute::Log(entry.meta.log)],
        implied: vec![Attribute::Organization(entry.meta.code.clone())],
    });
    let instruments = directory.instruments().iter().map(|entry| Named {
        item: NamedItem::Instrument(entry.meta.log, entry.meta.number),
        names: both(&entry.content.title).chain(entry.content.number.clone()).collect(),
        codes: Vec::new(),
        attributes: vec![Attribute::Log(entry.meta.log)],
        implied: Vec::new(),
    });
    organizations.chain(instruments)
}

fn both(name: &Bilingual) -> impl Iterator<Item = String> {
    Locale::ALL.into_iter().map(|locale| name.in_locale(locale).to_owned())
}

impl NamedItem {
    pub(super) fn class(&self) -> ItemClass {
        match self {
            Self::Unit(_) => ItemClass::Unit,
            Self::FormerUnit(_) => ItemClass::FormerUnit,
            Self::Country(_) => ItemClass::Country,
            Self::Locality(_) => ItemClass::Locality,
            Self::Term(_) => ItemClass::Term,
            Self::Organization(..) => ItemClass::Organization,
            Self::Instrument(..) => ItemClass::Instrument,
            Self::Kind(_) => ItemClass::Kind,
        }
    }
}

impl NamePlace {
    /// Returns the sort key of a name of this rank.
    pub(super) fn sort_key(&self, rank: u8) -> SortKey {
        let id = match &self.item {
            NamedItem::Unit(id) | NamedItem::FormerUnit(id) => id.number(),
            NamedItem::Country(id) => id.number(),
            NamedItem::Locality(id) => id.number(),
            NamedItem::Term(id) => id.number(),
            NamedItem::Organization(_, number) | NamedItem::Instrument(_, number) => *number,
            NamedItem::Kind(_) => 0,
        };
        SortKey::default().number(rank).number(self.words).text(&self.collation).number(id)
    }
}

impl NameIndex {
    /// Returns the place of a position among equally good suggestions: by class, then by name in a
    /// language.
    pub(super) fn order_of(&self, position: u32, locale: Locale) -> Option<(ItemClass, &[u8], u32)> {
        let place = self.segment.place(position)?;
        Some(match locale {
            Locale::Vi => (place.class, &place.collation, 0),
            Locale::En => (place.class, &[], *self.english.get(position as usize)?),
        })
    }
}

impl Named {
    /// Returns the English name: the second of two.
    fn english(&self) -> &str {
        self.names.get(1).or(self.names.first()).map(String::as_str).unwrap_or_default()
    }

    fn place(&self) -> NamePlace {
        let name = self.names.first().map(String::as_str).unwrap_or_default();
        let words = u8::try_from(canonical_words(name).len()).unwrap_or(u8::MAX);
        let collation = collation::key(name, Locale::Vi).into();
        NamePlace { class: self.item.class(), words, collation, item: self.item.clone() }
    }

    /// Returns the names and codes.
    fn shown(&self) -> impl Iterator<Item = &str> {
        self.names.iter().chain(&self.codes).map(String::as_str)
    }

    fn into_terms(self) -> Terms {
        let mut terms = Terms { attributes: self.attributes, ..Terms::default() };
        for name in &self.names {
            let words = canonical_words(name);
            terms.hashes.extend(name_hashes(name));
            // Names are written joined too: "Danang".
            terms.name_words.extend(joined_forms(name));
            terms.name_words.extend(words);
        }
        for code in &self.codes {
            let forms = joined_forms(code);
            terms.hashes.extend(forms.iter().map(|form| hash(NameHash::Form(form))));
            terms.name_words.extend(forms);
        }
        terms.hashes.sort_unstable();
        terms.hashes.dedup();
        terms
    }
}
