//! The rows that the logs say there are.

use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::entry::{EntryMeta, Publication};
use caunoi_domain::id::Log;
use std::collections::HashMap;

/// The state of one subject according to its log.
#[derive(Debug, Default)]
pub(super) struct ExpectedEntry {
    pub(super) place: Option<(Log, i32)>,
    pub(super) published: Option<ExpectedVersion>,
    pub(super) working: Option<ExpectedVersion>,
    last_version: i32,
    published_at_us: Option<i64>,
}

/// A version according to the change that wrote it.
#[derive(Debug)]
pub(super) struct ExpectedVersion {
    pub(super) content: Option<String>,
    version: i32,
    publication: Publication,
    at_us: i64,
}

/// The state of every subject, by its code.
pub(super) type ExpectedEntries = HashMap<(Subject, String), ExpectedEntry>;

/// Applies a change to the expected state. A change of another log's entry has no row here.
pub(super) fn apply_change(expected: &mut ExpectedEntries, change: &Change) {
    if change.subject == Subject::Shared {
        return;
    }
    let expected = expected.entry((change.subject, change.code.clone())).or_default();
    expected.place.get_or_insert((change.log, change.number));
    expected.last_version = change.version;
    let wrote = |content: &Option<String>| {
        let Change { version, publication, at_us, .. } = *change;
        Some(ExpectedVersion { content: content.clone(), version, publication, at_us })
    };
    if change.is_public {
        expected.published_at_us.get_or_insert(change.at_us);
    }
    match (change.is_public, change.publication) {
        // The log alone keeps the content of an entry that is merged into another one.
        (true, Publication::Withdrawn) if change.operation == ChangeOperation::Merged => {
            expected.published = None;
            expected.working = None;
        }
        // A withdrawn entry is visible to its province only.
        (true, Publication::Withdrawn) => {
            expected.published = None;
            expected.working = wrote(&change.before);
        }
        (true, _) => {
            expected.published = wrote(&change.after);
            if change.was != Some(Publication::Published) {
                expected.working = None;
            }
        }
        // The working version was discarded; the published one remains.
        (false, Publication::Published) => expected.working = None,
        (false, _) => expected.working = wrote(&change.after),
    }
}

impl ExpectedEntry {
    /// Returns the metadata that the row of a version must have.
    pub(super) fn meta(&self, version: &ExpectedVersion, code: &str) -> Option<EntryMeta> {
        let (log, number) = self.place?;
        let is_published = version.publication == Publication::Published;
        let pending = self.working.as_ref().map(|working| working.publication);
        Some(EntryMeta {
            log,
            number,
            code: code.to_owned(),
            version: version.version,
            last_version: if is_published { self.last_version } else { version.version },
            publication: version.publication,
            pending: pending.filter(|_| is_published),
            published_at_us: self.published_at_us,
            updated_at_us: version.at_us,
        })
    }
}
