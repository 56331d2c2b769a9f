//! One socket from its first message to its last.
//!
//! All of it happens in one task: what comes in, what the operations answer, pings and time limits
//! take turns, while `write` waits for the client beside them. A full queue to the client keeps
//! the operations waiting, never the rest.

use std::{collections::HashMap, ops::ControlFlow, pin::pin, time::Duration};

use axum::{body::Bytes, extract::ws::Message};
use caunoi_domain::policy::Actor;
use caunoi_graphql::answer::{Answer, Outcome};
use futures_util::{
    Sink, SinkExt as _, Stream, StreamExt as _,
    future::AbortHandle,
    stream::{self, BoxStream, SelectAll},
};
use serde_json::{Map, Value};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout},
};

use super::{
    super::{SocketLimits, params::Params},
    caller::{Caller, Unrecognised},
    close::Close,
    message::{self, Said},
};

/// Messages that may wait for the client: each can be as long as an answer.
const QUEUE: usize = 4;
/// How long a client has to close its side too.
const FAREWELL: Duration = Duration::from_secs(1);

/// Tells who calls, from the payload of `connection_init`.
type Recognise = dyn Fn(&Map<String, Value>) -> Result<Caller, Unrecognised> + Send;
/// Answers an operation; what is not [`Outcome::Answered`] is its last answer.
type Ask = dyn Fn(&Actor, Params) -> BoxStream<'static, Answer> + Send;

/// What a conversation asks of the rest of the process.
pub(super) struct Desk {
    pub(super) recognise: Box<Recognise>,
    pub(super) ask: Box<Ask>,
}

/// What a client may ask of our patience.
#[derive(Debug, Clone)]
pub(super) struct Patience {
    pub(super) limits: SocketLimits,
    /// For the client to read one message.
    pub(super) write_timeout: Duration,
}

/// Speaks the protocol until one side has had enough, or until `stopping` ends.
pub(super) async fn converse<S, E>(
    socket: S,
    desk: Desk,
    patience: Patience,
    stopping: impl Future<Output = ()>,
) where
    S: Stream<Item = Result<Message, E>> + Sink<Message>,
{
    let (mut sink, mut source) = socket.split();
    let (queue, mut queued) = mpsc::channel(QUEUE);
    let reason = tokio::select! {
        reason = Conversation::new(desk, patience.limits, queue).run(&mut source, stopping) => reason,
        reason = write(&mut sink, &mut queued, patience.write_timeout) => reason,
    };
    let farewell = async {
        if let Some(close) = reason {
            while let Ok(message) = queued.try_recv() {
                sink.feed(message).await?;
            }
            sink.send(close.into()).await?;
        }
        // What the client said before it heard of the end. Where it has closed, this answers it.
        while let Some(Ok(_)) = source.next().await {}
        Ok::<_, S::Error>(())
    };
    // A client that hears nothing any more is left alone.
    let _ = timeout(FAREWELL, farewell).await;
}

/// Sends what is queued until the client is gone or reads too slowly.
async fn write<S: Sink<Message> + Unpin>(
    sink: &mut S,
    queued: &mut mpsc::Receiver<Message>,
    patience: Duration,
) -> Option<Close> {
    while let Some(message) = queued.recv().await {
        match timeout(patience, sink.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return None,
            Err(_) => return Some(Close::SLOW),
        }
    }
    None
}

/// Goes on, or ends: with words of ours, or because the client has closed or is gone.
type Turn = ControlFlow<Option<Close>>;

struct Conversation {
    desk: Desk,
    limits: SocketLimits,
    queue: mpsc::Sender<Message>,
    /// From `connection_init` on; with the end of the token.
    caller: Option<(Actor, Option<Instant>)>,
    /// What the client brought to be recognised by.
    payload: Option<Map<String, Value>>,
    began: Instant,
    heard: Instant,
    /// Whether the client waits for a pong; one answers all that it asked for.
    owes_pong: bool,
    /// What runs, by its id.
    running: HashMap<String, AbortHandle>,
    /// What the running operations answer; without an answer they have ended. Those that were
    /// stopped lie here too until their turn comes.
    answers: Answers,
}

impl Conversation {
    fn new(desk: Desk, limits: SocketLimits, queue: mpsc::Sender<Message>) -> Self {
        let now = Instant::now();
        Self {
            desk,
            limits,
            queue,
            caller: None,
            payload: None,
            began: now,
            heard: now,
            owes_pong: false,
            running: HashMap::new(),
            answers: SelectAll::new(),
        }
    }

    async fn run<S, E>(mut self, source: &mut S, stopping: impl Future<Output = ()>) -> Option<Close>
    where
        S: Stream<Item = Result<Message, E>> + Unpin,
    {
        let period = self.limits.ping_interval;
        let mut pings = interval_at(Instant::now() + period, period);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stopping = pin!(stopping);
        let queue = self.queue.clone();
        loop {
            let (end, close) = self.deadline();
            let turn = tokio::select! {
                () = &mut stopping => Turn::Break(Some(Close::RESTART)),
                () = sleep_until(end) => Turn::Break(Some(close)),
                _ = pings.tick() => {
                    // Where the queue is full the client has something to read already.
                    let _ = queue.try_send(Message::Ping(Bytes::new()));
                    self.recognise_again()
                }
                message = source.next() => self.hear(message),
                Ok(place) = queue.reserve(), if self.owes_pong => {
                    place.send(message::PONG);
                    self.owes_pong = false;
                    Turn::Continue(())
                }
                Some((place, id, answer)) = take(&queue, &mut self.answers), if !self.answers.is_empty() => {
                    place.send(self.tell(&id, answer));
                    Turn::Continue(())
                }
            };
            if let Turn::Break(reason) = turn {
                return reason;
            }
        }
    }

    /// When the patience with this client ends next, and what it is told then.
    fn deadline(&self) -> (Instant, Close) {
        let silence = (self.heard + self.limits.silence_timeout, Close::SILENT);
        let other = match &self.caller {
            None => Some((self.began + self.limits.init_timeout, Close::NO_INIT)),
            Some((_, end)) => end.map(|end| (end, Close::EXPIRED)),
        };
        other.into_iter().fold(silence, |first, next| if next.0 < first.0 { next } else { first })
    }

    fn hear<E>(&mut self, message: Option<Result<Message, E>>) -> Turn {
        self.heard = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) if text.len() > self.limits.message_bytes => {
                Turn::Break(Some(Close::TOO_BIG))
            }
            Some(Ok(Message::Text(text))) => match Said::read(&text) {
                Ok(said) => self.heed(said),
                Err(reason) => Turn::Break(Some(Close::invalid(reason))),
            },
            Some(Ok(Message::Binary(_))) => {
                Turn::Break(Some(Close::invalid("Messages are texts, not bytes")))
            }
            // Pings are answered below us.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Turn::Continue(()),
            Some(Err(_)) => Turn::Break(Some(Close::invalid("The message cannot be read"))),
            Some(Ok(Message::Close(_))) | None => Turn::Break(None),
        }
    }

    fn heed(&mut self, said: Said) -> Turn {
        match said {
            Said::Init(payload) => self.admit(&payload),
            Said::Ping => {
                self.owes_pong = true;
                Turn::Continue(())
            }
            Said::Pong => Turn::Continue(()),
            Said::Subscribe(id, params) => self.begin(id, params),
            Said::Complete(id) => {
                self.end(&id);
                Turn::Continue(())
            }
        }
    }

    fn admit(&mut self, payload: &Map<String, Value>) -> Turn {
        if self.caller.is_some() {
            return Turn::Break(Some(Close::SECOND_INIT));
        }
        let Ok(caller) = (self.desk.recognise)(payload) else {
            return Turn::Break(Some(Close::FORBIDDEN));
        };
        let end = caller.lifetime.map(|lifetime| Instant::now() + lifetime);
        self.caller = Some((caller.actor, end));
        self.payload = Some(payload.clone());
        // Before it only a ping and a pong can stand in the queue.
        self.queue.try_send(message::ACK).map_or(Turn::Break(None), Turn::Continue)
    }

    /// Whoever lost their rights meanwhile goes: a key may have been revoked since the last ping.
    fn recognise_again(&self) -> Turn {
        match &self.payload {
            Some(payload) if (self.desk.recognise)(payload).is_err() => Turn::Break(Some(Close::FORBIDDEN)),
            Some(_) | None => Turn::Continue(()),
        }
    }

    fn begin(&mut self, id: String, params: Params) -> Turn {
        let Some((actor, _)) = &self.caller else {
            return Turn::Break(Some(Close::UNAUTHORIZED));
        };
        if self.running.contains_key(&id) {
            return Turn::Break(Some(Close::duplicate(&id)));
        }
        // Stopped operations are let go of in the turns of the others, which a client that reads
        // nothing can put off.
        let most = self.limits.operations;
        if self.running.len() >= most || self.answers.len() >= 2 * most {
            return Turn::Break(Some(Close::TOO_MANY));
        }
        let answers = (self.desk.ask)(actor, params).map(Some).chain(stream::iter([None]));
        let name = id.clone();
        let (answers, handle) = stream::abortable(answers.map(move |answer| (name.clone(), answer)));
        self.answers.push(answers.boxed());
        self.running.insert(id, handle);
        Turn::Continue(())
    }

    /// The message for what an operation has answered, or for its end.
    fn tell(&mut self, id: &str, answer: Option<Answer>) -> Message {
        match answer {
            Some(Answer { body, outcome: Outcome::Answered, .. }) => message::next(id, &body),
            Some(Answer { body, .. }) => {
                self.end(id);
                message::error(id, &body)
            }
            None => {
                self.end(id);
                message::complete(id)
            }
        }
    }

    /// Stops an operation, unless it has ended already.
    fn end(&mut self, id: &str) {
        if let Some(operation) = self.running.remove(id) {
            operation.abort();
        }
    }
}

type Answers = SelectAll<BoxStream<'static, (String, Option<Answer>)>>;

/// The next answer of any operation, each in its turn, and a place in the queue for it. First the
/// place: nothing is taken that cannot be sent.
async fn take<'a>(
    queue: &'a mpsc::Sender<Message>,
    answers: &mut Answers,
) -> Option<(mpsc::Permit<'a, Message>, String, Option<Answer>)> {
    let place = queue.reserve().await.ok()?;
    let (id, answer) = answers.next().await?;
    Some((place, id, answer))
}

#[cfg(test)]
mod tests;
