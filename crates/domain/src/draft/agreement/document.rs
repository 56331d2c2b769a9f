//! Drafts of what surrounds the text of an agreement: its languages, files and signatories.

use crate::agreement::{DocumentFile, Signatory};
use crate::draft::{LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, Reading, language};
use crate::refusal::Refusal;

/// The most languages of one agreement.
const MOST_LANGUAGES: usize = 20;

/// A file as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct FileDraft {
    /// What people call it.
    pub name: String,
    /// `type/subtype`.
    pub media_type: String,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Its length in bytes.
    pub size_bytes: String,
    /// ISO 639, or blank.
    pub language: String,
}

/// A signatory of the own side as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct SignatoryDraft {
    /// The person's name.
    pub name: String,
    /// The post at the time, or blank.
    pub post: String,
}

/// The languages, each once.
pub(super) fn languages(reading: &mut Reading<'_>, codes: &[String]) -> Vec<String> {
    let codes = reading.bounded("languages", codes, MOST_LANGUAGES);
    let mut languages: Vec<String> = Vec::new();
    for language in reading.each("languages", codes, |_, code| language(code)) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// The files, as far as they can be read.
pub(super) fn files(reading: &mut Reading<'_>, drafts: &[FileDraft]) -> Vec<DocumentFile> {
    let drafts = reading.bounded("files", drafts, MOST_MEMBERS);
    drafts
        .iter()
        .enumerate()
        .filter_map(|(index, draft)| draft.read(reading, &format!("files.{index}")))
        .collect()
}

/// The signatories, as far as they can be read.
pub(super) fn signatories(reading: &mut Reading<'_>, drafts: &[SignatoryDraft]) -> Vec<Signatory> {
    let drafts = reading.bounded("signedBy", drafts, MOST_MEMBERS);
    let signatories = drafts.iter().enumerate().filter_map(|(index, draft)| {
        let name = reading.text(&format!("signedBy.{index}.name"), &draft.name, LONGEST_TITLE);
        let post = reading.optional_text(&format!("signedBy.{index}.post"), &draft.post, LONGEST_TITLE);
        name.map(|name| Signatory { name, post })
    });
    signatories.collect()
}

impl FileDraft {
    fn read(&self, reading: &mut Reading<'_>, path: &str) -> Option<DocumentFile> {
        let at = |field| format!("{path}.{field}");
        let name = reading.text(&at("name"), &self.name, LONGEST_TITLE);
        reading.present(&at("mediaType"), &self.media_type);
        let media_type = reading.optional(&at("mediaType"), &self.media_type, media_type);
        reading.present(&at("sha256"), &self.sha256);
        let sha256 = reading.optional(&at("sha256"), &self.sha256, sha256);
        reading.present(&at("sizeBytes"), &self.size_bytes);
        let size_bytes = reading.number(&at("sizeBytes"), &self.size_bytes, 0, i32::MAX);
        let language = reading.optional(&at("language"), &self.language, language);
        let ((name, media_type), (sha256, size_bytes)) = name.zip(media_type).zip(sha256.zip(size_bytes))?;
        Some(DocumentFile { name, media_type, sha256, size_bytes, language })
    }
}

fn media_type(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim().to_ascii_lowercase();
    let is_name = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let has_shape = text.split_once('/').is_some_and(|(of, kind)| is_name(of) && is_name(kind));
    if has_shape && text.len() <= LONGEST_WORD {
        return Ok(text);
    }
    Err(Refusal::unreadable("a media type such as application/pdf", raw))
}

fn sha256(raw: &str) -> Result<String, Refusal> {
    let text = raw.trim().to_ascii_lowercase();
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text);
    }
    Err(Refusal::unreadable("a SHA-256 of 64 hexadecimal digits", raw))
}
