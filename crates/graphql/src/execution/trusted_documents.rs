//! Trusted documents: documents that a request names by their hash instead of sending their text
//! (persisted documents of GraphQL over HTTP, appendix A).
//!
//! The set is fixed while the process runs, so no request can fill it. A hash of automatic persisted
//! queries names the same documents; others are not stored, so that clients send the text.

use super::ErrorCode;
use crate::guard;
use crate::schema_types::TYPES;
use crate::validation;
use caunoi_domain::policy::{Actor, Role};
use caunoi_texts::ApiText;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// The prefix of the ids that the specification defines: 64 hexadecimal digits follow.
const PREFIX: &str = "sha256:";

/// The documents of this program, `schema/operations`.
const SHIPPED: [&str; 6] = [
    include_str!("../../../../schema/operations/agreements.graphql"),
    include_str!("../../../../schema/operations/changes.graphql"),
    include_str!("../../../../schema/operations/follow-changes.graphql"),
    include_str!("../../../../schema/operations/provinces.graphql"),
    include_str!("../../../../schema/operations/relations.graphql"),
    include_str!("../../../../schema/operations/search.graphql"),
];

/// The document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedDocument {
    /// A document of this program, which needs no trust.
    Own(String),
    /// A text, with its id if the request states one.
    Text(String, Option<DocumentId>),
    /// The id only.
    Id(DocumentId),
}

impl RequestedDocument {
    /// Returns the bytes of the text that the request contains.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Own(text) | Self::Text(text, _) => text.len(),
            Self::Id(_) => 0,
        }
    }
}

/// The id of a document in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentId {
    /// `documentId`: `sha256:` and the hash.
    Trusted(String),
    /// `extensions.persistedQuery.sha256Hash` of automatic persisted queries.
    Automatic(String),
}

impl DocumentId {
    /// Returns the hash that the id states; none if it is of another form.
    fn hash(&self) -> Option<&str> {
        match self {
            Self::Trusted(id) => id.strip_prefix(PREFIX),
            Self::Automatic(hash) => Some(hash),
        }
    }
}

/// The trusted documents by the hexadecimal digits of the SHA-256 of their text.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocuments {
    texts: HashMap<String, Arc<str>>,
    /// Whether requests without a token may use no other documents.
    is_required_of_public: bool,
}

impl TrustedDocuments {
    /// Returns the documents of this program.
    #[must_use]
    pub fn shipped() -> Self {
        let mut documents = Self::default();
        for text in SHIPPED {
            documents.add(text);
        }
        documents
    }

    /// Adds the document of a file. Line breaks at its end are not part of the document, because
    /// editors add them and build tools of clients do not.
    pub fn add(&mut self, text: &str) {
        let text = text.trim_end_matches(['\n', '\r']);
        self.texts.insert(hash(text), text.into());
    }

    /// Adds the document of a file as [`Self::add`] does.
    ///
    /// # Errors
    /// Returns why it is no valid document, in English as all errors about documents.
    pub fn add_checked(&mut self, text: &str) -> Result<(), String> {
        let document = guard::check(text).map_err(|error| error.message())?;
        validation::check(&document, &TYPES)
            .map_err(|errors| errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))?;
        self.add(text);
        Ok(())
    }

    /// Sets whether requests without a token may use trusted documents only.
    pub fn require_of_public(&mut self, is_required: bool) {
        self.is_required_of_public = is_required;
    }

    /// Returns the text of the document of a request.
    ///
    /// # Errors
    /// Returns the code and the text of the error if the id is unknown, if it is not that of the
    /// text, or if the caller may use trusted documents only.
    pub(super) fn resolve(
        &self,
        requested: RequestedDocument,
        actor: &Actor,
    ) -> Result<String, (ErrorCode, ApiText)> {
        match requested {
            RequestedDocument::Own(text) => Ok(text),
            RequestedDocument::Id(id) => match id.hash().and_then(|hash| self.texts.get(hash)) {
                Some(text) => Ok(text.to_string()),
                None => Err(unknown(&id)),
            },
            RequestedDocument::Text(text, id) => {
                let is_restricted = self.is_required_of_public && actor.role() == Role::Public;
                if id.is_none() && !is_restricted {
                    return Ok(text);
                }
                let hash = hash(&text);
                if id.is_some_and(|id| id.hash() != Some(&hash)) {
                    return Err((ErrorCode::BadInput, ApiText::DocumentHashDiffers));
                }
                if is_restricted && !self.texts.contains_key(&hash) {
                    return Err((ErrorCode::Forbidden, ApiText::DocumentNotTrusted));
                }
                Ok(text)
            }
        }
    }
}

/// Returns the error of an id without a document. The text about an automatic one is a word of that
/// protocol: clients then send the text, and no hash any more.
fn unknown(id: &DocumentId) -> (ErrorCode, ApiText) {
    match id {
        DocumentId::Trusted(_) => (ErrorCode::NotFound, ApiText::DocumentUnknown),
        DocumentId::Automatic(_) => (ErrorCode::BadInput, ApiText::PersistedQueryNotSupported),
    }
}

/// Returns the SHA-256 of a text in lower-case hexadecimal digits.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::DocumentCache;
    use std::collections::BTreeSet;
    use std::fs;

    const TEXT: &str = "{ __typename }";
    const OTHER: &str = "{ t: __typename }";

    fn documents(is_required_of_public: bool) -> TrustedDocuments {
        let mut documents = TrustedDocuments::default();
        documents.add(&format!("{TEXT}\r\n\n"));
        documents.require_of_public(is_required_of_public);
        documents
    }

    fn trusted(text: &str) -> DocumentId {
        DocumentId::Trusted(format!("sha256:{}", hash(text)))
    }

    #[test]
    fn hash_is_that_of_the_specification() {
        let example = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}";
        assert_eq!(hash(example), "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e");
    }

    #[test]
    fn document_is_found_by_either_id() {
        for id in [trusted(TEXT), DocumentId::Automatic(hash(TEXT))] {
            let resolve = |requested| documents(true).resolve(requested, &Actor::public());
            assert_eq!(resolve(RequestedDocument::Id(id.clone())).as_deref(), Ok(TEXT));
            assert_eq!(resolve(RequestedDocument::Text(TEXT.to_owned(), Some(id))).as_deref(), Ok(TEXT));
        }
    }

    #[test]
    fn unknown_and_wrong_ids_are_refused() {
        let resolve = |requested| documents(false).resolve(requested, &Actor::public()).unwrap_err();
        let upper = format!("sha256:{}", hash(TEXT).to_uppercase());
        for id in [upper, hash(TEXT), format!("md5:{}", hash(TEXT)), String::new()] {
            let requested = RequestedDocument::Id(DocumentId::Trusted(id.clone()));
            assert_eq!(resolve(requested), (ErrorCode::NotFound, ApiText::DocumentUnknown), "{id}");
        }
        let requested = RequestedDocument::Id(DocumentId::Automatic(hash(OTHER)));
        assert_eq!(resolve(requested).1, ApiText::PersistedQueryNotSupported);
        for id in [trusted(TEXT), DocumentId::Automatic(hash(TEXT))] {
            let requested = RequestedDocument::Text(OTHER.to_owned(), Some(id));
            assert_eq!(resolve(requested), (ErrorCode::BadInput, ApiText::DocumentHashDiffers));
        }
    }

    #[test]
    fn public_may_be_restricted_to_trusted_documents() {
        let text = |text: &str| RequestedDocument::Text(text.to_owned(), None);
        let partner = Actor::new(Role::Partner, "busan", None, false).unwrap();
        let documents = documents(true);
        assert_eq!(documents.resolve(text(TEXT), &Actor::public()).as_deref(), Ok(TEXT));
        assert_eq!(
            documents.resolve(text(OTHER), &Actor::public()),
            Err((ErrorCode::Forbidden, ApiText::DocumentNotTrusted))
        );
        assert_eq!(documents.resolve(text(OTHER), &partner).as_deref(), Ok(OTHER));
        let own = RequestedDocument::Own(OTHER.to_owned());
        assert_eq!(documents.resolve(own, &Actor::public()).as_deref(), Ok(OTHER));
    }

    #[test]
    fn every_shipped_document_is_a_valid_file_of_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/operations");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|kind| kind == "graphql"));
        let texts: BTreeSet<String> = files.map(|path| fs::read_to_string(path).unwrap()).collect();
        assert_eq!(texts, SHIPPED.into_iter().map(str::to_owned).collect());
        for text in SHIPPED {
            DocumentCache::default().read(text).unwrap();
        }
    }
}
