//! Sources: the documents, web pages and data sets that state facts.
//!
//! A data set of the ministry names sources; so does every province for its own entries, in its own
//! log. All are readable by everyone at once, and every province may name the sources of another.

use crate::date::{Day, FuzzyDate};
use crate::id::{Id, Log};
use crate::locale::{Bilingual, Locale};
use crate::search::SearchTerms;
use crate::spelling::canonical_words;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The key of a source.
pub type SourceId = Id<Source>;

/// The kind of a source.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceKind {
    /// An article that the register started from.
    Seed,
    /// A news report.
    News,
    /// A web page of an authority or organization.
    Portal,
    /// A data set or list.
    Dataset,
    /// A law, resolution or decision.
    Law,
    /// A document on paper or a scan of it, for example the signed agreement itself.
    Document,
}

/// A source of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Surrogate key; [`SourceId::of_number`] relates it to the log.
    pub id: SourceId,
    /// Unique, printable.
    pub code: String,
    /// The title of the page or document, in Vietnamese where it has one.
    pub title: String,
    /// A web address, or the name of a file; blank where there is neither.
    pub address: String,
    /// The kind.
    pub kind: SourceKind,
    /// The title in each language; blank in sources of data sets, which state no language.
    #[serde(default, skip_serializing_if = "Bilingual::is_blank")]
    pub titles: Bilingual,
    /// The person or body that published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The date of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<FuzzyDate>,
    /// The day on which the author read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessed_on: Option<Day>,
    /// The language of its text, ISO 639.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The licence under which it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The SHA-256 of a copy that its log stores, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// Number of bits of a [`SourceId`] that number the sources of one log.
const NUMBER_BITS: u32 = 25;

impl SourceId {
    /// Returns the key of the source with this number in a log. Data sets number their sources from
    /// 1; those that people name are numbered in their log, so that two logs never make one key.
    #[must_use]
    pub fn of_number(log: Log, number: i32) -> Self {
        Self::new(((i32::from(log.number()) + 1) << NUMBER_BITS) + number)
    }

    /// Returns the log that the source was named in.
    #[must_use]
    pub fn log(self) -> Log {
        let place = i16::try_from(self.number() >> NUMBER_BITS).unwrap_or_default();
        Log::new((place - 1).max(0))
    }

    /// Returns whether a data set numbered the source.
    #[must_use]
    pub fn is_of_data_set(self) -> bool {
        self.number() >> NUMBER_BITS == 0
    }
}

impl Source {
    /// Returns a source of a data set, with the fields that every source has.
    #[must_use]
    pub fn new(id: SourceId, code: &str, title: &str, address: &str, kind: SourceKind) -> Self {
        Self {
            id,
            code: code.to_owned(),
            title: title.to_owned(),
            address: address.to_owned(),
            kind,
            titles: Bilingual::default(),
            publisher: None,
            published: None,
            accessed_on: None,
            language: None,
            licence: None,
            file: None,
        }
    }

    /// Returns the title in a language; if it is not known in that language, the other one.
    #[must_use]
    pub fn title_in(&self, locale: Locale) -> &str {
        if self.titles.is_blank() { &self.title } else { self.titles.in_locale(locale) }
    }

    /// Returns whether each search word is the prefix of a word of the titles, the publisher, the
    /// address or the code, ignoring marks and case.
    #[must_use]
    pub fn matches(&self, search: &SearchTerms) -> bool {
        let texts = [self.title.as_str(), self.address.as_str(), self.code.as_str()];
        let texts = texts.into_iter().chain(self.titles.texts()).chain(self.publisher.as_deref());
        let words: Vec<String> = texts.flat_map(canonical_words).collect();
        let is_prefix = |wanted: &String| words.iter().any(|word| word.starts_with(wanted.as_str()));
        !search.folded.is_empty() && search.folded.iter().all(is_prefix)
    }

    /// Returns the web address; None where the source has none.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        let is_web = |address: &&str| address.starts_with("https://") || address.starts_with("http://");
        Some(self.address.as_str()).filter(is_web)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn key_of_a_source_tells_its_log(log in 0_i16..63, number in 1_i32..(1 << 25)) {
            let id = SourceId::of_number(Log::new(log), number);
            prop_assert!(id.number() > 0 && !id.is_of_data_set());
            prop_assert_eq!(id.log(), Log::new(log));
        }
    }

    #[test]
    fn search_ignores_marks_and_finds_every_text() {
        let mut source =
            Source::new(Id::new(1), "SRC-HUE-0001", "Huế", "https://baohue.vn/x", SourceKind::News);
        source.titles = Bilingual::both("Huế ký bản ghi nhớ".to_owned(), "Hue signs".to_owned());
        source.publisher = Some("Báo Huế".to_owned());
        let matches = |text: &str| source.matches(&SearchTerms::parse(text).unwrap());
        assert!(
            ["ban ghi", "signs", "bao hue", "baohue.vn", "src-hue-0001", "GHI nho hue"].map(matches)
                == [true; 6]
        );
        assert!(["", "xyz", "hue xyz"].map(matches) == [false; 3]);
    }

    #[test]
    fn sources_of_data_sets_are_the_ministry_s_and_keep_their_text() {
        let source = Source::new(Id::new(7), "seed-000", "Article", "https://example.org", SourceKind::Seed);
        assert!(source.id.is_of_data_set());
        assert_eq!(source.id.log(), Log::MINISTRY);
        let text =
            r#"{"id":7,"code":"seed-000","title":"Article","address":"https://example.org","kind":"SEED"}"#;
        assert_eq!(serde_json::to_string(&source).unwrap(), text);
        assert_eq!(serde_json::from_str::<Source>(text).unwrap(), source);
    }
}
