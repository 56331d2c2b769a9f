//! The search index of one scope, and the pages that it answers.

use super::document::Attribute;
use super::entry_index::EntryIndex;
use super::matching::{self, LEVELS, Matches, STRICT_LEVELS, WordMatches, Work};
use super::names::{ItemClass, NameIndex, NamePlace, NamedItem};
use super::query::Query;
use super::walk::Walk;
use super::{HitPlace, SearchFilter};
use crate::entry::EntryKey;
use crate::search::SearchTerms;
use roaring::{MultiOps as _, RoaringBitmap};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// With fewer hits than this without slips, none of which the query names whole, hits with slips
/// follow them.
const ENOUGH_WITHOUT_SLIPS: u64 = 5;

/// The names of a directory and the entries that one scope sees.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    /// Units, countries, localities, terms, organizations.
    pub names: Arc<NameIndex>,
    /// Entries.
    pub entries: EntryIndex,
}

/// The key of a hit: pages continue after it although rows are written meanwhile. It contains the
/// rules of the page before it, so that later rows do not change the ranks of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitKey {
    pub(super) rules: Rules,
    pub(super) rank: u8,
    pub(super) place: HitPlace,
}

/// Which hits a page has.
#[derive(Debug, Clone, Copy)]
pub struct HitWindow<'a> {
    /// The number of hits.
    pub size: usize,
    /// Whether the page has the last hits before the cursor, not the first ones after it.
    pub backwards: bool,
    /// The hit where the page ends or begins. None: the end or the beginning of the list.
    pub cursor: Option<&'a HitKey>,
}

impl<'a> HitWindow<'a> {
    /// Returns the window of the first hits after a hit, or of the list.
    #[must_use]
    pub fn after(cursor: Option<&'a HitKey>, size: usize) -> Self {
        Self { size, backwards: false, cursor }
    }
}

/// Which words count, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rules {
    tolerance: Tolerance,
    /// The index of the rarest word, which decides the rank first.
    pub(super) rarest: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Tolerance {
    /// Every word matches without a slip.
    Strict,
    /// Slips match too, after all others.
    Slips,
    /// Words that nothing matches are left out as well.
    UnknownWords,
}

/// An item that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundItem {
    /// A unit, country, locality or term.
    Name(NamedItem),
    /// An entry.
    Entry(EntryKey),
}

/// One page of hits, the best first.
#[derive(Debug, Clone, Default)]
pub struct HitPage {
    /// The hits with their keys.
    pub hits: Vec<(FoundItem, HitKey)>,
    /// The number of all hits; a lower bound if `is_exact` is false.
    pub total: u64,
    /// Whether all hits were counted.
    pub is_exact: bool,
    /// Whether hits precede the page.
    pub has_previous: bool,
    /// Whether hits follow the page.
    pub has_next: bool,
    /// The lists of positions and the positions that were read.
    pub visited: u64,
}

/// The matches of all segments: those of the names first.
pub(super) struct Evaluation {
    names: Matches,
    entries: Vec<Matches>,
}

impl Evaluation {
    pub(super) fn parts(&self) -> impl Iterator<Item = &Matches> {
        [&self.names].into_iter().chain(&self.entries)
    }

    pub(super) fn total(&self, levels: usize) -> u64 {
        self.parts().map(|part| part.all_words(levels - 1).len()).sum()
    }

    /// Returns whether the query is the code or the name of a hit, and so is not misspelt.
    fn has_name(&self) -> bool {
        self.parts().any(Matches::has_whole)
    }

    fn frequency(&self, word: usize, levels: usize) -> u64 {
        let sets = self.parts().filter_map(|part| part.words.get(word));
        sets.map(|matches| matches.up_to(levels - 1).len()).sum()
    }
}

impl SearchIndex {
    /// Returns a page of hits.
    #[must_use]
    pub fn search(&self, terms: &SearchTerms, filter: &SearchFilter, window: HitWindow<'_>) -> HitPage {
        let work = Work::default();
        let mut query = Query::new(terms, false);
        if query.words.is_empty() {
            return HitPage { is_exact: true, ..HitPage::default() };
        }
        let tolerance = window.cursor.map(|cursor| cursor.rules.tolerance);
        let mut evaluation =
            self.evaluate(&query, filter, tolerance.is_some_and(|of| of > Tolerance::Strict), &work);
        let tolerance = tolerance.unwrap_or_else(|| {
            if evaluation.has_name() || evaluation.total(STRICT_LEVELS) >= ENOUGH_WITHOUT_SLIPS {
                return Tolerance::Strict;
            }
            evaluation = self.evaluate(&query, filter, true, &work);
            if evaluation.total(LEVELS) > 0 { Tolerance::Slips } else { Tolerance::UnknownWords }
        });
        if tolerance == Tolerance::UnknownWords {
            let known: Vec<bool> =
                (0..query.words.len()).map(|word| evaluation.frequency(word, LEVELS) > 0).collect();
            let mut known = known.into_iter();
            query.words.retain(|_| known.next().unwrap_or_default());
            evaluation = self.evaluate(&query, filter, true, &work);
        }
        if query.words.iter().all(|word| word.is_optional) {
            return HitPage { is_exact: true, visited: work.visited(), ..HitPage::default() };
        }
        let levels = if tolerance == Tolerance::Strict { STRICT_LEVELS } else { LEVELS };
        let required = (0..query.words.len()).filter(|word| !query.words[*word].is_optional);
        let rarest = window.cursor.map_or_else(
            || required.min_by_key(|word| evaluation.frequency(*word, levels)).unwrap_or(0),
            |cursor| usize::from(cursor.rules.rarest),
        );
        let rules = Rules { tolerance, rarest: u8::try_from(rarest).unwrap_or(u8::MAX) };
        let walk = Walk { index: self, evaluation: &evaluation, rules, levels, work: &work };
        if window.backwards { walk.page_before(window) } else { walk.page_after(window) }
    }

    fn evaluate(&self, query: &Query, filter: &SearchFilter, with_slips: bool, work: &Work) -> Evaluation {
        let names =
            query.words.iter().map(|word| matching::name_matches(&self.names, word, with_slips, work));
        let names = Matches::new(&self.names.segment, query, names.collect(), self.allowed_names(filter));
        let attributes: Vec<_> = query
            .words
            .iter()
            .map(|word| matching::attributes(&self.names, word, with_slips, work))
            .collect();
        let entries = self.entries.segments.iter().map(|part| {
            let segment = &*part.segment;
            let words = query
                .words
                .iter()
                .zip(&attributes)
                .map(|(word, found)| matching::entry_matches(segment, word, found, with_slips, work));
            let words: Vec<WordMatches> = words.collect();
            let mut allowed = segment.all() - &part.hidden;
            for admitted in self.filter_attributes(filter) {
                allowed &= admitted.iter().filter_map(|attribute| segment.attribute(attribute)).union();
            }
            Matches::new(segment, query, words, allowed)
        });
        Evaluation { names, entries: entries.collect() }
    }

    /// Returns the sets of attributes of which a filter demands one each.
    fn filter_attributes(&self, filter: &SearchFilter) -> Vec<Vec<Attribute>> {
        let kinds = filter.kinds().map(|kinds| kinds.map(Attribute::Kind).collect());
        let province = filter.province.as_ref().map(|province| {
            let units = province.units.iter().copied().map(Attribute::Unit);
            [Attribute::Log(province.log)].into_iter().chain(units).collect()
        });
        let country = filter.country.map(|country| {
            let known = self.names.countries.iter().find(|(id, _)| *id == country);
            known.map(|(_, attributes)| attributes.clone()).unwrap_or_default()
        });
        [kinds, province, country].into_iter().flatten().collect()
    }

    fn allowed_names(&self, filter: &SearchFilter) -> RoaringBitmap {
        let segment = &self.names.segment;
        let mut allowed: RoaringBitmap =
            filter.name_classes().into_iter().map(|class| self.names.of_class(class)).union();
        if let Some(province) = &filter.province {
            allowed &= segment.attribute(&Attribute::Log(province.log)).cloned().unwrap_or_default();
        }
        if let Some(country) = filter.country {
            allowed &= segment.attribute(&Attribute::Country(country)).cloned().unwrap_or_default();
        }
        allowed
    }
}

impl HitPlace {
    pub(super) fn item(&self) -> FoundItem {
        match self {
            Self::Name(NamePlace { item, .. }) => FoundItem::Name(item.clone()),
            Self::Entry(place) => FoundItem::Entry(place.key()),
        }
    }
}

impl HitKey {
    /// Returns the bytes for a cursor.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Returns the key in the bytes of a cursor; None where they have another format.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

impl NameIndex {
    /// Returns the positions of a class.
    pub(super) fn of_class(&self, class: ItemClass) -> RoaringBitmap {
        let count = u32::try_from(self.segment.len()).unwrap_or(u32::MAX);
        let class_at = |position: u32| self.segment.place(position).map(|place| place.class);
        // Positions ascend by class, so that a class is one range.
        let start = partition(count, |position| class_at(position) < Some(class));
        let end = partition(count, |position| class_at(position) <= Some(class));
        let mut found = RoaringBitmap::new();
        found.insert_range(start..end);
        found
    }
}

/// Returns the first of `count` positions for which a condition, true up to it, is false.
fn partition(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut start, mut end) = (0, count);
    while start < end {
        let middle = start + (end - start) / 2;
        if holds(middle) { start = middle + 1 } else { end = middle }
    }
    start
}
