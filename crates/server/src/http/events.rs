//! `/graphql` as an event stream: the protocol `graphql-sse` in distinct connections mode.
//!
//! A response is an event `next`. A message of the feed has its cursor as the event `id`, so that a
//! client that reconnects with `Last-Event-ID` continues after it. `complete` is sent only if the
//! operation has ended by itself; without it the client reconnects.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use caunoi_graphql::execution::{AllowedOperations, GraphqlRequest, GraphqlResponse, ResponseOutcome};
use caunoi_metrics::Transport;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{self, BoxFuture},
    stream::{self, BoxStream, Stream},
};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::{
    HttpState, body, caller,
    client_address::{RequestOrigin, client_address},
    connection_limit::{ConnectionLimit, ConnectionPermit, network_of_request},
    error_response::{ErrorResponse, OVERLOAD_RETRY_AFTER, RETRY_AFTER},
    frame::{RequestId, within},
    media,
    params::Params,
    rate_headers,
    refusal::{self, Refused},
    upgrade::ConnectionUpgrade,
};
use crate::identity::Caller;

/// The request header with the id of the last event that a reconnecting client received.
const LAST_EVENT_ID: &str = "last-event-id";
/// Interval of keep-alive comments: proxies close silent connections.
const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// Executes a POST or QUERY request as an event stream.
pub(super) async fn with_body(state: &Arc<HttpState>, id: &RequestId, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let opened = async {
        let caller = caller::authenticate_charged(state, &parts.headers, &parts.extensions)?;
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        let params = Params::read_body(&bytes)?;
        let is_post = parts.method == Method::POST;
        let allowed = if is_post { AllowedOperations::All } else { AllowedOperations::Reads };
        open(state, &caller, &parts, StreamOperation { params, allowed }, id)
    };
    opened.await.unwrap_or_else(|error_response| error_response.respond(id))
}

/// Executes a GET request as an event stream, as sent by the `EventSource` of a browser.
pub(super) fn get(state: &Arc<HttpState>, id: &RequestId, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let caller = caller::authenticate_charged(state, &parts.headers, &parts.extensions);
    let opened = caller.and_then(|caller| {
        let params = Params::read_uri(&parts.uri)?;
        open(state, &caller, &parts, StreamOperation { params, allowed: AllowedOperations::Reads }, id)
    });
    opened.unwrap_or_else(|error_response| error_response.respond(id))
}

/// The operation of a stream.
struct StreamOperation {
    params: Params,
    /// The kinds of operations that the method of the request allows.
    allowed: AllowedOperations,
}

fn open(
    state: &Arc<HttpState>,
    caller: &Caller,
    parts: &Parts,
    StreamOperation { params, allowed }: StreamOperation,
    id: &RequestId,
) -> Result<Response, ErrorResponse> {
    let text =
        |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned());
    let stopping = parts.extensions.get::<ConnectionUpgrade>().ok_or(ErrorResponse::INTERNAL)?.stopping();
    let permit = stream_permit(parts)?;
    let graphql_request = GraphqlRequest {
        actor: caller.actor.clone(),
        document: params.document,
        operation_name: params.operation_name,
        variables: params.variables,
        languages: text(header::ACCEPT_LANGUAGE.as_str()),
        request_id: id.as_str().to_owned(),
        allowed_operations: allowed,
        resume: text(LAST_EVENT_ID).filter(|last| !last.is_empty()),
        has_stored_filter: false,
        address: Some(network_of_request(&parts.extensions)),
        cost_mode: params.cost_mode,
    };
    let span = tracing::error_span!(parent: None, "stream", request_id = id.as_str());
    let mut responses = within(span, state.api.execute_stream(graphql_request, Transport::Events)).fuse();
    // A refusal because of load is available at once and gets its own status.
    let first = responses.next().now_or_never().flatten();
    match &first {
        Some(refused) if refused.outcome == ResponseOutcome::RateLimited => {
            return Ok(refuse(refused, StatusCode::TOO_MANY_REQUESTS, RETRY_AFTER));
        }
        Some(refused) if refused.outcome == ResponseOutcome::Overloaded => {
            return Ok(refuse(refused, StatusCode::SERVICE_UNAVAILABLE, OVERLOAD_RETRY_AFTER));
        }
        Some(_) | None => {}
    }
    let rate = first.as_ref().and_then(|first| first.rate);
    let (refusals, actor, client) =
        (Arc::clone(state), caller.actor.clone(), client_address(&parts.extensions));
    let responses = stream::iter(first).chain(responses).inspect(move |response| {
        let _ = &permit;
        if let Some(reason) = response.refusal {
            refusal::count(&refusals, &actor, client, reason);
        }
    });
    let end = future::select(stopping.boxed(), token_end(Arc::clone(state), caller, parts));
    let events = Sse::new(to_events(responses.boxed()).take_until(end))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    // Proxies forward the events as they arrive (draft-ietf-httpbis-incremental). nginx reads its own
    // header.
    headers.insert(HeaderName::from_static("incremental"), HeaderValue::from_static("?1"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    rate_headers::attach(&mut response, rate);
    Ok(response)
}

/// Returns a permit for a stream over HTTP/2, which counts as one more connection of its address.
/// Over HTTP/1.1 the connection itself has one, and through a proxy the request: None.
fn stream_permit(parts: &Parts) -> Result<Option<ConnectionPermit>, ErrorResponse> {
    let origin = parts.extensions.get::<RequestOrigin>().ok_or(ErrorResponse::INTERNAL)?;
    if parts.version != Version::HTTP_2 || origin.is_forwarded {
        return Ok(None);
    }
    let connection_limit = parts.extensions.get::<ConnectionLimit>().ok_or(ErrorResponse::INTERNAL)?;
    connection_limit.try_acquire(origin.client).map(Some).ok_or_else(ErrorResponse::too_many_connections)
}

/// Returns the response with the status of a refusal.
fn refuse(refused: &GraphqlResponse, status: StatusCode, retry_after: &'static str) -> Response {
    let mut response = Response::new(Body::from(refused.body.clone()));
    *response.status_mut() = status;
    if let Some(reason) = refused.refusal {
        response.extensions_mut().insert(Refused(reason));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let seconds = refused.retry_after_seconds.map(HeaderValue::from);
    headers.insert(header::RETRY_AFTER, seconds.unwrap_or(HeaderValue::from_static(retry_after)));
    rate_headers::attach(&mut response, refused.rate);
    response
}

/// Completes when the caller's token expires, and as soon as this node knows that the token was revoked
/// or the network blocked.
fn token_end(state: Arc<HttpState>, caller: &Caller, parts: &Parts) -> BoxFuture<'static, ()> {
    let (headers, address) = (parts.headers.clone(), client_address(&parts.extensions));
    let lifetime = state.authenticator.lifetime(caller);
    let mut access_updates = state.authenticator.access_updates();
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
        while caller::authenticate(&state, &headers, address).is_ok() {
            tokio::select! {
                // Signing keys are withdrawn without an update.
                _ = checks.tick() => {}
                Ok(()) = access_updates.changed() => {}
            }
        }
    };
    future::select(ends.boxed(), revoked.boxed()).map(drop).boxed()
}

/// Returns the events of an operation, with `complete` as the last one.
fn to_events(
    responses: BoxStream<'static, GraphqlResponse>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    responses.map(|response| Ok(next(&response))).chain(stream::iter([Ok(complete())]))
}

fn next(response: &GraphqlResponse) -> Event {
    // Responses are JSON on one line, which is UTF-8.
    let event = Event::default().event("next").data(String::from_utf8_lossy(&response.body));
    match &response.feed_message {
        Some(of_feed) => event.id(&of_feed.cursor),
        None => event,
    }
}

fn complete() -> Event {
    Event::default().event("complete").data("")
}
