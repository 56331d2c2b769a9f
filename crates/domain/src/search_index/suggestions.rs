//! Suggestions: the names that the words typed so far begin.

use super::covering_texts;
use super::matching::{self, LEVELS, Matches, STRICT_LEVELS, Work};
use super::names::{ItemClass, NameIndex, NamePlace, NamedItem};
use super::query::Query;
use crate::locale::Locale;
use crate::page::SortKey;
use crate::place::LocalityId;
use crate::search::SearchTerms;
use roaring::{MultiOps as _, RoaringBitmap};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// A type of named item that suggestions contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SuggestedKind {
    /// Administrative units, current and former.
    Unit,
    /// Countries.
    Country,
    /// Localities abroad.
    Locality,
    /// Terms of vocabularies.
    Term,
    /// Organizations.
    Organization,
    /// Instruments.
    Instrument,
}

/// A suggested name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What has the name.
    pub item: NamedItem,
    /// The name that matches best.
    pub name: String,
}

/// The most names of one rank that are ordered.
const MOST_ORDERED: usize = 10_000;

impl SuggestedKind {
    fn classes(self) -> &'static [ItemClass] {
        match self {
            Self::Unit => &[ItemClass::Unit, ItemClass::FormerUnit],
            Self::Country => &[ItemClass::Country],
            Self::Locality => &[ItemClass::Locality],
            Self::Term => &[ItemClass::Term],
            Self::Organization => &[ItemClass::Organization],
            Self::Instrument => &[ItemClass::Instrument],
        }
    }
}

impl NameIndex {
    /// Returns the names of these kinds that the words begin, at most `size`: the best first, by
    /// class and then in the order of the language among equals.
    #[must_use]
    pub fn suggest(
        &self,
        terms: &SearchTerms,
        kinds: &[SuggestedKind],
        locale: Locale,
        size: usize,
    ) -> Vec<Suggestion> {
        let classes = kinds.iter().flat_map(|kind| kind.classes());
        let allowed = classes.map(|class| self.of_class(*class)).union();
        let mut found = Vec::new();
        for set in self.ranked(terms, true, &allowed) {
            let mut equals: Vec<u32> = set.iter().take(MOST_ORDERED).collect();
            equals.sort_by_cached_key(|position| self.order_of(*position, locale));
            found.extend(equals.into_iter().take(size - found.len()));
            if found.len() == size {
                break;
            }
        }
        found.into_iter().filter_map(|position| self.suggestion(position, terms)).collect()
    }

    /// Returns the localities that match, with their sort keys, in the order of the keys: the best
    /// match first.
    #[must_use]
    pub fn search_localities(&self, terms: &SearchTerms) -> Vec<(SortKey, LocalityId)> {
        let mut found = Vec::new();
        for (rank, set) in (0_u8..).zip(self.ranked(terms, false, &self.of_class(ItemClass::Locality))) {
            let places = set.iter().filter_map(|position| self.segment.place(position));
            found.extend(places.filter_map(|place| Some((place.sort_key(rank), place.locality()?))));
        }
        found
    }

    /// Returns the sets of the names that match, the best rank first.
    fn ranked(
        &self,
        terms: &SearchTerms,
        is_suggestion: bool,
        allowed: &RoaringBitmap,
    ) -> Vec<RoaringBitmap> {
        let query = Query::new(terms, is_suggestion);
        if query.words.is_empty() {
            return Vec::new();
        }
        let work = Work::default();
        let matches = |with_slips| {
            let words = query.words.iter().map(|word| matching::name_matches(self, word, with_slips, &work));
            Matches::new(&self.segment, &query, words.collect(), allowed.clone())
        };
        let strict = matches(false);
        let rarest =
            (0..query.words.len()).min_by_key(|word| strict.words[*word].up_to(STRICT_LEVELS - 1).len());
        let (matches, levels) = if strict.all_words(STRICT_LEVELS - 1).is_empty() {
            (matches(true), LEVELS)
        } else {
            (strict, STRICT_LEVELS)
        };
        let of_rank = |rank| matches.of_rank(rank, rarest.unwrap_or(0), levels);
        matching::ranks(levels).into_iter().map(of_rank).collect()
    }

    fn suggestion(&self, position: u32, terms: &SearchTerms) -> Option<Suggestion> {
        let item = self.segment.place(position)?.item.clone();
        let names = self.shown.get(position as usize)?;
        let matching = covering_texts(terms, names.iter().map(AsRef::as_ref)).into_iter().next();
        let name = matching.or_else(|| names.first().map(AsRef::as_ref))?;
        Some(Suggestion { item, name: name.to_owned() })
    }
}

impl NamePlace {
    fn locality(&self) -> Option<LocalityId> {
        if let NamedItem::Locality(id) = self.item { Some(id) } else { None }
    }
}
