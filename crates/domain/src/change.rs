//! Changes: what the log of a province keeps of every write, hash chained.

use crate::entry::{EntryKind, Publication};
use crate::id::Log;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What was done to an entry.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeOperation {
    /// Drafted for the first time.
    Created,
    /// Its content was changed.
    Updated,
    /// An act was recorded.
    ActRecorded,
    /// Handed to a publisher.
    Submitted,
    /// Handed back to its clerk.
    Returned,
    /// Shown to all.
    Published,
    /// A published content was mended.
    Corrected,
    /// Taken back for good.
    Withdrawn,
}

/// What a change is about: an entry of some kind, a row of the reference data, a period, or a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An entry.
    Entry(EntryKind),
    /// Countries, units, localities, terms, sources, occasions: the ministry's.
    Reference,
    /// A period of which a province says that nothing is missing.
    Period,
    /// A locality that a province misses.
    Proposal,
}

impl Subject {
    /// The word for it in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry(kind) => kind.into(),
            Self::Reference => "REFERENCE",
            Self::Period => "PERIOD",
            Self::Proposal => "PROPOSAL",
        }
    }
}

/// One row of a log, before it gets its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose log.
    pub log: Log,
    /// What it is about.
    pub subject: Subject,
    /// The number of the entry or proposal within its log; 0 for reference data and periods.
    pub number: i32,
    /// The code of the entry or proposal, the key of the reference row, or the name of the period.
    pub code: String,
    /// The version that this change made.
    pub version: i32,
    /// What was done.
    pub operation: ChangeOperation,
    /// How far the version had come before; none where it is new.
    pub was: Option<Publication>,
    /// How far the written version has come by it.
    pub publication: Publication,
    /// Whether what the public sees moved.
    pub is_public: bool,
    /// Who did it.
    pub author: String,
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// The key under which its author may repeat the request.
    pub idempotency_key: Option<String>,
    /// Why, in the words of its author, as canonical JSON text.
    pub reason: Option<String>,
    /// The content before, as canonical JSON text.
    pub before: Option<String>,
    /// The content after, as canonical JSON text.
    pub after: Option<String>,
}

/// A link of the hash chain.
pub type Link = [u8; 32];

/// The SHA-256 over a text, by which two inputs are told to be the same.
#[must_use]
pub fn fingerprint(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// What one state of a row is told apart by: the beginning of the fingerprint of its text.
#[must_use]
pub fn revision<T: Serialize>(row: &T) -> String {
    // Rows of the reference data always have a JSON text.
    let text = serde_json::to_string(row).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(&fingerprint(&text)[..9])
}

impl Change {
    /// The link of this change at a position, over the link before it.
    #[must_use]
    pub fn link(&self, position: i64, before: &Link) -> Link {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(self.log.number().to_be_bytes());
        hash.update(position.to_be_bytes());
        hash.update(self.number.to_be_bytes());
        hash.update(self.version.to_be_bytes());
        hash.update(self.at_us.to_be_bytes());
        hash.update([u8::from(self.is_public)]);
        let operation: &str = self.operation.into();
        let publication: &str = self.publication.into();
        let was: Option<&str> = self.was.map(Into::into);
        let texts = [self.subject.as_str(), &self.code, operation, publication, &self.author].map(Some);
        let optional =
            [&self.idempotency_key, &self.reason, &self.before, &self.after].map(|text| text.as_deref());
        for text in texts.into_iter().chain([was]).chain(optional) {
            // An absent text and an empty one are not the same.
            hash.update([u8::from(text.is_some())]);
            let text = text.unwrap_or_default();
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_change_moves_its_link() {
        let change = Change {
            log: Log::new(3),
            subject: Subject::Entry(EntryKind::Event),
            number: 1,
            code: "EVT-0001".into(),
            version: 1,
            operation: ChangeOperation::Published,
            was: None,
            publication: Publication::Published,
            is_public: true,
            author: "somebody".into(),
            at_us: 5,
            idempotency_key: None,
            reason: None,
            before: None,
            after: Some("{}".into()),
        };
        let link = |change: &Change| change.link(7, &[0; 32]);
        let others = [
            Change { log: Log::new(4), ..change.clone() },
            Change { code: "EVT-0002".into(), ..change.clone() },
            Change { number: 2, ..change.clone() },
            Change { idempotency_key: Some("k".into()), ..change.clone() },
            Change { reason: Some("k".into()), ..change.clone() },
            Change { version: 2, ..change.clone() },
            Change { is_public: false, ..change.clone() },
            Change { was: Some(Publication::Draft), ..change.clone() },
            Change { publication: Publication::Draft, ..change.clone() },
            Change { at_us: 6, ..change.clone() },
            Change { before: Some(String::new()), ..change.clone() },
            Change { after: None, ..change.clone() },
            Change { code: "EVT-0001PUBLISHED".into(), ..change.clone() },
        ];
        assert!(others.iter().all(|other| link(other) != link(&change)));
        assert_ne!(change.link(8, &[0; 32]), link(&change));
        assert_ne!(change.link(7, &[1; 32]), link(&change));
    }
}
