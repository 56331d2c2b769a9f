//! The changes of shared entries in the logs of their further owners: each public change of such an
//! entry is in the log of every one of them, and nothing else is.

use caunoi_domain::change::{Change, SharedChange, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::UnitId;
use caunoi_domain::id::Log;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The shared changes that the logs contain, and those that follow from the contents of entries.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    found: BTreeSet<(Log, SharedChange)>,
    expected: BTreeSet<(UnitId, SharedChange)>,
}

/// The owners in the content of an entry.
#[derive(Deserialize)]
struct OwnersOfContent {
    common: SharedWith,
}

#[derive(Deserialize)]
struct SharedWith {
    #[serde(default)]
    shared_with: Vec<UnitId>,
}

impl Sharing {
    /// Records the change at a position.
    pub(super) fn add(&mut self, change: &Change, position: i64) {
        self.found.extend(SharedChange::of(change).map(|shared| (change.log, shared)));
        let Subject::Entry(kind) = change.subject else { return };
        let shared = SharedChange { kind, log: change.log, position };
        for content in [&change.before, &change.after].into_iter().flatten().filter(|_| change.is_public) {
            self.expected.extend(owners(content).into_iter().map(|unit| (unit, shared)));
        }
    }

    /// Returns a log and a position that it names wrongly or not at all; `None` if all are right.
    pub(super) fn find_violation(&self, directory: &Directory) -> Option<(Log, SharedChange)> {
        let in_log = |(unit, shared): &(UnitId, SharedChange)| {
            let log = directory.province_of(*unit)?.log;
            (log != shared.log).then_some((log, *shared))
        };
        let expected: BTreeSet<(Log, SharedChange)> = self.expected.iter().filter_map(in_log).collect();
        self.found.symmetric_difference(&expected).next().copied()
    }
}

/// Returns the further owners in the content of an entry; few contents have any.
fn owners(content: &str) -> Vec<UnitId> {
    if !content.contains("\"shared_with\"") {
        return Vec::new();
    }
    serde_json::from_str::<OwnersOfContent>(content)
        .map(|content| content.common.shared_with)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::change::ChangeOperation;
    use caunoi_domain::entry::{EntryKind, Publication};

    fn change(log: i16, after: &str) -> Change {
        Change {
            log: Log::new(log),
            subject: Subject::Entry(EntryKind::Agreement),
            number: 1,
            code: "AGR-0001".to_owned(),
            version: 1,
            operation: ChangeOperation::Published,
            was: None,
            publication: Publication::Published,
            is_public: true,
            author: "PUBLISHER:desk".to_owned(),
            at_us: 5,
            idempotency_key: None,
            reason: None,
            before: None,
            after: Some(after.to_owned()),
        }
    }

    #[test]
    fn reference_without_a_shared_entry_is_found() {
        let shared = SharedChange { kind: EntryKind::Agreement, log: Log::new(3), position: 7 };
        let alone = change(3, r#"{"common":{"shared_with":[]}}"#);
        let mut sharing = Sharing::default();
        sharing.add(&alone, 7);
        assert_eq!(sharing.find_violation(&Directory::default()), None);
        sharing.add(&shared.to_change(Log::new(5), &alone), 1);
        assert_eq!(sharing.find_violation(&Directory::default()), Some((Log::new(5), shared)));
    }

    #[test]
    fn owners_are_read_from_contents_that_have_them() {
        assert_eq!(owners(r#"{"common":{"shared_with":[4,9]}}"#).len(), 2);
        assert!(owners(r#"{"common":{},"title":{"en":"\"shared_with\""}}"#).is_empty());
    }
}
