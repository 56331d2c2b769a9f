//! Full-text search over units, localities, organizations and entries.

use crate::error::Error;
use crate::reader::{ReadableContent, RegisterReader};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::filter::Predicate;
use caunoi_domain::id::Log;
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::page::SortKey;
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::{self, Name, Rank, SearchTerms};
use caunoi_store::StoredContent;
use std::collections::HashMap;
use std::sync::Arc;

/// The item that a hit refers to.
#[derive(Debug, Clone)]
pub enum HitItem {
    /// An administrative unit.
    Unit(UnitId),
    /// A locality abroad.
    Locality(LocalityId),
    /// An organization, by its log and number.
    Organization(Log, i32),
    /// A relation.
    Relation(Box<Entry<Relation>>),
    /// An agreement.
    Agreement(Box<Entry<Agreement>>),
    /// An event.
    Event(Box<Entry<Event>>),
}

/// One search hit, with the texts that matched.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The item.
    pub item: HitItem,
    /// How well the item matches.
    pub rank: Rank,
    /// The code, names or titles that matched.
    pub highlights: Vec<String>,
    class: Class,
}

/// The second sort criterion of hits, after the rank and before the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    LivingUnit,
    FormerUnit,
    Locality,
    Organization,
    Relation,
    Agreement,
    Event,
}

impl Hit {
    /// Returns the sort key: the best rank first, then the class, then the key of the item.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let (log, number) = match &self.item {
            HitItem::Unit(id) => (Log::MINISTRY, id.number()),
            HitItem::Locality(id) => (Log::MINISTRY, id.number()),
            HitItem::Organization(log, number) => (*log, *number),
            HitItem::Relation(entry) => (entry.meta.log, entry.meta.number),
            HitItem::Agreement(entry) => (entry.meta.log, entry.meta.number),
            HitItem::Event(entry) => (entry.meta.log, entry.meta.number),
        };
        rank_key(self.rank).number(self.class as i32).number(log.number()).number(number)
    }
}

/// Returns a sort key with the best rank first.
fn rank_key(rank: Rank) -> SortKey {
    SortKey::default().number(rank as i32).reversed()
}

/// Limit of the entries of each kind that one search ranks: the best matches by
/// [`caunoi_store::Store::find_best`]. If a kind reaches it, the number of hits is a lower bound.
const MAX_HITS: usize = 200;
/// Limit of the entries that a search returns for a count.
const MAX_SEARCH_RESULTS: u64 = 1_000_000;

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

    /// Returns all hits, the best first, and whether they are complete.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn search(
        &self,
        directory: &Directory,
        words: &SearchTerms,
    ) -> Result<(Vec<Hit>, bool), Error> {
        self.reads().add_all_logs();
        if words.folded.is_empty() {
            return Ok((Vec::new(), true));
        }
        let (relations, has_all_relations) = self.search_entries(words).await?;
        let (agreements, has_all_agreements) = self.search_entries(words).await?;
        let (events, has_all_events) = self.search_entries(words).await?;
        let found = EntryMatches { relations, agreements, events };
        let is_complete = found.is_complete() && has_all_relations && has_all_agreements && has_all_events;
        Ok((rank(directory, words, found), is_complete))
    }

    /// Returns the best matches of one kind by log and number, and whether every entry was
    /// compared.
    async fn search_entries<C: StoredContent>(
        &self,
        words: &SearchTerms,
    ) -> Result<(Vec<Entry<C>>, bool), Error> {
        let most = u64::try_from(MAX_HITS).unwrap_or(u64::MAX);
        let (rows, scope) = (self.acquire_store().await?, self.scope());
        let (keys, is_complete) = rows.find_best::<C>(scope, words, most).await?;
        let mut entries = rows.find_by_keys::<C>(scope, &keys).await?;
        entries.sort_by_key(|entry| (entry.meta.log, entry.meta.number));
        Ok((entries, is_complete))
    }
}

/// Returns the localities whose names match, with their sort keys, the best first and then by id.
#[must_use]
pub fn search_localities(directory: &Directory, words: &SearchTerms) -> Vec<(SortKey, LocalityId)> {
    let mut found: Vec<(SortKey, LocalityId)> = directory
        .named_localities()
        .filter_map(|(locality, names)| {
            let (rank, _) = search::best_match(names, words)?;
            Some((rank_key(rank).number(locality.id.number()), locality.id))
        })
        .collect();
    found.sort_unstable();
    found
}

/// Entries that contain every word of the query, by log and number.
#[derive(Debug, Default)]
struct EntryMatches {
    relations: Vec<Entry<Relation>>,
    agreements: Vec<Entry<Agreement>>,
    events: Vec<Entry<Event>>,
}

impl EntryMatches {
    fn is_complete(&self) -> bool {
        let counts = [self.relations.len(), self.agreements.len(), self.events.len()];
        counts.into_iter().all(|count| count < MAX_HITS)
    }
}

/// Returns the hits in memory and in the database, the best first.
fn rank(directory: &Directory, words: &SearchTerms, found: EntryMatches) -> Vec<Hit> {
    let mut hits = search_names(directory, words);
    let names = RelationNames::from_directory(directory);
    hits.extend(found.relations.into_iter().map(|entry| {
        let ranked = rank_entry(&entry.meta.code, &names.of_relation(&entry.content), words);
        to_hit(ranked, HitItem::Relation(Box::new(entry)), Class::Relation)
    }));
    hits.extend(found.agreements.into_iter().map(|entry| {
        let ranked = rank_entry(&entry.meta.code, &titles(&entry.content.title), words);
        to_hit(ranked, HitItem::Agreement(Box::new(entry)), Class::Agreement)
    }));
    hits.extend(found.events.into_iter().map(|entry| {
        let ranked = rank_entry(&entry.meta.code, &titles(&entry.content.title), words);
        to_hit(ranked, HitItem::Event(Box::new(entry)), Class::Event)
    }));
    hits.sort_by_cached_key(Hit::sort_key);
    hits
}

/// Returns the hits among units, localities and organizations.
fn search_names(directory: &Directory, words: &SearchTerms) -> Vec<Hit> {
    let units = directory.named_units().filter_map(|(unit, names)| {
        let class = if unit.valid_to.is_none() { Class::LivingUnit } else { Class::FormerUnit };
        Some(to_hit(match_name(names, words)?, HitItem::Unit(unit.id), class))
    });
    let localities = directory.named_localities().filter_map(|(locality, names)| {
        Some(to_hit(match_name(names, words)?, HitItem::Locality(locality.id), Class::Locality))
    });
    let organizations = directory.named_organizations().filter_map(|(entry, names)| {
        let ranked = match_code(&entry.meta.code, words).or_else(|| match_name(names, words))?;
        let found = HitItem::Organization(entry.meta.log, entry.meta.number);
        Some(to_hit(ranked, found, Class::Organization))
    });
    units.chain(localities).chain(organizations).collect()
}

/// Names by which a relation is ranked, since it has none of its own.
struct RelationNames<'a> {
    localities: HashMap<LocalityId, &'a [Name]>,
    units: HashMap<UnitId, &'a [Name]>,
}

impl<'a> RelationNames<'a> {
    fn from_directory(directory: &'a Directory) -> Self {
        Self {
            localities: directory.named_localities().map(|(locality, names)| (locality.id, names)).collect(),
            units: directory.named_units().map(|(unit, names)| (unit.id, names)).collect(),
        }
    }

    /// Returns the names of the partner, then those of the original unit.
    fn of_relation(&self, relation: &Relation) -> Vec<Name> {
        let partner = self.localities.get(&relation.partner).copied().unwrap_or_default();
        let unit = relation.common.origin_unit.and_then(|unit| self.units.get(&unit).copied());
        [partner, unit.unwrap_or_default()].concat()
    }
}

fn titles(title: &Bilingual) -> Vec<Name> {
    Locale::ALL.into_iter().map(|locale| Name::new(title.in_locale(locale))).collect()
}

/// A rank, and the texts that matched.
type RankedTexts = (Rank, Vec<String>);

fn match_code(code: &str, words: &SearchTerms) -> Option<RankedTexts> {
    words.is_code(code).then(|| (Rank::Code, vec![code.to_owned()]))
}

fn match_name(names: &[Name], words: &SearchTerms) -> Option<RankedTexts> {
    search::best_match(names, words).map(|(rank, name)| (rank, vec![name.to_owned()]))
}

/// Returns how well an entry matches. It was found by all its texts together; its code or one of
/// its names decides the rank.
fn rank_entry(code: &str, names: &[Name], words: &SearchTerms) -> RankedTexts {
    match_code(code, words).or_else(|| match_name(names, words)).unwrap_or_else(|| {
        (Rank::Begins, search::covering_names(names, words).into_iter().map(str::to_owned).collect())
    })
}

fn to_hit((rank, highlights): RankedTexts, item: HitItem, class: Class) -> Hit {
    Hit { item, rank, highlights, class }
}

#[cfg(test)]
mod tests;
