//! Where the feed was read to with an answer, and where it is to be read from.

use caunoi_domain::cursor::Positions;
use caunoi_domain::id::Log;
use std::sync::{Arc, Mutex, PoisonError};

/// What one answer of `changes` tells of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Where the feed was read to with it: the cursor to go on after it.
    pub cursor: String,
    /// Whether it is a sign of life and nothing else.
    pub is_heartbeat: bool,
    /// The change that it tells, by its log and position; none for a heartbeat and a gap.
    pub change: Option<(Log, i64)>,
}

/// A way through the feed: where it begins, and what was told last on it.
#[derive(Default)]
pub(crate) struct Way {
    /// Takes the place of `after`.
    pub(crate) resume: Option<Positions>,
    event: Mutex<Option<Arc<Event>>>,
}

impl Way {
    /// A way that begins there, or where the document says.
    pub(crate) fn from(resume: Option<Positions>) -> Arc<Self> {
        Arc::new(Self { resume, event: Mutex::default() })
    }

    /// Notes what is told next.
    pub(crate) fn note(&self, event: Event) {
        *self.event.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(event));
    }

    /// The event of the answer that has come.
    pub(crate) fn take(&self) -> Option<Arc<Event>> {
        self.event.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
