//! Drafts of terms.

use super::{DraftReader, LONGEST_TITLE, LONGEST_WORD};
use crate::date::parse_day;
use crate::directory::{Directory, next_id};
use crate::locale::Bilingual;
use crate::reference::{Term, Vocabulary};
use crate::validation::{Format, InvalidReason, Reason, ValidationError, WordList};
use strum::VariantArray as _;

/// Unchecked input for a term.
#[derive(Debug, Clone, Default)]
pub struct TermDraft {
    /// The vocabulary.
    pub vocabulary: String,
    /// The code, unique within the vocabulary.
    pub code: String,
    /// The name for people.
    pub name: Bilingual,
    /// The code of the broader term, or blank.
    pub parent: String,
    /// The first day on which it may be used, or blank.
    pub valid_from: String,
    /// For indicators: the units of measurement of its figures.
    pub units: Vec<String>,
    /// For indicators: whether the figures of provinces may be summed.
    pub is_additive: bool,
    /// The code of a source, or blank.
    pub source: String,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

impl TermDraft {
    /// Checks every field of a new term.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(&self, directory: &Directory) -> Result<Term, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let vocabulary =
            reader.required_enum::<Vocabulary>("vocabulary", &self.vocabulary, WordList::Vocabulary);
        let code = self.code(&mut reader, vocabulary);
        let name = reader.bilingual("name", &self.name, LONGEST_TITLE);
        let parent = vocabulary.and_then(|list| reader.optional_term("parent", list, &self.parent));
        let valid_from = reader.optional("validFrom", &self.valid_from, parse_day);
        let units = reader.texts("units", &self.units, LONGEST_WORD);
        let counts = vocabulary == Some(Vocabulary::Indicator);
        if counts && self.units.is_empty() {
            reader.problems.note("units", Reason::Required);
        }
        if !counts && !self.units.is_empty() {
            reader.problems.note("units", InvalidReason::UnitsWithoutIndicator.into());
        }
        if !counts && self.is_additive {
            reader.problems.note("isAdditive", InvalidReason::SumWithoutIndicator.into());
        }
        let source = reader.optional_source("source", &self.source);
        reader.problems.join(&self.prior_errors);
        let lists = Vocabulary::VARIANTS.iter().flat_map(|list| directory.terms(*list));
        let id = next_id(lists.map(|term| term.id));
        let parsed = vocabulary.zip(code).zip(name).map(|((vocabulary, code), name)| Term {
            id,
            vocabulary,
            code,
            name,
            parent,
            valid_from,
            units,
            is_additive: self.is_additive,
            source,
        });
        reader.problems.settle(parsed)
    }

    fn code(&self, reader: &mut DraftReader<'_>, vocabulary: Option<Vocabulary>) -> Option<String> {
        reader.require("code", &self.code)?;
        let code = reader.optional("code", &self.code, parse_code)?;
        if vocabulary.is_some_and(|list| reader.directory.term_by_code(list, &code).is_some()) {
            reader.problems.note("code", Reason::Taken { given: code });
            return None;
        }
        Some(code)
    }
}

fn parse_code(raw: &str) -> Result<String, Reason> {
    let is_allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if raw.len() <= LONGEST_WORD
        && raw.starts_with(|first: char| first.is_ascii_uppercase())
        && raw.bytes().all(is_allowed)
    {
        return Ok(raw.to_owned());
    }
    Err(Reason::malformed(Format::TermCode, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> TermDraft {
        TermDraft {
            vocabulary: "FIELD".to_owned(),
            code: "SEMICONDUCTORS".to_owned(),
            name: Bilingual { vi: Some("Bán dẫn".to_owned()), en: None },
            ..TermDraft::default()
        }
    }

    fn errors(change: impl FnOnce(&mut TermDraft)) -> Vec<String> {
        let mut draft = draft();
        change(&mut draft);
        let problems = draft.parse(&Directory::default()).unwrap_err();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn codes_units_and_parents_are_checked() {
        assert!(draft().parse(&Directory::default()).is_ok());
        for code in ["", "semiconductors", "A B", "1A", "Á"] {
            assert_eq!(errors(|draft| draft.code = code.to_owned()), ["code"], "{code}");
        }
        assert_eq!(errors(|draft| draft.parent = "NO_SUCH_FIELD".to_owned()), ["parent"]);
        assert_eq!(errors(|draft| draft.units = vec!["person".to_owned()]), ["units"]);
        assert_eq!(errors(|draft| draft.is_additive = true), ["isAdditive"]);
        assert_eq!(errors(|draft| draft.vocabulary = "INDICATOR".to_owned()), ["units"]);
        assert_eq!(errors(|draft| draft.valid_from = "2026".to_owned()), ["validFrom"]);
    }
}
