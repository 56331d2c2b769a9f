//! The search index of one scope, and the pages that it answers.

use super::document::{Attribute, EntryPlace};
use super::entry_index::EntryIndex;
use super::matching::{self, LEVELS, Matches, Rank, STRICT_LEVELS, WordMatches, Work};
use super::names::{ItemClass, NameIndex, NamePlace, NamedItem};
use super::query::Query;
use super::{HitPlace, SearchFilter};
use crate::entry::EntryKey;
use crate::search::SearchTerms;
use roaring::{MultiOps as _, RoaringBitmap};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// With fewer hits than this without slips, hits with slips follow them.
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
    rules: Rules,
    rank: u8,
    place: HitPlace,
}

/// Which words count, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Rules {
    tolerance: Tolerance,
    /// The index of the rarest word, which decides the rank first.
    rarest: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Tolerance {
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
struct Evaluation {
    names: Matches,
    entries: Vec<Matches>,
}

impl Evaluation {
    fn parts(&self) -> impl Iterator<Item = &Matches> {
        [&self.names].into_iter().chain(&self.entries)
    }

    fn total(&self, levels: usize) -> u64 {
        self.parts().map(|part| part.all_words(levels - 1).len()).sum()
    }

    fn frequency(&self, word: usize, levels: usize) -> u64 {
        let sets = self.parts().filter_map(|part| part.words.get(word));
        sets.map(|matches| matches.up_to(levels - 1).len()).sum()
    }
}

impl SearchIndex {
    /// Returns the page of at most `size` hits after a hit, or the first one.
    #[must_use]
    pub fn search(
        &self,
        terms: &SearchTerms,
        filter: &SearchFilter,
        after: Option<&HitKey>,
        size: usize,
    ) -> HitPage {
        let work = Work::default();
        let mut query = Query::new(terms, false);
        if query.words.is_empty() {
            return HitPage { is_exact: true, ..HitPage::default() };
        }
        let tolerance = after.map(|after| after.rules.tolerance);
        let mut evaluation =
            self.evaluate(&query, filter, tolerance.is_some_and(|of| of > Tolerance::Strict), &work);
        let tolerance = tolerance.unwrap_or_else(|| {
            if evaluation.total(STRICT_LEVELS) >= ENOUGH_WITHOUT_SLIPS {
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
        let rarest = after.map_or_else(
            || required.min_by_key(|word| evaluation.frequency(*word, levels)).unwrap_or(0),
            |after| usize::from(after.rules.rarest),
        );
        let rules = Rules { tolerance, rarest: u8::try_from(rarest).unwrap_or(u8::MAX) };
        let walk = Walk { index: self, evaluation: &evaluation, rules, levels, work: &work };
        walk.page(after, size)
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

/// Takes a page from the matches, rank by rank.
struct Walk<'a> {
    index: &'a SearchIndex,
    evaluation: &'a Evaluation,
    rules: Rules,
    levels: usize,
    work: &'a Work,
}

impl Walk<'_> {
    fn page(&self, after: Option<&HitKey>, size: usize) -> HitPage {
        let (mut hits, mut preceding) = (Vec::new(), 0);
        for (number, rank) in (0_u8..).zip(matching::ranks(self.levels)) {
            let rest = (size + 1).saturating_sub(hits.len());
            if rest == 0 {
                break;
            }
            let place = match after {
                Some(after) if number < after.rank => {
                    preceding += self.sets(rank).map(|set| set.len()).sum::<u64>();
                    continue;
                }
                Some(after) if number == after.rank => Some(&after.place),
                _ => None,
            };
            let found = self.places(rank, place, rest, &mut preceding);
            hits.extend(found.into_iter().map(|place| (place, number)));
        }
        let has_next = hits.len() > size;
        hits.truncate(size);
        self.work.add(hits.len() as u64);
        let hits =
            hits.into_iter().map(|(place, rank)| (place.item(), HitKey { rules: self.rules, rank, place }));
        HitPage {
            hits: hits.collect(),
            total: self.evaluation.total(self.levels),
            is_exact: !self.work.is_cut(),
            has_previous: preceding > 0,
            has_next,
            visited: self.work.visited(),
        }
    }

    fn sets(&self, rank: Rank) -> impl Iterator<Item = RoaringBitmap> {
        let rarest = usize::from(self.rules.rarest);
        self.evaluation.parts().map(move |part| part.of_rank(rank, rarest, self.levels))
    }

    /// Returns the places of a rank after a place, at most `most`, and adds the number of those
    /// before them to `preceding`.
    fn places(
        &self,
        rank: Rank,
        after: Option<&HitPlace>,
        most: usize,
        preceding: &mut u64,
    ) -> Vec<HitPlace> {
        let mut sets = self.sets(rank);
        let names = sets.next().unwrap_or_default();
        let segment = &self.index.names.segment;
        let start = match after {
            None => 0,
            Some(HitPlace::Name(place)) => segment.position_after(place),
            Some(HitPlace::Entry(_)) => u32::MAX,
        };
        *preceding += names.range_cardinality(..start);
        let positions = names.range(start..).take(most);
        let mut found: Vec<HitPlace> =
            positions.filter_map(|position| segment.place(position).cloned().map(HitPlace::Name)).collect();
        let mut entries: Vec<EntryPlace> = Vec::new();
        for (part, set) in self.index.entries.segments.iter().zip(sets) {
            let start = match after {
                None | Some(HitPlace::Name(_)) => 0,
                Some(HitPlace::Entry(place)) => part.segment.position_after(place),
            };
            *preceding += set.range_cardinality(..start);
            let positions = set.range(start..).take(most);
            entries.extend(positions.filter_map(|position| part.segment.place(position).copied()));
        }
        self.work.add(entries.len() as u64);
        entries.sort_unstable();
        found.extend(entries.into_iter().map(HitPlace::Entry));
        found.truncate(most);
        found
    }
}

impl HitPlace {
    fn item(&self) -> FoundItem {
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
