//! Merged entries, as the kept entry and the logs name them. [`crate::merge`] makes them.

use crate::id::Log;
use crate::locale::Bilingual;
use crate::party::{AgreementParty, Participant, VietnameseParty};
use crate::source::SourceId;
use crate::unit::UnitId;
use crate::validation::{InvalidReason, Reason};
use serde::{Deserialize, Serialize};

/// An entry that was merged into the one that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedEntry {
    /// Its code; look-ups of it return the kept entry.
    pub code: String,
    /// Its log.
    pub log: Log,
    /// Its number in that log.
    pub number: i32,
    /// Its unit of origin. With [`MergedEntry::shared_with`] it owns the kept entry, whatever the
    /// parties of that are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_unit: Option<UnitId>,
    /// Its further owners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<UnitId>,
    /// The code of the relation of its province that it named; the kept entry is activity of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// What the kept entry states only because of it, and loses when the merge is undone.
    #[serde(default, skip_serializing_if = "Participation::is_empty")]
    pub gained: Participation,
}

/// Who takes part in an entry, and its sources: the lists that a merge joins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Participation {
    /// The Vietnamese parties or the hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<VietnameseParty>,
    /// The co-organizers of an event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_organizers: Vec<Participant>,
    /// The parties of the other sides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<AgreementParty>,
    /// The sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceId>,
}

/// The kept entry as the log of a merged one names it, with the author's reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeReason {
    /// The reason.
    #[serde(flatten)]
    pub reason: Bilingual,
    /// The log, number and code of the kept entry.
    pub merged_into: KeptEntry,
}

/// An entry that others were merged into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEntry {
    /// Its log.
    pub log: Log,
    /// Its number in that log.
    pub number: i32,
    /// Its code.
    pub code: String,
}

impl MergedEntry {
    /// Returns the units that it belonged to.
    pub fn units(&self) -> impl Iterator<Item = UnitId> {
        self.origin_unit.into_iter().chain(self.shared_with.iter().copied())
    }
}

/// Returns the reason for which an entry that keeps merged ones must stay published.
#[must_use]
pub fn keeps_merged(merged: &[MergedEntry]) -> Option<Reason> {
    let codes: Vec<&str> = merged.iter().map(|entry| entry.code.as_str()).collect();
    (!codes.is_empty()).then(|| InvalidReason::KeepsMerged { codes: codes.join(", ") }.into())
}

impl Participation {
    /// Returns whether it states nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
