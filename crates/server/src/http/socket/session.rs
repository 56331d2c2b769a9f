//! The session of one socket.
//!
//! One task handles incoming messages, responses of operations, pings and timeouts in turn, while
//! `write` sends to the client concurrently. A full queue to the client blocks only the operations.

use std::{collections::HashMap, ops::ControlFlow, pin::pin, time::Duration};

use axum::{body::Bytes, extract::ws::Message};
use caunoi_domain::policy::Actor;
use caunoi_graphql::execution::{GraphqlResponse, ResponseOutcome};
use futures_util::{
    Sink, SinkExt as _, Stream, StreamExt as _,
    future::AbortHandle,
    stream::{self, BoxStream, SelectAll},
};
use serde_json::{Map, Value};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout},
};

use crate::identity::TokenError;

use super::{
    super::{SocketLimits, params::Params},
    caller::SocketCaller,
    close::Close,
    message::{self, ClientMessage},
};

/// Capacity of the queue to the client; each message can be as large as a response.
const QUEUE: usize = 4;
/// Time for the client to close its side.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Authenticates the caller from the payload of `connection_init`.
type AuthenticateFn = dyn Fn(&Map<String, Value>) -> Result<SocketCaller, TokenError> + Send;
/// Executes an operation; a response other than [`ResponseOutcome::Answered`] is its last.
type SubscribeFn = dyn Fn(&Actor, Params) -> BoxStream<'static, GraphqlResponse> + Send;

/// The callbacks of a session.
pub(super) struct SessionHandlers {
    pub(super) authenticate: Box<AuthenticateFn>,
    pub(super) subscribe: Box<SubscribeFn>,
    /// Changes whenever the caller must be authenticated again.
    pub(super) access_updates: watch::Receiver<u64>,
}

/// The limits of a session.
#[derive(Debug, Clone)]
pub(super) struct SessionLimits {
    pub(super) limits: SocketLimits,
    /// Time for the client to read one message.
    pub(super) write_timeout: Duration,
}

/// Runs the protocol until one side closes, a limit is exceeded, or `stopping` completes.
pub(super) async fn run_session<S, E>(
    socket: S,
    handlers: SessionHandlers,
    limits: SessionLimits,
    stopping: impl Future<Output = ()>,
) where
    S: Stream<Item = Result<Message, E>> + Sink<Message>,
{
    let (mut sink, mut source) = socket.split();
    let (queue, mut queued) = mpsc::channel(QUEUE);
    let reason = tokio::select! {
        reason = Session::new(handlers, limits.limits, queue).run(&mut source, stopping) => reason,
        reason = write(&mut sink, &mut queued, limits.write_timeout) => reason,
    };
    let closing = async {
        if let Some(close) = reason {
            while let Ok(message) = queued.try_recv() {
                sink.feed(message).await?;
            }
            sink.send(close.into()).await?;
        }
        // Reads the messages that the client sent before it received the close frame. If the client
        // has closed, this sends the reply.
        while let Some(Ok(_)) = source.next().await {}
        Ok::<_, S::Error>(())
    };
    // A client that does not respond is not waited for.
    let _ = timeout(CLOSE_TIMEOUT, closing).await;
}

/// Sends queued messages until the client has disconnected (None) or reads too slowly.
async fn write<S: Sink<Message> + Unpin>(
    sink: &mut S,
    queued: &mut mpsc::Receiver<Message>,
    write_timeout: Duration,
) -> Option<Close> {
    while let Some(message) = queued.recv().await {
        match timeout(write_timeout, sink.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return None,
            Err(_) => return Some(Close::SLOW),
        }
    }
    None
}

/// Whether the session continues; it ends with a close frame, or with None if the client has
/// closed.
type Step = ControlFlow<Option<Close>>;

struct Session {
    handlers: SessionHandlers,
    limits: SocketLimits,
    queue: mpsc::Sender<Message>,
    /// The actor and the expiry of its token; None before `connection_init`.
    caller: Option<(Actor, Option<Instant>)>,
    /// The payload of `connection_init`, to authenticate again.
    payload: Option<Map<String, Value>>,
    started: Instant,
    last_received: Instant,
    /// Whether the client awaits a pong; one pong answers all pings.
    pong_due: bool,
    /// The running operations by id.
    running: HashMap<String, AbortHandle>,
    /// The responses of the operations; None is the end of an operation. Aborted streams also
    /// remain here until they are polled.
    responses: ResponseStreams,
}

impl Session {
    fn new(handlers: SessionHandlers, limits: SocketLimits, queue: mpsc::Sender<Message>) -> Self {
        let now = Instant::now();
        Self {
            handlers,
            limits,
            queue,
            caller: None,
            payload: None,
            started: now,
            last_received: now,
            pong_due: false,
            running: HashMap::new(),
            responses: SelectAll::new(),
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
        let mut access_updates = self.handlers.access_updates.clone();
        loop {
            let (deadline, close) = self.deadline();
            let step = tokio::select! {
                () = &mut stopping => Step::Break(Some(Close::RESTART)),
                () = sleep_until(deadline) => Step::Break(Some(close)),
                _ = pings.tick() => {
                    // With a full queue the client has other messages to read.
                    let _ = queue.try_send(Message::Ping(Bytes::new()));
                    self.reauthenticate()
                }
                Ok(()) = access_updates.changed() => self.reauthenticate(),
                message = source.next() => self.receive(message),
                Ok(slot) = queue.reserve(), if self.pong_due => {
                    slot.send(message::PONG);
                    self.pong_due = false;
                    Step::Continue(())
                }
                Some((slot, id, response)) = next_response(&queue, &mut self.responses), if !self.responses.is_empty() => {
                    slot.send(self.build_message(&id, response));
                    Step::Continue(())
                }
            };
            if let Step::Break(reason) = step {
                return reason;
            }
        }
    }

    /// Returns the next deadline of the client and the close code that it gets then.
    fn deadline(&self) -> (Instant, Close) {
        let silence = (self.last_received + self.limits.silence_timeout, Close::SILENT);
        let other = match &self.caller {
            None => Some((self.started + self.limits.init_timeout, Close::NO_INIT)),
            Some((_, expires_at)) => expires_at.map(|expires_at| (expires_at, Close::EXPIRED)),
        };
        other.into_iter().fold(silence, |first, next| if next.0 < first.0 { next } else { first })
    }

    fn receive<E>(&mut self, message: Option<Result<Message, E>>) -> Step {
        self.last_received = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) if text.len() > self.limits.message_bytes => {
                Step::Break(Some(Close::TOO_BIG))
            }
            Some(Ok(Message::Text(text))) => match ClientMessage::read(&text) {
                Ok(message) => self.handle_message(message),
                Err(reason) => Step::Break(Some(Close::invalid(reason))),
            },
            Some(Ok(Message::Binary(_))) => {
                Step::Break(Some(Close::invalid("Messages must be text, not binary")))
            }
            // The WebSocket library answers pings.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Step::Continue(()),
            Some(Err(_)) => Step::Break(Some(Close::invalid("The message cannot be read"))),
            Some(Ok(Message::Close(_))) | None => Step::Break(None),
        }
    }

    fn handle_message(&mut self, message: ClientMessage) -> Step {
        match message {
            ClientMessage::Init(payload) => self.initialise(&payload),
            ClientMessage::Ping => {
                self.pong_due = true;
                Step::Continue(())
            }
            ClientMessage::Pong => Step::Continue(()),
            ClientMessage::Subscribe(id, params) => self.start_operation(id, params),
            ClientMessage::Complete(id) => {
                self.stop_operation(&id);
                Step::Continue(())
            }
        }
    }

    fn initialise(&mut self, payload: &Map<String, Value>) -> Step {
        if self.caller.is_some() {
            return Step::Break(Some(Close::SECOND_INIT));
        }
        let Ok(caller) = (self.handlers.authenticate)(payload) else {
            return Step::Break(Some(Close::FORBIDDEN));
        };
        let expires_at = caller.lifetime.map(|lifetime| Instant::now() + lifetime);
        self.caller = Some((caller.actor, expires_at));
        self.payload = Some(payload.clone());
        // At this time the queue contains at most a ping and a pong.
        self.queue.try_send(message::ACK).map_or(Step::Break(None), Step::Continue)
    }

    /// Authenticates the caller again: its token, its key or its network may be refused by now.
    fn reauthenticate(&self) -> Step {
        match &self.payload {
            Some(payload) if (self.handlers.authenticate)(payload).is_err() => {
                Step::Break(Some(Close::FORBIDDEN))
            }
            Some(_) | None => Step::Continue(()),
        }
    }

    fn start_operation(&mut self, id: String, params: Params) -> Step {
        let Some((actor, _)) = &self.caller else {
            return Step::Break(Some(Close::UNAUTHORIZED));
        };
        if self.running.contains_key(&id) {
            return Step::Break(Some(Close::duplicate(&id)));
        }
        // Aborted operations are dropped when they are polled, which a client that does not read
        // can delay.
        let most = self.limits.operations;
        if self.running.len() >= most || self.responses.len() >= 2 * most {
            return Step::Break(Some(Close::TOO_MANY));
        }
        let responses = (self.handlers.subscribe)(actor, params).map(Some).chain(stream::iter([None]));
        let name = id.clone();
        let (responses, handle) = stream::abortable(responses.map(move |response| (name.clone(), response)));
        self.responses.push(responses.boxed());
        self.running.insert(id, handle);
        Step::Continue(())
    }

    /// Returns the message for a response of an operation, or for its end.
    fn build_message(&mut self, id: &str, response: Option<GraphqlResponse>) -> Message {
        match response {
            Some(GraphqlResponse { body, outcome: ResponseOutcome::Answered, .. }) => {
                message::next(id, &body)
            }
            Some(GraphqlResponse { body, .. }) => {
                self.stop_operation(id);
                message::error(id, &body)
            }
            None => {
                self.stop_operation(id);
                message::complete(id)
            }
        }
    }

    /// Aborts an operation, unless it has already ended.
    fn stop_operation(&mut self, id: &str) {
        if let Some(operation) = self.running.remove(id) {
            operation.abort();
        }
    }
}

type ResponseStreams = SelectAll<BoxStream<'static, (String, Option<GraphqlResponse>)>>;

/// Returns a slot of the queue and the next response of any operation. The slot is reserved first,
/// so that no response is taken that cannot be sent.
async fn next_response<'a>(
    queue: &'a mpsc::Sender<Message>,
    responses: &mut ResponseStreams,
) -> Option<(mpsc::Permit<'a, Message>, String, Option<GraphqlResponse>)> {
    let slot = queue.reserve().await.ok()?;
    let (id, response) = responses.next().await?;
    Some((slot, id, response))
}

#[cfg(test)]
mod tests;
