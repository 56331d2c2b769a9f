//! The search index: names and texts in memory, and the rank of hits.
//!
//! Every word of a query must match a word of an item: as a whole word, as its beginning, or with
//! one slip. [`crate::spelling`] unites the spellings of a word; [`segment`] holds the sets of
//! documents.

mod attribute_names;
mod document;
mod entry_index;
mod index;
mod kind_words;
mod matched;
mod matching;
mod names;
mod query;
mod segment;
mod suggestions;
mod texts;
mod walk;

pub use attribute_names::entry_texts;
pub use document::{Attribute, DOCUMENT_FORMAT, EntryPlace, SearchDocument};
pub use entry_index::EntryIndex;
pub use index::{FoundItem, HitKey, HitPage, HitWindow, SearchIndex};
pub use matched::{covering_texts, matched_texts};
pub use names::{NameIndex, NamePlace, NamedItem};
pub use suggestions::{SuggestedKind, Suggestion};

use crate::date::Day;
use crate::entry::{Content, CountryId, EntryKind, UnitId};
use crate::id::Log;
use names::ItemClass;
use serde::{Deserialize, Serialize};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// The part of an item that a text is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchField {
    /// The printable code.
    Code,
    /// A name or title.
    Name,
    /// The number of a document.
    Number,
    /// A person with a post.
    Person,
    /// The printed name of an organization that takes part.
    Organization,
    /// The place of an event.
    Place,
    /// A unit of Vietnam.
    Unit,
    /// A locality abroad.
    Locality,
    /// A country.
    Country,
    /// A field of cooperation, form or kind.
    Term,
    /// A summary, series, post, quote or other text.
    Text,
}

impl SearchField {
    /// Returns whether the item is known by the text.
    fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::Number | Self::Person)
    }
}

/// A text that an item is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchText<'a> {
    /// The part that it is of.
    pub field: SearchField,
    /// The text.
    pub text: &'a str,
}

/// Content that search finds.
pub trait Searchable: Content {
    /// Returns the date by which hits are ordered.
    fn searched_date(&self) -> Option<Day>;

    /// Returns the texts of the entry itself, with the part that each is of.
    fn own_texts(&self) -> Vec<SearchText<'_>>;

    /// Returns the attributes in addition to those of [`Common`](crate::entry::Common).
    fn own_attributes(&self) -> Vec<Attribute>;
}

/// The place of a hit among those of its rank: names before entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HitPlace {
    /// A unit, country, locality or term.
    Name(NamePlace),
    /// An entry.
    Entry(EntryPlace),
}

/// A type of item that a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchType {
    /// Administrative units, current and former.
    Unit,
    /// Countries.
    Country,
    /// Localities abroad.
    Locality,
    /// Terms of vocabularies.
    Term,
    /// Relations with localities abroad.
    Relation,
    /// Agreements.
    Agreement,
    /// Events.
    Event,
    /// Organizations.
    Organization,
    /// Programmes.
    Programme,
    /// Figures that sources report.
    Figure,
    /// Policy and legal documents.
    Instrument,
}

impl SearchType {
    /// Returns the kind of entry; None for types of names.
    fn kind(self) -> Option<EntryKind> {
        match self {
            Self::Unit | Self::Country | Self::Locality | Self::Term => None,
            Self::Relation => Some(EntryKind::Relation),
            Self::Agreement => Some(EntryKind::Agreement),
            Self::Event => Some(EntryKind::Event),
            Self::Organization => Some(EntryKind::Organization),
            Self::Programme => Some(EntryKind::Programme),
            Self::Figure => Some(EntryKind::Figure),
            Self::Instrument => Some(EntryKind::Instrument),
        }
    }
}

/// A province, and the units that belong to it today.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchedProvince {
    /// Its log.
    pub log: Log,
    /// Its units, former ones included.
    pub units: Vec<UnitId>,
}

/// The conditions that hits meet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SearchFilter {
    /// The types; None for all.
    pub types: Option<Vec<SearchType>>,
    /// The province that an entry or unit belongs to.
    pub province: Option<SearchedProvince>,
    /// The country that an entry or locality concerns.
    pub country: Option<CountryId>,
}

impl SearchFilter {
    /// Returns the kinds of entries, if only some are searched.
    fn kinds(&self) -> Option<impl Iterator<Item = EntryKind>> {
        self.types.as_ref().map(|types| types.iter().filter_map(|searched| searched.kind()))
    }

    /// Returns the classes of names that are searched.
    fn name_classes(&self) -> Vec<ItemClass> {
        let classes = [
            (SearchType::Unit, ItemClass::Unit),
            (SearchType::Unit, ItemClass::FormerUnit),
            (SearchType::Country, ItemClass::Country),
            (SearchType::Locality, ItemClass::Locality),
            (SearchType::Term, ItemClass::Term),
        ];
        let is_searched = |searched| self.types.as_ref().is_none_or(|types| types.contains(&searched));
        classes.into_iter().filter(|(searched, _)| is_searched(*searched)).map(|(_, class)| class).collect()
    }
}

#[cfg(test)]
mod tests;
