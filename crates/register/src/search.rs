//! Full-text search over units, countries, localities, terms and entries.

use crate::error::Error;
use crate::reader::{ReadableContent, RegisterReader};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{CountryId, Entry, EntryKey, TermId, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::Predicate;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::place::LocalityId;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::search_index::{
    FoundItem, HitKey, HitWindow, NamedItem, SearchField, SearchFilter, Searchable, SearchedProvince,
    entry_texts, matched_texts,
};
use caunoi_store::StoredContent;
use std::collections::HashMap;
use std::sync::Arc;

/// The item that a hit refers to.
#[derive(Debug, Clone)]
pub enum HitItem {
    /// An administrative unit.
    Unit(UnitId),
    /// A country.
    Country(CountryId),
    /// A locality abroad.
    Locality(LocalityId),
    /// A term of a vocabulary.
    Term(TermId),
    /// A relation.
    Relation(Box<Entry<Relation>>),
    /// An agreement.
    Agreement(Box<Entry<Agreement>>),
    /// An event.
    Event(Box<Entry<Event>>),
    /// An organization.
    Organization(Box<Entry<Organization>>),
    /// A programme.
    Programme(Box<Entry<Programme>>),
    /// A figure.
    Figure(Box<Entry<Figure>>),
    /// An instrument.
    Instrument(Box<Entry<Instrument>>),
}

/// One search hit, with the texts that matched.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The item.
    pub item: HitItem,
    /// The key, for a cursor.
    pub key: HitKey,
    /// The texts that match, each with its part of the item.
    pub matched: Vec<(SearchField, String)>,
}

/// A page of hits, the best first.
#[derive(Debug, Clone, Default)]
pub struct SearchPage {
    /// The hits.
    pub hits: Vec<Hit>,
    /// The number of all hits.
    pub total: u64,
    /// Whether `total` is exact, else it is a lower bound.
    pub is_exact: bool,
    /// Whether hits precede the page.
    pub has_previous: bool,
    /// Whether hits follow the page.
    pub has_next: bool,
}

/// Limit of the entries that a search returns for a count.
const MAX_SEARCH_RESULTS: u64 = 1_000_000;

/// The entries of a page, with their matched texts.
type FoundEntries = HashMap<EntryKey, (HitItem, Vec<(SearchField, String)>)>;

impl RegisterReader {
    /// Returns a predicate for the entries of one kind that contain all these words.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_words<C: ReadableContent>(&self, words: &SearchTerms) -> Result<Predicate, Error> {
        C::find_words(self, words).await
    }

    pub(crate) async fn find_entries_with_words<C: StoredContent>(
        &self,
        words: &SearchTerms,
    ) -> Result<Predicate, Error> {
        self.reads().add_all_logs();
        let keys =
            self.acquire_store().await?.find_words::<C>(self.scope(), words, MAX_SEARCH_RESULTS).await?;
        Ok(Predicate::OneOf(C::KIND, Arc::new(keys.into_iter().collect())))
    }

    /// Returns a page of hits, the best first. The hits come from the
    /// index; one statement for each kind on the page reads its entries.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn search(
        &self,
        terms: &SearchTerms,
        filter: &SearchFilter,
        window: HitWindow<'_>,
    ) -> Result<SearchPage, Error> {
        self.reads().add_all_logs();
        let read_model = self.scoped_model(&self.read_model()).await?;
        let page = read_model.search.search(terms, filter, window);
        let keys: Vec<EntryKey> = page.hits.iter().filter_map(|(item, _)| entry_key(item)).collect();
        let directory = &read_model.directory;
        let mut entries = FoundEntries::new();
        self.read_found::<Relation>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Agreement>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Event>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Organization>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Programme>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Figure>(&keys, terms, directory, &mut entries).await?;
        self.read_found::<Instrument>(&keys, terms, directory, &mut entries).await?;
        let hit = |(found, key): (FoundItem, HitKey)| {
            let (item, matched) = match found {
                FoundItem::Entry(key) => entries.remove(&key)?,
                FoundItem::Name(item) => found_name(&item, terms, directory)?,
            };
            Some(Hit { item, key, matched })
        };
        let hits = page.hits.into_iter().filter_map(hit).collect();
        let (total, is_exact) = (page.total, page.is_exact);
        Ok(SearchPage { hits, total, is_exact, has_previous: page.has_previous, has_next: page.has_next })
    }

    /// Reads the entries of one kind among these keys.
    async fn read_found<C: ReadableContent + FoundContent>(
        &self,
        keys: &[EntryKey],
        terms: &SearchTerms,
        directory: &Directory,
        found: &mut FoundEntries,
    ) -> Result<(), Error> {
        let of_kind = keys.iter().filter(|key| key.kind == C::KIND);
        let keys: Vec<(Log, i32)> = of_kind.map(|key| (key.log, key.number)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        for entry in self.find_by_keys::<C>(&keys).await? {
            let matched = matched_texts(terms, entry_texts(&entry, directory));
            let matched = matched.into_iter().map(|text| (text.field, text.text.to_owned())).collect();
            found.insert(entry.key(), (C::into_item(Box::new(entry)), matched));
        }
        Ok(())
    }
}

fn entry_key(item: &FoundItem) -> Option<EntryKey> {
    match item {
        FoundItem::Entry(key) => Some(*key),
        FoundItem::Name(_) => None,
    }
}

/// Returns a hit among the names; None for organizations and instruments, which are found as
/// entries.
fn found_name(
    item: &NamedItem,
    terms: &SearchTerms,
    directory: &Directory,
) -> Option<(HitItem, Vec<(SearchField, String)>)> {
    let hit = match item {
        NamedItem::Unit(id) | NamedItem::FormerUnit(id) => HitItem::Unit(*id),
        NamedItem::Country(id) => HitItem::Country(*id),
        NamedItem::Locality(id) => HitItem::Locality(*id),
        NamedItem::Term(id) => HitItem::Term(*id),
        NamedItem::Organization(..) | NamedItem::Instrument(..) | NamedItem::Kind(_) => return None,
    };
    let matched = matched_texts(terms, item.texts(directory));
    Some((hit, matched.into_iter().map(|text| (SearchField::Name, text.text.to_owned())).collect()))
}

/// Content that a search returns.
trait FoundContent: Searchable {
    fn into_item(entry: Box<Entry<Self>>) -> HitItem;
}

macro_rules! found_contents {
    ($($content:ident),+) => {$(
        impl FoundContent for $content {
            fn into_item(entry: Box<Entry<Self>>) -> HitItem {
                HitItem::$content(entry)
            }
        }
    )+};
}

found_contents!(Relation, Agreement, Event, Organization, Programme, Figure, Instrument);

/// Returns the province of a log as searches select it: with all units that belong to it today.
#[must_use]
pub fn searched_province(directory: &Directory, log: Log) -> SearchedProvince {
    let belongs = |unit: &UnitId| directory.province_of(*unit).is_some_and(|province| province.log == log);
    SearchedProvince { log, units: directory.units().iter().map(|unit| unit.id).filter(belongs).collect() }
}
