//! Similarity of entries: candidates for duplicates.

use crate::date::FuzzyDate;
use crate::entry::CountryId;
use crate::fact::DateBounds;
use crate::place::LocalityId;
use crate::text;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

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
}
