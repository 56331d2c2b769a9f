//! Uploaded files: their types, recognized by their bytes, and their descriptions.

use crate::id::Log;

/// Maximum size of an uploaded file, in bytes.
pub const MAX_FILE_BYTES: usize = 50 * 1_024 * 1_024;
/// Number of bytes at the beginning of a file that tell its type.
pub const HEAD_BYTES: usize = 8 * 1_024;

/// A type of file that the register stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A PDF document.
    Pdf,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A TIFF image, as scanners write it.
    Tiff,
    /// A text document of `OpenDocument`.
    Odt,
    /// A text document of Office Open XML.
    Docx,
}

impl FileType {
    /// Returns the type of a file with these first bytes, up to [`HEAD_BYTES`]; None for any other
    /// type. What the sender states is not used.
    #[must_use]
    pub fn of_head(head: &[u8]) -> Option<Self> {
        const ODT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";
        let is_zip = head.starts_with(b"PK\x03\x04");
        let has_member = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
        if head.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if head.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
            Some(Self::Tiff)
        } else if is_zip && head.get(30..).is_some_and(|members| members.starts_with(ODT)) {
            // The name of the first member of a ZIP archive begins at byte 30.
            Some(Self::Odt)
        } else if is_zip && has_member(b"[Content_Types].xml") && has_member(b"word/") {
            Some(Self::Docx)
        } else {
            None
        }
    }

    /// Returns the IANA media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The log that it was uploaded to; entries of that log can contain it.
    pub log: Log,
    /// The SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: i32,
    /// The media type of its bytes.
    pub media_type: String,
    /// The name that its first upload stated.
    pub name: String,
}

/// Returns whether a text is a SHA-256 in the form of [`Upload::sha256`].
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_is_told_by_the_bytes() {
        let zip = |rest: &[u8]| [b"PK\x03\x04".as_slice(), &[0; 26], rest].concat();
        for (head, expected) in [
            (b"%PDF-1.7\n".to_vec(), Some(FileType::Pdf)),
            (b"\x89PNG\r\n\x1a\nrest".to_vec(), Some(FileType::Png)),
            (b"\xff\xd8\xff\xe0".to_vec(), Some(FileType::Jpeg)),
            (b"II*\0".to_vec(), Some(FileType::Tiff)),
            (b"MM\0*".to_vec(), Some(FileType::Tiff)),
            (zip(b"mimetypeapplication/vnd.oasis.opendocument.textPK"), Some(FileType::Odt)),
            (zip(b"[Content_Types].xml...PK\x03\x04....word/document.xml"), Some(FileType::Docx)),
            (zip(b"[Content_Types].xml...xl/workbook.xml"), None),
            (zip(b"x.exe"), None),
            (b"MZ\x90\0".to_vec(), None),
            (b"<html>%PDF-".to_vec(), None),
            (Vec::new(), None),
        ] {
            assert_eq!(FileType::of_head(&head), expected, "{head:?}");
        }
    }

    #[test]
    fn hashes_are_lower_case_hexadecimal() {
        assert!(is_sha256(&"0a".repeat(32)));
        assert!(!is_sha256(&"0A".repeat(32)) && !is_sha256("0a") && !is_sha256(&"0g".repeat(32)));
    }
}
