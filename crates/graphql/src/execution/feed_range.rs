//! A range of the feed that one engine stream reads, and the position that it has reached.

use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::id::Log;
use parking_lot::Mutex;
use std::sync::Arc;

/// The position of the feed after one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMessage {
    /// The cursor that continues after this response.
    pub cursor: String,
    /// Whether the response contains the cursor only.
    pub is_heartbeat: bool,
    /// The log and the position of the change in the response; none for a heartbeat and a gap.
    pub change: Option<(Log, i64)>,
    pub(crate) positions: Arc<Positions>,
}

impl FeedMessage {
    /// A response after which all logs are read up to `positions`, with its change.
    pub(crate) fn new(positions: Positions, change: Option<(Log, i64)>, key: &InstallationKey) -> Self {
        let cursor = positions.to_cursor(key);
        Self { cursor, is_heartbeat: false, change, positions: Arc::new(positions) }
    }

    /// A heartbeat: all logs are read up to `positions`.
    pub(crate) fn heartbeat(positions: Positions, key: &InstallationKey) -> Self {
        Self { is_heartbeat: true, ..Self::new(positions, None, key) }
    }
}

/// Where a range begins.
#[derive(Debug, Clone)]
pub(crate) enum FeedStart {
    /// After these positions.
    After(Positions),
    /// At these positions, with a heartbeat that contains their cursor.
    Heartbeat(Positions),
}

impl FeedStart {
    /// Returns the positions.
    pub(crate) fn positions(&self) -> &Positions {
        match self {
            Self::After(positions) | Self::Heartbeat(positions) => positions,
        }
    }
}

/// Where a range ends.
#[derive(Debug, Clone)]
pub(crate) enum FeedEnd {
    /// At these positions.
    Until(Positions),
    /// Where there are no more changes for now.
    WhenIdle,
    /// Nowhere; the range also outlives an unavailable database.
    Never,
}

/// Called with positions that were reached without a message.
type OnIdle = Box<dyn Fn(&Positions) + Send + Sync>;

/// A range of the feed, which replaces the argument `after` of the document.
pub(crate) struct FeedRange {
    pub(crate) start: FeedStart,
    pub(crate) end: FeedEnd,
    progress: Mutex<FeedProgress>,
    on_idle: Option<OnIdle>,
}

struct FeedProgress {
    positions: Positions,
    /// The message of the next response.
    message: Option<Arc<FeedMessage>>,
}

impl FeedRange {
    pub(crate) fn new(start: FeedStart, end: FeedEnd, on_idle: Option<OnIdle>) -> Arc<Self> {
        let progress = FeedProgress { positions: start.positions().clone(), message: None };
        Arc::new(Self { start, end, progress: Mutex::new(progress), on_idle })
    }

    /// Records the message of the next response.
    pub(crate) fn record_message(&self, message: FeedMessage) {
        let mut progress = self.progress.lock();
        progress.positions = Positions::clone(&message.positions);
        progress.message = Some(Arc::new(message));
    }

    /// Records that everything up to `positions` was sent.
    pub(crate) fn record_idle(&self, positions: &Positions) {
        self.progress.lock().positions.clone_from(positions);
        if let Some(on_idle) = &self.on_idle {
            on_idle(positions);
        }
    }

    /// Returns the message of the response that was just produced.
    pub(crate) fn take_message(&self) -> Option<Arc<FeedMessage>> {
        self.progress.lock().message.take()
    }

    /// Returns the positions that the range was read up to.
    pub(crate) fn positions(&self) -> Positions {
        self.progress.lock().positions.clone()
    }
}
