//! Tombstones: the remains, visible to everyone, of an entry that was withdrawn or merged.

use crate::change::{Change, ChangeOperation, Subject};
use crate::entry::EntryKey;
use crate::locale::Bilingual;
use crate::merged_entry::{KeptEntry, MergeReason};

/// The remains of an entry that was withdrawn or merged into another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The key of the entry.
    pub key: EntryKey,
    /// Its code, which no other entry gets.
    pub code: String,
    /// The time of the withdrawal or merge, in microseconds since 1970.
    pub withdrawn_at_us: i64,
    /// The reason; None for withdrawals that stated none.
    pub reason: Option<Bilingual>,
    /// The entry that it was merged into; None where it was withdrawn.
    pub merged_into: Option<KeptEntry>,
}

impl Tombstone {
    /// Returns the tombstone that a change makes; None for any change but the withdrawal of a
    /// published version and its merge into another entry.
    #[must_use]
    pub fn from_change(change: &Change) -> Option<Self> {
        let Subject::Entry(kind) = change.subject else { return None };
        let is_end = matches!(change.operation, ChangeOperation::Withdrawn | ChangeOperation::Merged);
        if !(change.is_public && is_end && change.after.is_none()) {
            return None;
        }
        let text = change.reason.as_deref();
        let merge = text.and_then(|text| serde_json::from_str::<MergeReason>(text).ok());
        Some(Self {
            key: EntryKey { kind, log: change.log, number: change.number },
            code: change.code.clone(),
            withdrawn_at_us: change.at_us,
            reason: text.and_then(|text| serde_json::from_str(text).ok()),
            merged_into: merge.map(|merge| merge.merged_into),
        })
    }
}
