//! Names of the directory that columns of entries are derived from.

use crate::entry::EntryKind;
use crate::place::LocalityId;

/// A name that entries are sorted or found by. When it changes, the columns of these entries are
/// computed again; their contents stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameSource {
    /// The names of a locality.
    Locality(LocalityId),
    /// The names of an organization, by its code.
    Organization(String),
}

impl NameSource {
    /// Returns the kinds whose entries are sorted or found by the name.
    #[must_use]
    pub fn used_by(&self) -> &'static [EntryKind] {
        match self {
            Self::Locality(_) => {
                &[EntryKind::Relation, EntryKind::Agreement, EntryKind::Event, EntryKind::Programme]
            }
            Self::Organization(_) => &[EntryKind::Agreement],
        }
    }
}
