//! All facts of a kind, in chunks that are never altered.

use super::QuantityKey;
use super::chunk::Chunk;
use super::codes::{Coded, index};
use super::rows::{Part, Rows};
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use crate::filter::Filter;
use crate::id::Log;
use crate::quantity::Quantity;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// All published facts of one kind, ordered by log and number; a row is an index into them.
///
/// Cheap to clone, and to make anew with a few other facts: what does not change is shared.
///
/// Invariant: a chunk has facts of one log, and all its keys are below those of the next one.
#[derive(Debug, Clone)]
pub struct Facts {
    kind: EntryKind,
    /// The most facts of a chunk; tests have small ones.
    most: usize,
    chunks: Vec<Arc<Chunk>>,
    /// The row at which each chunk begins.
    starts: Vec<u32>,
    len: usize,
}

impl Facts {
    /// Brings the facts of this kind into order and columns; facts of other kinds are left out.
    /// Whoever reads many facts in the order of their keys takes a [`FactsBuilder`] instead.
    #[must_use]
    pub fn new(kind: EntryKind, facts: impl IntoIterator<Item = Fact>) -> Self {
        Self::in_chunks_of(Chunk::MOST, kind, facts)
    }

    pub(super) fn in_chunks_of(most: usize, kind: EntryKind, facts: impl IntoIterator<Item = Fact>) -> Self {
        let mut facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.key.kind == kind).collect();
        facts.sort_by_key(|fact| fact.key);
        let mut builder = FactsBuilder::in_chunks_of(most, kind);
        for fact in facts {
            builder.push(fact);
        }
        builder.finish()
    }

    fn of_chunks(kind: EntryKind, most: usize, chunks: Vec<Arc<Chunk>>) -> Self {
        let mut len = 0;
        let starts = chunks.iter().map(|chunk| {
            len += chunk.len();
            index(len - chunk.len())
        });
        let starts = starts.collect();
        Self { kind, most, chunks, starts, len }
    }

    /// The same with these facts in the place of those that had a key in `gone`, or have theirs.
    /// Only the chunks that hold such keys are made anew.
    #[must_use]
    pub fn with(&self, gone: &HashSet<EntryKey>, facts: Vec<Fact>) -> Self {
        let facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.key.kind == self.kind).collect();
        let gone: HashSet<EntryKey> = gone.iter().copied().chain(facts.iter().map(|fact| fact.key)).collect();
        let mut fresh: BTreeMap<Option<usize>, Vec<Fact>> = BTreeMap::new();
        for key in &gone {
            // A draft that changes was never counted, and then nothing is made anew.
            if let Some(home) = self.home(*key).filter(|home| self.chunks[*home].has(*key)) {
                fresh.entry(Some(home)).or_default();
            }
        }
        for fact in facts {
            fresh.entry(self.home(fact.key)).or_default().push(fact);
        }
        let mut chunks: Vec<Arc<Chunk>> = Vec::with_capacity(self.chunks.len() + fresh.len());
        for (at, chunk) in self.chunks.iter().enumerate() {
            match fresh.remove(&Some(at)) {
                None => chunks.push(Arc::clone(chunk)),
                Some(mut own) => {
                    own.extend(chunk.facts().filter(|fact| !gone.contains(&fact.key)));
                    chunks.extend(self.cut(own));
                }
            }
        }
        // What remains is of logs that had no fact so far.
        let homeless = fresh.into_values().flatten();
        chunks.extend(Self::in_chunks_of(self.most, self.kind, homeless).chunks);
        chunks.sort_by_key(|chunk| chunk.first_key());
        Self::of_chunks(self.kind, self.most, chunks)
    }

    /// The chunk that has this key, or would have it; none where its log has no chunk.
    fn home(&self, key: EntryKey) -> Option<usize> {
        let next = self.chunks.partition_point(|chunk| chunk.first_key() <= key);
        let is_home = |at: &usize| self.chunks.get(*at).is_some_and(|chunk| chunk.log == key.log);
        next.checked_sub(1).filter(is_home).or_else(|| Some(next).filter(is_home))
    }

    /// Chunks of one length, as few as there may be: so the next ones find room in each.
    fn cut(&self, mut facts: Vec<Fact>) -> impl Iterator<Item = Arc<Chunk>> {
        facts.sort_by_key(|fact| fact.key);
        let count = facts.len().div_ceil(self.most).max(1);
        let length = facts.len().div_ceil(count).max(1);
        let chunks: Vec<_> = facts.chunks(length).filter_map(Chunk::new).map(Arc::new).collect();
        chunks.into_iter()
    }

    /// What these facts tell of.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many rows a filter has to look at, at most: those of the logs that it names.
    #[must_use]
    pub fn reach(&self, filter: &Filter) -> usize {
        let Some(logs) = filter.logs() else { return self.len };
        let start = |chunk: usize| self.starts.get(chunk).map_or(self.len, |start| *start as usize);
        let rows_of = |log: Log| {
            let first = self.chunks.partition_point(|chunk| chunk.log < log);
            start(self.chunks.partition_point(|chunk| chunk.log <= log)) - start(first)
        };
        logs.into_iter().map(rows_of).sum()
    }

    /// The rows that pass. What [`Filter::accepts`] says of facts holds here.
    #[must_use]
    pub fn select(&self, filter: &Filter) -> Rows {
        self.select_while(filter, || true)
    }

    /// The same as long as it is wanted, which is asked before each chunk; then the rows of the
    /// chunks before that.
    #[must_use]
    pub fn select_while(&self, filter: &Filter, is_wanted: impl Fn() -> bool) -> Rows {
        let logs = filter.logs();
        let is_meant = |chunk: &Chunk| logs.as_ref().is_none_or(|logs| logs.contains(&chunk.log));
        let part = |chunk: &Arc<Chunk>| {
            // However the filter begins: the rows of other logs are not looked at.
            if is_meant(chunk) && is_wanted() { chunk.select(filter) } else { Part::These(Vec::new()) }
        };
        Rows::new(self.chunks.iter().map(part).collect())
    }

    /// The numbers of these rows, rising.
    pub fn rows(&self, rows: &Rows) -> impl Iterator<Item = u32> {
        let parts = self.starts.iter().zip(rows.parts());
        parts.flat_map(|(start, part)| part.iter().map(|row| *start + index(row)))
    }

    /// Which entry stands in a row.
    #[must_use]
    pub fn key(&self, row: u32) -> EntryKey {
        let (chunk, row) = self.place(row);
        chunk.key(row)
    }

    /// The whole fact in a row.
    #[must_use]
    pub fn fact(&self, row: u32) -> Fact {
        let (chunk, row) = self.place(row);
        chunk.fact(row)
    }

    fn place(&self, row: u32) -> (&Chunk, usize) {
        let at = self.starts.partition_point(|start| *start <= row).saturating_sub(1);
        (&self.chunks[at], (row - self.starts[at]) as usize)
    }

    /// The chunks of which a row is meant, and which of their rows are.
    pub(super) fn taken<'a>(&'a self, rows: &'a Rows) -> impl Iterator<Item = (&'a Chunk, &'a Part)> {
        let parts = self.chunks.iter().map(AsRef::as_ref).zip(rows.parts());
        parts.filter(|(_, part)| part.len() > 0)
    }
}

impl Chunk {
    pub(super) fn quantities(&self, key: QuantityKey) -> &Coded<Option<Quantity>> {
        match key {
            QuantityKey::Delegates => &self.delegates,
            QuantityKey::Connections => &self.connections,
        }
    }
}

/// Makes [`Facts`] of a stream of facts, and holds no more of them at a time than a chunk does.
///
/// Facts come by [`FactsBuilder::push`] in the order of log and number, as a query `ORDER BY
/// province_id, number` gives them:
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
/// One that comes out of order is not lost, but waits in full until the end. Different builders
/// may run on different threads.
#[derive(Debug)]
pub struct FactsBuilder {
    kind: EntryKind,
    most: usize,
    chunks: Vec<Arc<Chunk>>,
    /// The facts of the chunk to come.
    open: Vec<Fact>,
    /// Facts that came after one that they should have preceded.
    late: Vec<Fact>,
}

impl FactsBuilder {
    /// A builder for facts of this kind.
    #[must_use]
    pub fn new(kind: EntryKind) -> Self {
        Self::in_chunks_of(Chunk::MOST, kind)
    }

    pub(super) fn in_chunks_of(most: usize, kind: EntryKind) -> Self {
        Self { kind, most, chunks: Vec::new(), open: Vec::new(), late: Vec::new() }
    }

    /// Takes one more fact; one of another kind is left out.
    pub fn push(&mut self, fact: Fact) {
        if fact.key.kind != self.kind {
            return;
        }
        match self.open.last().map(|last| last.key) {
            Some(last) if fact.key <= last => return self.late.push(fact),
            Some(last) if fact.key.log != last.log || self.open.len() == self.most => self.close(),
            Some(_) | None => {}
        }
        self.open.push(fact);
    }

    /// All facts that came.
    #[must_use]
    pub fn finish(mut self) -> Facts {
        self.close();
        let facts = Facts::of_chunks(self.kind, self.most, self.chunks);
        if self.late.is_empty() { facts } else { facts.with(&HashSet::new(), self.late) }
    }

    fn close(&mut self) {
        self.chunks.extend(Chunk::new(&self.open).map(Arc::new));
        self.open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Predicate;
    use crate::statistics::tests::examples::agreement;

    fn numbered(numbers: impl Iterator<Item = i32>) -> Facts {
        Facts::in_chunks_of(3, EntryKind::Agreement, numbers.map(|number| agreement(number, Some(1), "2019")))
    }

    fn shared(one: &Facts, other: &Facts) -> usize {
        let is_shared = |chunk: &&Arc<Chunk>| other.chunks.iter().any(|other| Arc::ptr_eq(chunk, other));
        one.chunks.iter().filter(is_shared).count()
    }

    #[test]
    fn a_write_makes_anew_only_the_chunk_that_it_meets() {
        let facts = numbered(1..=12);
        let put = |number, origin| facts.with(&HashSet::new(), vec![agreement(number, origin, "2020")]);
        for (number, origin, len, chunks, stay) in [
            // In the place of one, behind the last one, and in a log of its own.
            (5, Some(1), 12, 4, 3),
            (13, Some(1), 13, 5, 3),
            (5, None, 13, 5, 4),
        ] {
            let next = put(number, origin);
            assert_eq!((next.len(), next.chunks.len(), shared(&facts, &next)), (len, chunks, stay));
        }
        let key = |number| HashSet::from([agreement(number, Some(1), "2019").key]);
        assert_eq!(shared(&facts, &facts.with(&key(7), Vec::new())), 3);
        // What was never counted is not missed.
        assert_eq!(shared(&facts, &facts.with(&key(99), Vec::new())), 4);
    }

    #[test]
    fn a_filter_reaches_the_rows_of_the_logs_that_it_names() {
        let own = (1..=7).map(|number| agreement(number, Some(1), "2019"));
        let others = (1..=4).map(|number| agreement(number, None, "2019"));
        let facts = Facts::in_chunks_of(3, EntryKind::Agreement, own.chain(others));
        let log = |number| agreement(1, number, "2019").key.log;
        let of = |logs: &[Log]| facts.reach(&Filter::Is(Predicate::Log(logs.to_vec())));
        assert_eq!(facts.reach(&Filter::default()), 11);
        assert_eq!(of(&[log(Some(1))]), 7);
        assert_eq!(of(&[log(None)]), 4);
        assert_eq!(of(&[log(Some(1)), log(None)]), 11);
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[Log::new(30)]), 0);
    }

    #[test]
    fn a_chunk_without_facts_is_gone() {
        let facts = numbered(1..=6);
        let gone = (1..=3).map(|number| agreement(number, Some(1), "2019").key).collect();
        let next = facts.with(&gone, Vec::new());
        assert_eq!((next.len(), next.chunks.len()), (3, 1));
        assert_eq!(next.key(0).number, 4);
    }
}
