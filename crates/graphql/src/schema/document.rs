//! Parts of documents: files and signatories.

use super::cost_directives::TextSize;
use async_graphql::Object;
use caunoi_domain::agreement::{DocumentFile, Signatory};

/// Returns the path of a stored file.
#[must_use]
pub fn file_url(sha256: &str) -> String {
    format!("/files/{sha256}")
}

/// The GraphQL object of a file.
pub(crate) struct FileObject(pub(crate) DocumentFile);

/// A file of an agreement: stored in the register, or only described.
#[Object(name = "DocumentFile")]
impl FileObject {
    /// The name of the file.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The IANA media type, for example `application/pdf`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The SHA-256 hash of its bytes: 64 lower-case hexadecimal digits.
    #[graphql(directive = TextSize::apply(70))]
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The size in bytes.
    async fn size_bytes(&self) -> i32 {
        self.0.size_bytes
    }

    /// The path of the file on this server: `/files/` and its hash. Callers who see the agreement may
    /// read it there. Null if the register does not store the file.
    #[graphql(directive = TextSize::apply(75))]
    async fn url(&self) -> Option<String> {
        self.0.is_stored.then(|| file_url(&self.0.sha256))
    }

    /// The language of its text as an ISO 639 code, for example `vi`. Null if not recorded.
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }
}

/// The GraphQL object of a signatory.
pub(crate) struct SignatoryObject(pub(crate) Signatory);

/// A person who signed for the Vietnamese side (người ký).
#[Object(name = "Signatory")]
impl SignatoryObject {
    /// The name of the person.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The post that the person held at the time (chức vụ). Null if not recorded.
    async fn post(&self) -> Option<&str> {
        self.0.post.as_deref()
    }
}
