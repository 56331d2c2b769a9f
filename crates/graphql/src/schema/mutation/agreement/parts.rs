//! What an agreement is made of: acts, files, parties, signatories.

use super::super::super::enums::ActKind;
use super::super::super::scalar::Edtf;
use super::super::filling::{Drafted, TextInput};
use async_graphql::InputObject;
use caunoi_domain::draft::{ActDraft, FileDraft, PartyDraft, SignatoryDraft};

/// One thing that happened to an agreement.
#[derive(Debug, Clone, InputObject)]
pub(super) struct ActInput {
    /// What happened.
    kind: ActKind,
    /// When.
    on: Edtf,
    /// The last day of the new term; only of an extension or renewal.
    until: Option<Edtf>,
    /// A remark.
    note: Option<TextInput>,
    /// Where it was read, the code of a source.
    source: Option<String>,
}

impl Drafted for ActInput {
    type Draft = ActDraft;

    fn drafted(self) -> ActDraft {
        ActDraft {
            kind: self.kind.drafted(),
            on: self.on.drafted(),
            until: self.until.map(Drafted::drafted).unwrap_or_default(),
            note: self.note.map(Drafted::drafted).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}

/// A file of a document: what it is, not its bytes.
#[derive(Debug, Clone, InputObject)]
#[graphql(name = "DocumentFileInput")]
pub(super) struct FileInput {
    /// What people call it.
    name: String,
    /// What it is, as IANA registers it: `application/pdf`.
    media_type: String,
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    sha256: String,
    /// Its length in bytes.
    size_bytes: i32,
    /// The language of its text, ISO 639.
    language: Option<String>,
}

impl Drafted for FileInput {
    type Draft = FileDraft;

    fn drafted(self) -> FileDraft {
        FileDraft {
            name: self.name,
            media_type: self.media_type,
            sha256: self.sha256,
            size_bytes: self.size_bytes.drafted(),
            language: self.language.unwrap_or_default(),
        }
    }
}

/// A party to an agreement: a locality or a body.
#[derive(Debug, Clone, InputObject)]
#[graphql(name = "AgreementPartyInput")]
pub(super) struct PartyInput {
    /// The slug of a locality.
    locality: Option<String>,
    /// The code or the printed name of a body.
    organization: Option<String>,
    /// Who signed for it.
    signatory: Option<String>,
}

impl Drafted for PartyInput {
    type Draft = PartyDraft;

    fn drafted(self) -> PartyDraft {
        PartyDraft {
            locality: self.locality.unwrap_or_default(),
            organization: self.organization.unwrap_or_default(),
            signatory: self.signatory.unwrap_or_default(),
        }
    }
}

/// Who signed for the own side (người ký).
#[derive(Debug, Clone, InputObject)]
pub(super) struct SignatoryInput {
    /// The person’s name.
    name: String,
    /// The post that the person held at the time (chức vụ).
    post: Option<String>,
}

impl Drafted for SignatoryInput {
    type Draft = SignatoryDraft;

    fn drafted(self) -> SignatoryDraft {
        SignatoryDraft { name: self.name, post: self.post.unwrap_or_default() }
    }
}
