//! Similarity of entries: candidates for duplicates.

use crate::agreement::{Agreement, PartyRef};
use crate::date::FuzzyDate;
use crate::entry::{Content, CountryId, Entry, Publication};
use crate::event::Event;
use crate::fact::DateBounds;
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::place::LocalityId;
use crate::programme::Programme;
use crate::relation::Relation;
use crate::text;
use std::collections::BTreeMap;

/// A partner of an entry, comparable across entries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PartnerRef {
    /// A locality abroad.
    Locality(LocalityId),
    /// An organization, by its code or its folded name.
    Organization(String),
    /// A country as a whole.
    Country(CountryId),
}

/// The values by which two entries of one kind and province are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarityKey {
    partners: Vec<PartnerRef>,
    when: DateBounds,
    titles: Vec<Vec<String>>,
}

impl SimilarityKey {
    /// Returns the key of an entry with these partners, date and titles.
    pub fn new<'a>(
        partners: Vec<PartnerRef>,
        when: Option<&FuzzyDate>,
        titles: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let titles = titles.into_iter().map(text::words).filter(|words| !words.is_empty());
        Self { partners, when: DateBounds::from_date(when), titles: titles.collect() }
    }

    /// Returns the partners; an entry without partners is similar to no other.
    #[must_use]
    pub fn partners(&self) -> &[PartnerRef] {
        &self.partners
    }

    /// Returns whether both may be duplicates: they share a partner and a title (ignoring case and
    /// marks), and their dates overlap. Numbers in titles count, so editions differ.
    #[must_use]
    pub fn is_similar_to(&self, other: &Self) -> bool {
        self.partners.iter().any(|partner| other.partners.contains(partner))
            && self.when.earliest <= other.when.latest
            && other.when.earliest <= self.when.latest
            && self.titles.iter().any(|title| other.titles.contains(title))
    }
}

/// Returns the candidates that are similar to the entry with this key, by number; of an entry with
/// two versions the working one.
pub fn find_duplicates<C: Comparable>(
    key: &SimilarityKey,
    candidates: impl IntoIterator<Item = Entry<C>>,
) -> Vec<Entry<C>> {
    let mut similar: BTreeMap<i32, Entry<C>> = BTreeMap::new();
    for entry in candidates {
        let is_working = entry.meta.publication != Publication::Published;
        if entry.content.similarity_key().is_some_and(|other| key.is_similar_to(&other))
            && (is_working || !similar.contains_key(&entry.meta.number))
        {
            similar.insert(entry.meta.number, entry);
        }
    }
    similar.into_values().collect()
}

/// Content that can be compared with others of its kind to find duplicates.
pub trait Comparable: Content {
    /// Returns the values to compare; None for kinds without a duplicate check.
    fn similarity_key(&self) -> Option<SimilarityKey> {
        None
    }
}

impl Comparable for Relation {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let partners = vec![PartnerRef::Locality(self.partner)];
        Some(SimilarityKey::new(partners, self.established.as_ref(), [self.tier.to_string().as_str()]))
    }
}

impl Comparable for Agreement {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let partners = self.parties.iter().map(|party| match &party.party {
            PartyRef::Locality(locality) => PartnerRef::Locality(*locality),
            PartyRef::Organization(code) => PartnerRef::Organization(code.clone()),
            PartyRef::Named(name) => PartnerRef::Organization(text::fold(name)),
        });
        Some(SimilarityKey::new(partners.collect(), self.signed.as_ref(), self.title.texts()))
    }
}

impl Comparable for Event {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let partners = self.partners.iter().copied().map(PartnerRef::Locality);
        Some(SimilarityKey::new(partners.collect(), self.when.as_ref(), self.title.texts()))
    }
}

impl Comparable for Organization {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let countries = self.target_country.into_iter().chain(self.country).map(PartnerRef::Country);
        Some(SimilarityKey::new(countries.collect(), self.founded.as_ref(), self.name.texts()))
    }
}

impl Comparable for Programme {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let localities = self.partners.iter().copied().map(PartnerRef::Locality);
        let bodies = self.partner_body.iter().map(|body| PartnerRef::Organization(text::fold(body)));
        let countries = self.countries.iter().copied().map(PartnerRef::Country);
        let partners = localities.chain(bodies).chain(countries).collect();
        Some(SimilarityKey::new(partners, self.period.as_ref(), self.title.texts()))
    }
}

impl Comparable for Figure {}

impl Comparable for Instrument {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Common, EntryKind, EntryMeta};
    use crate::id::{Id, Log};
    use serde::{Deserialize, Serialize};

    fn key(partner: i32, when: &str, title: &str) -> SimilarityKey {
        let when = FuzzyDate::parse(when).unwrap();
        SimilarityKey::new(vec![PartnerRef::Locality(Id::new(partner))], Some(&when), [title])
    }

    #[test]
    fn same_partner_date_and_title_are_similar() {
        let one = key(1, "2026-11", "Bản ghi nhớ số 4");
        assert!(one.is_similar_to(&key(1, "2026-11-30", "ban ghi nho SO 4")));
        assert!(!one.is_similar_to(&key(2, "2026-11-30", "Bản ghi nhớ số 4")));
        assert!(!one.is_similar_to(&key(1, "2026-12-01", "Bản ghi nhớ số 4")));
        assert!(!one.is_similar_to(&key(1, "2026-11-30", "Bản ghi nhớ số 5")));
    }

    #[test]
    fn undated_entry_matches_any_date_and_one_without_partner_nothing() {
        let undated = SimilarityKey::new(vec![PartnerRef::Locality(Id::new(1))], None, ["Lễ ký"]);
        assert!(undated.is_similar_to(&key(1, "1996", "Lễ ký")));
        let alone = SimilarityKey::new(Vec::new(), None, ["Lễ ký"]);
        assert!(!alone.is_similar_to(&alone.clone()));
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Note {
        title: String,
        common: Common,
    }

    impl Content for Note {
        const KIND: EntryKind = EntryKind::Event;

        fn common(&self) -> &Common {
            &self.common
        }
    }

    impl Comparable for Note {
        fn similarity_key(&self) -> Option<SimilarityKey> {
            Some(key(1, "2026", &self.title))
        }
    }

    fn entry(number: i32, publication: Publication, title: &str) -> Entry<Note> {
        let meta = EntryMeta::new(Log::new(3), number, format!("EVT-X-{number}"), 0);
        let content = Note { title: title.to_owned(), common: Common::default() };
        Entry { meta: EntryMeta { publication, ..meta }, content }
    }

    #[test]
    fn duplicates_are_shown_in_their_working_version() {
        let candidates = [
            entry(2, Publication::Draft, "Lễ ký"),
            entry(2, Publication::Published, "Lễ ký"),
            entry(1, Publication::Published, "le ky"),
            entry(1, Publication::Draft, "Hội thảo"),
            entry(3, Publication::Published, "Hội thảo"),
        ];
        let found = find_duplicates(&key(1, "2026-05", "LỄ KÝ"), candidates);
        let found: Vec<_> = found.iter().map(|entry| (entry.meta.number, entry.meta.publication)).collect();
        assert_eq!(found, [(1, Publication::Published), (2, Publication::Draft)]);
    }
}
