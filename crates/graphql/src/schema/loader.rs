//! Batches: what many objects of one level need, asked in one statement.

use super::fault::Fault;
use super::order;
use crate::aside::Aside;
use async_graphql::dataloader::{DataLoader, Loader};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page, USUAL_PAGE, Window};
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::Words;
use caunoi_register::{Counted, Parent, ParentKind, Reading, Stored};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// Asks the register for one request.
pub(crate) struct Batches {
    reading: Reading,
}

/// The batches of one request.
pub(crate) struct Loaders(DataLoader<Batches>);

impl Loaders {
    pub(crate) fn new(reading: Reading, aside: Aside) -> Self {
        let batches = Batches { reading };
        // No wait by the clock: a batch begins when the request can go no further without it.
        Self(DataLoader::new(batches, move |batch| aside.put(batch)).delay(Duration::ZERO))
    }

    /// A page under one parent, asked together with the same page under others.
    pub(crate) async fn page_under<C: Stored>(
        &self,
        parent: Parent,
        ask: &Arc<Ask>,
    ) -> Result<Page<Entry<C>>, Fault> {
        let page = self.0.load_one(Under::<C>::new(parent, Arc::clone(ask))).await?;
        Ok(page.map_or_else(Page::empty, |page| (*page).clone()))
    }

    /// The relations of a province with a partner, the newest first.
    pub(crate) async fn ties(&self, log: Log, partner: LocalityId) -> Result<Vec<Entry<Relation>>, Fault> {
        let window = Window { size: USUAL_PAGE, backwards: false, cursor: None };
        let ask = Ask { filter: Filter::default(), order: order::newest(), window };
        let page = self.page_under(Parent::Tie(log, partner), &Arc::new(ask)).await?;
        Ok(page.rows.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The entries of one kind whose texts have all these words.
    pub(crate) async fn found<C: Counted>(&self, words: &Words) -> Result<Predicate, Fault> {
        let found = self.0.load_one(Found::<C>(words.clone(), PhantomData)).await?;
        Ok(found.unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default())))
    }

    /// The entry with this number in a log.
    pub(crate) async fn by_key<C: Stored>(&self, log: Log, number: i32) -> Result<Option<Entry<C>>, Fault> {
        self.0.load_one(Key::<C>(log, number, PhantomData)).await
    }

    /// The entry with this code.
    pub(crate) async fn by_code<C: Stored>(&self, code: &str) -> Result<Option<Entry<C>>, Fault> {
        self.0.load_one(Code::<C>(code.to_owned(), PhantomData)).await
    }

    /// The agreements that name the entry with this code, the newest first.
    pub(crate) async fn linked(
        &self,
        link: AgreementLink,
        code: &str,
    ) -> Result<Vec<Entry<Agreement>>, Fault> {
        Ok(self.0.load_one(Linked(link, code.to_owned())).await?.unwrap_or_default())
    }

    /// The entries with these codes, in this order; codes that nothing seen bears are left out.
    pub(crate) async fn by_codes<C: Stored>(&self, codes: &[String]) -> Result<Vec<Entry<C>>, Fault> {
        let keys: Vec<Code<C>> = codes.iter().map(|code| Code(code.clone(), PhantomData)).collect();
        let found = self.0.load_many(keys.iter().cloned()).await?;
        Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
    }
}

/// A page under a parent. Two are one where parent and ask are the same.
struct Under<C> {
    parent: Parent,
    ask: Arc<Ask>,
    of: PhantomData<fn() -> C>,
}

impl<C> Under<C> {
    fn new(parent: Parent, ask: Arc<Ask>) -> Self {
        Self { parent, ask, of: PhantomData }
    }
}

impl<C> Clone for Under<C> {
    fn clone(&self) -> Self {
        Self::new(self.parent, Arc::clone(&self.ask))
    }
}

impl<C> PartialEq for Under<C> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && (Arc::ptr_eq(&self.ask, &other.ask) || self.ask == other.ask)
    }
}

impl<C> Eq for Under<C> {}

impl<C> Hash for Under<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.ask.window.hash(state);
    }
}

impl<C: Stored> Loader<Under<C>> for Batches {
    type Value = Arc<Page<Entry<C>>>;
    type Error = Fault;

    async fn load(&self, keys: &[Under<C>]) -> Result<HashMap<Under<C>, Self::Value>, Fault> {
        let mut groups: Vec<(Arc<Ask>, ParentKind, Vec<Parent>)> = Vec::new();
        for key in keys {
            let kind = key.parent.kind();
            match groups.iter_mut().find(|(ask, of, _)| *of == kind && *ask == key.ask) {
                Some((_, _, parents)) => parents.push(key.parent),
                None => groups.push((Arc::clone(&key.ask), kind, vec![key.parent])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (ask, _, parents) in groups {
            for (parent, page) in self.reading.list_under::<C>(&parents, &ask).await? {
                pages.insert(Under::new(parent, Arc::clone(&ask)), Arc::new(page));
            }
        }
        Ok(pages)
    }
}

/// A search among the entries of one kind.
struct Found<C>(Words, PhantomData<fn() -> C>);

impl<C> Clone for Found<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<C> PartialEq for Found<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<C> Eq for Found<C> {}

impl<C> Hash for Found<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<C: Counted> Loader<Found<C>> for Batches {
    type Value = Predicate;
    type Error = Fault;

    async fn load(&self, keys: &[Found<C>]) -> Result<HashMap<Found<C>, Predicate>, Fault> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            found.insert(key.clone(), self.reading.find_words::<C>(&key.0).await?);
        }
        Ok(found)
    }
}

/// The log and number of an entry of one kind.
struct Key<C>(Log, i32, PhantomData<fn() -> C>);

impl<C> Clone for Key<C> {
    fn clone(&self) -> Self {
        Self(self.0, self.1, PhantomData)
    }
}

impl<C> PartialEq for Key<C> {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl<C> Eq for Key<C> {}

impl<C> Hash for Key<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1).hash(state);
    }
}

impl<C: Stored> Loader<Key<C>> for Batches {
    type Value = Entry<C>;
    type Error = Fault;

    async fn load(&self, keys: &[Key<C>]) -> Result<HashMap<Key<C>, Entry<C>>, Fault> {
        let numbers: Vec<(Log, i32)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let entries = self.reading.find_by_keys(&numbers).await?;
        Ok(entries
            .into_iter()
            .map(|entry| (Key(entry.stamp.log, entry.stamp.number, PhantomData), entry))
            .collect())
    }
}

/// The code of an entry of one kind.
struct Code<C>(String, PhantomData<fn() -> C>);

impl<C> Clone for Code<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<C> PartialEq for Code<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<C> Eq for Code<C> {}

impl<C> Hash for Code<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<C: Stored> Loader<Code<C>> for Batches {
    type Value = Entry<C>;
    type Error = Fault;

    async fn load(&self, keys: &[Code<C>]) -> Result<HashMap<Code<C>, Entry<C>>, Fault> {
        let codes: Vec<String> = keys.iter().map(|key| key.0.clone()).collect();
        let entries = self.reading.find_by_codes(&codes).await?;
        Ok(entries.into_iter().map(|entry| (Code(entry.stamp.code.clone(), PhantomData), entry)).collect())
    }
}

/// What agreements name an entry for, and its code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Linked(AgreementLink, String);

impl Loader<Linked> for Batches {
    type Value = Vec<Entry<Agreement>>;
    type Error = Fault;

    async fn load(&self, keys: &[Linked]) -> Result<HashMap<Linked, Self::Value>, Fault> {
        let mut codes: HashMap<AgreementLink, Vec<String>> = HashMap::new();
        for Linked(link, code) in keys {
            codes.entry(*link).or_default().push(code.clone());
        }
        let mut found: HashMap<Linked, Self::Value> = HashMap::new();
        for (link, codes) in codes {
            for entry in self.reading.find_linked(link, &codes).await? {
                if let Some(code) = entry.content.link(link).map(str::to_owned) {
                    found.entry(Linked(link, code)).or_default().push(entry);
                }
            }
        }
        Ok(found)
    }
}
