//! Shared streams: equal subscriptions are executed once.
//!
//! Subscriptions with the same [`CacheKey`] get the same responses, so they share one engine
//! stream, the producer; each response is serialized once and its bytes are shared. A subscriber
//! behind the producer first reads a range of the feed of its own, up to the position of the
//! producer at the time of the join. A subscriber that reads too slowly falls behind and catches up
//! again. Invariant: each subscriber gets every position of every log once and in order.

use super::budget::BudgetShare;
use super::executor::{CallerContext, Executor};
use super::feed_range::{FeedEnd, FeedRange, FeedStart};
use super::{ErrorCode, GraphqlResponse, ParsedDocument, PreparedOperation, Recipient, ResponseOutcome};
use async_graphql::{Request, Variables};
use async_graphql_parser::types::OperationType;
use async_graphql_value::Name;
use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::cursor::Positions;
use caunoi_domain::policy::Scope;
use caunoi_metrics::{OpenSharedStream as StreamGuard, OperationKind, RunningOperation};
use caunoi_texts::ApiText;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tracing::Instrument as _;

/// Responses buffered for slow subscribers; a subscriber further behind reads the logs again.
const BUFFERED_RESPONSES: usize = 256;
/// How long a subscriber ahead of the producer waits for it before it reads the logs again.
const PRODUCER_WAIT: Duration = Duration::from_secs(1);

/// The subscription that a shared stream executes.
pub(super) struct StreamRequest {
    /// Equal for all subscriptions that get the same responses.
    key: CacheKey,
    /// The caller of one of them.
    pub(super) caller: CallerContext,
    text: String,
    operation_name: Option<String>,
    variables: serde_json::Value,
    absent: HashSet<Name>,
    document: ParsedDocument,
    /// Whether the root field is the feed, which has positions; else it is a value that is sent
    /// again when it changes.
    is_feed: bool,
}

impl StreamRequest {
    pub(super) fn new(
        key: CacheKey,
        caller: CallerContext,
        prepared: PreparedOperation,
        variables: serde_json::Value,
        is_feed: bool,
    ) -> Self {
        let PreparedOperation { request, document, absent, .. } = prepared;
        let Request { query: text, operation_name, .. } = request;
        Self { key, caller, text, operation_name, variables, absent, document, is_feed }
    }

    /// Returns the request for the engine.
    pub(super) fn request(&self) -> Request {
        let mut request =
            Request::new(self.text.clone()).variables(Variables::from_json(self.variables.clone()));
        request.operation_name.clone_from(&self.operation_name);
        let name = self.operation_name.as_deref();
        request.set_parsed_query(self.document.for_engine(name, &self.absent));
        request
    }
}

/// The shared streams of a node, by the key of their subscription. Invariant: no stream is dropped
/// under the lock, because its drop takes the lock.
#[derive(Default, Clone)]
pub(super) struct SharedStreams(Arc<Mutex<HashMap<CacheKey, Weak<SharedStream>>>>);

/// One engine stream and its subscribers. The stream ends when the last subscriber is dropped.
pub(super) struct SharedStream {
    request: Arc<StreamRequest>,
    channel: Arc<StreamChannel>,
    producer: AbortHandle,
    /// All streams of the node.
    all: SharedStreams,
    _guard: StreamGuard,
}

/// How the producer publishes. Invariant: a subscriber that holds the lock of `state` sees exactly
/// the responses that were sent up to that state.
struct StreamChannel {
    responses: broadcast::Sender<GraphqlResponse>,
    state: watch::Sender<StreamState>,
}

#[derive(Default)]
struct StreamState {
    /// The position that the feed was read to; none before the producer has opened it.
    at: Option<Arc<Positions>>,
    /// The last response of a value stream.
    last: Option<GraphqlResponse>,
    /// The response that ended the stream.
    end: Option<GraphqlResponse>,
}

impl SharedStreams {
    /// Returns the running stream of this key; starts one if there is none.
    fn find_or_start(&self, key: CacheKey, start: impl FnOnce() -> SharedStream) -> Arc<SharedStream> {
        let mut all = self.0.lock();
        let found = all.get(&key).and_then(Weak::upgrade);
        if let Some(shared) = found.as_ref().filter(|shared| !shared.has_ended()) {
            return Arc::clone(shared);
        }
        let shared = Arc::new(start());
        all.insert(key, Arc::downgrade(&shared));
        drop(all);
        // The ended stream, of which this may be the last reference.
        drop(found);
        shared
    }

    /// Removes a stream that was dropped, unless another one has taken its place.
    fn remove(&self, key: CacheKey) {
        let mut all = self.0.lock();
        if all.get(&key).is_some_and(|shared| shared.strong_count() == 0) {
            all.remove(&key);
        }
    }
}

impl SharedStream {
    fn start(executor: &Arc<Executor>, request: StreamRequest, recipient: &Recipient) -> Self {
        let request = Arc::new(request);
        let (responses, state) =
            (broadcast::Sender::new(BUFFERED_RESPONSES), watch::Sender::new(StreamState::default()));
        let channel = Arc::new(StreamChannel { responses, state });
        let producer = StreamProducer {
            executor: Arc::clone(executor),
            request: Arc::clone(&request),
            channel: Arc::clone(&channel),
            recipient: recipient.clone(),
        };
        // The errors of the shared stream contain this id, so its log lines do too.
        let name = request.document.operation_name(request.operation_name.as_deref());
        let span = tracing::error_span!(
            parent: None,
            "stream",
            request_id = recipient.request_id,
            otel.name = "subscription",
            graphql.operation.type = "subscription",
            graphql.operation.name = name.as_deref(),
        );
        let producer = tokio::spawn(producer.run().instrument(span)).abort_handle();
        let all = executor.shared_streams.clone();
        Self { request, channel, producer, all, _guard: StreamGuard::open() }
    }

    fn has_ended(&self) -> bool {
        self.channel.state.borrow().end.is_some()
    }
}

impl Drop for SharedStream {
    fn drop(&mut self) {
        self.producer.abort();
        self.all.remove(self.request.key);
    }
}

/// The task that runs the engine stream and publishes its responses.
struct StreamProducer {
    executor: Arc<Executor>,
    request: Arc<StreamRequest>,
    channel: Arc<StreamChannel>,
    recipient: Recipient,
}

impl StreamProducer {
    async fn run(self) {
        let range = match self.open_range().await {
            Ok(range) => range,
            Err(rejection) => return self.finish(rejection),
        };
        let mut responses = self.executor.start_stream(&self.request, range, &self.recipient);
        while let Some(response) = responses.next().await {
            if response.outcome == ResponseOutcome::Answered {
                self.publish(response);
            } else {
                return self.finish(response);
            }
        }
        let text = ApiText::SubscriptionEnded;
        self.finish(GraphqlResponse::refuse(
            ResponseOutcome::Unavailable,
            ErrorCode::Unavailable,
            &text,
            &self.recipient,
        ));
    }

    /// Reads the heads of the logs and opens an endless range after them; none for a value stream.
    async fn open_range(&self) -> Result<Option<Arc<FeedRange>>, GraphqlResponse> {
        if !self.request.is_feed {
            return Ok(None);
        }
        let Ok(heads) = self.executor.register.heads_of(Scope::of(&self.request.caller.actor)).await else {
            let text = ApiText::Unreadable;
            return Err(GraphqlResponse::refuse(
                ResponseOutcome::Unavailable,
                ErrorCode::Unavailable,
                &text,
                &self.recipient,
            ));
        };
        let channel = Arc::clone(&self.channel);
        // All earlier messages were published by then: the next message is polled only after the
        // last one was sent.
        let on_idle = move |at: &Positions| {
            channel.state.send_modify(|state| state.at = Some(Arc::new(at.clone())));
        };
        on_idle(&heads);
        Ok(Some(FeedRange::new(FeedStart::After(heads), FeedEnd::Never, Some(Box::new(on_idle)))))
    }

    fn publish(&self, response: GraphqlResponse) {
        self.channel.state.send_modify(|state| {
            if let Some(message) = &response.feed_message {
                state.at = Some(Arc::clone(&message.positions));
            } else if state.last.as_ref().is_some_and(|last| last.body == response.body) {
                return;
            } else {
                state.last = Some(response.clone());
            }
            // There may be no subscriber at this moment.
            let _ = self.channel.responses.send(response);
        });
    }

    fn finish(&self, response: GraphqlResponse) {
        let response = response.with_kind(OperationType::Subscription);
        self.channel.state.send_modify(|state| {
            state.end = Some(response.clone());
            let _ = self.channel.responses.send(response);
        });
    }
}

/// One subscription to a shared stream.
struct Subscriber {
    executor: Arc<Executor>,
    shared: Arc<SharedStream>,
    recipient: Recipient,
    /// The position that it has received everything up to; none if it begins now.
    at: Option<Arc<Positions>>,
    state: SubscriberState,
    _running: RunningOperation,
    _share: Option<BudgetShare>,
}

enum SubscriberState {
    /// Compares its position with that of the producer.
    Joining,
    /// Reads its own range of the feed.
    CatchingUp(CatchUp),
    /// Receives what the producer publishes.
    Live(broadcast::Receiver<GraphqlResponse>),
    /// Has received the last response.
    Done,
}

/// The range that a subscriber reads before it is live.
struct CatchUp {
    responses: BoxStream<'static, GraphqlResponse>,
    range: Arc<FeedRange>,
    /// The receiver that continues at the end of the range, and that position; none if the producer
    /// may not have reached it yet.
    live: Option<(broadcast::Receiver<GraphqlResponse>, Arc<Positions>)>,
}

/// Subscribes to the shared stream of a request. The returned stream contains all responses after
/// the positions `after`; `share` is released when it is dropped.
pub(super) fn open_subscriber(
    executor: &Arc<Executor>,
    request: StreamRequest,
    after: Option<Positions>,
    share: Option<BudgetShare>,
    recipient: Recipient,
) -> BoxStream<'static, GraphqlResponse> {
    let key = request.key;
    let start = || SharedStream::start(executor, request, &recipient);
    let shared = executor.shared_streams.find_or_start(key, start);
    let subscriber = Subscriber {
        executor: Arc::clone(executor),
        shared,
        recipient,
        at: after.map(Arc::new),
        state: SubscriberState::Joining,
        _running: RunningOperation::begin(OperationKind::Subscription),
        _share: share,
    };
    stream::unfold(subscriber, |mut subscriber| async move {
        let response = subscriber.next().await?;
        Some((response, subscriber))
    })
    .boxed()
}

impl Subscriber {
    async fn next(&mut self) -> Option<GraphqlResponse> {
        loop {
            let response = match &mut self.state {
                SubscriberState::Done => return None,
                SubscriberState::Joining => self.join().await,
                SubscriberState::CatchingUp(catch_up) => {
                    let response = catch_up.responses.next().await;
                    if response.is_none() {
                        self.finish_catch_up().await;
                    }
                    response
                }
                SubscriberState::Live(responses) => match responses.recv().await {
                    Ok(response) => Some(response),
                    // Too slow: the missed messages are read from the logs.
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        self.state = SubscriberState::Joining;
                        None
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            if let Some(response) = response {
                if response.outcome != ResponseOutcome::Answered {
                    self.state = SubscriberState::Done;
                }
                if let Some(message) = &response.feed_message {
                    self.at = Some(Arc::clone(&message.positions));
                }
                return Some(response);
            }
        }
    }

    /// Goes live if it is level with the producer, else begins to catch up. Returns the last
    /// response of a value stream, or the response that ended the stream.
    async fn join(&mut self) -> Option<GraphqlResponse> {
        let channel = Arc::clone(&self.shared.channel);
        let is_feed = self.shared.request.is_feed;
        // The producer first reads the heads of the logs, or fails.
        let is_open = |state: &StreamState| !is_feed || state.at.is_some() || state.end.is_some();
        channel.state.subscribe().wait_for(is_open).await.ok()?;
        let (responses, at, last, end) = {
            let state = channel.state.borrow();
            (channel.responses.subscribe(), state.at.clone(), state.last.clone(), state.end.clone())
        };
        if end.is_some() {
            return end;
        }
        let Some(at) = at.filter(|_| is_feed) else {
            self.state = SubscriberState::Live(responses);
            return last;
        };
        let (start, end, live) = match &self.at {
            None => (
                FeedStart::Heartbeat(Positions::clone(&at)),
                FeedEnd::Until(Positions::clone(&at)),
                Some((responses, at)),
            ),
            Some(own) if *own == at => {
                self.state = SubscriberState::Live(responses);
                return None;
            }
            Some(own) if own.is_within(&at) => (
                FeedStart::After(Positions::clone(own)),
                FeedEnd::Until(Positions::clone(&at)),
                Some((responses, at)),
            ),
            // Another node was ahead of this one, or the cursor is of another epoch of the
            // database.
            Some(own) => (FeedStart::After(Positions::clone(own)), FeedEnd::WhenIdle, None),
        };
        let range = FeedRange::new(start, end, None);
        let responses =
            self.executor.start_stream(&self.shared.request, Some(Arc::clone(&range)), &self.recipient);
        self.state = SubscriberState::CatchingUp(CatchUp { responses, range, live });
        None
    }

    /// Goes live at the end of the range, or waits until the producer has reached it and joins
    /// again.
    async fn finish_catch_up(&mut self) {
        let SubscriberState::CatchingUp(CatchUp { range, live, .. }) =
            std::mem::replace(&mut self.state, SubscriberState::Joining)
        else {
            return;
        };
        if let Some((responses, at)) = live {
            self.at = Some(at);
            self.state = SubscriberState::Live(responses);
        } else {
            let own = range.positions();
            let mut state = self.shared.channel.state.subscribe();
            let has_caught_up = |state: &StreamState| {
                state.end.is_some() || state.at.as_ref().is_some_and(|at| own.is_within(at))
            };
            // On a time-out the subscriber joins again and reads the logs.
            let _ = timeout(PRODUCER_WAIT, state.wait_for(has_caught_up)).await;
            self.at = Some(Arc::new(own));
        }
    }
}

#[cfg(test)]
mod tests;
