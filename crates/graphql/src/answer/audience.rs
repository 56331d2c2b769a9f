//! Those who listen to the same: what is told them is made once.
//!
//! All who ask for the same subscription and would get the same answers are one audience. One stream
//! of the engine, its lead, runs for all of them; each answer is rendered once and its bytes are
//! shared. Who is behind the lead catches up in a leg of their own, to exactly where the lead stood
//! when they joined; who reads too slowly falls behind and catches up again. So every position of
//! every log comes once and in order, whoever tells it.

use super::budget::Share;
use super::desk::{Caller, Desk};
use super::leg::{Leg, Length, Start};
use super::{Answer, Code, Document, Outcome, Prepared};
use async_graphql::{Request, Variables};
use async_graphql_parser::types::OperationType;
use async_graphql_value::Name;
use caunoi_domain::answer::AnswerKey;
use caunoi_domain::cursor::Positions;
use caunoi_domain::policy::Scope;
use caunoi_metrics::{Audience as Counted, Kind, Operation};
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tracing::Instrument as _;

/// Answers that wait for those who are slow; who is further behind reads the logs again.
const WAITING: usize = 256;
/// How long somebody who knows more than the lead waits for it before they look again.
const PATIENCE: Duration = Duration::from_secs(1);

/// What an audience has asked for.
pub(super) struct Topic {
    /// Equal for all who are told the same.
    key: AnswerKey,
    /// One of them.
    pub(super) caller: Caller,
    text: String,
    operation_name: Option<String>,
    variables: serde_json::Value,
    absent: HashSet<Name>,
    document: Document,
    /// Whether it is the feed, which has positions; else a value that is told anew.
    is_feed: bool,
}

impl Topic {
    pub(super) fn new(
        (key, caller): (AnswerKey, Caller),
        prepared: Prepared,
        variables: serde_json::Value,
        is_feed: bool,
    ) -> Self {
        let Prepared { request, document, absent, .. } = prepared;
        let Request { query: text, operation_name, .. } = request;
        Self { key, caller, text, operation_name, variables, absent, document, is_feed }
    }

    /// The same as the engine wants it.
    pub(super) fn request(&self) -> Request {
        let mut request =
            Request::new(self.text.clone()).variables(Variables::from_json(self.variables.clone()));
        request.operation_name.clone_from(&self.operation_name);
        let name = self.operation_name.as_deref();
        request.set_parsed_query(self.document.for_engine(name, &self.absent));
        request
    }
}

/// The audiences of a node.
#[derive(Default)]
pub(super) struct Audiences(Mutex<HashMap<AnswerKey, Weak<Audience>>>);

/// All who listen to one topic and get the same.
pub(super) struct Audience {
    topic: Arc<Topic>,
    board: Arc<Board>,
    lead: AbortHandle,
    house: Weak<Desk>,
    _counted: Counted,
}

/// Where the lead tells what it has. Whoever holds the state sees all that was told up to it, and
/// nothing more.
struct Board {
    told: broadcast::Sender<Answer>,
    state: watch::Sender<State>,
}

#[derive(Default)]
struct State {
    /// Where the feed was read to; none before it has begun.
    at: Option<Arc<Positions>>,
    /// The value as it was told last.
    last: Option<Answer>,
    /// Why the lead has ended.
    end: Option<Answer>,
}

impl Audiences {
    /// The audience of this topic, with a lead that runs.
    fn find(&self, desk: &Arc<Desk>, topic: Topic, request_id: &str) -> Arc<Audience> {
        let key = topic.key;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let alive = all.get(&key).and_then(Weak::upgrade);
        if let Some(audience) = alive.filter(|audience| audience.board.state.borrow().end.is_none()) {
            return audience;
        }
        let audience = Arc::new(Audience::gather(desk, topic, request_id));
        all.insert(key, Arc::downgrade(&audience));
        audience
    }

    /// Forgets an audience that has gone, unless another one has taken its place.
    fn forget(&self, key: AnswerKey) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(&key).is_some_and(|audience| audience.strong_count() == 0) {
            all.remove(&key);
        }
    }
}

impl Audience {
    fn gather(desk: &Arc<Desk>, topic: Topic, request_id: &str) -> Self {
        let topic = Arc::new(topic);
        let (told, state) = (broadcast::Sender::new(WAITING), watch::Sender::new(State::default()));
        let board = Arc::new(Board { told, state });
        let lead = Lead {
            desk: Arc::clone(desk),
            topic: Arc::clone(&topic),
            board: Arc::clone(&board),
            request_id: request_id.to_owned(),
        };
        // Errors of the shared stream carry this id, so its lines do too.
        let span = tracing::error_span!(parent: None, "stream", request_id);
        let lead = tokio::spawn(lead.run().instrument(span)).abort_handle();
        let house = Arc::downgrade(desk);
        Self { topic, board, lead, house, _counted: Counted::gather() }
    }
}

impl Drop for Audience {
    fn drop(&mut self) {
        self.lead.abort();
        if let Some(desk) = self.house.upgrade() {
            desk.audiences.forget(self.topic.key);
        }
    }
}

/// The stream that runs for all.
struct Lead {
    desk: Arc<Desk>,
    topic: Arc<Topic>,
    board: Arc<Board>,
    request_id: String,
}

impl Lead {
    async fn run(self) {
        let leg = match self.begin().await {
            Ok(leg) => leg,
            Err(refused) => return self.end(refused),
        };
        let mut answers = self.desk.events(&self.topic, leg, &self.request_id);
        while let Some(answer) = answers.next().await {
            if answer.outcome == Outcome::Answered {
                self.tell(answer);
            } else {
                return self.end(answer);
            }
        }
        let message = "The subscription has ended; begin it again after the last cursor.";
        self.end(Answer::refuse(Outcome::Unavailable, Code::Unavailable, message, &self.request_id));
    }

    /// Finds where the feed stands, once for all.
    async fn begin(&self) -> Result<Option<Arc<Leg>>, Answer> {
        if !self.topic.is_feed {
            return Ok(None);
        }
        let Ok(heads) = self.desk.register.heads_of(Scope::of(&self.topic.caller.actor)).await else {
            let message = "The register cannot be read now; try again.";
            return Err(Answer::refuse(Outcome::Unavailable, Code::Unavailable, message, &self.request_id));
        };
        let board = Arc::clone(&self.board);
        // All that was told before stands there by then: the next one is asked for only when
        // the last one was told.
        let rest = move |at: &Positions| {
            board.state.send_modify(|state| state.at = Some(Arc::new(at.clone())));
        };
        rest(&heads);
        Ok(Some(Leg::new(Start::After(heads), Length::Endless, Some(Box::new(rest)))))
    }

    fn tell(&self, answer: Answer) {
        self.board.state.send_modify(|state| {
            if let Some(event) = &answer.event {
                state.at = Some(Arc::clone(&event.positions));
            } else if state.last.as_ref().is_some_and(|last| last.body == answer.body) {
                return;
            } else {
                state.last = Some(answer.clone());
            }
            // Nobody may be listening just now.
            let _ = self.board.told.send(answer);
        });
    }

    fn end(&self, answer: Answer) {
        let answer = answer.to(OperationType::Subscription);
        self.board.state.send_modify(|state| {
            state.end = Some(answer.clone());
            let _ = self.board.told.send(answer);
        });
    }
}

/// One of an audience.
struct Follower {
    desk: Arc<Desk>,
    audience: Arc<Audience>,
    request_id: String,
    /// What they were told up to; none for who begins now.
    at: Option<Arc<Positions>>,
    phase: Phase,
    _running: Operation,
    _share: Option<Share>,
}

enum Phase {
    /// Stands at the door.
    Join,
    /// Catches up.
    Leg(CatchUp),
    /// Hears what all hear.
    Hear(broadcast::Receiver<Answer>),
    /// Has heard the last.
    End,
}

struct CatchUp {
    answers: BoxStream<'static, Answer>,
    leg: Arc<Leg>,
    /// What all hear from where the leg ends; none where nobody knows yet whether the lead comes
    /// that far.
    then: Option<(broadcast::Receiver<Answer>, Arc<Positions>)>,
}

/// Everything that is told to somebody of this audience who was told so far already.
pub(super) fn follow(
    desk: &Arc<Desk>,
    topic: Topic,
    (after, share): (Option<Positions>, Option<Share>),
    request_id: String,
) -> BoxStream<'static, Answer> {
    let audience = desk.audiences.find(desk, topic, &request_id);
    let follower = Follower {
        desk: Arc::clone(desk),
        audience,
        request_id,
        at: after.map(Arc::new),
        phase: Phase::Join,
        _running: Operation::begin(Kind::Subscription),
        _share: share,
    };
    stream::unfold(follower, |mut follower| async move {
        let answer = follower.next().await?;
        Some((answer, follower))
    })
    .boxed()
}

impl Follower {
    async fn next(&mut self) -> Option<Answer> {
        loop {
            let answer = match &mut self.phase {
                Phase::End => return None,
                Phase::Join => self.join().await,
                Phase::Leg(catch_up) => {
                    let answer = catch_up.answers.next().await;
                    if answer.is_none() {
                        self.end_leg().await;
                    }
                    answer
                }
                Phase::Hear(told) => match told.recv().await {
                    Ok(answer) => Some(answer),
                    // Too slow: what was missed stands in the logs.
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        self.phase = Phase::Join;
                        None
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            if let Some(answer) = answer {
                if answer.outcome != Outcome::Answered {
                    self.phase = Phase::End;
                }
                if let Some(event) = &answer.event {
                    self.at = Some(Arc::clone(&event.positions));
                }
                return Some(answer);
            }
        }
    }

    /// Takes a place among those who hear, or finds what lies between. A value is told at once.
    async fn join(&mut self) -> Option<Answer> {
        let board = Arc::clone(&self.audience.board);
        let is_feed = self.audience.topic.is_feed;
        // The lead finds out where it stands, or that it cannot.
        let begun = |state: &State| !is_feed || state.at.is_some() || state.end.is_some();
        board.state.subscribe().wait_for(begun).await.ok()?;
        let (told, at, last, end) = {
            let state = board.state.borrow();
            (board.told.subscribe(), state.at.clone(), state.last.clone(), state.end.clone())
        };
        if end.is_some() {
            return end;
        }
        let Some(at) = at.filter(|_| is_feed) else {
            self.phase = Phase::Hear(told);
            return last;
        };
        let (start, length, then) = match &self.at {
            None => {
                (Start::Sign(Positions::clone(&at)), Length::Until(Positions::clone(&at)), Some((told, at)))
            }
            Some(own) if *own == at => {
                self.phase = Phase::Hear(told);
                return None;
            }
            Some(own) if own.is_within(&at) => {
                (Start::After(Positions::clone(own)), Length::Until(Positions::clone(&at)), Some((told, at)))
            }
            // Another node has told more than this one knows, or the cursor is of another life.
            Some(own) => (Start::After(Positions::clone(own)), Length::Idle, None),
        };
        let leg = Leg::new(start, length, None);
        let answers = self.desk.events(&self.audience.topic, Some(Arc::clone(&leg)), &self.request_id);
        self.phase = Phase::Leg(CatchUp { answers, leg, then });
        None
    }

    async fn end_leg(&mut self) {
        let Phase::Leg(CatchUp { leg, then, .. }) = std::mem::replace(&mut self.phase, Phase::Join) else {
            return;
        };
        if let Some((told, at)) = then {
            self.at = Some(at);
            self.phase = Phase::Hear(told);
        } else {
            let own = leg.positions();
            let mut state = self.audience.board.state.subscribe();
            let has_come =
                |state: &State| state.end.is_some() || state.at.as_ref().is_some_and(|at| own.is_within(at));
            // If it does not come, the logs say why.
            let _ = timeout(PATIENCE, state.wait_for(has_come)).await;
            self.at = Some(Arc::new(own));
        }
    }
}
