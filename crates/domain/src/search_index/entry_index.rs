//! The index of published entries: a few segments, from the largest to the newest. A change adds a
//! segment and hides the document that it replaces; small segments are merged into larger ones, so
//! that their number grows with the logarithm of the entries.

use super::document::{EntryPlace, SearchDocument};
use super::segment::{Segment, Terms};
use crate::entry::EntryKey;
use roaring::RoaringBitmap;
use std::collections::HashSet;
use std::sync::Arc;

/// A segment is merged with its predecessor unless that one has this many times its documents.
const MERGE_FACTOR: usize = 4;

/// A segment of entries, and the positions of the documents that later segments replace.
#[derive(Debug, Clone)]
pub(super) struct EntrySegment {
    pub(super) segment: Arc<Segment<EntryPlace>>,
    /// The positions in the order of the keys of their entries.
    by_key: Arc<[u32]>,
    pub(super) hidden: RoaringBitmap,
}

/// The search index of the entries that one scope sees.
#[derive(Debug, Clone, Default)]
pub struct EntryIndex {
    pub(super) segments: Vec<EntrySegment>,
}

impl EntrySegment {
    fn new(segment: Segment<EntryPlace>) -> Self {
        let mut by_key: Vec<u32> = segment.all().iter().collect();
        by_key.sort_by_key(|position| segment.place(*position).map(|place| place.key()));
        Self { segment: Arc::new(segment), by_key: by_key.into(), hidden: RoaringBitmap::new() }
    }

    fn position(&self, key: EntryKey) -> Option<u32> {
        let key_at = |position: &u32| self.segment.place(*position).map(|place| place.key());
        let found = self.by_key.binary_search_by_key(&Some(key), key_at).ok()?;
        self.by_key.get(found).copied()
    }

    fn shown(&self) -> usize {
        self.segment.len() - usize::try_from(self.hidden.len()).unwrap_or(self.segment.len())
    }
}

impl EntryIndex {
    /// Returns the index of these documents.
    #[must_use]
    pub fn new(documents: Vec<SearchDocument>) -> Self {
        Self::default().with(&HashSet::new(), documents)
    }

    /// Returns the index in which these documents replace those of the entries in `replaced`.
    #[must_use]
    pub fn with(&self, replaced: &HashSet<EntryKey>, documents: Vec<SearchDocument>) -> Self {
        let mut segments = self.segments.clone();
        for part in &mut segments {
            let hidden: Vec<u32> = replaced.iter().filter_map(|key| part.position(*key)).collect();
            part.hidden.extend(hidden);
        }
        if !documents.is_empty() {
            let documents = documents.into_iter().map(|document| (document.place, document.into_terms()));
            segments.push(EntrySegment::new(Segment::new(documents.collect())));
        }
        while let [.., before, last] = segments.as_slice()
            && before.shown() < last.shown() * MERGE_FACTOR
        {
            let parts = [before, last].map(|part| (&*part.segment, &part.hidden));
            let merged = EntrySegment::new(Segment::merge(&parts));
            segments.truncate(segments.len() - 2);
            segments.push(merged);
        }
        segments.retain(|part| part.shown() > 0);
        Self { segments }
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.iter().map(EntrySegment::shown).sum()
    }

    /// Returns whether it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns the bytes in memory, estimated from the lengths of the parts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let of_part = |part: &EntrySegment| part.segment.bytes() + part.by_key.len() * size_of::<u32>();
        self.segments.iter().map(of_part).sum()
    }
}

impl SearchDocument {
    fn into_terms(self) -> Terms {
        let Self { hashes, name_words, text_words, attributes, .. } = self;
        Terms { hashes, name_words, text_words, attributes }
    }
}
