//! The texts that an entry is found by: its own and the names of its attributes.

use super::{Attribute, NamedItem, SearchField, SearchText, Searchable, kind_words};
use crate::directory::Directory;
use crate::entry::{CountryId, Entry};
use crate::locale::Bilingual;
use crate::place::Locality;

/// Returns all texts that an entry is found by: its codes, its own texts, and the names of its
/// attributes.
#[must_use]
pub fn entry_texts<'a, C: Searchable>(entry: &'a Entry<C>, directory: &'a Directory) -> Vec<SearchText<'a>> {
    let common = entry.content.common();
    let text = |field| move |text| SearchText { field, text };
    let mut texts: Vec<_> = entry.codes_with_merged().map(text(SearchField::Code)).collect();
    texts.extend(entry.content.own_texts());
    texts.extend(common.summary.texts().map(text(SearchField::Text)));
    let units = common.origin_unit.iter().chain(&common.shared_with).copied().map(Attribute::Unit);
    let fields = common.fields.iter().copied().map(Attribute::Term);
    let attributes = entry.content.own_attributes().into_iter().chain(units).chain(fields);
    for attribute in attributes.chain([Attribute::Kind(C::KIND)]) {
        texts.extend(names(&attribute, directory));
    }
    texts
}

/// Returns the names of an attribute; of a locality also those of its country.
fn names<'a>(attribute: &Attribute, directory: &'a Directory) -> Vec<SearchText<'a>> {
    let both = |field, name: &'a Bilingual| name.texts().map(move |text| SearchText { field, text });
    match attribute {
        Attribute::Unit(id) => {
            let designations = directory.unit(*id).into_iter().flat_map(|unit| &unit.designations);
            designations.flat_map(|designation| both(SearchField::Unit, &designation.name)).collect()
        }
        Attribute::Country(id) => country_names(*id, directory),
        Attribute::Locality(id) => {
            let of_locality = |locality: &'a Locality| {
                let aliases = locality.aliases.iter().map(|alias| alias.name.as_str());
                let others = locality.native_name.as_deref().into_iter().chain(aliases);
                let others = others.map(|text| SearchText { field: SearchField::Locality, text });
                let names = both(SearchField::Locality, &locality.name).chain(others);
                names.chain(country_names(locality.country, directory)).collect()
            };
            directory.locality(*id).map(of_locality).unwrap_or_default()
        }
        Attribute::Term(id) => {
            directory.term(*id).into_iter().flat_map(|term| both(SearchField::Term, &term.name)).collect()
        }
        Attribute::Organization(code) => {
            let entry = directory.organization_by_code(code);
            entry.into_iter().flat_map(|entry| both(SearchField::Organization, &entry.content.name)).collect()
        }
        Attribute::Kind(_) | Attribute::Tier(_) | Attribute::Instrument(_) => {
            let words = kind_words::of(attribute);
            words.iter().map(|text| SearchText { field: SearchField::Term, text }).collect()
        }
        Attribute::Log(_) => Vec::new(),
    }
}

impl NamedItem {
    /// Returns the names in a directory.
    #[must_use]
    pub fn texts<'a>(&self, directory: &'a Directory) -> Vec<SearchText<'a>> {
        match self {
            Self::Unit(id) | Self::FormerUnit(id) => names(&Attribute::Unit(*id), directory),
            Self::Country(id) => country_names(*id, directory),
            Self::Locality(id) => {
                let mut texts = names(&Attribute::Locality(*id), directory);
                texts.retain(|text| text.field == SearchField::Locality);
                texts
            }
            Self::Term(id) => names(&Attribute::Term(*id), directory),
            Self::Organization(..) | Self::Instrument(..) | Self::Kind(_) => Vec::new(),
        }
    }
}

fn country_names(id: CountryId, directory: &Directory) -> Vec<SearchText<'_>> {
    let country = directory.country(id);
    let names = country.into_iter().flat_map(|country| country.name.texts());
    names.map(|text| SearchText { field: SearchField::Country, text }).collect()
}
