//! The parts of an agreement: acts, files, parties, signatories.

use super::super::super::enums::ActKind;
use super::super::super::scalar::Edtf;
use super::super::draft_value::{IntoDraftValue, TextInput};
use async_graphql::InputObject;
use caunoi_domain::draft::{ActDraft, FileDraft, PartyDraft, SignatoryDraft};
use caunoi_domain::upload::Upload;

/// A dated act in the life of an agreement.
#[derive(Debug, Clone, InputObject)]
pub(super) struct ActInput {
    /// The kind of act.
    kind: ActKind,
    /// The date of the act, for example `2019-03-12` or `2019-03`. If the source states no date of
    /// the signature, `../2019` says that it was signed by 2019.
    on: Edtf,
    /// The last day of the new term, for example `2027-12-31`. Allowed only for `EXTEND` and
    /// `RENEW`.
    until: Option<Edtf>,
    /// A note, at most 2,000 characters in each language.
    note: Option<TextInput>,
    /// The code of the source of this information.
    source: Option<String>,
}

impl IntoDraftValue for ActInput {
    type DraftValue = ActDraft;

    fn into_draft_value(self) -> ActDraft {
        ActDraft {
            id: None,
            kind: self.kind.into_draft_value(),
            on: self.on.into_draft_value(),
            until: self.until.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
            note: self.note.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}

/// A file of an agreement. If the own province has uploaded a file with this hash, it is stored with
/// the type and size of the upload; otherwise it is only described.
#[derive(Debug, Clone, InputObject)]
#[graphql(name = "DocumentFileInput")]
pub(in crate::schema::mutation) struct FileInput {
    /// The name of the file, for example `Thỏa thuận.pdf`.
    name: String,
    /// The IANA media type, for example `application/pdf`.
    media_type: String,
    /// The SHA-256 hash of the contents, 64 hexadecimal digits.
    sha256: String,
    /// The size in bytes.
    size_bytes: i32,
    /// The language of the text, an ISO 639 code, for example `vi`.
    language: Option<String>,
    /// The upload with this hash.
    #[graphql(skip)]
    upload: Option<Upload>,
}

impl FileInput {
    /// Returns the hash in the form of uploads.
    pub(in crate::schema::mutation) fn sha256(&self) -> String {
        self.sha256.trim().to_ascii_lowercase()
    }

    /// Sets the upload with this hash.
    pub(in crate::schema::mutation) fn set_upload(&mut self, upload: Option<Upload>) {
        self.upload = upload;
    }
}

impl IntoDraftValue for FileInput {
    type DraftValue = FileDraft;

    fn into_draft_value(self) -> FileDraft {
        let is_stored = self.upload.is_some();
        let (media_type, size_bytes) = match self.upload {
            Some(upload) => (upload.media_type, upload.size_bytes),
            None => (self.media_type, self.size_bytes),
        };
        FileDraft {
            name: self.name,
            media_type,
            sha256: self.sha256,
            size_bytes: size_bytes.into_draft_value(),
            language: self.language.unwrap_or_default(),
            is_stored,
        }
    }
}

/// A party to an agreement: a locality or an organization. Exactly one of `locality` and
/// `organization` is required.
#[derive(Debug, Clone, InputObject)]
#[graphql(name = "AgreementPartyInput")]
pub(super) struct PartyInput {
    /// The slug or a name of the locality, for example `kr-gyeongsangnam`.
    locality: Option<String>,
    /// The code or the printed name of the organization, at most 500 characters.
    organization: Option<String>,
    /// The person who signed for the party, at most 500 characters.
    signatory: Option<String>,
}

impl IntoDraftValue for PartyInput {
    type DraftValue = PartyDraft;

    fn into_draft_value(self) -> PartyDraft {
        PartyDraft {
            locality: self.locality.unwrap_or_default(),
            organization: self.organization.unwrap_or_default(),
            signatory: self.signatory.unwrap_or_default(),
        }
    }
}

/// A person who signed for the Vietnamese side (người ký).
#[derive(Debug, Clone, InputObject)]
pub(super) struct SignatoryInput {
    /// The name of the person, at most 500 characters.
    name: String,
    /// The post that the person held at the time (chức vụ), at most 500 characters.
    post: Option<String>,
}

impl IntoDraftValue for SignatoryInput {
    type DraftValue = SignatoryDraft;

    fn into_draft_value(self) -> SignatoryDraft {
        SignatoryDraft { name: self.name, post: self.post.unwrap_or_default() }
    }
}
