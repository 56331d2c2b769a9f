//! The publication states of an entry: at most one published and one working version.
//!
//! [`Versions`] are the current versions of an entry; each command returns an [`EntryWrite`] with
//! the new versions and the change for the log. No other module decides about versions.

mod merge;

use crate::change::ChangeOperation;
use crate::date::Day;
use crate::directory::{Directory, NameSource};
use crate::entry::{Content, Entry, EntryKind, EntryMeta, LinkedActivity, Publication};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::merged_entry::keeps_merged;
use crate::place::LocalityId;
use crate::policy::{Action, Scope, Visibility};
use crate::validation::{InvalidReason, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// The current versions of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions<C> {
    /// The version that everyone sees.
    pub published: Option<Entry<C>>,
    /// The version that its province edits, or the withdrawn one.
    pub working: Option<Entry<C>>,
}

/// The result of a command on an entry, to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryWrite<C> {
    /// The versions to store.
    pub versions: Versions<C>,
    /// The version that the author of the command sees after it.
    pub shown: Entry<C>,
    /// The operation for the log.
    pub operation: ChangeOperation,
    /// The publication state before; None for a new entry.
    pub was: Option<Publication>,
    /// Whether the public sees the change.
    pub is_public: bool,
    /// The content before: of the published version for a change that the public sees, else of the
    /// version that the author saw.
    pub before: Option<C>,
    /// The content after; None for a withdrawal of the published version.
    pub after: Option<C>,
}

impl<C: Content> EntryWrite<C> {
    /// Returns the partner whose linked activity determines the status of the written content; None
    /// where none does. A discarded draft leaves the published version as it is.
    #[must_use]
    pub fn activity_partner(&self) -> Option<LocalityId> {
        let is_discard = !self.is_public && self.shown.meta.publication == Publication::Published;
        self.after.as_ref().filter(|_| !is_discard).and_then(C::activity_partner)
    }

    /// Returns the write with the status computed from these days of activity, in order of time, in
    /// the versions that it creates.
    #[must_use]
    pub fn with_activity_status(self, days: &[Day]) -> Self {
        let settle = |entry: Entry<C>| Entry { content: entry.content.with_activity_status(days), ..entry };
        let is_new = |entry: &Entry<C>| entry.meta.version == self.shown.meta.version;
        let renew = |entry: Entry<C>| if is_new(&entry) { settle(entry) } else { entry };
        let Versions { published, working } = self.versions;
        Self {
            versions: Versions { published: published.map(renew), working: working.map(renew) },
            after: self.after.map(|content| content.with_activity_status(days)),
            shown: settle(self.shown.clone()),
            ..self
        }
    }

    /// Returns the activities that the public change adds to relations or takes from them, by the log
    /// of the owner; the status of these relations must be computed again. Empty where the activity
    /// stays the same.
    #[must_use]
    pub fn changed_activities(&self, directory: &Directory) -> BTreeMap<Log, Vec<LinkedActivity>> {
        let linked = |content: &Option<C>| {
            let content = content.as_ref()?;
            let linked = content.linked_activity()?;
            Some(content.common().activity_of_owners(self.shown.meta.log, &linked, directory))
        };
        let (before, after) = (linked(&self.before), linked(&self.after));
        let mut by_log = BTreeMap::<Log, Vec<LinkedActivity>>::new();
        if self.is_public && before != after {
            for (log, linked) in [before, after].into_iter().flatten().flatten() {
                by_log.entry(log).or_default().push(linked);
            }
        }
        by_log
    }

    /// Returns the logs of the further owners before and after the public change: they record it
    /// too. Empty for a change that the public does not see.
    #[must_use]
    pub fn owner_logs(&self, directory: &Directory) -> BTreeSet<Log> {
        let contents = [&self.before, &self.after].into_iter().flatten().filter(|_| self.is_public);
        shared_logs(contents, self.shown.meta.log, directory)
    }

    /// Returns the partners of which the public change adds, moves or takes away a relation: their
    /// activity may then count to other relations, whose status must be computed again.
    #[must_use]
    pub fn moved_partners(&self) -> Vec<LocalityId> {
        let place = |content: &Option<C>| {
            let content = content.as_ref()?;
            Some((content.activity_partner()?, content.common().origin_unit))
        };
        let (before, after) = (place(&self.before), place(&self.after));
        if !self.is_public || before == after {
            return Vec::new();
        }
        [before, after].into_iter().flatten().map(|(partner, _)| partner).collect()
    }

    /// Returns the name that the public change may change in other entries: agreements are found by
    /// the names of their organizations.
    #[must_use]
    pub fn changed_name(&self) -> Option<NameSource> {
        let is_changed = self.is_public && C::KIND == EntryKind::Organization && self.before != self.after;
        is_changed.then(|| NameSource::Organization(self.shown.meta.code.clone()))
    }
}

/// The state of a written working version, and the operation that led to it.
struct WorkingState {
    publication: Publication,
    operation: ChangeOperation,
}

/// Checks that a version in the state `shown` allows this action, for any actor.
///
/// # Errors
/// `Transition` where the action does not start from this state.
pub fn check_transition(shown: Publication, action: Action) -> Result<(), Reason> {
    let begins = match action {
        Action::Create
        | Action::Confirm
        | Action::Maintain
        | Action::Propose
        | Action::Settle
        | Action::Administer => false,
        Action::Update | Action::RecordAct | Action::AmendAct | Action::VoidAct | Action::Withdraw => {
            shown != Publication::Withdrawn
        }
        Action::Submit | Action::Discard => shown == Publication::Draft,
        Action::Return => shown == Publication::Submitted,
        Action::Merge => shown == Publication::Published,
        Action::Publish => matches!(shown, Publication::Draft | Publication::Submitted),
    };
    if begins { Ok(()) } else { Err(Reason::Transition { from: shown, action }) }
}

/// Returns the logs of the further owners of any of these contents of an entry.
fn shared_logs<'a, C: Content>(
    contents: impl IntoIterator<Item = &'a C>,
    own: Log,
    directory: &Directory,
) -> BTreeSet<Log> {
    contents.into_iter().flat_map(|content| content.common().shared_logs(own, directory)).collect()
}

/// Checks that a withdrawal of a published version has a reason: its tombstone shows it to everyone.
///
/// # Errors
/// `Required` without one.
pub fn check_reason(shown: Publication, action: Action, reason: Option<&Bilingual>) -> Result<(), Reason> {
    let is_public = action == Action::Withdraw && shown == Publication::Published;
    if is_public && reason.is_none_or(Bilingual::is_empty) { Err(Reason::Required) } else { Ok(()) }
}

impl<C: Content> Versions<C> {
    /// Returns the logs of the further owners of all versions: those that an action which the public
    /// sees writes to. Empty for other actions.
    #[must_use]
    pub fn owner_logs(&self, action: Action, directory: &Directory) -> BTreeSet<Log> {
        let is_public = match action {
            Action::Publish | Action::Withdraw | Action::Merge => true,
            Action::Create
            | Action::Update
            | Action::RecordAct
            | Action::AmendAct
            | Action::VoidAct
            | Action::Submit
            | Action::Return
            | Action::Discard
            | Action::Confirm
            | Action::Maintain
            | Action::Propose
            | Action::Settle
            | Action::Administer => false,
        };
        let versions = || [&self.published, &self.working].into_iter().flatten();
        let own = versions().next().map(|entry| entry.meta.log).filter(|_| is_public);
        own.map_or_else(BTreeSet::new, |own| {
            shared_logs(versions().map(|entry| &entry.content), own, directory)
        })
    }

    /// Returns the version that a scope sees; None where it sees none.
    #[must_use]
    pub fn visible_to(&self, scope: Scope) -> Option<&Entry<C>> {
        let working = self.working.as_ref().filter(|working| match scope.visibility() {
            Visibility::Published => false,
            Visibility::Province(log) => working.meta.log == log,
            Visibility::Ministry => {
                !working.meta.log.is_province() || working.meta.publication == Publication::Submitted
            }
        });
        working.or(self.published.as_ref())
    }

    /// Creates an entry: a draft, visible to its province only.
    #[must_use]
    pub fn create(meta: EntryMeta, content: C) -> EntryWrite<C> {
        let shown = Entry { meta: EntryMeta { publication: Publication::Draft, ..meta }, content };
        let after = Some(shown.content.clone());
        let versions = Self { published: None, working: Some(shown.clone()) };
        EntryWrite {
            versions,
            shown,
            operation: ChangeOperation::Created,
            was: None,
            is_public: false,
            before: None,
            after,
        }
    }

    /// Replaces the content of the version `shown`. A published version stays published; the new
    /// content becomes a draft.
    ///
    /// # Errors
    /// `Transition` where the entry is withdrawn, `NothingAmended` for the correction of an act that
    /// changes nothing.
    pub fn update(
        self,
        shown: &Entry<C>,
        action: Action,
        content: C,
        at_us: i64,
    ) -> Result<EntryWrite<C>, Reason> {
        check_transition(shown.meta.publication, action)?;
        if action == Action::AmendAct && content == shown.content {
            return Err(InvalidReason::NothingAmended.into());
        }
        let publication = match shown.meta.publication {
            Publication::Submitted => Publication::Submitted,
            Publication::Draft | Publication::Published | Publication::Withdrawn => Publication::Draft,
        };
        let operation = match action {
            Action::RecordAct => ChangeOperation::ActRecorded,
            Action::AmendAct => ChangeOperation::ActAmended,
            Action::VoidAct => ChangeOperation::ActVoided,
            Action::Create
            | Action::Update
            | Action::Submit
            | Action::Return
            | Action::Publish
            | Action::Withdraw
            | Action::Discard
            | Action::Merge
            | Action::Confirm
            | Action::Maintain
            | Action::Propose
            | Action::Settle
            | Action::Administer => ChangeOperation::Updated,
        };
        Ok(self.write_working_version(shown, WorkingState { publication, operation }, content, at_us))
    }

    /// Moves the version `shown` to another publication state. Withdrawing a working version
    /// discards it: the published version stays; without one the entry is withdrawn.
    ///
    /// # Errors
    /// `Transition` where the action does not start from the state of this version; `KeepsMerged`
    /// for the withdrawal of an entry that others were merged into.
    pub fn transition(self, shown: &Entry<C>, action: Action, at_us: i64) -> Result<EntryWrite<C>, Reason> {
        check_transition(shown.meta.publication, action)?;
        let content = shown.content.clone();
        let (publication, operation) = match action {
            Action::Publish => return Ok(self.publish(shown, at_us)),
            Action::Withdraw if shown.meta.publication == Publication::Published => {
                if let Some(refusal) = keeps_merged(&shown.content.common().merged) {
                    return Err(refusal);
                }
                return Ok(self.withdraw_published(shown, at_us));
            }
            Action::Withdraw | Action::Discard if self.published.is_some() => {
                return Ok(self.discard_working_version(shown));
            }
            Action::Withdraw | Action::Discard => (Publication::Withdrawn, ChangeOperation::Withdrawn),
            Action::Submit => (Publication::Submitted, ChangeOperation::Submitted),
            Action::Return => (Publication::Draft, ChangeOperation::Returned),
            Action::Create
            | Action::Update
            | Action::RecordAct
            | Action::AmendAct
            | Action::VoidAct
            | Action::Merge
            | Action::Confirm
            | Action::Maintain
            | Action::Propose
            | Action::Settle
            | Action::Administer => {
                return Err(Reason::Transition { from: shown.meta.publication, action });
            }
        };
        Ok(self.write_working_version(shown, WorkingState { publication, operation }, content, at_us))
    }

    fn write_working_version(
        self,
        shown: &Entry<C>,
        WorkingState { publication, operation }: WorkingState,
        content: C,
        at_us: i64,
    ) -> EntryWrite<C> {
        let version = self.next_version();
        let meta = EntryMeta {
            version,
            last_version: version,
            publication,
            pending: None,
            updated_at_us: at_us,
            ..shown.meta.clone()
        };
        let written = Entry { meta, content };
        let pending = Some(publication).filter(|publication| *publication != Publication::Withdrawn);
        EntryWrite {
            operation,
            was: Some(shown.meta.publication),
            is_public: false,
            before: Some(shown.content.clone()),
            after: Some(written.content.clone()),
            shown: written.clone(),
            versions: Self {
                published: self.published_with_pending(pending, version),
                working: Some(written),
            },
        }
    }

    fn publish(self, shown: &Entry<C>, at_us: i64) -> EntryWrite<C> {
        let version = self.next_version();
        let meta = EntryMeta {
            version,
            last_version: version,
            publication: Publication::Published,
            pending: None,
            published_at_us: shown.meta.published_at_us.or(Some(at_us)),
            updated_at_us: at_us,
            ..shown.meta.clone()
        };
        let written = Entry { meta, content: shown.content.clone() };
        EntryWrite {
            operation: ChangeOperation::Published,
            was: Some(shown.meta.publication),
            is_public: true,
            before: self.published.map(|published| published.content),
            after: Some(written.content.clone()),
            shown: written.clone(),
            versions: Self { published: Some(written), working: None },
        }
    }

    fn withdraw_published(self, shown: &Entry<C>, at_us: i64) -> EntryWrite<C> {
        let version = self.next_version();
        let meta = EntryMeta {
            version,
            last_version: version,
            publication: Publication::Withdrawn,
            pending: None,
            updated_at_us: at_us,
            ..shown.meta.clone()
        };
        let written = Entry { meta, content: shown.content.clone() };
        EntryWrite {
            operation: ChangeOperation::Withdrawn,
            was: Some(shown.meta.publication),
            is_public: true,
            before: Some(shown.content.clone()),
            after: None,
            shown: written.clone(),
            versions: Self { published: None, working: Some(written) },
        }
    }

    /// Removes the working version. The change contains the published content, so that subscribers
    /// that saw the working version receive the version that they see now.
    fn discard_working_version(self, shown: &Entry<C>) -> EntryWrite<C> {
        let version = self.next_version();
        let published = self.published_with_pending(None, version);
        let after = published.as_ref().map(|published| published.content.clone());
        EntryWrite {
            operation: ChangeOperation::Withdrawn,
            was: Some(shown.meta.publication),
            is_public: false,
            before: Some(shown.content.clone()),
            after,
            shown: published.clone().unwrap_or_else(|| shown.clone()),
            versions: Self { published, working: None },
        }
    }

    fn next_version(&self) -> i32 {
        let last = |entry: &Option<Entry<C>>| entry.as_ref().map_or(0, |entry| entry.meta.last_version);
        last(&self.published).max(last(&self.working)) + 1
    }

    /// Returns the published version with the state of the working version in its metadata.
    fn published_with_pending(&self, pending: Option<Publication>, last_version: i32) -> Option<Entry<C>> {
        self.published.clone().map(|entry| Entry {
            meta: EntryMeta { last_version, pending, ..entry.meta },
            content: entry.content,
        })
    }
}

#[cfg(test)]
mod tests;
