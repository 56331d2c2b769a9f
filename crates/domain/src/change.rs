//! Changes: the rows of the log of a province, one per write, linked by a hash chain.

use crate::entry::{EntryKind, Publication};
use crate::id::Log;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The operation of a change.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeOperation {
    /// The entry was created as a draft.
    Created,
    /// The content was changed.
    Updated,
    /// An act of an agreement was recorded.
    ActRecorded,
    /// A recorded act was amended.
    ActAmended,
    /// A recorded act was voided.
    ActVoided,
    /// The draft was submitted to a publisher.
    Submitted,
    /// The submitted version was returned to the clerk.
    Returned,
    /// The version was published.
    Published,
    /// The content of a published version was corrected.
    Corrected,
    /// The entry was withdrawn permanently.
    Withdrawn,
    /// Entries that record the same were merged: others into this one, or this one into another.
    Merged,
    /// A merge was undone: the merged entry is published again, the kept one loses what it gained.
    Unmerged,
}

/// The subject of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An entry.
    Entry(EntryKind),
    /// A row of the reference data: country, unit, locality, term, source, occasion.
    Reference,
    /// A period that a province confirms as complete.
    Period,
    /// A proposal for a locality.
    Proposal,
    /// A public change of an entry of another log, which the owner of this log shares.
    Shared,
    /// An access rule of the ministry: an API key, a revocation, a blocked network.
    AccessRule,
}

impl Subject {
    /// Returns its name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry(kind) => kind.into(),
            Self::Reference => "REFERENCE",
            Self::Period => "PERIOD",
            Self::Proposal => "PROPOSAL",
            Self::Shared => "SHARED",
            Self::AccessRule => "ACCESS_RULE",
        }
    }
}

/// One row of a log, without its position and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The log.
    pub log: Log,
    /// The subject.
    pub subject: Subject,
    /// The number of the entry or proposal within its log; 0 for reference data and periods.
    pub number: i32,
    /// The code of the entry or proposal, the key of the reference row, or the name of the period.
    pub code: String,
    /// The version that this change made.
    pub version: i32,
    /// The operation.
    pub operation: ChangeOperation,
    /// The publication state before; None for a new entry.
    pub was: Option<Publication>,
    /// The publication state after.
    pub publication: Publication,
    /// Whether the public sees the change.
    pub is_public: bool,
    /// The author: role and name.
    pub author: String,
    /// The time, in microseconds since 1970.
    pub at_us: i64,
    /// The idempotency key of the request.
    pub idempotency_key: Option<String>,
    /// The reason given by the author, as canonical JSON text; of a merge with the kept entry, a
    /// [`MergeReason`](crate::merged_entry::MergeReason).
    pub reason: Option<String>,
    /// The content before, as canonical JSON text.
    pub before: Option<String>,
    /// The content after, as canonical JSON text.
    pub after: Option<String>,
}

/// The public change of a shared entry, as the log of a further owner refers to it. Readers of that
/// log alone thus learn of it: caches, feeds, webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SharedChange {
    /// The kind of the entry.
    pub kind: EntryKind,
    /// The log that contains the entry.
    pub log: Log,
    /// The position of the change in that log.
    pub position: i64,
}

impl SharedChange {
    /// Returns the reference in a change of a further owner's log; None for other changes.
    #[must_use]
    pub fn of(change: &Change) -> Option<Self> {
        let text = change.after.as_deref().filter(|_| change.subject == Subject::Shared)?;
        serde_json::from_str(text).ok()
    }

    /// Returns the change of the log of a further owner that refers to the change `of`.
    #[must_use]
    pub fn to_change(self, owner: Log, of: &Change) -> Change {
        Change {
            log: owner,
            subject: Subject::Shared,
            number: 0,
            idempotency_key: None,
            reason: None,
            before: None,
            // Serializing a reference never fails.
            after: serde_json::to_string(&self).ok(),
            ..of.clone()
        }
    }
}

/// A hash of the hash chain (SHA-256).
pub type ChainHash = [u8; 32];

/// Returns the SHA-256 of a text; equal inputs have equal fingerprints.
#[must_use]
pub fn fingerprint(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Returns the revision of a row: the beginning of the fingerprint of its JSON text.
#[must_use]
pub fn revision<T: Serialize>(row: &T) -> String {
    // Serializing rows of the reference data never fails.
    let text = serde_json::to_string(row).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(&fingerprint(&text)[..9])
}

/// A change at its position in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its position.
    pub position: i64,
    /// The change.
    pub change: Change,
    /// Its link of the hash chain.
    pub link: ChainHash,
}

impl Change {
    /// Returns the hash of this change at a position, computed over the hash before it.
    #[must_use]
    pub fn chain_hash(&self, position: i64, before: &ChainHash) -> ChainHash {
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
            // An absent text and an empty one have different hashes.
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
    fn every_field_of_a_change_is_part_of_its_hash() {
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
        let hash = |change: &Change| change.chain_hash(7, &[0; 32]);
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
        assert!(others.iter().all(|other| hash(other) != hash(&change)));
        assert_ne!(change.chain_hash(8, &[0; 32]), hash(&change));
        assert_ne!(change.chain_hash(7, &[1; 32]), hash(&change));
    }
}
