//! `/graphql` as a stream of events: the protocol `graphql-sse`, each operation on a connection of
//! its own.
//!
//! An answer is an event `next`; that of the feed has its cursor as `id`, so that a client that
//! comes back with `Last-Event-ID` goes on after the last one it got. `complete` is said only where
//! the operation has ended by itself: without it the client knows to come back.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header, request::Parts},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use caunoi_graphql::answer::{Answer, Offer, Outcome, Question};
use caunoi_metrics::Transport;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{self, BoxFuture},
    stream::{self, BoxStream, Stream},
};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::{
    Peer, State, body, caller,
    frame::{RequestId, within},
    media,
    params::Params,
    problem::{Problem, RETRY_AFTER},
    seats::{Seat, Seats, household},
    takeover::Takeover,
};
use crate::identity::Caller;

/// What a client that comes back got last.
const LAST_EVENT_ID: &str = "last-event-id";
/// How long nothing is written at most: proxies close what is silent.
const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// A question in the body of a request.
pub(super) async fn post(state: &Arc<State>, id: &RequestId, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let opened = async {
        let caller = caller::recognise(state, &parts.headers)?;
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        let params = Params::read_body(&bytes)?;
        open(state, &caller, &parts, (params, Offer::All), id)
    };
    opened.await.unwrap_or_else(|problem| problem.respond(id))
}

/// A question in an address, as an `EventSource` of a browser asks.
pub(super) fn get(state: &Arc<State>, id: &RequestId, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let opened = caller::recognise(state, &parts.headers).and_then(|caller| {
        let params = Params::read_uri(&parts.uri)?;
        open(state, &caller, &parts, (params, Offer::Reads), id)
    });
    opened.unwrap_or_else(|problem| problem.respond(id))
}

fn open(
    state: &Arc<State>,
    caller: &Caller,
    parts: &Parts,
    (params, offer): (Params, Offer),
    id: &RequestId,
) -> Result<Response, Problem> {
    let text =
        |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned());
    let stopping = parts.extensions.get::<Takeover>().ok_or(Problem::INTERNAL)?.stopping();
    let seat = seat(parts)?;
    let question = Question {
        actor: caller.actor.clone(),
        document: params.query,
        operation_name: params.operation_name,
        variables: params.variables,
        languages: text(header::ACCEPT_LANGUAGE.as_str()),
        request_id: id.as_str().to_owned(),
        offer,
        resume: text(LAST_EVENT_ID).filter(|last| !last.is_empty()),
        was_accepted: false,
        address: parts.extensions.get::<Peer>().map(|peer| household(peer.0.ip())),
    };
    let span = tracing::error_span!(parent: None, "stream", request_id = id.as_str());
    let mut answers = within(span, state.api.answers(question, Transport::Events)).fuse();
    // A refusal of what has no room is there at once, and has a status of its own.
    let first = answers.next().now_or_never().flatten();
    if let Some(refused) = first.as_ref().filter(|first| first.outcome == Outcome::RateLimited) {
        return Ok(refuse(refused));
    }
    let answers = stream::iter(first).chain(answers).inspect(move |_| {
        let _ = &seat;
    });
    let end = future::select(stopping.boxed(), outlived(Arc::clone(state), caller, parts.headers.clone()));
    let events =
        Sse::new(tell(answers.boxed()).take_until(end)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    // nginx would hold events back until its buffer is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// A stream on a connection with others takes a place among the connections of its address; on one
/// of its own it has that already.
fn seat(parts: &Parts) -> Result<Option<Seat>, Problem> {
    if parts.version != Version::HTTP_2 {
        return Ok(None);
    }
    let peer = parts.extensions.get::<Peer>().ok_or(Problem::INTERNAL)?;
    let seats = parts.extensions.get::<Seats>().ok_or(Problem::INTERNAL)?;
    seats.take(peer.0.ip()).map(Some).ok_or_else(Problem::crowded)
}

/// That the caller has as much running as it may.
fn refuse(refused: &Answer) -> Response {
    let mut response = Response::new(Body::from(refused.body.clone()));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    response
}

/// Ends when the token of the caller does, or soon after it was revoked.
fn outlived(state: Arc<State>, caller: &Caller, headers: HeaderMap) -> BoxFuture<'static, ()> {
    let lifetime = state.identity.lifetime(caller);
    let ends = async move {
        match lifetime {
            Some(lifetime) => sleep(lifetime).await,
            None => future::pending().await,
        }
    };
    let revoked = async move {
        let period = state.limits.socket.ping_interval;
        let mut checks = interval_at(Instant::now() + period, period);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while caller::recognise(&state, &headers).is_ok() {
            checks.tick().await;
        }
    };
    future::select(ends.boxed(), revoked.boxed()).map(drop).boxed()
}

/// The events of an operation; the last one says that it has ended.
fn tell(answers: BoxStream<'static, Answer>) -> impl Stream<Item = Result<Event, Infallible>> {
    answers.map(|answer| Ok(next(&answer))).chain(stream::iter([Ok(complete())]))
}

fn next(answer: &Answer) -> Event {
    // Answers are JSON in one line, which is UTF-8.
    let event = Event::default().event("next").data(String::from_utf8_lossy(&answer.body));
    match &answer.event {
        Some(of_feed) => event.id(&of_feed.cursor),
        None => event,
    }
}

fn complete() -> Event {
    Event::default().event("complete").data("")
}
