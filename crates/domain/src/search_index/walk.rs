//! Takes a page from the matches of a search, rank by rank.

use super::HitPlace;
use super::document::EntryPlace;
use super::index::{Evaluation, HitKey, HitPage, HitWindow, Rules, SearchIndex};
use super::matching::{self, Rank, Work};
use roaring::RoaringBitmap;

/// Takes a page from the matches, rank by rank.
pub(super) struct Walk<'a> {
    pub(super) index: &'a SearchIndex,
    pub(super) evaluation: &'a Evaluation,
    pub(super) rules: Rules,
    pub(super) levels: usize,
    pub(super) work: &'a Work,
}

impl Walk<'_> {
    /// Returns the first hits after the cursor.
    pub(super) fn page_after(&self, window: HitWindow<'_>) -> HitPage {
        let (mut hits, mut preceding) = (Vec::new(), 0);
        for (number, rank) in self.ranks() {
            let rest = (window.size + 1).saturating_sub(hits.len());
            if rest == 0 {
                break;
            }
            let place = match window.cursor {
                Some(after) if number < after.rank => {
                    preceding += self.len(rank);
                    continue;
                }
                Some(after) if number == after.rank => Some(&after.place),
                _ => None,
            };
            let found = self.places_after(rank, place, rest, &mut preceding);
            hits.extend(found.into_iter().map(|place| (place, number)));
        }
        let has_next = hits.len() > window.size;
        hits.truncate(window.size);
        HitPage { has_previous: preceding > 0, has_next, ..self.page(hits) }
    }

    /// Returns the last hits before the cursor.
    pub(super) fn page_before(&self, window: HitWindow<'_>) -> HitPage {
        let (mut hits, mut following) = (Vec::new(), 0);
        for (number, rank) in self.ranks().into_iter().rev() {
            let rest = (window.size + 1).saturating_sub(hits.len());
            if rest == 0 {
                break;
            }
            let place = match window.cursor {
                Some(before) if number > before.rank => {
                    following += self.len(rank);
                    continue;
                }
                Some(before) if number == before.rank => Some(&before.place),
                _ => None,
            };
            let found = self.places_before(rank, place, rest, &mut following);
            hits.extend(found.into_iter().map(|place| (place, number)));
        }
        let has_previous = hits.len() > window.size;
        hits.truncate(window.size);
        hits.reverse();
        HitPage { has_previous, has_next: following > 0, ..self.page(hits) }
    }

    /// Returns a page of these hits, each with the number of its rank.
    fn page(&self, hits: Vec<(HitPlace, u8)>) -> HitPage {
        self.work.add(hits.len() as u64);
        let hits =
            hits.into_iter().map(|(place, rank)| (place.item(), HitKey { rules: self.rules, rank, place }));
        HitPage {
            hits: hits.collect(),
            total: self.evaluation.total(self.levels),
            is_exact: !self.work.is_cut(),
            visited: self.work.visited(),
            ..HitPage::default()
        }
    }

    /// Returns the ranks with their numbers, the best first.
    fn ranks(&self) -> Vec<(u8, Rank)> {
        (0..).zip(matching::ranks(self.levels)).collect()
    }

    /// Returns the number of hits of a rank.
    fn len(&self, rank: Rank) -> u64 {
        self.sets(rank).map(|set| set.len()).sum()
    }

    fn sets(&self, rank: Rank) -> impl Iterator<Item = RoaringBitmap> {
        let rarest = usize::from(self.rules.rarest);
        self.evaluation.parts().map(move |part| part.of_rank(rank, rarest, self.levels))
    }

    /// Returns the places of a rank after a place, at most `most`, and adds the number of those
    /// before them to `preceding`.
    fn places_after(
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

    /// Returns the places of a rank before a place, at most `most`, the last first, and adds the
    /// number of the others to `following`.
    fn places_before(
        &self,
        rank: Rank,
        before: Option<&HitPlace>,
        most: usize,
        following: &mut u64,
    ) -> Vec<HitPlace> {
        let mut sets = self.sets(rank);
        let names = sets.next().unwrap_or_default();
        let mut entries: Vec<EntryPlace> = Vec::new();
        for (part, set) in self.index.entries.segments.iter().zip(sets) {
            let end = match before {
                None => u32::MAX,
                Some(HitPlace::Name(_)) => 0,
                Some(HitPlace::Entry(place)) => part.segment.position_of(place),
            };
            *following += set.range_cardinality(end..);
            let positions = set.range(..end).rev().take(most);
            entries.extend(positions.filter_map(|position| part.segment.place(position).copied()));
        }
        self.work.add(entries.len() as u64);
        entries.sort_unstable_by(|one, other| other.cmp(one));
        let mut found: Vec<HitPlace> = entries.into_iter().map(HitPlace::Entry).collect();
        let segment = &self.index.names.segment;
        let end = match before {
            None | Some(HitPlace::Entry(_)) => u32::MAX,
            Some(HitPlace::Name(place)) => segment.position_of(place),
        };
        *following += names.range_cardinality(end..);
        let positions = names.range(..end).rev().take(most);
        found.extend(positions.filter_map(|position| segment.place(position).cloned().map(HitPlace::Name)));
        found.truncate(most);
        found
    }
}
