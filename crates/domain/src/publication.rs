//! How an entry moves towards the public and back: at most one published and one working version.
//!
//! [`Versions`] is what stands of an entry; each act makes a [`Written`] of it, which says what
//! is to stand and what the log keeps. Nothing else decides about versions.

use crate::change::ChangeOperation;
use crate::entry::{Content, Entry, Publication, Stamp};
use crate::policy::{Action, Scope, Sees};
use crate::refusal::Refusal;

/// What stands of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions<C> {
    /// The version that all see.
    pub published: Option<Entry<C>>,
    /// The version that its province works on, or that it took back.
    pub working: Option<Entry<C>>,
}

/// What an act makes of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Written<C> {
    /// What is to stand.
    pub versions: Versions<C>,
    /// The version that the act wrote, as its author sees it.
    pub shown: Entry<C>,
    /// What was done.
    pub operation: ChangeOperation,
    /// How far the version had come before; none for a new entry.
    pub was: Option<Publication>,
    /// Whether what the public sees moved.
    pub is_public: bool,
    /// What the act replaced: the published content for an act that the public sees, else the
    /// content that its author saw.
    pub before: Option<C>,
    /// What stands in its place; none where nothing does.
    pub after: Option<C>,
}

/// Whether an entry of which this version is shown can be acted on like this, whoever asks.
///
/// # Errors
/// The act does not begin from this state.
pub fn check(shown: Publication, action: Action) -> Result<(), Refusal> {
    let begins = match action {
        Action::Create | Action::Confirm | Action::Maintain | Action::Propose | Action::Settle => false,
        Action::Update | Action::RecordAct | Action::Withdraw => shown != Publication::Withdrawn,
        Action::Submit => shown == Publication::Draft,
        Action::Return => shown == Publication::Submitted,
        Action::Publish => matches!(shown, Publication::Draft | Publication::Submitted),
    };
    if begins { Ok(()) } else { Err(Refusal::Transition { from: shown, action }) }
}

impl<C: Content> Versions<C> {
    /// The version that a scope sees of an entry of this log.
    #[must_use]
    pub fn seen_by(&self, scope: Scope) -> Option<&Entry<C>> {
        let working = self.working.as_ref().filter(|working| match scope.sees() {
            Sees::Published => false,
            Sees::Province(log) => working.stamp.log == log,
            Sees::Ministry => {
                !working.stamp.log.is_province() || working.stamp.publication == Publication::Submitted
            }
        });
        working.or(self.published.as_ref())
    }

    /// A new entry: a draft, which its province alone sees.
    #[must_use]
    pub fn create(stamp: Stamp, content: C) -> Written<C> {
        let shown = Entry { stamp: Stamp { publication: Publication::Draft, ..stamp }, content };
        let after = Some(shown.content.clone());
        let versions = Self { published: None, working: Some(shown.clone()) };
        Written {
            versions,
            shown,
            operation: ChangeOperation::Created,
            was: None,
            is_public: false,
            before: None,
            after,
        }
    }

    /// Another content for the version that is shown. A published one stays; a draft opens
    /// beside it.
    ///
    /// # Errors
    /// The entry was withdrawn.
    pub fn revise(
        self,
        shown: &Entry<C>,
        action: Action,
        content: C,
        at_us: i64,
    ) -> Result<Written<C>, Refusal> {
        check(shown.stamp.publication, action)?;
        let publication = match shown.stamp.publication {
            Publication::Submitted => Publication::Submitted,
            Publication::Draft | Publication::Published | Publication::Withdrawn => Publication::Draft,
        };
        let operation = match action {
            Action::RecordAct => ChangeOperation::ActRecorded,
            Action::Create
            | Action::Update
            | Action::Submit
            | Action::Return
            | Action::Publish
            | Action::Withdraw
            | Action::Confirm
            | Action::Maintain
            | Action::Propose
            | Action::Settle => ChangeOperation::Updated,
        };
        Ok(self.work_on(shown, (publication, operation), content, at_us))
    }

    /// Moves the version that is shown. To withdraw a version that was never published discards
    /// it: the published one beside it stays; without one the entry ends.
    ///
    /// # Errors
    /// The move does not begin from the state of this version.
    pub fn go(self, shown: &Entry<C>, action: Action, at_us: i64) -> Result<Written<C>, Refusal> {
        check(shown.stamp.publication, action)?;
        let content = shown.content.clone();
        let (publication, operation) = match action {
            Action::Publish => return Ok(self.publish(shown, at_us)),
            Action::Withdraw if shown.stamp.publication == Publication::Published => {
                return Ok(self.take_back(shown, at_us));
            }
            Action::Withdraw if self.published.is_some() => return Ok(self.discard(shown)),
            Action::Withdraw => (Publication::Withdrawn, ChangeOperation::Withdrawn),
            Action::Submit => (Publication::Submitted, ChangeOperation::Submitted),
            Action::Return => (Publication::Draft, ChangeOperation::Returned),
            Action::Create
            | Action::Update
            | Action::RecordAct
            | Action::Confirm
            | Action::Maintain
            | Action::Propose
            | Action::Settle => {
                return Err(Refusal::Transition { from: shown.stamp.publication, action });
            }
        };
        Ok(self.work_on(shown, (publication, operation), content, at_us))
    }

    fn work_on(
        self,
        shown: &Entry<C>,
        (publication, operation): (Publication, ChangeOperation),
        content: C,
        at_us: i64,
    ) -> Written<C> {
        let version = self.next_version();
        let stamp = Stamp {
            version,
            last_version: version,
            publication,
            pending: None,
            updated_at_us: at_us,
            ..shown.stamp.clone()
        };
        let written = Entry { stamp, content };
        let pending = Some(publication).filter(|publication| *publication != Publication::Withdrawn);
        Written {
            operation,
            was: Some(shown.stamp.publication),
            is_public: false,
            before: Some(shown.content.clone()),
            after: Some(written.content.clone()),
            shown: written.clone(),
            versions: Self { published: self.marked(pending, version), working: Some(written) },
        }
    }

    fn publish(self, shown: &Entry<C>, at_us: i64) -> Written<C> {
        let version = self.next_version();
        let stamp = Stamp {
            version,
            last_version: version,
            publication: Publication::Published,
            pending: None,
            published_at_us: shown.stamp.published_at_us.or(Some(at_us)),
            updated_at_us: at_us,
            ..shown.stamp.clone()
        };
        let written = Entry { stamp, content: shown.content.clone() };
        Written {
            operation: ChangeOperation::Published,
            was: Some(shown.stamp.publication),
            is_public: true,
            before: self.published.map(|published| published.content),
            after: Some(written.content.clone()),
            shown: written.clone(),
            versions: Self { published: Some(written), working: None },
        }
    }

    fn take_back(self, shown: &Entry<C>, at_us: i64) -> Written<C> {
        let version = self.next_version();
        let stamp = Stamp {
            version,
            last_version: version,
            publication: Publication::Withdrawn,
            pending: None,
            updated_at_us: at_us,
            ..shown.stamp.clone()
        };
        let written = Entry { stamp, content: shown.content.clone() };
        Written {
            operation: ChangeOperation::Withdrawn,
            was: Some(shown.stamp.publication),
            is_public: true,
            before: Some(shown.content.clone()),
            after: None,
            shown: written.clone(),
            versions: Self { published: None, working: Some(written) },
        }
    }

    /// The published version stands alone again; the change tells its content, so that whoever
    /// saw the working version learns what they see now.
    fn discard(self, shown: &Entry<C>) -> Written<C> {
        let version = self.next_version();
        let published = self.marked(None, version);
        let after = published.as_ref().map(|published| published.content.clone());
        Written {
            operation: ChangeOperation::Withdrawn,
            was: Some(shown.stamp.publication),
            is_public: false,
            before: Some(shown.content.clone()),
            after,
            shown: published.clone().unwrap_or_else(|| shown.clone()),
            versions: Self { published, working: None },
        }
    }

    fn next_version(&self) -> i32 {
        let last = |entry: &Option<Entry<C>>| entry.as_ref().map_or(0, |entry| entry.stamp.last_version);
        last(&self.published).max(last(&self.working)) + 1
    }

    /// The published version, which tells of the one beside it.
    fn marked(&self, pending: Option<Publication>, last_version: i32) -> Option<Entry<C>> {
        self.published.clone().map(|entry| Entry {
            stamp: Stamp { last_version, pending, ..entry.stamp },
            content: entry.content,
        })
    }
}

#[cfg(test)]
mod tests;
