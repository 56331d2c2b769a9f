//! Drafts of the languages, files and signatories of an agreement.

use crate::agreement::{DocumentFile, Signatory};
use crate::draft::{DraftReader, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, parse_language};
use crate::validation::{Format, Reason};

/// Maximum number of languages of one agreement.
const MOST_LANGUAGES: usize = 20;

/// Unchecked input for a file.
#[derive(Debug, Clone, Default)]
pub struct FileDraft {
    /// The name for people.
    pub name: String,
    /// `type/subtype`.
    pub media_type: String,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// The size in bytes.
    pub size_bytes: String,
    /// ISO 639, or blank.
    pub language: String,
    /// Whether the register stores the file.
    pub is_stored: bool,
}

/// Unchecked input for a signatory of the Vietnamese side.
#[derive(Debug, Clone, Default)]
pub struct SignatoryDraft {
    /// The person's name.
    pub name: String,
    /// The post at the time, or blank.
    pub post: String,
}

/// Parses languages; returns each once.
pub(super) fn parse_languages(reader: &mut DraftReader<'_>, codes: &[String]) -> Vec<String> {
    let codes = reader.bounded_list("languages", codes, MOST_LANGUAGES);
    reader.list("languages", codes, |_, code| parse_language(code))
}

/// Parses files; returns those without errors.
pub(super) fn parse_files(reader: &mut DraftReader<'_>, drafts: &[FileDraft]) -> Vec<DocumentFile> {
    let drafts = reader.bounded_list("files", drafts, MOST_MEMBERS);
    drafts
        .iter()
        .enumerate()
        .filter_map(|(index, draft)| draft.parse(reader, &format!("files.{index}")))
        .collect()
}

/// Parses signatories; returns those without errors.
pub(super) fn parse_signatories(reader: &mut DraftReader<'_>, drafts: &[SignatoryDraft]) -> Vec<Signatory> {
    let drafts = reader.bounded_list("signedBy", drafts, MOST_MEMBERS);
    let signatories = drafts.iter().enumerate().filter_map(|(index, draft)| {
        let name = reader.text(&format!("signedBy.{index}.name"), &draft.name, LONGEST_TITLE);
        let post = reader.optional_text(&format!("signedBy.{index}.post"), &draft.post, LONGEST_TITLE);
        name.map(|name| Signatory { name, post })
    });
    signatories.collect()
}

impl FileDraft {
    fn parse(&self, reader: &mut DraftReader<'_>, path: &str) -> Option<DocumentFile> {
        let at = |field| format!("{path}.{field}");
        let name = reader.text(&at("name"), &self.name, LONGEST_TITLE);
        reader.require(&at("mediaType"), &self.media_type);
        let media_type = reader.optional(&at("mediaType"), &self.media_type, parse_media_type);
        reader.require(&at("sha256"), &self.sha256);
        let sha256 = reader.optional(&at("sha256"), &self.sha256, parse_sha256);
        reader.require(&at("sizeBytes"), &self.size_bytes);
        let size_bytes = reader.integer(&at("sizeBytes"), &self.size_bytes, 0, i32::MAX);
        let language = reader.optional(&at("language"), &self.language, parse_language);
        let ((name, media_type), (sha256, size_bytes)) = name.zip(media_type).zip(sha256.zip(size_bytes))?;
        Some(DocumentFile { name, media_type, sha256, size_bytes, language, is_stored: self.is_stored })
    }
}

fn parse_media_type(raw: &str) -> Result<String, Reason> {
    let text = raw.trim().to_ascii_lowercase();
    let is_name = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let has_shape = text.split_once('/').is_some_and(|(of, kind)| is_name(of) && is_name(kind));
    if has_shape && text.len() <= LONGEST_WORD {
        return Ok(text);
    }
    Err(Reason::malformed(Format::MediaType, raw))
}

pub(in crate::draft) fn parse_sha256(raw: &str) -> Result<String, Reason> {
    let text = raw.trim().to_ascii_lowercase();
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text);
    }
    Err(Reason::malformed(Format::Sha256, raw))
}
