//! The stream behind `Subscription.changes`.

use super::super::api_error::ApiError;
use super::super::change::{ChangeGap, ChangeHeartbeat, ChangeMessage};
use super::super::filter::ChangeFilter;
use super::super::request_context::RequestContext;
use super::super::scalar::{Cursor, DateTime};
use crate::execution::{FeedEnd, FeedMessage, FeedRange, FeedStart};
use caunoi_domain::cursor::Positions;
use caunoi_domain::page::LARGEST_PAGE;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_register::{Error, FeedChange, FeedPage, FeedQuery, Register};
use futures_util::FutureExt as _;
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

/// The longest silence of a stream.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);
/// The pause before the next read while the database is unavailable.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Reads one range of the feed. Every message comes from the logs; a wake-up only triggers the
/// next read.
pub(super) struct ChangeStream {
    register: Arc<Register>,
    actor: Actor,
    filter: ChangeFilter,
    range: Arc<FeedRange>,
    /// The positions up to which all logs were read.
    positions: Positions,
    /// Messages that were read and not sent yet.
    pending: VecDeque<PendingMessage>,
    /// Whether the last read left further changes after `positions`.
    has_more: bool,
    updates: watch::Receiver<u64>,
    heartbeats: Interval,
}

enum PendingMessage {
    Heartbeat,
    Change(Box<FeedChange>),
    Gap,
}

impl ChangeStream {
    pub(super) fn new(request: &RequestContext, filter: ChangeFilter, range: Arc<FeedRange>) -> Self {
        let register = Arc::clone(request.register());
        // Subscribed before the first read, so that no update in between is missed.
        let updates = register.updates();
        let mut heartbeats = interval(HEARTBEAT_INTERVAL);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeats.reset();
        let positions = range.start.positions().clone();
        let pending = match range.start {
            FeedStart::Heartbeat(_) => [PendingMessage::Heartbeat].into(),
            FeedStart::After(_) => VecDeque::new(),
        };
        let has_more = !matches!(&range.end, FeedEnd::Until(until) if *until == positions);
        let actor = request.actor().clone();
        Self { register, actor, filter, range, positions, pending, has_more, updates, heartbeats }
    }

    /// Returns the messages of the range; the stream ends after an error.
    pub(super) fn messages(self) -> impl Stream<Item = Result<ChangeMessage, ApiError>> {
        stream::unfold(Some(self), |reader| async move {
            let mut reader = reader?;
            let message = reader.next().await.transpose()?;
            let rest = message.is_ok().then_some(reader);
            Some((message, rest))
        })
    }

    async fn next(&mut self) -> Result<Option<ChangeMessage>, ApiError> {
        loop {
            if let Some(pending) = self.pending.pop_front() {
                self.heartbeats.reset();
                return Ok(Some(self.to_message(pending)));
            }
            if self.has_more {
                // A long series of changes outside the filter must not silence the stream.
                if self.heartbeats.tick().now_or_never().is_some() {
                    return Ok(Some(self.to_message(PendingMessage::Heartbeat)));
                }
            } else {
                self.range.record_idle(&self.positions);
                if !matches!(self.range.end, FeedEnd::Never) {
                    return Ok(None);
                }
                tokio::select! {
                    biased;
                    _ = self.heartbeats.tick() => return Ok(Some(self.to_message(PendingMessage::Heartbeat))),
                    // `changed` cannot fail: `self.register` keeps the sender alive.
                    _ = self.updates.changed() => {}
                }
            }
            match self.read_next().await {
                Err(Error::Unavailable(_)) if matches!(self.range.end, FeedEnd::Never) => {
                    self.has_more = true;
                    sleep(RETRY_PAUSE).await;
                }
                read => read?,
            }
        }
    }

    async fn read_next(&mut self) -> Result<(), Error> {
        let until = match &self.range.end {
            FeedEnd::Until(positions) => Some(positions.clone()),
            FeedEnd::WhenIdle | FeedEnd::Never => None,
        };
        let since = FeedQuery {
            after: Some(self.positions.clone()),
            until,
            filter: self.filter.to_feed_filter(&self.register.read_model().directory),
            entry: None,
            first: LARGEST_PAGE.into(),
        };
        (self.positions, self.has_more) = match self.register.changes(Scope::of(&self.actor), &since).await? {
            FeedPage::Changes { changes, cursor, has_more } => {
                self.pending
                    .extend(changes.into_iter().map(|change| PendingMessage::Change(Box::new(change))));
                (cursor, has_more)
            }
            FeedPage::Gap { cursor } => {
                self.pending.push_back(PendingMessage::Gap);
                (cursor, false)
            }
        };
        Ok(())
    }

    /// Converts a pending item to a message and records its positions in the range.
    fn to_message(&self, pending: PendingMessage) -> ChangeMessage {
        let key = self.register.signing_key();
        let message = match &pending {
            PendingMessage::Change(change) => {
                let place = (change.logged.change.log, change.logged.position);
                FeedMessage::new(change.cursor.clone(), Some(place), key)
            }
            PendingMessage::Gap => FeedMessage::new(self.positions.clone(), None, key),
            PendingMessage::Heartbeat => FeedMessage::heartbeat(self.positions.clone(), key),
        };
        let cursor = Cursor(message.cursor.clone());
        self.range.record_message(message);
        match pending {
            PendingMessage::Change(change) => ChangeMessage::of(*change),
            PendingMessage::Gap => ChangeMessage::ChangeGap(ChangeGap::new(cursor)),
            PendingMessage::Heartbeat => {
                let at = DateTime::from_us(self.register.now_us());
                ChangeMessage::ChangeHeartbeat(ChangeHeartbeat { cursor, at })
            }
        }
    }
}
