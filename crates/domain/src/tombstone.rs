//! Tombstones: what everyone sees of an entry that was published and withdrawn.

use crate::change::{Change, ChangeOperation, Subject};
use crate::entry::EntryKey;
use crate::locale::Bilingual;

/// The remains of a withdrawn entry; its content is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The key of the entry.
    pub key: EntryKey,
    /// Its code, which no other entry gets.
    pub code: String,
    /// The time of the withdrawal, in microseconds since 1970.
    pub withdrawn_at_us: i64,
    /// The reason; None for withdrawals that stated none.
    pub reason: Option<Bilingual>,
}

impl Tombstone {
    /// Returns the tombstone that a change makes; None for any change but the withdrawal of a
    /// published version.
    #[must_use]
    pub fn from_change(change: &Change) -> Option<Self> {
        let Subject::Entry(kind) = change.subject else { return None };
        let is_withdrawal = change.is_public && change.operation == ChangeOperation::Withdrawn;
        is_withdrawal.then(|| Self {
            key: EntryKey { kind, log: change.log, number: change.number },
            code: change.code.clone(),
            withdrawn_at_us: change.at_us,
            reason: change.reason.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        })
    }
}
