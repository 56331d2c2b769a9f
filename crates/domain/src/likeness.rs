//! Which entries look like the same one written twice.

use crate::date::FuzzyDate;
use crate::entry::CountryId;
use crate::fact::Period;
use crate::place::LocalityId;
use crate::text;

/// Whom an entry is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Partner {
    /// A locality abroad.
    Locality(LocalityId),
    /// A body, by its code or its folded name.
    Body(String),
    /// A country as a whole.
    Country(CountryId),
}

/// What two entries of one kind and one province are compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    partners: Vec<Partner>,
    when: Period,
    titles: Vec<Vec<String>>,
}

impl Likeness {
    /// What an entry with these partners, this date and these titles is compared by.
    pub fn new<'a>(
        partners: Vec<Partner>,
        when: Option<&FuzzyDate>,
        titles: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let titles = titles.into_iter().map(text::words).filter(|words| !words.is_empty());
        Self { partners, when: Period::of(when), titles: titles.collect() }
    }

    /// Whom the entry is shared with; without a partner it is like no other.
    #[must_use]
    pub fn partners(&self) -> &[Partner] {
        &self.partners
    }

    /// Whether both look like one: a shared partner, dates that overlap, and one title the same
    /// but for case and marks. Numbers in titles count, so editions differ.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
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

    fn likeness(partner: i32, when: &str, title: &str) -> Likeness {
        let when = FuzzyDate::parse(when).unwrap();
        Likeness::new(vec![Partner::Locality(Id::new(partner))], Some(&when), [title])
    }

    #[test]
    fn partner_date_and_title_make_entries_alike() {
        let one = likeness(1, "2026-11", "Bản ghi nhớ số 4");
        assert!(one.is_like(&likeness(1, "2026-11-30", "ban ghi nho SO 4")));
        assert!(!one.is_like(&likeness(2, "2026-11-30", "Bản ghi nhớ số 4")));
        assert!(!one.is_like(&likeness(1, "2026-12-01", "Bản ghi nhớ số 4")));
        assert!(!one.is_like(&likeness(1, "2026-11-30", "Bản ghi nhớ số 5")));
    }

    #[test]
    fn an_undated_entry_may_be_any_of_its_kind_and_one_without_a_partner_is_none() {
        let undated = Likeness::new(vec![Partner::Locality(Id::new(1))], None, ["Lễ ký"]);
        assert!(undated.is_like(&likeness(1, "1996", "Lễ ký")));
        let alone = Likeness::new(Vec::new(), None, ["Lễ ký"]);
        assert!(!alone.is_like(&alone.clone()));
    }
}
