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
mod reference;
mod relation;
mod source;
mod term;
#[cfg(test)]
mod tests;
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
pub use source::{SourceDraft, SourceIdentity};
pub use term::TermDraft;

use crate::date::{Day, DayRange, FuzzyDate, UNDATED_FIRST};
use crate::directory::Directory;
use crate::entry::{Common, Content, Pillar, UnitId, counts_from};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::merged_entry::MergedEntry;
use crate::quantity::{Measure, Qualifier, Quantity, QuantityParts, currency_code};
use crate::reference::Vocabulary;
use crate::validation::{
    Format, InvalidReason, Reason, ReferenceKind, ValidationError, ValidationErrors, WordList, parse_text,
};
use rust_decimal::Decimal;
use std::str::FromStr;
use strum::VariantArray;

/// The unit slug of the ministry's own entries.
pub const MINISTRY: &str = "MINISTRY";

/// Maximum length of a title or name, in characters.
pub const LONGEST_TITLE: usize = 500;
/// Maximum length of a remark or summary, in characters.
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
    /// The slug or name of the unit at the time of the fact, or [`MINISTRY`].
    pub unit: String,
    /// A pillar, or blank.
    pub pillar: String,
    /// Codes of `FIELD` terms.
    pub fields: Vec<String>,
    /// Codes of sources.
    pub sources: Vec<String>,
    /// A summary for readers.
    pub summary: Bilingual,
    /// The entries that were merged into the entry; no input changes them.
    pub merged: Vec<MergedEntry>,
    /// Why the entry names no source.
    pub no_source_reason: Bilingual,
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

impl DateEvidence<'_> {
    /// Returns the days on which the fact may have begun; its units are looked up for the last one.
    fn days(self) -> DayRange {
        let Some(first) = self.first else {
            let latest = counts_from(None, self.evidence_year, self.received_on);
            return DayRange { earliest: UNDATED_FIRST, latest };
        };
        first.beginning()
    }
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
        let place = self.unit(&draft.unit, evidence.days());
        let pillar = self.enum_value::<Pillar>("pillar", &draft.pillar, WordList::Pillar);
        let fields = self.terms("fields", Vocabulary::Field, &draft.fields);
        let sources = self.list("sources", &draft.sources, DraftReader::find_source);
        let summary = self.optional_bilingual("summary", &draft.summary, LONGEST_NOTE);
        let no_source_reason = self.no_source_reason(draft);
        if !matches!(draft.secrecy.as_str(), "" | "PUBLIC") {
            self.problems.note("secrecy", Reason::SecretMatter);
        }
        self.problems.join(&draft.prior_errors);
        let (log, origin_unit) = place?;
        let common = Common {
            origin_unit,
            shared_with: Vec::new(),
            merged: draft.merged.clone(),
            pillar,
            fields,
            sources,
            counts_from: Some(counts),
            summary,
            no_source_reason,
        };
        Some((log, common))
    }

    /// Parses the reason why an entry names no source, which a source would contradict.
    fn no_source_reason(&mut self, draft: &CommonDraft) -> Bilingual {
        let reason = self.optional_bilingual("noSourceReason", &draft.no_source_reason, LONGEST_NOTE);
        if !reason.is_empty() && !draft.sources.is_empty() {
            self.problems.note("noSourceReason", InvalidReason::SourceAndReason.into());
        }
        reason
    }

    fn unit(&mut self, slug: &str, days: DayRange) -> Option<(Log, Option<UnitId>)> {
        if slug == MINISTRY {
            return Some((Log::MINISTRY, None));
        }
        let unit = self.require_unit("unit", slug, days)?;
        let province = self.directory.province_of(unit);
        let outcome = province.ok_or_else(|| Reason::unknown(ReferenceKind::Unit, slug));
        self.problems.take("unit", outcome).map(|province| (province.log, Some(unit)))
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
        let texts = raw.iter().enumerate();
        texts.filter_map(|(index, text)| self.optional_text(&at(path, index), text, most)).collect()
    }

    /// Parses an optional date in EDTF or as people write it.
    fn date(&mut self, path: &str, raw: &str) -> Option<FuzzyDate> {
        self.optional(path, raw, FuzzyDate::parse_written)
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

    /// Parses the members of a list; the path of an error contains the index. A member that occurs
    /// again says nothing new and is left out.
    fn list<T: PartialEq>(
        &mut self,
        path: &str,
        raw: &[String],
        read: impl Fn(&Self, &str) -> Result<T, Reason>,
    ) -> Vec<T> {
        let raw = self.bounded_list(path, raw, MOST_MEMBERS);
        let mut members = Vec::with_capacity(raw.len());
        for (index, member) in raw.iter().enumerate() {
            let outcome = read(self, member);
            let member = self.problems.take(&at(path, index), outcome);
            members.extend(member.filter(|member| !members.contains(member)));
        }
        members
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

    /// Parses an optional quantity. With a measure, a word that certainly means one of its units
    /// becomes that unit; [`crate::rules`] decides about all others.
    fn quantity(
        &mut self,
        path: &str,
        raw: &QuantityDraft,
        measure: impl Into<Option<Measure>>,
    ) -> Option<Quantity> {
        if raw.is_blank() {
            return None;
        }
        let value = self.decimal(path, &raw.value);
        let lower = self.decimal(path, &raw.lower);
        let upper = self.decimal(path, &raw.upper);
        let qualifier = self.enum_value::<Qualifier>(path, &raw.qualifier, WordList::Qualifier);
        let currency = self.optional(&format!("{path}.currency"), &raw.currency, currency_code);
        let was_read = |text: &str, is_some: bool| is_some || text.trim().is_empty();
        // An unreadable part has its own error; as a blank it would cause a second one.
        if !(was_read(&raw.value, value.is_some())
            && was_read(&raw.lower, lower.is_some())
            && was_read(&raw.upper, upper.is_some())
            && was_read(&raw.qualifier, qualifier.is_some())
            && was_read(&raw.currency, currency.is_some()))
        {
            return None;
        }
        let qualifier = qualifier.unwrap_or_default();
        let unit = measure.into().map_or_else(
            || raw.unit.trim().to_owned(),
            |measure| measure.resolve_unit(&raw.unit, &raw.currency),
        );
        let outcome = Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency });
        self.problems.take(path, outcome)
    }
}

/// Returns the path of a member of a list.
fn at(path: &str, index: usize) -> String {
    format!("{path}.{index}")
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
    /// The unit of measurement, such as `person`, or a usual word for it.
    pub unit: String,
    /// ISO 4217 code, for money.
    pub currency: String,
}

impl QuantityDraft {
    fn is_blank(&self) -> bool {
        [&self.value, &self.lower, &self.upper, &self.qualifier].iter().all(|text| text.trim().is_empty())
    }
}
