//! Search over everything that has a name: units, localities, organizations, entries.

use crate::error::Error;
use crate::{Reading, Stored};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::page::SortKey;
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::{self, Name, Rank, Words};
use std::collections::HashMap;

/// What a search found.
#[derive(Debug, Clone)]
pub enum Found {
    /// A unit of administration.
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

/// One hit, with the texts that it was found by.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What was found.
    pub found: Found,
    /// How well it answers.
    pub rank: Rank,
    /// The code, names or titles that answer.
    pub highlights: Vec<String>,
    class: Class,
}

/// What hits of one rank are ordered by, before their keys.
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
    /// Its sort key: the best rank first, then the class, then the key of what was found.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let (log, number) = match &self.found {
            Found::Unit(id) => (Log::MINISTRY, id.number()),
            Found::Locality(id) => (Log::MINISTRY, id.number()),
            Found::Organization(log, number) => (*log, *number),
            Found::Relation(entry) => (entry.stamp.log, entry.stamp.number),
            Found::Agreement(entry) => (entry.stamp.log, entry.stamp.number),
            Found::Event(entry) => (entry.stamp.log, entry.stamp.number),
        };
        by_rank(self.rank).number(self.class as i32).number(log.number()).number(number)
    }
}

/// The beginning of a sort key: the best rank first.
fn by_rank(rank: Rank) -> SortKey {
    SortKey::default().number(rank as i32).reversed()
}

/// The most entries of each kind that one search ranks: those that answer best by
/// [`caunoi_store::Store::find_best`]. Where a kind has as many, further answers lie beyond, and the
/// number of hits is a lower bound.
const MOST_HITS: usize = 200;

impl Reading {
    /// Everything that answers a search, the best first, and whether that is all there is.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn search(&self, directory: &Directory, words: &Words) -> Result<(Vec<Hit>, bool), Error> {
        self.reads().note_all();
        if words.folded.is_empty() {
            return Ok((Vec::new(), true));
        }
        let (relations, has_all_relations) = self.search_entries(words).await?;
        let (agreements, has_all_agreements) = self.search_entries(words).await?;
        let (events, has_all_events) = self.search_entries(words).await?;
        let found = Answering { relations, agreements, events };
        let is_all = found.is_all() && has_all_relations && has_all_agreements && has_all_events;
        Ok((rank(directory, words, found), is_all))
    }

    /// The entries of one kind that answer best, by log and number, and whether every entry was
    /// looked at.
    async fn search_entries<C: Stored>(&self, words: &Words) -> Result<(Vec<Entry<C>>, bool), Error> {
        let most = u64::try_from(MOST_HITS).unwrap_or(u64::MAX);
        let (rows, scope) = (self.rows().await?, self.scope());
        let (keys, is_all) = rows.find_best::<C>(scope, words, most).await?;
        let mut entries = rows.find_by_keys::<C>(scope, &keys).await?;
        entries.sort_by_key(|entry| (entry.stamp.log, entry.stamp.number));
        Ok((entries, is_all))
    }
}

/// The localities whose names answer a search with their sort keys, the best first; equal ones by
/// their ids.
#[must_use]
pub fn search_localities(directory: &Directory, words: &Words) -> Vec<(SortKey, LocalityId)> {
    let mut found: Vec<(SortKey, LocalityId)> = directory
        .named_localities()
        .filter_map(|(locality, names)| {
            let (rank, _) = search::best(names, words)?;
            Some((by_rank(rank).number(locality.id.number()), locality.id))
        })
        .collect();
    found.sort_unstable();
    found
}

/// Entries whose texts have every word that was typed, by log and number.
#[derive(Debug, Default)]
struct Answering {
    relations: Vec<Entry<Relation>>,
    agreements: Vec<Entry<Agreement>>,
    events: Vec<Entry<Event>>,
}

impl Answering {
    fn is_all(&self) -> bool {
        let counts = [self.relations.len(), self.agreements.len(), self.events.len()];
        counts.into_iter().all(|count| count < MOST_HITS)
    }
}

/// What answers by its name in memory or was found in the database, the best first.
fn rank(directory: &Directory, words: &Words, found: Answering) -> Vec<Hit> {
    let mut hits = search_names(directory, words);
    let names = TieNames::of(directory);
    hits.extend(found.relations.into_iter().map(|entry| {
        let answer = answer(&entry.stamp.code, &names.of_relation(&entry.content), words);
        hit(answer, Found::Relation(Box::new(entry)), Class::Relation)
    }));
    hits.extend(found.agreements.into_iter().map(|entry| {
        let answer = answer(&entry.stamp.code, &titles(&entry.content.title), words);
        hit(answer, Found::Agreement(Box::new(entry)), Class::Agreement)
    }));
    hits.extend(found.events.into_iter().map(|entry| {
        let answer = answer(&entry.stamp.code, &titles(&entry.content.title), words);
        hit(answer, Found::Event(Box::new(entry)), Class::Event)
    }));
    hits.sort_by_cached_key(Hit::sort_key);
    hits
}

/// Units, localities and organizations.
fn search_names(directory: &Directory, words: &Words) -> Vec<Hit> {
    let units = directory.named_units().filter_map(|(unit, names)| {
        let class = if unit.valid_to.is_none() { Class::LivingUnit } else { Class::FormerUnit };
        Some(hit(by_name(names, words)?, Found::Unit(unit.id), class))
    });
    let localities = directory.named_localities().filter_map(|(locality, names)| {
        Some(hit(by_name(names, words)?, Found::Locality(locality.id), Class::Locality))
    });
    let organizations = directory.named_organizations().filter_map(|(entry, names)| {
        let answer = by_code(&entry.stamp.code, words).or_else(|| by_name(names, words))?;
        let found = Found::Organization(entry.stamp.log, entry.stamp.number);
        Some(hit(answer, found, Class::Organization))
    });
    units.chain(localities).chain(organizations).collect()
}

/// The names that stand for a relation, which has none of its own.
struct TieNames<'a> {
    localities: HashMap<LocalityId, &'a [Name]>,
    units: HashMap<UnitId, &'a [Name]>,
}

impl<'a> TieNames<'a> {
    fn of(directory: &'a Directory) -> Self {
        Self {
            localities: directory.named_localities().map(|(locality, names)| (locality.id, names)).collect(),
            units: directory.named_units().map(|(unit, names)| (unit.id, names)).collect(),
        }
    }

    /// The names of its partner, then those of the unit that it came from.
    fn of_relation(&self, relation: &Relation) -> Vec<Name> {
        let partner = self.localities.get(&relation.partner).copied().unwrap_or_default();
        let unit = relation.common.origin_unit.and_then(|unit| self.units.get(&unit).copied());
        [partner, unit.unwrap_or_default()].concat()
    }
}

fn titles(title: &Bilingual) -> Vec<Name> {
    Locale::ALL.into_iter().map(|locale| Name::new(title.in_locale(locale))).collect()
}

/// A rank, and the texts that earn it.
type Earned = (Rank, Vec<String>);

fn by_code(code: &str, words: &Words) -> Option<Earned> {
    words.is_code(code).then(|| (Rank::Code, vec![code.to_owned()]))
}

fn by_name(names: &[Name], words: &Words) -> Option<Earned> {
    search::best(names, words).map(|(rank, name)| (rank, vec![name.to_owned()]))
}

/// An entry was found by all its texts together; its code or one of its names decides how well it
/// answers.
fn answer(code: &str, names: &[Name], words: &Words) -> Earned {
    by_code(code, words).or_else(|| by_name(names, words)).unwrap_or_else(|| {
        (Rank::Begins, search::together(names, words).into_iter().map(str::to_owned).collect())
    })
}

fn hit((rank, highlights): Earned, found: Found, class: Class) -> Hit {
    Hit { found, rank, highlights, class }
}

#[cfg(test)]
mod tests;
