//! Somebody who listens to the feed.

use super::super::asking::Asking;
use super::super::change::{ChangeGap, ChangeHeartbeat, ChangeMessage};
use super::super::fault::Fault;
use super::super::filter::ChangeFilter;
use super::super::scalar::{Cursor, DateTime};
use crate::answer::{Event, Leg, Length, Start};
use caunoi_domain::cursor::Positions;
use caunoi_domain::page::LARGEST_PAGE;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_register::{Error, Feed, Register, Since, Told};
use futures_util::FutureExt as _;
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

/// How long a stream is silent at most.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a database that is away is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Reads one leg of the feed. It is always told from the logs: a wake-up only says that it is time
/// to read on.
pub(super) struct Listener {
    register: Arc<Register>,
    actor: Actor,
    filter: ChangeFilter,
    leg: Arc<Leg>,
    /// Where all logs were read to.
    at: Positions,
    /// What was read and not sent yet.
    waiting: VecDeque<Waiting>,
    /// Whether the logs go on after `at`, as far as is known.
    has_more: bool,
    moves: watch::Receiver<u64>,
    beats: Interval,
}

enum Waiting {
    Sign,
    Change(Box<Told>),
    Gap,
}

impl Listener {
    pub(super) fn new(asking: &Asking, filter: ChangeFilter, leg: Arc<Leg>) -> Self {
        let register = Arc::clone(asking.register());
        // Before anything is read, so that no move falls between.
        let moves = register.moves();
        let mut beats = interval(HEARTBEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.reset();
        let at = leg.start.positions().clone();
        let waiting = match leg.start {
            Start::Sign(_) => [Waiting::Sign].into(),
            Start::After(_) => VecDeque::new(),
        };
        let has_more = !matches!(&leg.length, Length::Until(positions) if *positions == at);
        let actor = asking.actor().clone();
        Self { register, actor, filter, leg, at, waiting, has_more, moves, beats }
    }

    /// What there is to tell in this leg; after a fault nothing more.
    pub(super) fn messages(self) -> impl Stream<Item = Result<ChangeMessage, Fault>> {
        stream::unfold(Some(self), |listener| async move {
            let mut listener = listener?;
            let message = listener.next().await.transpose()?;
            let goes_on = message.is_ok().then_some(listener);
            Some((message, goes_on))
        })
    }

    async fn next(&mut self) -> Result<Option<ChangeMessage>, Fault> {
        loop {
            if let Some(waiting) = self.waiting.pop_front() {
                self.beats.reset();
                return Ok(Some(self.tell(waiting)));
            }
            if self.has_more {
                // Much may be read that nobody wants; that is no silence.
                if self.beats.tick().now_or_never().is_some() {
                    return Ok(Some(self.tell(Waiting::Sign)));
                }
            } else {
                self.leg.rest(&self.at);
                if !matches!(self.leg.length, Length::Endless) {
                    return Ok(None);
                }
                tokio::select! {
                    biased;
                    _ = self.beats.tick() => return Ok(Some(self.tell(Waiting::Sign))),
                    // The register lives as long as this does, so there is always somebody to move.
                    _ = self.moves.changed() => {}
                }
            }
            match self.read_on().await {
                Err(Error::Unavailable(_)) if matches!(self.leg.length, Length::Endless) => {
                    self.has_more = true;
                    sleep(PAUSE).await;
                }
                read => read?,
            }
        }
    }

    async fn read_on(&mut self) -> Result<(), Error> {
        let until = match &self.leg.length {
            Length::Until(positions) => Some(positions.clone()),
            Length::Idle | Length::Endless => None,
        };
        let since = Since {
            after: Some(self.at.clone()),
            until,
            interest: self.filter.interest(&self.register.replica().directory),
            entry: None,
            first: LARGEST_PAGE.into(),
        };
        (self.at, self.has_more) = match self.register.changes(Scope::of(&self.actor), &since).await? {
            Feed::Changes { told, cursor, has_more } => {
                self.waiting.extend(told.into_iter().map(|told| Waiting::Change(Box::new(told))));
                (cursor, has_more)
            }
            Feed::Gap { cursor } => {
                self.waiting.push_back(Waiting::Gap);
                (cursor, false)
            }
        };
        Ok(())
    }

    /// Says it, and notes for the leg where that is.
    fn tell(&self, waiting: Waiting) -> ChangeMessage {
        let key = self.register.sealing_key();
        let event = match &waiting {
            Waiting::Change(told) => {
                let change = (told.placed.change.log, told.placed.position);
                Event::new(told.cursor.clone(), Some(change), key)
            }
            Waiting::Gap => Event::new(self.at.clone(), None, key),
            Waiting::Sign => Event::heartbeat(self.at.clone(), key),
        };
        let cursor = Cursor(event.cursor.clone());
        self.leg.note(event);
        match waiting {
            Waiting::Change(told) => ChangeMessage::of(*told),
            Waiting::Gap => ChangeMessage::ChangeGap(ChangeGap::new(cursor)),
            Waiting::Sign => {
                let at = DateTime::from_us(self.register.now_us());
                ChangeMessage::ChangeHeartbeat(ChangeHeartbeat { cursor, at })
            }
        }
    }
}
