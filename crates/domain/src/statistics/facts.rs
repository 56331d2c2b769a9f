//! The facts of one kind, in immutable segments.

use super::QuantityKey;
use super::columns::{DictionaryColumn, index};
use super::row_selection::{RowSelection, SegmentRows};
use super::segment::Segment;
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use crate::filter::Filter;
use crate::id::Log;
use crate::quantity::Quantity;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// All published facts of one kind, ordered by log and number; a row number is an index into them.
///
/// Cheap to clone, and cheap to copy with a few facts replaced: unchanged segments are shared.
///
/// Invariant: a segment has facts of one log, and all its keys are below those of the next one.
#[derive(Debug, Clone)]
pub struct Facts {
    kind: EntryKind,
    /// The maximum number of rows of a segment; tests use small ones.
    segment_size: usize,
    segments: Vec<Arc<Segment>>,
    /// The row number at which each segment begins.
    starts: Vec<u32>,
    len: usize,
}

impl Facts {
    /// Sorts facts of this kind into columns; ignores facts of other kinds. To read many facts in
    /// key order, use a [`FactsBuilder`].
    #[must_use]
    pub fn new(kind: EntryKind, facts: impl IntoIterator<Item = Fact>) -> Self {
        Self::with_segment_size(Segment::MAX_ROWS, kind, facts)
    }

    pub(super) fn with_segment_size(
        segment_size: usize,
        kind: EntryKind,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Self {
        let mut facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.key.kind == kind).collect();
        facts.sort_by_key(|fact| fact.key);
        let mut builder = FactsBuilder::with_segment_size(segment_size, kind);
        for fact in facts {
            builder.push(fact);
        }
        builder.finish()
    }

    fn from_segments(kind: EntryKind, segment_size: usize, segments: Vec<Arc<Segment>>) -> Self {
        let mut len = 0;
        let starts = segments.iter().map(|segment| {
            len += segment.len();
            index(len - segment.len())
        });
        let starts = starts.collect();
        Self { kind, segment_size, segments, starts, len }
    }

    /// Returns a copy with `facts` in place of those whose key is in `removed` or equal to one of
    /// theirs. Only segments that contain such keys are rebuilt.
    #[must_use]
    pub fn with(&self, removed: &HashSet<EntryKey>, facts: Vec<Fact>) -> Self {
        let facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.key.kind == self.kind).collect();
        let removed: HashSet<EntryKey> =
            removed.iter().copied().chain(facts.iter().map(|fact| fact.key)).collect();
        let mut changed: BTreeMap<Option<usize>, Vec<Fact>> = BTreeMap::new();
        for key in &removed {
            // A changed draft has no fact here; then no segment is rebuilt.
            if let Some(at) = self.segment_index_of(*key).filter(|at| self.segments[*at].has(*key)) {
                changed.entry(Some(at)).or_default();
            }
        }
        for fact in facts {
            changed.entry(self.segment_index_of(fact.key)).or_default().push(fact);
        }
        let mut segments: Vec<Arc<Segment>> = Vec::with_capacity(self.segments.len() + changed.len());
        for (at, segment) in self.segments.iter().enumerate() {
            match changed.remove(&Some(at)) {
                None => segments.push(Arc::clone(segment)),
                Some(mut own) => {
                    own.extend(segment.facts().filter(|fact| !removed.contains(&fact.key)));
                    segments.extend(self.split(own));
                }
            }
        }
        // The rest belongs to logs without a segment.
        let of_new_logs = changed.into_values().flatten();
        segments.extend(Self::with_segment_size(self.segment_size, self.kind, of_new_logs).segments);
        segments.sort_by_key(|segment| segment.first_key());
        Self::from_segments(self.kind, self.segment_size, segments)
    }

    /// Returns the segment that contains this key or would contain it; `None` when its log has
    /// none.
    fn segment_index_of(&self, key: EntryKey) -> Option<usize> {
        let next = self.segments.partition_point(|segment| segment.first_key() <= key);
        let is_of_log = |at: &usize| self.segments.get(*at).is_some_and(|segment| segment.log == key.log);
        next.checked_sub(1).filter(is_of_log).or_else(|| Some(next).filter(is_of_log))
    }

    /// Splits into segments of equal length, as few as possible, so that each has room for more
    /// facts.
    fn split(&self, mut facts: Vec<Fact>) -> impl Iterator<Item = Arc<Segment>> {
        facts.sort_by_key(|fact| fact.key);
        let count = facts.len().div_ceil(self.segment_size).max(1);
        let length = facts.len().div_ceil(count).max(1);
        let segments: Vec<_> = facts.chunks(length).filter_map(Segment::new).map(Arc::new).collect();
        segments.into_iter()
    }

    /// Returns the kind of the entries.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns an upper bound of the rows that a filter reads: all rows of the logs that it names,
    /// and those among which there are shared ones.
    #[must_use]
    pub fn candidate_rows(&self, filter: &Filter) -> usize {
        let logs = filter.logs();
        let read = self.segments.iter().filter(|segment| segment.may_match(logs.as_ref()));
        read.map(|segment| segment.len()).sum()
    }

    /// Returns the rows that match, by the rules of [`Filter::accepts`].
    #[must_use]
    pub fn select(&self, filter: &Filter) -> RowSelection {
        self.select_while(filter, || true)
    }

    /// Like [`Facts::select`], but stops when `is_wanted` returns false, which is called before
    /// each segment; then returns the rows of the segments read so far.
    #[must_use]
    pub fn select_while(&self, filter: &Filter, is_wanted: impl Fn() -> bool) -> RowSelection {
        let logs = filter.logs();
        let part = |segment: &Arc<Segment>| {
            // Rows of other logs are never read, wherever the filter names its logs.
            if segment.may_match(logs.as_ref()) && is_wanted() {
                segment.select(filter)
            } else {
                SegmentRows::Listed(Vec::new())
            }
        };
        RowSelection::new(self.segments.iter().map(part).collect())
    }

    /// Returns the row numbers of a selection in ascending order.
    pub fn rows(&self, rows: &RowSelection) -> impl Iterator<Item = u32> {
        let parts = self.starts.iter().zip(rows.parts());
        parts.flat_map(|(start, part)| part.iter().map(|row| *start + index(row)))
    }

    /// Returns the key of the entry in a row.
    #[must_use]
    pub fn key(&self, row: u32) -> EntryKey {
        let (segment, row) = self.locate(row);
        segment.key(row)
    }

    /// Returns the complete fact in a row.
    #[must_use]
    pub fn fact(&self, row: u32) -> Fact {
        let (segment, row) = self.locate(row);
        segment.fact(row)
    }

    fn locate(&self, row: u32) -> (&Segment, usize) {
        let at = self.starts.partition_point(|start| *start <= row).saturating_sub(1);
        (&self.segments[at], (row - self.starts[at]) as usize)
    }

    /// Returns the segments with a selected row, and the selected rows of each.
    pub(super) fn selected_segments<'a>(
        &'a self,
        rows: &'a RowSelection,
    ) -> impl Iterator<Item = (&'a Segment, &'a SegmentRows)> {
        let parts = self.segments.iter().map(AsRef::as_ref).zip(rows.parts());
        parts.filter(|(_, part)| part.len() > 0)
    }
}

impl Segment {
    /// Returns whether an entry of the segment may match a filter that names these logs.
    fn may_match(&self, logs: Option<&BTreeSet<Log>>) -> bool {
        self.is_shared() || logs.is_none_or(|logs| logs.contains(&self.log))
    }

    pub(super) fn quantities(&self, key: QuantityKey) -> &DictionaryColumn<Option<Quantity>> {
        match key {
            QuantityKey::Delegates => &self.delegates,
            QuantityKey::Connections => &self.connections,
        }
    }
}

/// Builds [`Facts`] from a stream of facts; buffers one segment at most.
///
/// Callers pass facts to [`FactsBuilder::push`] in the order of log and number, as a query with
/// `ORDER BY province_id, number` returns them:
///
/// ```
/// # use caunoi_domain::{entry::EntryKind, fact::Fact, statistics::FactsBuilder};
/// # let rows: Vec<Fact> = Vec::new();
/// let mut agreements = FactsBuilder::new(EntryKind::Agreement);
/// for fact in rows {
///     agreements.push(fact);
/// }
/// let agreements = agreements.finish();
/// # assert!(agreements.is_empty());
/// ```
///
/// A fact out of order is kept uncompressed until [`FactsBuilder::finish`]. Several builders may
/// run on different threads.
#[derive(Debug)]
pub struct FactsBuilder {
    kind: EntryKind,
    segment_size: usize,
    segments: Vec<Arc<Segment>>,
    /// The facts of the next segment.
    buffered: Vec<Fact>,
    /// Facts that came after a fact with a higher key.
    out_of_order: Vec<Fact>,
}

impl FactsBuilder {
    /// Returns a builder for facts of this kind.
    #[must_use]
    pub fn new(kind: EntryKind) -> Self {
        Self::with_segment_size(Segment::MAX_ROWS, kind)
    }

    pub(super) fn with_segment_size(segment_size: usize, kind: EntryKind) -> Self {
        Self { kind, segment_size, segments: Vec::new(), buffered: Vec::new(), out_of_order: Vec::new() }
    }

    /// Adds a fact; ignores one of another kind.
    pub fn push(&mut self, fact: Fact) {
        if fact.key.kind != self.kind {
            return;
        }
        match self.buffered.last().map(|last| last.key) {
            Some(last) if fact.key <= last => return self.out_of_order.push(fact),
            Some(last) if fact.key.log != last.log || self.buffered.len() == self.segment_size => {
                self.finish_segment();
            }
            Some(_) | None => {}
        }
        self.buffered.push(fact);
    }

    /// Returns all added facts.
    #[must_use]
    pub fn finish(mut self) -> Facts {
        self.finish_segment();
        let facts = Facts::from_segments(self.kind, self.segment_size, self.segments);
        if self.out_of_order.is_empty() { facts } else { facts.with(&HashSet::new(), self.out_of_order) }
    }

    fn finish_segment(&mut self) {
        self.segments.extend(Segment::new(&self.buffered).map(Arc::new));
        self.buffered.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Predicate;
    use crate::statistics::tests::examples::agreement;

    fn numbered(numbers: impl Iterator<Item = i32>) -> Facts {
        Facts::with_segment_size(
            3,
            EntryKind::Agreement,
            numbers.map(|number| agreement(number, Some(1), "2019")),
        )
    }

    fn shared(one: &Facts, other: &Facts) -> usize {
        let is_shared =
            |segment: &&Arc<Segment>| other.segments.iter().any(|other| Arc::ptr_eq(segment, other));
        one.segments.iter().filter(is_shared).count()
    }

    #[test]
    fn write_rebuilds_only_its_segment() {
        let facts = numbered(1..=12);
        let put = |number, origin| facts.with(&HashSet::new(), vec![agreement(number, origin, "2020")]);
        for (number, origin, len, segments, stay) in [
            // An existing key, a key after the last one, and a key in a log of its own.
            (5, Some(1), 12, 4, 3),
            (13, Some(1), 13, 5, 3),
            (5, None, 13, 5, 4),
        ] {
            let next = put(number, origin);
            assert_eq!((next.len(), next.segments.len(), shared(&facts, &next)), (len, segments, stay));
        }
        let key = |number| HashSet::from([agreement(number, Some(1), "2019").key]);
        assert_eq!(shared(&facts, &facts.with(&key(7), Vec::new())), 3);
        // Removing a key without a fact changes nothing.
        assert_eq!(shared(&facts, &facts.with(&key(99), Vec::new())), 4);
    }

    #[test]
    fn candidate_rows_are_those_of_the_named_logs() {
        let own = (1..=7).map(|number| agreement(number, Some(1), "2019"));
        let others = (1..=4).map(|number| agreement(number, None, "2019"));
        let facts = Facts::with_segment_size(3, EntryKind::Agreement, own.chain(others));
        let log = |number| agreement(1, number, "2019").key.log;
        let of = |logs: &[Log]| facts.candidate_rows(&Filter::Is(Predicate::Log(logs.to_vec())));
        assert_eq!(facts.candidate_rows(&Filter::default()), 11);
        assert_eq!(of(&[log(Some(1))]), 7);
        assert_eq!(of(&[log(None)]), 4);
        assert_eq!(of(&[log(Some(1)), log(None)]), 11);
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[Log::new(30)]), 0);
    }

    #[test]
    fn empty_segment_is_removed() {
        let facts = numbered(1..=6);
        let removed = (1..=3).map(|number| agreement(number, Some(1), "2019").key).collect();
        let next = facts.with(&removed, Vec::new());
        assert_eq!((next.len(), next.segments.len()), (3, 1));
        assert_eq!(next.key(0).number, 4);
    }
}
