//! Batched reads: one statement loads the rows that many objects of one level need.

use super::api_error::ApiError;
use super::order;
use crate::batch_queue::BatchQueue;
use async_graphql::async_trait::async_trait;
use async_graphql::dataloader::{DataLoader, Loader};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::{Entry, EntryKey};
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{ListQuery, Page, Parent, ParentKind, USUAL_PAGE, Window};
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::search_index::Searchable as _;
use caunoi_domain::tombstone::Tombstone;
use caunoi_register::{Countable, EntryContent, RegisterReader};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// Reads batches from the register for one request.
pub(crate) struct BatchLoader {
    reader: RegisterReader,
}

/// The batched reads of one request.
pub(crate) struct Loaders(DataLoader<BatchLoader>);

impl Loaders {
    pub(crate) fn new(reader: RegisterReader, queue: BatchQueue) -> Self {
        let batches = BatchLoader { reader };
        // No delay: a batch starts when the execution of the request cannot continue without it.
        Self(DataLoader::new(batches, move |batch| queue.push(batch)).delay(Duration::ZERO))
    }

    /// Reads a page under one parent, in one statement with the same page under other parents.
    pub(crate) async fn load_page_under<C: EntryContent>(
        &self,
        parent: Parent,
        query: &Arc<ListQuery>,
    ) -> Result<Page<Entry<C>>, ApiError> {
        let page = self.0.load_one(PageLookup::<C>::new(parent, Arc::clone(query))).await?;
        Ok(page.map_or_else(Page::empty, |page| (*page).clone()))
    }

    /// Reads the relations of a province with a partner, the newest first.
    pub(crate) async fn list_relations_with(
        &self,
        log: Log,
        partner: LocalityId,
    ) -> Result<Vec<Entry<Relation>>, ApiError> {
        let window = Window { size: USUAL_PAGE, backwards: false, cursor: None };
        let query = ListQuery { filter: Filter::default(), order: order::newest(), window };
        let page = self.load_page_under(Parent::Relation(log, partner), &Arc::new(query)).await?;
        Ok(page.rows.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Searches the entries of one kind whose texts contain all these words.
    pub(crate) async fn find_words<C: EntryContent + Countable>(
        &self,
        words: &SearchTerms,
    ) -> Result<Predicate, ApiError> {
        let found = self.0.load_one(WordSearch::<C>(words.clone(), PhantomData)).await?;
        Ok(found.unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default())))
    }

    /// Reads the entry with this number in a log.
    pub(crate) async fn find_by_key<C: EntryContent>(
        &self,
        log: Log,
        number: i32,
    ) -> Result<Option<Entry<C>>, ApiError> {
        self.0.load_one(KeyLookup::<C>(log, number, PhantomData)).await
    }

    /// Reads the entry with this code.
    pub(crate) async fn find_by_code<C: EntryContent>(
        &self,
        code: &str,
    ) -> Result<Option<Entry<C>>, ApiError> {
        self.0.load_one(CodeLookup::<C>(code.to_owned(), PhantomData)).await
    }

    /// Reads the tombstone of the entry with this key, if it was withdrawn or merged.
    pub(crate) async fn find_tombstone(&self, key: EntryKey) -> Result<Option<Tombstone>, ApiError> {
        self.0.load_one(TombstoneLookup(key)).await
    }

    /// Reads the agreements that link to an entry by its code or by those of the entries merged into
    /// it, the newest first.
    pub(crate) async fn list_linked<C: EntryContent>(
        &self,
        link: AgreementLink,
        entry: &Entry<C>,
    ) -> Result<Vec<Entry<Agreement>>, ApiError> {
        let lookups = entry.codes_with_merged().map(|code| LinkLookup(link, code.to_owned()));
        let found = self.0.load_many(lookups).await?;
        let mut linked: Vec<Entry<Agreement>> = found.into_values().flatten().collect();
        linked.sort_by_cached_key(|agreement| Reverse((agreement.content.searched_date(), agreement.key())));
        Ok(linked)
    }

    /// Reads the entries with these codes, in this order, each once. Codes without a visible entry are
    /// left out.
    pub(crate) async fn find_by_codes_in_order<C: EntryContent>(
        &self,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, ApiError> {
        let keys: Vec<CodeLookup<C>> =
            codes.iter().map(|code| CodeLookup(code.clone(), PhantomData)).collect();
        let found = self.0.load_many(keys.iter().cloned()).await?;
        let mut seen = HashSet::new();
        let entries = keys.iter().filter_map(|key| found.get(key));
        Ok(entries.filter(|entry| seen.insert(entry.key())).cloned().collect())
    }
}

/// The key of a page under a parent. Invariant: equal parent and query mean an equal page.
struct PageLookup<C> {
    parent: Parent,
    query: Arc<ListQuery>,
    of: PhantomData<fn() -> C>,
}

impl<C> PageLookup<C> {
    fn new(parent: Parent, query: Arc<ListQuery>) -> Self {
        Self { parent, query, of: PhantomData }
    }
}

impl<C> Clone for PageLookup<C> {
    fn clone(&self) -> Self {
        Self::new(self.parent, Arc::clone(&self.query))
    }
}

impl<C> PartialEq for PageLookup<C> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && (Arc::ptr_eq(&self.query, &other.query) || self.query == other.query)
    }
}

impl<C> Eq for PageLookup<C> {}

impl<C> Hash for PageLookup<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.query.window.hash(state);
    }
}

#[async_trait]
impl<C: EntryContent> Loader<PageLookup<C>> for BatchLoader {
    type Value = Arc<Page<Entry<C>>>;
    type Error = ApiError;

    async fn load(&self, keys: &[PageLookup<C>]) -> Result<HashMap<PageLookup<C>, Self::Value>, ApiError> {
        let mut groups: Vec<(Arc<ListQuery>, ParentKind, Vec<Parent>)> = Vec::new();
        for key in keys {
            let kind = key.parent.kind();
            match groups.iter_mut().find(|(query, of, _)| *of == kind && *query == key.query) {
                Some((_, _, parents)) => parents.push(key.parent),
                None => groups.push((Arc::clone(&key.query), kind, vec![key.parent])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (query, _, parents) in groups {
            for (parent, page) in self.reader.list_under::<C>(&parents, &query).await? {
                pages.insert(PageLookup::new(parent, Arc::clone(&query)), Arc::new(page));
            }
        }
        Ok(pages)
    }
}

/// The key of a text search among the entries of one kind.
struct WordSearch<C>(SearchTerms, PhantomData<fn() -> C>);

impl<C> Clone for WordSearch<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<C> PartialEq for WordSearch<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<C> Eq for WordSearch<C> {}

impl<C> Hash for WordSearch<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[async_trait]
impl<C: EntryContent + Countable> Loader<WordSearch<C>> for BatchLoader {
    type Value = Predicate;
    type Error = ApiError;

    async fn load(&self, keys: &[WordSearch<C>]) -> Result<HashMap<WordSearch<C>, Predicate>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            found.insert(key.clone(), self.reader.find_words::<C>(&key.0).await?);
        }
        Ok(found)
    }
}

/// The log and number of an entry of one kind.
struct KeyLookup<C>(Log, i32, PhantomData<fn() -> C>);

impl<C> Clone for KeyLookup<C> {
    fn clone(&self) -> Self {
        Self(self.0, self.1, PhantomData)
    }
}

impl<C> PartialEq for KeyLookup<C> {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl<C> Eq for KeyLookup<C> {}

impl<C> Hash for KeyLookup<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1).hash(state);
    }
}

#[async_trait]
impl<C: EntryContent> Loader<KeyLookup<C>> for BatchLoader {
    type Value = Entry<C>;
    type Error = ApiError;

    async fn load(&self, keys: &[KeyLookup<C>]) -> Result<HashMap<KeyLookup<C>, Entry<C>>, ApiError> {
        let numbers: Vec<(Log, i32)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let entries = self.reader.find_by_keys(&numbers).await?;
        let lookup = |key: EntryKey| KeyLookup(key.log, key.number, PhantomData);
        let of_entry = |entry: &Entry<C>| {
            let lookups: Vec<_> = entry.keys_with_merged().map(lookup).collect();
            lookups.into_iter().map(|lookup| (lookup, entry.clone())).collect::<Vec<_>>()
        };
        Ok(entries.iter().flat_map(of_entry).filter(|(lookup, _)| keys.contains(lookup)).collect())
    }
}

/// The code of an entry of one kind.
struct CodeLookup<C>(String, PhantomData<fn() -> C>);

impl<C> Clone for CodeLookup<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<C> PartialEq for CodeLookup<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<C> Eq for CodeLookup<C> {}

impl<C> Hash for CodeLookup<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[async_trait]
impl<C: EntryContent> Loader<CodeLookup<C>> for BatchLoader {
    type Value = Entry<C>;
    type Error = ApiError;

    async fn load(&self, keys: &[CodeLookup<C>]) -> Result<HashMap<CodeLookup<C>, Entry<C>>, ApiError> {
        let codes: Vec<String> = keys.iter().map(|key| key.0.clone()).collect();
        let entries = self.reader.find_by_codes(&codes).await?;
        let lookup = |code: &str| CodeLookup(code.to_owned(), PhantomData);
        let of_entry = |entry: &Entry<C>| {
            let lookups: Vec<_> = entry.codes_with_merged().map(lookup).collect();
            lookups.into_iter().map(|lookup| (lookup, entry.clone())).collect::<Vec<_>>()
        };
        Ok(entries.iter().flat_map(of_entry).filter(|(lookup, _)| keys.contains(lookup)).collect())
    }
}

/// The key of an entry that may have been withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct TombstoneLookup(EntryKey);

#[async_trait]
impl Loader<TombstoneLookup> for BatchLoader {
    type Value = Tombstone;
    type Error = ApiError;

    async fn load(&self, keys: &[TombstoneLookup]) -> Result<HashMap<TombstoneLookup, Tombstone>, ApiError> {
        let keys: Vec<EntryKey> = keys.iter().map(|lookup| lookup.0).collect();
        let found = self.reader.find_tombstones(&keys).await?;
        Ok(found.into_iter().map(|tombstone| (TombstoneLookup(tombstone.key), tombstone)).collect())
    }
}

/// The kind of link and the code of the entry that agreements link to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct LinkLookup(AgreementLink, String);

#[async_trait]
impl Loader<LinkLookup> for BatchLoader {
    type Value = Vec<Entry<Agreement>>;
    type Error = ApiError;

    async fn load(&self, keys: &[LinkLookup]) -> Result<HashMap<LinkLookup, Self::Value>, ApiError> {
        let mut codes: HashMap<AgreementLink, Vec<String>> = HashMap::new();
        for LinkLookup(link, code) in keys {
            codes.entry(*link).or_default().push(code.clone());
        }
        let mut found: HashMap<LinkLookup, Self::Value> = HashMap::new();
        for (link, codes) in codes {
            for entry in self.reader.find_linked(link, &codes).await? {
                if let Some(code) = entry.content.link(link).map(str::to_owned) {
                    found.entry(LinkLookup(link, code)).or_default().push(entry);
                }
            }
        }
        Ok(found)
    }
}
