//! Drafts of sources.

use super::agreement::parse_sha256;
use super::{DraftReader, LONGEST_NOTE, LONGEST_TITLE, parse_language};
use crate::date::{Day, FuzzyDate, parse_day};
use crate::directory::Directory;
use crate::locale::{Bilingual, Locale};
use crate::source::{Source, SourceId, SourceKind};
use crate::validation::{Format, InvalidReason, Reason, ValidationError, WordList, permitted};

/// Unchecked input for a source.
#[derive(Debug, Clone, Default)]
pub struct SourceDraft {
    /// The title of the page or document.
    pub title: Bilingual,
    /// NEWS, PORTAL, DATASET, LAW or DOCUMENT.
    pub kind: String,
    /// The web address, or blank.
    pub url: String,
    /// The person or body that published it, or blank.
    pub publisher: String,
    /// The date of publication in EDTF, or blank.
    pub published: String,
    /// The day on which the author read it, or blank.
    pub accessed_on: String,
    /// ISO 639, or blank.
    pub language: String,
    /// The licence under which it may be used, or blank.
    pub licence: String,
    /// The SHA-256 of an uploaded copy, or blank.
    pub file: String,
    /// The name of the file that a data set states in place of a web address, or blank.
    pub file_name: String,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

/// The key and code that the register assigns to a new source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity {
    /// The key.
    pub id: SourceId,
    /// The code.
    pub code: String,
}

impl SourceDraft {
    /// Returns the draft that parses to `source`, so that a caller can change some of its fields.
    #[must_use]
    pub fn from_source(source: &Source) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let title = if source.titles.is_blank() {
            Bilingual { vi: Some(source.title.clone()), en: None }
        } else {
            source.titles.clone()
        };
        let file_name = if source.url().is_none() { source.address.clone() } else { String::new() };
        Self {
            title,
            kind: source.kind.to_string(),
            url: source.url().unwrap_or_default().to_owned(),
            publisher: text(&source.publisher),
            published: source.published.as_ref().map(|date| date.edtf().to_owned()).unwrap_or_default(),
            accessed_on: source.accessed_on.map(|day| day.to_string()).unwrap_or_default(),
            language: text(&source.language),
            licence: text(&source.licence),
            file: text(&source.file),
            file_name,
            prior_errors: Vec::new(),
        }
    }

    /// Checks every field, for a new source or as an update of one.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        identity: SourceIdentity,
        today: Day,
    ) -> Result<Source, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let titles = reader.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = self.kind(&mut reader, &identity);
        let url = self.url(&mut reader, &identity);
        let publisher = reader.optional_text("publisher", &self.publisher, LONGEST_TITLE);
        let published_on = reader.optional("published", &self.published, FuzzyDate::parse);
        let accessed_on = reader.optional("accessedOn", &self.accessed_on, parse_day);
        let language = reader.optional("language", &self.language, parse_language);
        let licence = reader.optional_text("licence", &self.licence, LONGEST_TITLE);
        let file = reader.optional("file", &self.file, parse_sha256);
        let places = [&self.url, &self.publisher, &self.file, &self.file_name];
        if places.iter().all(|text| text.trim().is_empty()) {
            reader.problems.note("url", InvalidReason::SourceNotFindable.into());
        }
        let earliest = published_on.as_ref().and_then(FuzzyDate::earliest);
        for (path, day) in [("published", earliest), ("accessedOn", accessed_on)] {
            if let Some(day) = day.filter(|day| *day > today) {
                reader.problems.note(path, InvalidReason::SourceInFuture { day: day.to_string() }.into());
            }
        }
        reader.problems.join(&self.prior_errors);
        let SourceIdentity { id, code } = identity;
        let parsed = titles.zip(kind).map(|(titles, kind)| Source {
            id,
            code,
            title: titles.in_locale(Locale::Vi).to_owned(),
            address: url.unwrap_or_else(|| self.file_name.clone()),
            kind,
            titles,
            publisher,
            published: published_on,
            accessed_on,
            language,
            licence,
            file,
        });
        reader.problems.settle(parsed)
    }

    /// Only data sets have sources of the kind `SEED`.
    fn kind(&self, reader: &mut DraftReader<'_>, identity: &SourceIdentity) -> Option<SourceKind> {
        let kind = reader.required_enum("kind", &self.kind, WordList::SourceKind)?;
        if kind != SourceKind::Seed || identity.id.is_of_data_set() {
            return Some(kind);
        }
        let mut permitted = permitted::<SourceKind>();
        permitted.retain(|word| *word != kind.to_string());
        let reason =
            InvalidReason::UnknownWord { list: WordList::SourceKind, given: self.kind.clone(), permitted };
        reader.problems.note("kind", reason.into());
        None
    }

    /// One page is one source: a second one would divide the entries that name it.
    fn url(&self, reader: &mut DraftReader<'_>, identity: &SourceIdentity) -> Option<String> {
        let url = reader.optional("url", &self.url, parse_web_address)?;
        let other = reader.directory.sources().iter().find(|source| source.address == url);
        if let Some(other) = other.filter(|other| other.id != identity.id) {
            let code = other.code.clone();
            reader.problems.note("url", InvalidReason::SourceKnown { code }.into());
        }
        Some(url)
    }
}

/// Parses an address of the web. No other scheme is accepted, because pages show it as a link.
fn parse_web_address(raw: &str) -> Result<String, Reason> {
    let text = raw.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_written = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\');
    if host.contains('.') && !host.contains('@') && text.chars().all(is_written) {
        let given = text.chars().count();
        return if given > LONGEST_NOTE {
            Err(Reason::TooLong { most: LONGEST_NOTE, given })
        } else {
            Ok(text.to_owned())
        };
    }
    Err(Reason::malformed(Format::WebAddress, raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::{Id, Log};

    fn today() -> Day {
        Day::from_ymd_opt(2026, 11, 30).unwrap()
    }

    fn identity() -> SourceIdentity {
        SourceIdentity { id: SourceId::of_number(Log::new(3), 9), code: "SRC-HUE-0009".to_owned() }
    }

    fn draft() -> SourceDraft {
        SourceDraft {
            title: Bilingual { vi: Some("Huế ký bản ghi nhớ".to_owned()), en: None },
            kind: "NEWS".to_owned(),
            url: "https://example.org/a?b=1".to_owned(),
            publisher: "Báo Huế".to_owned(),
            published: "2026-11".to_owned(),
            accessed_on: "2026-11-29".to_owned(),
            language: "vi".to_owned(),
            licence: "CC BY 4.0".to_owned(),
            file: "0A".repeat(32),
            file_name: String::new(),
            prior_errors: Vec::new(),
        }
    }

    fn directory() -> Directory {
        let known = Source::new(Id::new(1), "seed-1", "A", "https://example.org/known", SourceKind::Seed);
        Directory::new(Reference { sources: vec![known], ..Reference::default() })
    }

    fn errors(change: impl FnOnce(&mut SourceDraft)) -> Vec<String> {
        let mut draft = draft();
        change(&mut draft);
        let problems = draft.parse(&directory(), identity(), today()).err().unwrap_or_default();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn stored_source_round_trips_through_its_draft() {
        let source = draft().parse(&directory(), identity(), today()).unwrap();
        assert_eq!(
            (source.title.as_str(), source.url()),
            ("Huế ký bản ghi nhớ", Some("https://example.org/a?b=1"))
        );
        assert_eq!(source.file, Some("0a".repeat(32)));
        assert_eq!(
            SourceDraft::from_source(&source).parse(&directory(), identity(), today()).unwrap(),
            source
        );
        let text = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<Source>(&text).unwrap(), source);
    }

    #[test]
    fn every_field_is_checked() {
        assert_eq!(errors(|_| ()), [""; 0]);
        for kind in ["", "BOOK", "SEED"] {
            assert_eq!(errors(|draft| draft.kind = kind.to_owned()), ["kind"], "{kind}");
        }
        let bad = [
            "javascript:alert(1)",
            "example.org",
            "https://",
            "ftp://example.org",
            "https://a.b/ c",
            "https://user@example.org/",
            "https://example.org/known",
        ];
        for url in bad {
            assert_eq!(errors(|draft| draft.url = url.to_owned()), ["url"], "{url}");
        }
        for (published, path) in [("2027", "published"), ("2026-13", "published")] {
            assert_eq!(errors(|draft| draft.published = published.to_owned()), [path], "{published}");
        }
        assert_eq!(errors(|draft| draft.accessed_on = "2026-12-01".to_owned()), ["accessedOn"]);
        assert_eq!(errors(|draft| draft.language = "Vietnamese".to_owned()), ["language"]);
        assert_eq!(errors(|draft| draft.file = "abc".to_owned()), ["file"]);
        assert_eq!(errors(|draft| draft.title = Bilingual::default()), ["title"]);
    }

    #[test]
    fn source_names_where_it_can_be_found() {
        let bare = |draft: &mut SourceDraft| {
            (draft.url, draft.file) = (String::new(), String::new());
        };
        assert_eq!(errors(bare), [""; 0], "the publisher has it");
        assert_eq!(
            errors(|draft| {
                bare(draft);
                draft.publisher = " ".to_owned();
            }),
            ["url"]
        );
    }
}
