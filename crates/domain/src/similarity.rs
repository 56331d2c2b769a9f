//! Similarity of entries: candidates for duplicates in one province, and suspected doubles of several.

use crate::agreement::Agreement;
use crate::date::FuzzyDate;
use crate::entry::{Content, CountryId, Entry, Publication, TermId};
use crate::event::Event;
use crate::fact::DateBounds;
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::party::PartyRef;
use crate::place::LocalityId;
use crate::programme::Programme;
use crate::relation::Relation;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

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

/// The values by which two entries of one kind are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarityKey {
    partners: Vec<PartnerRef>,
    countries: Vec<CountryId>,
    when: DateBounds,
    titles: Vec<Vec<String>>,
    term: Option<TermId>,
}

/// What two entries have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SimilarityReason {
    /// A partner: a locality or an organization.
    SamePartner,
    /// A country, where one of them names no partner in it.
    SameCountry,
    /// The day.
    SameDay,
    /// Days that both dates may mean.
    OverlappingDates,
    /// A title, ignoring case and diacritics.
    SameTitle,
    /// Most words of a title, and all its numbers.
    SimilarTitle,
    /// The form of the agreements or the kind of the events.
    SameForm,
}

/// The longest date, in days, that an entry may have to be suspected of recording the same as another
/// one: a year. A longer one overlaps too many.
const LONGEST_DAYS: i64 = 366;
/// The share of common words, in percent, from which titles are similar.
const SIMILAR_PERCENT: usize = 60;

impl SimilarityKey {
    /// Returns the key of an entry with these partners, date and titles.
    pub fn new<'a>(
        partners: Vec<PartnerRef>,
        when: Option<&FuzzyDate>,
        titles: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let titles = titles.into_iter().map(text::words).filter(|words| !words.is_empty());
        let (when, titles) = (DateBounds::from_date(when), titles.collect());
        Self { partners, countries: Vec::new(), when, titles, term: None }
    }

    /// Returns the key with the form or kind of the entry.
    #[must_use]
    pub fn with_term(self, term: TermId) -> Self {
        Self { term: Some(term), ..self }
    }

    /// Returns the key with the countries abroad of the entry.
    #[must_use]
    pub fn with_countries(self, countries: Vec<CountryId>) -> Self {
        Self { countries, ..self }
    }

    /// Returns the partners; an entry without partners is similar to no other.
    #[must_use]
    pub fn partners(&self) -> &[PartnerRef] {
        &self.partners
    }

    /// Returns what both have in common, by partner, date, title and form; empty unless they share a
    /// partner or country and their dates overlap. Numbers in titles count, so editions differ.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Vec<SimilarityReason> {
        let partner = self.common_partner(other);
        let (Some(partner), true) = (partner, overlap(&self.when, &other.when)) else { return Vec::new() };
        let is_day = |when: &DateBounds| when.is_dated && when.start.earliest == when.start.latest;
        let same_day = is_day(&self.when) && is_day(&other.when) && self.when.start == other.when.start;
        let date = if same_day { SimilarityReason::SameDay } else { SimilarityReason::OverlappingDates };
        let form = self.term.is_some() && self.term == other.term;
        let form = form.then_some(SimilarityReason::SameForm);
        [partner, date].into_iter().chain(self.common_title(other)).chain(form).collect()
    }

    /// Returns whether both may be duplicates: they share a partner and a title, and their dates
    /// overlap.
    #[must_use]
    pub fn is_similar_to(&self, other: &Self) -> bool {
        let common = self.compare(other);
        common.contains(&SimilarityReason::SamePartner) && common.contains(&SimilarityReason::SameTitle)
    }

    /// Returns the reasons to suspect that entries of different provinces record the same: they have
    /// a title in common, or partner, day and form. Empty without suspicion, and where a date is unknown
    /// or longer than a year.
    #[must_use]
    pub fn suspect(&self, other: &Self) -> Vec<SimilarityReason> {
        use SimilarityReason::{SameDay, SameForm, SamePartner, SameTitle, SimilarTitle};
        let is_short =
            |when: &DateBounds| when.is_dated && (when.latest - when.earliest).num_days() < LONGEST_DAYS;
        if !is_short(&self.when) || !is_short(&other.when) {
            return Vec::new();
        }
        let common = self.compare(other);
        let has = |reason: &SimilarityReason| common.contains(reason);
        let by_title = has(&SameTitle) || has(&SimilarTitle);
        let is_suspected = by_title || [SamePartner, SameDay, SameForm].iter().all(has);
        if is_suspected { common } else { Vec::new() }
    }

    fn common_partner(&self, other: &Self) -> Option<SimilarityReason> {
        if self.partners.iter().any(|partner| other.partners.contains(partner)) {
            return Some(SimilarityReason::SamePartner);
        }
        let is_coarse = self.partners.is_empty() || other.partners.is_empty();
        let shares_country = self.countries.iter().any(|country| other.countries.contains(country));
        (is_coarse && shares_country).then_some(SimilarityReason::SameCountry)
    }

    fn common_title(&self, other: &Self) -> Option<SimilarityReason> {
        if self.titles.iter().any(|title| other.titles.contains(title)) {
            return Some(SimilarityReason::SameTitle);
        }
        let pairs = self.titles.iter().flat_map(|title| other.titles.iter().map(move |other| (title, other)));
        pairs.into_iter().any(|(one, other)| are_alike(one, other)).then_some(SimilarityReason::SimilarTitle)
    }
}

fn overlap(one: &DateBounds, other: &DateBounds) -> bool {
    one.earliest <= other.latest && other.earliest <= one.latest
}

/// Returns whether two titles share most of their words and all their numbers.
fn are_alike(one: &[String], other: &[String]) -> bool {
    let words = |title: &[String]| -> BTreeSet<String> { title.iter().cloned().collect() };
    let numbers = |title: &[String]| -> BTreeSet<String> {
        title.iter().filter(|word| word.contains(|sign: char| sign.is_ascii_digit())).cloned().collect()
    };
    let (one_words, other_words) = (words(one), words(other));
    let (common, all) = (one_words.intersection(&other_words).count(), one_words.union(&other_words).count());
    numbers(one) == numbers(other) && common * 100 >= all * SIMILAR_PERCENT
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
        let key = SimilarityKey::new(partners.collect(), self.signed.as_ref(), self.title.texts());
        Some(key.with_term(self.form))
    }
}

impl Comparable for Event {
    fn similarity_key(&self) -> Option<SimilarityKey> {
        let partners = self.partners.iter().copied().map(PartnerRef::Locality);
        let titles = self.title.texts().chain(self.other_title.as_deref());
        Some(SimilarityKey::new(partners.collect(), self.when.as_ref(), titles).with_term(self.kind))
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

    #[test]
    fn doubles_are_suspected_by_title_or_by_partner_day_and_form() {
        use SimilarityReason::{OverlappingDates, SameCountry, SameDay, SameForm, SamePartner, SimilarTitle};
        let (form, other_form) = (Id::new(1), Id::new(2));
        let one = key(1, "2022-02-25", "Memorandum on friendship for 2022-2026").with_term(form);
        let same_form = key(1, "2022-02-25", "Joint minutes").with_term(form);
        assert_eq!(one.suspect(&same_form), [SamePartner, SameDay, SameForm]);
        assert!(one.suspect(&key(1, "2022-02-25", "Joint minutes").with_term(other_form)).is_empty());
        assert!(one.suspect(&key(1, "2022-02", "Joint minutes").with_term(form)).is_empty());
        let alike = key(1, "2022", "Memorandum on the friendship for 2022-2026").with_term(other_form);
        assert_eq!(one.suspect(&alike), [SamePartner, OverlappingDates, SimilarTitle]);
        let edition = key(1, "2022", "Memorandum on friendship for 2022-2027").with_term(other_form);
        assert!(one.suspect(&edition).is_empty());
        let wider = key(1, "2021/2022", "Memorandum on friendship for 2022-2026").with_term(form);
        assert!(one.suspect(&wider).is_empty());
        let bare =
            SimilarityKey::new(Vec::new(), FuzzyDate::parse("2022-02-25").ok().as_ref(), ["Joint minutes"]);
        let countries = |key: SimilarityKey| key.with_countries(vec![Id::new(3)]);
        assert_eq!(
            countries(same_form.clone()).suspect(&countries(bare.clone()))[..2],
            [SameCountry, SameDay]
        );
        assert!(same_form.suspect(&bare).is_empty());
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
