//! Drafts: unchecked input for entries and reference data.
//!
//! Files and mutations fill the same drafts and call the same `parse`, which checks every field and
//! returns all errors at once, so that the caller can correct them together.

mod agreement;
mod country;
mod event;
mod figure;
mod instrument;
mod locality;
mod organization;
mod participant;
mod programme;
mod proposal;
mod relation;
mod term;
mod writer;

pub use agreement::{ActDraft, AgreementDraft, FileDraft, PartyDraft, SignatoryDraft};
pub use country::CountryNameDraft;
pub use event::{EventDraft, LeaderDraft};
pub use figure::{DimensionDraft, FigureDraft};
pub use instrument::InstrumentDraft;
pub use locality::{AliasDraft, LocalityDraft};
pub use organization::{MembershipDraft, OrganizationDraft, PostDraft, StageDraft};
pub use participant::{ParticipantDraft, VietnamesePartyDraft};
pub use programme::ProgrammeDraft;
pub use proposal::{ProposedLocalityDraft, SettlementDraft};
pub use relation::RelationDraft;
pub use term::TermDraft;

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, Pillar, SourceId, TermId, UnitId, counts_from};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::occasion::OccasionId;
use crate::place::LocalityId;
use crate::quantity::{Qualifier, Quantity, QuantityParts};
use crate::reference::Vocabulary;
use crate::validation::{
    Format, Reason, ReferenceKind, ValidationError, ValidationErrors, WordList, parse_text,
};
use rust_decimal::Decimal;
use std::str::FromStr;
use strum::VariantArray;

/// The unit slug of the ministry's own entries.
pub const MINISTRY: &str = "MINISTRY";

/// Maximum length of a title or name, in characters.
pub const LONGEST_TITLE: usize = 500;
/// Maximum length of a remark, in characters.
pub const LONGEST_NOTE: usize = 2_000;
/// Maximum length of a code, slug or other short text, in characters.
pub const LONGEST_WORD: usize = 100;
/// Maximum length of a list without a limit of its own.
pub const MOST_MEMBERS: usize = 50;

/// Unchecked input for an entry of one kind; [`Draft::to_content`] checks it.
pub trait Draft: Clone + Send + Sync {
    /// The checked content.
    type Content: Content;

    /// Returns the draft that parses to `content`, so that a caller can change some of its fields.
    fn from_content(content: &Self::Content, log: Log, directory: &Directory) -> Self;

    /// Returns the fields that all kinds have.
    fn common(&self) -> &CommonDraft;

    /// Checks every field. `received_on` dates the entry when nothing in it does.
    ///
    /// # Errors
    /// All errors, each with its path.
    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Self::Content>, Vec<ValidationError>>;
}

/// A checked content and its log.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedDraft<C> {
    /// The log that the entry belongs to.
    pub log: Log,
    /// The content.
    pub content: C,
}

/// The fields that all kinds of entries have.
#[derive(Debug, Clone, Default)]
pub struct CommonDraft {
    /// The slug of the unit at the time of the fact, or [`MINISTRY`].
    pub unit: String,
    /// A pillar, or blank.
    pub pillar: String,
    /// Codes of `FIELD` terms.
    pub fields: Vec<String>,
    /// Codes of sources.
    pub sources: Vec<String>,
    /// A class of secrecy (độ mật). Anything but PUBLIC or blank is an error, which does not quote
    /// it.
    pub secrecy: String,
    /// Errors that the caller found while filling the draft; `parse` returns them with its own.
    pub prior_errors: Vec<ValidationError>,
}

/// The evidence for the first day on which an entry counts, in order of precedence.
#[derive(Debug, Clone, Copy)]
struct DateEvidence<'a> {
    first: Option<&'a FuzzyDate>,
    evidence_year: Option<i32>,
    received_on: Day,
}

/// Parses the fields of one draft, resolves codes, and collects all errors.
struct DraftReader<'a> {
    directory: &'a Directory,
    problems: ValidationErrors,
}

impl<'a> DraftReader<'a> {
    fn new(directory: &'a Directory) -> Self {
        Self { directory, problems: ValidationErrors::default() }
    }

    /// Parses the common fields; returns `None` and records an error when the unit is unknown.
    fn common(&mut self, draft: &CommonDraft, evidence: DateEvidence<'_>) -> Option<(Log, Common)> {
        let counts = counts_from(
            evidence.first.and_then(FuzzyDate::first_latest),
            evidence.evidence_year,
            evidence.received_on,
        );
        let place = self.unit(&draft.unit, counts);
        let pillar = self.enum_value::<Pillar>("pillar", &draft.pillar, WordList::Pillar);
        let fields = self.terms("fields", Vocabulary::Field, &draft.fields);
        let sources = self.list("sources", &draft.sources, DraftReader::find_source);
        if !matches!(draft.secrecy.as_str(), "" | "PUBLIC") {
            self.problems.note("secrecy", Reason::SecretMatter);
        }
        self.problems.join(&draft.prior_errors);
        let (log, origin_unit) = place?;
        let counts_from = Some(counts);
        Some((log, Common { origin_unit, pillar, fields, sources, counts_from, ..Common::default() }))
    }

    fn unit(&mut self, slug: &str, day: Day) -> Option<(Log, Option<UnitId>)> {
        if slug == MINISTRY {
            return Some((Log::MINISTRY, None));
        }
        let unit = self.directory.unit_by_slug_on(slug, day).map(|unit| unit.id);
        let found = unit.and_then(|unit| Some((self.directory.province_of(unit)?.log, Some(unit))));
        let outcome = if slug.trim().is_empty() {
            Err(Reason::Required)
        } else {
            found.ok_or_else(|| Reason::unknown(ReferenceKind::Unit, slug))
        };
        self.problems.take("unit", outcome)
    }

    /// Parses a required text.
    fn text(&mut self, path: &str, raw: &str, most: usize) -> Option<String> {
        self.problems.take(path, parse_text(raw, most))
    }

    /// Parses an optional text.
    fn optional_text(&mut self, path: &str, raw: &str, most: usize) -> Option<String> {
        if raw.trim().is_empty() { None } else { self.text(path, raw, most) }
    }

    /// Parses a text that is required in at least one language.
    fn bilingual(&mut self, path: &str, raw: &Bilingual, most: usize) -> Option<Bilingual> {
        let is_blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&raw.vi) && is_blank(&raw.en) {
            self.problems.note(path, Reason::Required);
            return None;
        }
        Some(self.optional_bilingual(path, raw, most))
    }

    /// Parses a text that is optional in both languages.
    fn optional_bilingual(&mut self, path: &str, raw: &Bilingual, most: usize) -> Bilingual {
        let vi = raw.vi.as_deref().and_then(|text| self.optional_text(&format!("{path}.vi"), text, most));
        let en = raw.en.as_deref().and_then(|text| self.optional_text(&format!("{path}.en"), text, most));
        Bilingual { vi, en }
    }

    /// Parses a list of texts; skips blank ones.
    fn texts(&mut self, path: &str, raw: &[String], most: usize) -> Vec<String> {
        let raw = self.bounded_list(path, raw, MOST_MEMBERS);
        raw.iter().filter_map(|text| self.optional_text(path, text, most)).collect()
    }

    /// Parses an optional date in EDTF.
    fn date(&mut self, path: &str, raw: &str) -> Option<FuzzyDate> {
        self.optional(path, raw, FuzzyDate::parse)
    }

    /// Parses an optional integer from `least` to `most`.
    fn integer(&mut self, path: &str, raw: &str, least: i32, most: i32) -> Option<i32> {
        self.optional(path, raw, |raw| match raw.trim().parse::<i32>() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            _ => Err(Reason::not_a_whole_number(least.into(), most.into(), raw)),
        })
    }

    /// Parses an optional decimal number.
    fn decimal(&mut self, path: &str, raw: &str) -> Option<Decimal> {
        self.optional(path, raw, |raw| {
            Decimal::from_str(raw.trim()).map_err(|_| Reason::malformed(Format::Decimal, raw))
        })
    }

    /// Parses an optional value of an enum.
    fn enum_value<W>(&mut self, path: &str, raw: &str, list: WordList) -> Option<W>
    where
        W: FromStr + VariantArray + Copy + Into<&'static str>,
    {
        self.optional(path, raw, |raw| {
            W::from_str(raw.trim()).map_err(|_| Reason::unknown_word::<W>(list, raw))
        })
    }

    /// Parses a required value of an enum.
    fn required_enum<W>(&mut self, path: &str, raw: &str, list: WordList) -> Option<W>
    where
        W: FromStr + VariantArray + Copy + Into<&'static str>,
    {
        self.require(path, raw)?;
        self.enum_value(path, raw, list)
    }

    fn require(&mut self, path: &str, raw: &str) -> Option<()> {
        self.problems.take(path, if raw.trim().is_empty() { Err(Reason::Required) } else { Ok(()) })
    }

    fn optional<T>(
        &mut self,
        path: &str,
        raw: &str,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        if raw.trim().is_empty() { None } else { self.problems.take(path, read(raw)) }
    }

    fn list<T>(
        &mut self,
        path: &str,
        raw: &[String],
        read: impl Fn(&Self, &str) -> Result<T, Reason>,
    ) -> Vec<T> {
        let raw = self.bounded_list(path, raw, MOST_MEMBERS);
        let outcomes: Vec<_> = raw.iter().map(|item| read(self, item)).collect();
        outcomes.into_iter().filter_map(|outcome| self.problems.take(path, outcome)).collect()
    }

    /// Returns the list if it is within its limit, or else records an error and returns an empty
    /// one, so that the cost of lookups is limited.
    fn bounded_list<'l, T>(&mut self, path: &str, list: &'l [T], most: usize) -> &'l [T] {
        if list.len() <= most {
            return list;
        }
        self.problems.note(path, Reason::TooMany { most, given: list.len() });
        &[]
    }

    fn term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        self.require(path, code)?;
        let outcome = self.find_term(vocabulary, code);
        self.problems.take(path, outcome)
    }

    fn optional_term(&mut self, path: &str, vocabulary: Vocabulary, code: &str) -> Option<TermId> {
        if code.trim().is_empty() { None } else { self.term(path, vocabulary, code) }
    }

    fn terms(&mut self, path: &str, vocabulary: Vocabulary, codes: &[String]) -> Vec<TermId> {
        let mut terms = self.list(path, codes, |reader, code| reader.find_term(vocabulary, code));
        let mut seen = std::collections::HashSet::new();
        terms.retain(|term| seen.insert(*term));
        terms
    }

    fn find_term(&self, vocabulary: Vocabulary, code: &str) -> Result<TermId, Reason> {
        let found = self.directory.term_by_code(vocabulary, code).map(|term| term.id);
        found.ok_or_else(|| Reason::unknown(vocabulary.term_kind(), code))
    }

    fn find_source(&self, code: &str) -> Result<SourceId, Reason> {
        let found = self.directory.source_by_code(code).map(|source| source.id);
        found.ok_or_else(|| Reason::unknown(ReferenceKind::Source, code))
    }

    fn optional_source(&mut self, path: &str, code: &str) -> Option<SourceId> {
        if code.trim().is_empty() {
            return None;
        }
        let outcome = self.find_source(code);
        self.problems.take(path, outcome)
    }

    fn find_locality(&self, slug: &str) -> Result<LocalityId, Reason> {
        let found = self.directory.locality_by_slug(slug).map(|locality| locality.id);
        found.ok_or_else(|| Reason::unknown(ReferenceKind::Locality, slug))
    }

    fn find_country(&self, iso2: &str) -> Result<CountryId, Reason> {
        let found = self.directory.country_by_iso2(iso2).map(|country| country.id);
        found.ok_or_else(|| Reason::unknown(ReferenceKind::Country, iso2))
    }

    fn localities(&mut self, path: &str, slugs: &[String]) -> Vec<LocalityId> {
        self.list(path, slugs, Self::find_locality)
    }

    fn countries(&mut self, path: &str, codes: &[String]) -> Vec<CountryId> {
        self.list(path, codes, Self::find_country)
    }

    fn country(&mut self, path: &str, iso2: &str) -> Option<CountryId> {
        if iso2.trim().is_empty() {
            return None;
        }
        let outcome = self.find_country(iso2);
        self.problems.take(path, outcome)
    }

    fn occasions(&mut self, path: &str, codes: &[String]) -> Vec<OccasionId> {
        self.list(path, codes, |reader, code| {
            let found = reader.directory.occasion_by_code(code).map(|occasion| occasion.id);
            found.ok_or_else(|| Reason::unknown(ReferenceKind::Occasion, code))
        })
    }

    fn quantity(&mut self, path: &str, raw: &QuantityDraft) -> Option<Quantity> {
        if raw.is_blank() {
            return None;
        }
        let value = self.decimal(path, &raw.value);
        let lower = self.decimal(path, &raw.lower);
        let upper = self.decimal(path, &raw.upper);
        let qualifier = self.enum_value::<Qualifier>(path, &raw.qualifier, WordList::Qualifier);
        let was_read = |text: &str, is_some: bool| is_some || text.trim().is_empty();
        // An unreadable part has its own error; as a blank it would cause a second one.
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

/// Parses an ISO 639 language code.
fn parse_language(raw: &str) -> Result<String, Reason> {
    let code = raw.trim();
    if matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code.to_owned());
    }
    Err(Reason::malformed(Format::Language, raw))
}

/// Unchecked input for a quantity.
#[derive(Debug, Clone, Default)]
pub struct QuantityDraft {
    /// The number; blank for ranges.
    pub value: String,
    /// The lower bound of a range.
    pub lower: String,
    /// The upper bound of a range.
    pub upper: String,
    /// A qualifier; blank means EXACT.
    pub qualifier: String,
    /// The unit of measurement, such as `person`.
    pub unit: String,
    /// ISO 4217 code, for money.
    pub currency: String,
}

impl QuantityDraft {
    fn is_blank(&self) -> bool {
        [&self.value, &self.lower, &self.upper, &self.qualifier].iter().all(|text| text.trim().is_empty())
    }
}
