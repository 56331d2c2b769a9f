//! The versions of entries that are merged and of those that keep them.

use super::{EntryWrite, Versions};
use crate::change::ChangeOperation;
use crate::entry::{Content, Entry, EntryMeta, Publication};

impl<C: Content> Versions<C> {
    /// Replaces the published content by one into which others were merged.
    pub(crate) fn replace_by_merge(self, shown: &Entry<C>, content: C, at_us: i64) -> EntryWrite<C> {
        self.replace_published(shown, ChangeOperation::Merged, content, at_us)
    }

    /// Replaces the published content by one from which a merged entry was taken out.
    pub(crate) fn replace_by_unmerge(self, shown: &Entry<C>, content: C, at_us: i64) -> EntryWrite<C> {
        self.replace_published(shown, ChangeOperation::Unmerged, content, at_us)
    }

    fn replace_published(
        self,
        shown: &Entry<C>,
        operation: ChangeOperation,
        content: C,
        at_us: i64,
    ) -> EntryWrite<C> {
        let meta = written(&shown.meta, Publication::Published, self.next_version(), at_us);
        let written = Entry { meta, content };
        EntryWrite {
            operation,
            was: Some(shown.meta.publication),
            is_public: true,
            before: Some(shown.content.clone()),
            after: Some(written.content.clone()),
            shown: written.clone(),
            versions: Self { published: Some(written), working: None },
        }
    }

    /// Removes all versions of an entry that is merged into another one. The log keeps its content.
    pub(crate) fn leave_by_merge(self, shown: &Entry<C>, at_us: i64) -> EntryWrite<C> {
        let meta = written(&shown.meta, Publication::Withdrawn, self.next_version(), at_us);
        EntryWrite {
            operation: ChangeOperation::Merged,
            was: Some(shown.meta.publication),
            is_public: true,
            before: Some(shown.content.clone()),
            after: None,
            shown: Entry { meta, content: shown.content.clone() },
            versions: Self { published: None, working: None },
        }
    }

    /// Publishes an entry again that was merged; `last` is its state when it was.
    pub(crate) fn return_by_unmerge(last: &Entry<C>, at_us: i64) -> EntryWrite<C> {
        let meta = written(&last.meta, Publication::Published, last.meta.last_version + 1, at_us);
        let shown = Entry { meta, content: last.content.clone() };
        EntryWrite {
            operation: ChangeOperation::Unmerged,
            was: Some(Publication::Withdrawn),
            is_public: true,
            before: None,
            after: Some(shown.content.clone()),
            shown: shown.clone(),
            versions: Self { published: Some(shown), working: None },
        }
    }
}

/// Returns the metadata of a version that follows another one.
fn written(before: &EntryMeta, publication: Publication, version: i32, at_us: i64) -> EntryMeta {
    EntryMeta {
        version,
        last_version: version,
        publication,
        pending: None,
        updated_at_us: at_us,
        ..before.clone()
    }
}
