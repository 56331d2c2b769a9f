//! The roots of all streams.

use super::asking::Asking;
use super::change::{ChangeGap, ChangeHeartbeat, ChangeMessage};
use super::fault::Fault;
use super::filter::ChangeFilter;
use super::scalar::{Cursor, DateTime};
use crate::answer::{Event, Way};
use async_graphql::{Context, Subscription as Root};
use caunoi_domain::cursor::Positions;
use caunoi_domain::page::LARGEST_PAGE;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_register::{Feed, Register, Since};
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How long a stream is silent at most.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Where every stream begins.
pub(crate) struct Subscription;

/// What the register tells while it happens. Without a token, what is published.
#[Root]
impl Subscription {
    /// What changes in the caller's sight, each log in the order of its positions: every position
    /// at most once in a stream, and none missed by who goes on after the last cursor. A heartbeat
    /// comes first where no cursor is given, and whenever nothing else was sent for 30 seconds.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on after; absent begins now.")] after: Option<Cursor>,
        #[graphql(desc = "Which changes.")] filter: Option<ChangeFilter>,
    ) -> Result<impl Stream<Item = Result<ChangeMessage, Fault>> + use<>, Fault> {
        let asking = Asking::of(ctx);
        let filter = filter.unwrap_or_default();
        filter.charge(asking)?;
        let after = after.map(|cursor| cursor.open(asking.sealing_key())).transpose()?;
        let way = Arc::clone(ctx.data_unchecked::<Arc<Way>>());
        let after = way.resume.clone().or(after);
        Ok(Listener::new(asking, filter, after, way).await?.messages())
    }
}

/// Somebody who listens to the feed. It is always told from the logs: a wake-up only says that it
/// is time to read on.
struct Listener {
    register: Arc<Register>,
    actor: Actor,
    filter: ChangeFilter,
    /// Where all logs were read to.
    at: Positions,
    /// What was read and not sent yet.
    waiting: VecDeque<(Event, ChangeMessage)>,
    /// Whether the logs go on after `at`, as far as is known.
    has_more: bool,
    moves: watch::Receiver<u64>,
    beats: Interval,
    way: Arc<Way>,
}

impl Listener {
    async fn new(
        asking: &Asking,
        filter: ChangeFilter,
        after: Option<Positions>,
        way: Arc<Way>,
    ) -> Result<Self, Fault> {
        let register = Arc::clone(asking.register());
        // Before anything is read, so that no move falls between.
        let moves = register.moves();
        let mut beats = interval(HEARTBEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let has_more = after.is_some();
        let at = match after {
            Some(after) => {
                beats.reset();
                after
            }
            // The first beat comes at once.
            None => register.heads_of(asking.scope).await?,
        };
        let (actor, waiting) = (asking.actor().clone(), VecDeque::new());
        Ok(Self { register, actor, filter, at, waiting, has_more, moves, beats, way })
    }

    /// What there is to tell, without end; after a fault nothing more.
    fn messages(self) -> impl Stream<Item = Result<ChangeMessage, Fault>> {
        stream::unfold(Some(self), |listener| async move {
            let mut listener = listener?;
            let message = listener.next().await;
            let goes_on = message.is_ok().then_some(listener);
            Some((message, goes_on))
        })
    }

    async fn next(&mut self) -> Result<ChangeMessage, Fault> {
        loop {
            if let Some((event, message)) = self.waiting.pop_front() {
                self.beats.reset();
                self.way.note(event);
                return Ok(message);
            }
            if !self.has_more {
                tokio::select! {
                    biased;
                    _ = self.beats.tick() => return Ok(self.heartbeat()),
                    // The register lives as long as this does, so there is always somebody to move.
                    _ = self.moves.changed() => {}
                }
            }
            self.read_on().await?;
        }
    }

    async fn read_on(&mut self) -> Result<(), Fault> {
        let since = Since {
            after: Some(self.at.clone()),
            interest: self.filter.interest(&self.register.replica().directory),
            entry: None,
            first: LARGEST_PAGE.into(),
        };
        (self.at, self.has_more) = match self.register.changes(Scope::of(&self.actor), &since).await? {
            Feed::Changes { told, cursor, has_more } => {
                let key = self.register.sealing_key();
                self.waiting.extend(told.into_iter().map(|told| {
                    let change = Some((told.placed.change.log, told.placed.position));
                    let event = Event { cursor: told.cursor.seal(key), is_heartbeat: false, change };
                    (event, ChangeMessage::of(told))
                }));
                (cursor, has_more)
            }
            Feed::Gap { cursor } => {
                let at = Cursor::at(&cursor, self.register.sealing_key());
                let event = Event { cursor: at.0.clone(), is_heartbeat: false, change: None };
                self.waiting.push_back((event, ChangeMessage::ChangeGap(ChangeGap::new(at))));
                (cursor, false)
            }
        };
        Ok(())
    }

    fn heartbeat(&self) -> ChangeMessage {
        let cursor = Cursor::at(&self.at, self.register.sealing_key());
        self.way.note(Event { cursor: cursor.0.clone(), is_heartbeat: true, change: None });
        ChangeMessage::ChangeHeartbeat(ChangeHeartbeat {
            cursor,
            at: DateTime::from_us(self.register.now_us()),
        })
    }
}
