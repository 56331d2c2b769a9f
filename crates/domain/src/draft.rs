//! Drafts: entries as somebody wrote them, before they are checked.
//!
//! Files and mutations fill the same drafts and call the same `parse`, which reads every field
//! and collects every problem, so that the writer mends all of them in one go.

mod again;
mod agreement;
mod country;
mod event;
mod figure;
mod instrument;
mod locality;
mod organization;
mod programme;
mod proposal;
mod relation;
mod term;

pub use agreement::{ActDraft, AgreementDraft, FileDraft, PartyDraft, SignatoryDraft};
pub use country::CountryNameDraft;
pub use event::{EventDraft, LeaderDraft};
pub use figure::{DimensionDraft, FigureDraft};
pub use instrument::InstrumentDraft;
pub use locality::{AliasDraft, LocalityDraft};
pub use organization::{MembershipDraft, OrganizationDraft, PostDraft, StageDraft};
pub use programme::ProgrammeDraft;
pub use proposal::{SettlementDraft, WishDraft};
pub use relation::RelationDraft;
pub use term::TermDraft;

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, Pillar, SourceId, TermId, UnitId, counts_from};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::quantity::{Qualifier, Quantity, QuantityParts};
use crate::reference::{OccasionId, Vocabulary};
use crate::refusal::{Problem, Problems, Refusal};
use crate::text;
use rust_decimal::Decimal;
use std::str::FromStr;

/// The slug under which the ministry's own entries are written.
pub const MINISTRY: &str = "MINISTRY";

/// The most characters of a title or name.
pub const LONGEST_TITLE: usize = 500;
/// The most characters of a remark.
pub const LONGEST_NOTE: usize = 2_000;
/// The most characters of a code, slug or other short word.
pub const LONGEST_WORD: usize = 100;
/// The most members of a list that nothing else bounds.
pub const MOST_MEMBERS: usize = 50;

/// What somebody wrote of an entry of one kind; [`Draft::parse`] checks it.
pub trait Draft: Clone + Send + Sync {
    /// What comes out of it.
    type Content: Content;

    /// The same as this content would have been written, to change parts of it.
    fn of(content: &Self::Content, log: Log, directory: &Directory) -> Self;

    /// What every draft shares.
    fn common(&self) -> &CommonDraft;

    /// Checks every field; `brought_on` is the day that stands in where nothing dates the entry.
    ///
    /// # Errors
    /// Every problem found, by path.
    fn read(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Self::Content>, Vec<Problem>>;
}

/// A checked content and the log that it belongs in.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<C> {
    /// Whose entry it is.
    pub log: Log,
    /// What it tells.
    pub content: C,
}

/// What every draft shares.
#[derive(Debug, Clone, Default)]
pub struct CommonDraft {
    /// The slug of the unit at the time of the fact, or [`MINISTRY`].
    pub unit: String,
    /// A pillar, or blank.
    pub pillar: String,
    /// Codes of FIELD terms.
    pub fields: Vec<String>,
    /// Codes of sources.
    pub sources: Vec<String>,
    /// A class of secrecy; anything but PUBLIC or blank is refused, and not even quoted.
    pub secrecy: String,
    /// What whoever filled the draft found wrong already; it stands beside what `parse` finds.
    pub noted: Vec<Problem>,
}

/// What dates an entry: its own date, the year of its evidence, the day it was brought.
#[derive(Debug, Clone, Copy)]
struct Dating<'a> {
    first: Option<&'a FuzzyDate>,
    evidence_year: Option<i32>,
    brought_on: Day,
}

/// Reads the fields of one draft, looks words up, and collects what is wrong.
struct Reading<'a> {
    directory: &'a Directory,
    problems: Problems,
}

impl<'a> Reading<'a> {
    fn new(directory: &'a Directory) -> Self {
        Self { directory, problems: Problems::default() }
    }

    /// The shared part and the log; none where the unit is unknown, which is noted.
    fn common(&mut self, draft: &CommonDraft, dating: Dating<'_>) -> Option<(Log, Common)> {
        let counts = counts_from(
            dating.first.and_then(FuzzyDate::first_latest),
            dating.evidence_year,
            dating.brought_on,
        );
        let place = self.place(&draft.unit, counts);
        let pillar = self.word::<Pillar>("pillar", &draft.pillar, "a pillar: PARTY, STATE or PEOPLE");
        let fields = self.terms("fields", Vocabulary::Field, &draft.fields);
        let sources = self.each("sources", &draft.sources, Reading::source);
        if !matches!(draft.secrecy.as_str(), "" | "PUBLIC") {
            self.problems.note("secrecy", Refusal::SecretMatter);
        }
        self.problems.join(&draft.noted);
        let (log, origin_unit) = place?;
        Some((log, Common { origin_unit, pillar, fields, sources, counts_from: Some(counts) }))
    }

    fn place(&mut self, slug: &str, day: Day) -> Option<(Log, Option<UnitId>)> {
        if slug == MINISTRY {
            return Some((Log::MINISTRY, None));
        }
        let unit = self.directory.unit_by_slug_on(slug, day).map(|unit| unit.id);
        let placed = unit.and_then(|unit| Some((self.directory.province_of(unit)?.log, Some(unit))));
        let outcome = if slug.trim().is_empty() {
            Err(Refusal::Required)
        } else {
            placed.ok_or_else(|| Refusal::unknown("unit", slug))
        };
        self.problems.take("unit", outcome)
    }

    /// A text that must stand.
    fn text(&mut self, path: &str, raw: &str, most: usize) -> Option<String> {
        self.problems.take(path, text::parse(raw, most))
    }

    /// A text that may be blank.
    fn optional_text(&mut self, path: &str, raw: &str, most: usize) -> Option<String> {
        if raw.trim().is_empty() { None } else { self.text(path, raw, most) }
    }

    /// A text in one or both languages, at least one.
    fn bilingual(&mut self, path: &str, raw: &Bilingual, most: usize) -> Option<Bilingual> {
        let is_blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&raw.vi) && is_blank(&raw.en) {
            self.problems.note(path, Refusal::Required);
            return None;
        }
        Some(self.optional_bilingual(path, raw, most))
    }

    /// A text that may be blank in both languages.
    fn optional_bilingual(&mut self, path: &str, raw: &Bilingual, most: usize) -> Bilingual {
        let vi = raw.vi.as_deref().and_then(|text| self.optional_text(&format!("{path}.vi"), text, most));
        let en = raw.en.as_deref().and_then(|text| self.optional_text(&format!("{path}.en"), text, most));
        Bilingual { vi, en }
    }

    /// Texts, those that are not blank.
    fn texts(&mut self, path: &str, raw: &[String], most: usize) -> Vec<String> {
        let raw = self.bounded(path, raw, MOST_MEMBERS);
        raw.iter().filter_map(|text| self.optional_text(path, text, most)).collect()
    }

    /// A date that may be blank.
    fn date(&mut self, path: &str, raw: &str) -> Option<FuzzyDate> {
        self.optional(path, raw, FuzzyDate::parse)
    }

    /// A whole number within bounds that may be blank.
    fn number(&mut self, path: &str, raw: &str, least: i32, most: i32) -> Option<i32> {
        self.optional(path, raw, |raw| match raw.trim().parse::<i32>() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            _ => Err(Refusal::unreadable(&format!("a whole number from {least} to {most}"), raw)),
        })
    }

    /// A decimal that may be blank.
    fn decimal(&mut self, path: &str, raw: &str) -> Option<Decimal> {
        self.optional(path, raw, |raw| {
            Decimal::from_str(raw.trim()).map_err(|_| Refusal::unreadable("a decimal number", raw))
        })
    }

    /// A word of one of our closed lists that may be blank.
    fn word<W: FromStr>(&mut self, path: &str, raw: &str, expected: &str) -> Option<W> {
        self.optional(path, raw, |raw| {
            W::from_str(raw.trim()).map_err(|_| Refusal::unreadable(expected, raw))
        })
    }

    /// A word of one of our closed lists that must stand.
    fn required_word<W: FromStr>(&mut self, path: &str, raw: &str, expected: &str) -> Option<W> {
        self.present(path, raw)?;
        self.word(path, raw, expected)
    }

    fn present(&mut self, path: &str, raw: &str) -> Option<()> {
        self.problems.take(path, if raw.trim().is_empty() { Err(Refusal::Required) } else { Ok(()) })
    }

    fn optional<T>(
        &mut self,
        path: &str,
        raw: &str,
        read: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        if raw.trim().is_empty() { None } else { self.problems.take(path, read(raw)) }
    }

    fn each<T>(
        &mut self,
        path: &str,
        raw: &[String],
        read: impl Fn(&Self, &str) -> Result<T, Refusal>,
    ) -> Vec<T> {
        let raw = self.bounded(path, raw, MOST_MEMBERS);
        let outcomes: Vec<_> = raw.iter().map(|item| read(self, item)).collect();
        outcomes.into_iter().filter_map(|outcome| self.problems.take(path, outcome)).collect()
    }

    /// The list where it is within its bound, else an empty one, so that nobody looks 10,000 words up.
    fn bounded<'l, T>(&mut self, path: &str, list: &'l [T], most: usize) -> &'l [T] {
        if list.len() <= most {
            return list;
        }
        self.problems.note(path, Refusal::TooMany { most, given: list.len() });
        &[]
    }

    fn term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        self.present(path, code)?;
        let outcome = self.find_term(vocabulary, code);
        self.problems.take(path, outcome)
    }

    fn optional_term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        if code.trim().is_empty() { None } else { self.term(path, vocabulary, code) }
    }

    fn terms(&mut self, path: &str, vocabulary: Vocabulary, codes: &[String]) -> Vec<TermId> {
        let mut terms = self.each(path, codes, |reading, code| reading.find_term(vocabulary, code));
        let mut seen = std::collections::HashSet::new();
        terms.retain(|term| seen.insert(*term));
        terms
    }

    fn find_term(&self, vocabulary: Vocabulary, code: &str) -> Result<TermId, Refusal> {
        let found = self.directory.term_by_code(vocabulary, code).map(|term| term.id);
        found.ok_or_else(|| Refusal::unknown(vocabulary.term_name(), code))
    }

    fn source(&self, code: &str) -> Result<SourceId, Refusal> {
        let found = self.directory.source_by_code(code).map(|source| source.id);
        found.ok_or_else(|| Refusal::unknown("source", code))
    }

    fn optional_source(&mut self, path: &str, code: &str) -> Option<SourceId> {
        if code.trim().is_empty() {
            return None;
        }
        let outcome = self.source(code);
        self.problems.take(path, outcome)
    }

    fn find_locality(&self, slug: &str) -> Result<LocalityId, Refusal> {
        let found = self.directory.locality_by_slug(slug).map(|locality| locality.id);
        found.ok_or_else(|| Refusal::unknown("locality", slug))
    }

    fn find_country(&self, iso2: &str) -> Result<CountryId, Refusal> {
        let found = self.directory.country_by_iso2(iso2).map(|country| country.id);
        found.ok_or_else(|| Refusal::unknown("country", iso2))
    }

    fn localities(&mut self, path: &str, slugs: &[String]) -> Vec<LocalityId> {
        self.each(path, slugs, Self::find_locality)
    }

    fn countries(&mut self, path: &str, codes: &[String]) -> Vec<CountryId> {
        self.each(path, codes, Self::find_country)
    }

    fn country(&mut self, path: &str, iso2: &str) -> Option<CountryId> {
        if iso2.trim().is_empty() {
            return None;
        }
        let outcome = self.find_country(iso2);
        self.problems.take(path, outcome)
    }

    fn occasions(&mut self, path: &str, codes: &[String]) -> Vec<OccasionId> {
        self.each(path, codes, |reading, code| {
            let found = reading.directory.occasion_by_code(code).map(|occasion| occasion.id);
            found.ok_or_else(|| Refusal::unknown("occasion", code))
        })
    }

    fn quantity(&mut self, path: &str, raw: &QuantityDraft) -> Option<Quantity> {
        if raw.is_blank() {
            return None;
        }
        let value = self.decimal(path, &raw.value);
        let lower = self.decimal(path, &raw.lower);
        let upper = self.decimal(path, &raw.upper);
        let qualifier = self.word::<Qualifier>(path, &raw.qualifier, "a qualifier");
        let was_read = |text: &str, is_some: bool| is_some || text.trim().is_empty();
        // What could not be read was noted; as a blank it would be refused a second time.
        if !(was_read(&raw.value, value.is_some())
            && was_read(&raw.lower, lower.is_some())
            && was_read(&raw.upper, upper.is_some())
            && was_read(&raw.qualifier, qualifier.is_some()))
        {
            return None;
        }
        let qualifier = qualifier.unwrap_or_default();
        let currency = self.optional_text(path, &raw.currency, 3);
        let unit = raw.unit.trim().to_owned();
        let outcome = Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency });
        self.problems.take(path, outcome)
    }
}

/// A language by its code.
fn language(raw: &str) -> Result<String, Refusal> {
    let code = raw.trim();
    if matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code.to_owned());
    }
    Err(Refusal::unreadable("a language in ISO 639, such as vi or eng", raw))
}

/// A quantity as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct QuantityDraft {
    /// The number, for all but ranges.
    pub value: String,
    /// The least, for ranges.
    pub lower: String,
    /// The most, for ranges.
    pub upper: String,
    /// How exact it is; blank means exact.
    pub qualifier: String,
    /// What is counted.
    pub unit: String,
    /// ISO 4217, for money.
    pub currency: String,
}

impl QuantityDraft {
    fn is_blank(&self) -> bool {
        [&self.value, &self.lower, &self.upper, &self.qualifier].iter().all(|text| text.trim().is_empty())
    }
}
