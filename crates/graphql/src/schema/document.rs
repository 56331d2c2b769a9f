//! What surrounds the text of a document: its files, who signed it.

use async_graphql::Object;
use caunoi_domain::agreement::{DocumentFile, Signatory};

/// One file of a document.
pub(crate) struct FileObject(pub(crate) DocumentFile);

/// A file of a document: what it is, not its bytes.
#[Object(name = "DocumentFile")]
impl FileObject {
    /// What people call it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is, as IANA registers it: `application/pdf`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Its length in bytes.
    async fn size_bytes(&self) -> i32 {
        self.0.size_bytes
    }

    /// The language of its text, ISO 639.
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }
}

/// One signatory.
pub(crate) struct SignatoryObject(pub(crate) Signatory);

/// Who signed for the own side (người ký).
#[Object(name = "Signatory")]
impl SignatoryObject {
    /// The person’s name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The post that the person held at the time (chức vụ).
    async fn post(&self) -> Option<&str> {
        self.0.post.as_deref()
    }
}
