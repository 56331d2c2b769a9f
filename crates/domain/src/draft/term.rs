//! Drafts of terms.

use super::{LONGEST_TITLE, LONGEST_WORD, Reading};
use crate::date::parse_day;
use crate::directory::{Directory, next_id};
use crate::locale::Bilingual;
use crate::reference::{Term, Vocabulary};
use crate::refusal::{Problem, Refusal};
use strum::VariantArray as _;

/// A term as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct TermDraft {
    /// The vocabulary.
    pub vocabulary: String,
    /// Unique within the vocabulary.
    pub code: String,
    /// What people read.
    pub name: Bilingual,
    /// The code of the wider term, or blank.
    pub parent: String,
    /// The first day on which it may be used, or blank.
    pub valid_from: String,
    /// For indicators: the units in which figures state it.
    pub units: Vec<String>,
    /// For indicators: whether provinces may be summed to the nation.
    pub is_additive: bool,
    /// The code of a source, or blank.
    pub source: String,
    /// What whoever filled the draft found wrong already.
    pub noted: Vec<Problem>,
}

impl TermDraft {
    /// Checks every field of a new term.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory) -> Result<Term, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let vocabulary = reading.required_word::<Vocabulary>("vocabulary", &self.vocabulary, "a vocabulary");
        let code = self.code(&mut reading, vocabulary);
        let name = reading.bilingual("name", &self.name, LONGEST_TITLE);
        let parent = vocabulary.and_then(|list| reading.optional_term("parent", list, &self.parent));
        let valid_from = reading.optional("validFrom", &self.valid_from, parse_day);
        let units = reading.texts("units", &self.units, LONGEST_WORD);
        let counts = vocabulary == Some(Vocabulary::Indicator);
        if counts && self.units.is_empty() {
            reading.problems.note("units", Refusal::Required);
        }
        if !counts && !self.units.is_empty() {
            reading.problems.note("units", Refusal::Invalid("only indicators have units".to_owned()));
        }
        if !counts && self.is_additive {
            let why = "only indicators are summed".to_owned();
            reading.problems.note("isAdditive", Refusal::Invalid(why));
        }
        let source = reading.optional_source("source", &self.source);
        reading.problems.join(&self.noted);
        let lists = Vocabulary::VARIANTS.iter().flat_map(|list| directory.terms(*list));
        let id = next_id(lists.map(|term| term.id));
        let made = vocabulary.zip(code).zip(name).map(|((vocabulary, code), name)| Term {
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
        reading.problems.settle(made)
    }

    fn code(&self, reading: &mut Reading<'_>, vocabulary: Option<Vocabulary>) -> Option<String> {
        reading.present("code", &self.code)?;
        let code = reading.optional("code", &self.code, code)?;
        if vocabulary.is_some_and(|list| reading.directory.term_by_code(list, &code).is_some()) {
            reading.problems.note("code", Refusal::Taken(code));
            return None;
        }
        Some(code)
    }
}

fn code(raw: &str) -> Result<String, Refusal> {
    let is_fit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if raw.len() <= LONGEST_WORD
        && raw.starts_with(|first: char| first.is_ascii_uppercase())
        && raw.bytes().all(is_fit)
    {
        return Ok(raw.to_owned());
    }
    Err(Refusal::unreadable("a code, such as HIGHER_EDUCATION", raw))
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

    fn refused(change: impl FnOnce(&mut TermDraft)) -> Vec<String> {
        let mut draft = draft();
        change(&mut draft);
        let problems = draft.parse(&Directory::default()).unwrap_err();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn codes_units_and_parents_are_checked() {
        assert!(draft().parse(&Directory::default()).is_ok());
        for code in ["", "semiconductors", "A B", "1A", "Á"] {
            assert_eq!(refused(|draft| draft.code = code.to_owned()), ["code"], "{code}");
        }
        assert_eq!(refused(|draft| draft.parent = "NO_SUCH_FIELD".to_owned()), ["parent"]);
        assert_eq!(refused(|draft| draft.units = vec!["person".to_owned()]), ["units"]);
        assert_eq!(refused(|draft| draft.is_additive = true), ["isAdditive"]);
        assert_eq!(refused(|draft| draft.vocabulary = "INDICATOR".to_owned()), ["units"]);
        assert_eq!(refused(|draft| draft.valid_from = "2026".to_owned()), ["validFrom"]);
    }
}
