//! Pairs of entries of different provinces that may record the same, as far as facts tell.

use super::Facts;
use crate::date::Day;
use crate::entry::{CountryId, EntryKey};
use crate::fact::Fact;
use crate::place::LocalityId;
use std::collections::{BTreeSet, HashMap};

/// Two published entries of one kind and of different provinces, with a partner or a country in
/// common and overlapping dates. Their titles decide; see
/// [`SimilarityKey::suspect`](crate::similarity::SimilarityKey::suspect).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleCandidate {
    /// The entry whose key comes first.
    pub first: EntryKey,
    /// The other one.
    pub second: EntryKey,
    /// The countries abroad that both concern.
    pub countries: Vec<CountryId>,
}

/// The values of an entry that pairs are found by.
struct Candidate {
    key: EntryKey,
    earliest: Day,
    latest: Day,
    localities: Vec<LocalityId>,
    countries: Vec<CountryId>,
}

impl Candidate {
    /// Returns the values of a dated entry. The home country is no partner.
    fn new(fact: Fact, home: Option<CountryId>) -> Option<Self> {
        let Fact { key, first, localities, mut countries, .. } = fact;
        countries.retain(|country| Some(*country) != home);
        let (earliest, latest) = (first.earliest, first.latest);
        first.is_dated.then_some(Self { key, earliest, latest, localities, countries })
    }
}

/// Returns the pairs that come after a pair, in the order of their keys, at most `most`.
#[must_use]
pub fn find_double_candidates(
    facts: &Facts,
    home: Option<CountryId>,
    after: Option<(EntryKey, EntryKey)>,
    most: usize,
) -> Vec<DoubleCandidate> {
    let all = facts.select(&crate::filter::Filter::default());
    let mut rows: Vec<Candidate> =
        facts.rows(&all).filter_map(|row| Candidate::new(facts.fact(row), home)).collect();
    rows.sort_unstable_by_key(|row| row.key);
    let index = PartnerIndex::new(&rows);
    let mut found = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if after.is_some_and(|(first, _)| row.key < first) {
            continue;
        }
        for other in index.later(at, row).into_iter().map(|other| &rows[other]) {
            let is_new = after.is_none_or(|after| (row.key, other.key) > after);
            let overlaps = row.earliest <= other.latest && other.earliest <= row.latest;
            if is_new && overlaps && row.key.log != other.key.log {
                let both = row.countries.iter().filter(|country| other.countries.contains(country));
                let countries = both.copied().collect();
                found.push(DoubleCandidate { first: row.key, second: other.key, countries });
                if found.len() == most {
                    return found;
                }
            }
        }
    }
    found
}

/// The rows by partner, each list ascending.
#[derive(Default)]
struct PartnerIndex {
    by_locality: HashMap<LocalityId, Vec<usize>>,
    by_country: HashMap<CountryId, Vec<usize>>,
    /// The rows that name no locality, by country.
    without_locality: HashMap<CountryId, Vec<usize>>,
}

impl PartnerIndex {
    fn new(rows: &[Candidate]) -> Self {
        let mut index = Self::default();
        for (at, row) in rows.iter().enumerate() {
            for locality in &row.localities {
                index.by_locality.entry(*locality).or_default().push(at);
            }
            for country in &row.countries {
                index.by_country.entry(*country).or_default().push(at);
                if row.localities.is_empty() {
                    index.without_locality.entry(*country).or_default().push(at);
                }
            }
        }
        index
    }

    /// Returns the later rows with a common locality, or a common country where one of both names no
    /// locality.
    fn later(&self, at: usize, row: &Candidate) -> BTreeSet<usize> {
        let by_country = if row.localities.is_empty() { &self.by_country } else { &self.without_locality };
        let localities = row.localities.iter().filter_map(|locality| self.by_locality.get(locality));
        let countries = row.countries.iter().filter_map(|country| by_country.get(country));
        localities.chain(countries).flatten().copied().filter(|other| *other > at).collect()
    }
}
