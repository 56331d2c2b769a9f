//! A part of the feed that is read for whoever shares it, and where it has come to.

use caunoi_domain::cursor::{Positions, SealingKey};
use caunoi_domain::id::Log;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the feed was read to with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The cursor to go on after it.
    pub cursor: String,
    /// Whether it says nothing but that.
    pub is_heartbeat: bool,
    /// The change that it tells, by its log and position; none for a heartbeat and a gap.
    pub change: Option<(Log, i64)>,
    pub(crate) positions: Arc<Positions>,
}

impl Event {
    /// That all logs were read to there, and with which change.
    pub(crate) fn new(positions: Positions, change: Option<(Log, i64)>, key: &SealingKey) -> Self {
        let cursor = positions.seal(key);
        Self { cursor, is_heartbeat: false, change, positions: Arc::new(positions) }
    }

    /// That all logs were read to there, and nothing else.
    pub(crate) fn heartbeat(positions: Positions, key: &SealingKey) -> Self {
        Self { is_heartbeat: true, ..Self::new(positions, None, key) }
    }
}

/// Where a leg begins.
#[derive(Debug, Clone)]
pub(crate) enum Start {
    /// After these positions.
    After(Positions),
    /// There, with a sign of life that tells the cursor.
    Sign(Positions),
}

impl Start {
    /// The positions.
    pub(crate) fn positions(&self) -> &Positions {
        match self {
            Self::After(positions) | Self::Sign(positions) => positions,
        }
    }
}

/// How far a leg goes.
#[derive(Debug, Clone)]
pub(crate) enum Length {
    /// To these positions and no further.
    Until(Positions),
    /// Until there is nothing to tell for now.
    Idle,
    /// For ever. It outlives a database that is away.
    Endless,
}

/// What is told of positions that were reached without anything to say.
type OnIdle = Box<dyn Fn(&Positions) + Send + Sync>;

/// A part of the feed, read in place of what the document itself asks for with `after`.
pub(crate) struct Leg {
    pub(crate) start: Start,
    pub(crate) length: Length,
    reached: Mutex<Reached>,
    on_idle: Option<OnIdle>,
}

struct Reached {
    positions: Positions,
    /// The event whose answer comes next.
    event: Option<Arc<Event>>,
}

impl Leg {
    pub(crate) fn new(start: Start, length: Length, on_idle: Option<OnIdle>) -> Arc<Self> {
        let reached = Reached { positions: start.positions().clone(), event: None };
        Arc::new(Self { start, length, reached: Mutex::new(reached), on_idle })
    }

    /// Notes what is told next.
    pub(crate) fn note(&self, event: Event) {
        let mut reached = self.reached();
        reached.positions = Positions::clone(&event.positions);
        reached.event = Some(Arc::new(event));
    }

    /// Notes that all was told up to there.
    pub(crate) fn rest(&self, positions: &Positions) {
        self.reached().positions.clone_from(positions);
        if let Some(on_idle) = &self.on_idle {
            on_idle(positions);
        }
    }

    /// The event of the answer that has come.
    pub(crate) fn take_event(&self) -> Option<Arc<Event>> {
        self.reached().event.take()
    }

    /// How far it has come.
    pub(crate) fn positions(&self) -> Positions {
        self.reached().positions.clone()
    }

    fn reached(&self) -> MutexGuard<'_, Reached> {
        // Nothing is left half-done by whoever fails while holding it.
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
