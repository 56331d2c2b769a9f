//! Search over everything that has a name: units, localities, organizations, entries.

use crate::error::Error;
use crate::{Register, Stored};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::place::LocalityId;
use caunoi_domain::policy::Scope;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::{self, Name, Rank, Words};
use std::cmp::Reverse;

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
    /// The names or titles that answer.
    pub highlights: Vec<String>,
}

/// The most entries of each kind that one search looks at; beyond it the count is a lower bound.
const MOST_HITS: usize = 200;

impl Register {
    /// Everything that answers a search, the best first, and whether that is all there is.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn search(
        &self,
        scope: Scope,
        directory: &Directory,
        words: &Words,
    ) -> Result<(Vec<Hit>, bool), Error> {
        if words.folded.is_empty() {
            return Ok((Vec::new(), true));
        }
        let mut hits = search_names(directory, words);
        let relations = self.search_entries::<Relation>(scope, words).await?;
        let agreements = self.search_entries::<Agreement>(scope, words).await?;
        let events = self.search_entries::<Event>(scope, words).await?;
        let all = [relations.len(), agreements.len(), events.len()].iter().all(|found| *found < MOST_HITS);
        hits.extend(relations.into_iter().map(|entry| hit(&[], words, Found::Relation(Box::new(entry)))));
        hits.extend(
            agreements
                .into_iter()
                .map(|entry| hit(&titles(&entry.content.title), words, Found::Agreement(Box::new(entry)))),
        );
        hits.extend(
            events
                .into_iter()
                .map(|entry| hit(&titles(&entry.content.title), words, Found::Event(Box::new(entry)))),
        );
        // Stable: among equals the order of kinds and keys stays.
        hits.sort_by_key(|hit| Reverse(hit.rank));
        Ok((hits, all))
    }

    async fn search_entries<C: Stored>(&self, scope: Scope, words: &Words) -> Result<Vec<Entry<C>>, Error> {
        let most = u64::try_from(MOST_HITS).unwrap_or(u64::MAX);
        let keys = self.store.find_words::<C>(scope, words, most).await?;
        let mut entries = self.store.find_by_keys::<C>(scope, &keys).await?;
        entries.sort_by_key(|entry| (entry.stamp.log, entry.stamp.number));
        Ok(entries)
    }
}

/// The localities whose names answer a search, the best first.
#[must_use]
pub fn search_localities(directory: &Directory, words: &Words) -> Vec<LocalityId> {
    let mut found: Vec<(Rank, LocalityId)> = directory
        .named_localities()
        .filter_map(|(locality, names)| Some((search::best(names, words)?.0, locality.id)))
        .collect();
    found.sort_by_key(|(rank, _)| Reverse(*rank));
    found.into_iter().map(|(_, id)| id).collect()
}

fn search_names(directory: &Directory, words: &Words) -> Vec<Hit> {
    let made = |names: &[Name], found: Found| {
        search::best(names, words).map(|(rank, name)| Hit { found, rank, highlights: vec![name.to_owned()] })
    };
    let units = directory.named_units().filter_map(|(unit, names)| made(names, Found::Unit(unit.id)));
    let localities = directory
        .named_localities()
        .filter_map(|(locality, names)| made(names, Found::Locality(locality.id)));
    let organizations = directory
        .named_organizations()
        .filter_map(|(entry, names)| made(names, Found::Organization(entry.stamp.log, entry.stamp.number)));
    units.chain(localities).chain(organizations).collect()
}

fn titles(title: &caunoi_domain::locale::Bilingual) -> Vec<Name> {
    Locale::ALL.into_iter().map(|locale| Name::new(title.in_locale(locale))).collect()
}

/// An entry was found by all its texts together; its title decides how well it answers.
fn hit(titles: &[Name], words: &Words, found: Found) -> Hit {
    match search::best(titles, words) {
        Some((rank, title)) => Hit { found, rank, highlights: vec![title.to_owned()] },
        None => Hit { found, rank: Rank::Begins, highlights: Vec::new() },
    }
}
