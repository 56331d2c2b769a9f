//! `/graphql`: GraphQL over HTTP, one operation per request.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use caunoi_domain::policy::Actor;
use caunoi_graphql::execution::{CostMode, GraphqlResponse, RequestHead, RequestParams, ResponseOutcome};
use caunoi_metrics::Transport;
use hyper::ext::ReasonPhrase;

use super::{
    HttpState, body, caller, conditional,
    connection_limit::network_of_request,
    error_response::{ErrorResponse, OVERLOAD_RETRY_AFTER},
    events,
    frame::RequestId,
    media::{self, Media},
    params::Params,
    rate_headers,
    refusal::Refused,
};
use caunoi_texts::HttpText;

/// The request header with the cursor of a state that the caller has already seen.
const AFTER: &str = "caunoi-after";

/// The request header that asks for the cost: `report` beside the data, `validate` instead of it.
const COST: &str = "graphql-cost";

/// Executes a POST or QUERY request. Responds with an event stream if `Accept` requests one.
pub(super) async fn with_body(
    state: &Arc<HttpState>,
    id: &RequestId,
    request: Request,
    transport: Transport,
) -> Response {
    if media::accepts_event_stream(request.headers()) {
        return events::with_body(state, id, request).await;
    }
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(id);
    };
    let result = async {
        // Before the body is read, so that the body of an unauthenticated request is not read.
        let caller = caller::authenticate_charged(state, &parts.headers, &parts.extensions)?;
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        let read = || Params::read_body(&bytes).map(RequestParams::from);
        state.api.execute(head(&caller.actor, &parts, id, transport), &bytes, read).await
    };
    match result.await {
        Ok(response) => respond(response, media, transport, &parts.headers),
        Err(error_response) => error_response.respond_as(media, id),
    }
}

/// Executes a GET request. Only queries are allowed, because browsers and crawlers follow links.
pub(super) async fn get(state: &Arc<HttpState>, id: &RequestId, request: Request) -> Response {
    // Only the head is needed; the body is dropped because it is not `Sync`.
    let (parts, _) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(id);
    };
    let result = async {
        let caller = caller::authenticate_charged(state, &parts.headers, &parts.extensions)?;
        let words = parts.uri.query().unwrap_or_default().as_bytes();
        let read = || Params::read_uri(&parts.uri).map(RequestParams::from);
        state.api.execute(head(&caller.actor, &parts, id, Transport::Get), words, read).await
    };
    match result.await {
        Ok(response) => respond(response, media, Transport::Get, &parts.headers),
        Err(error_response) => error_response.respond_as(media, id),
    }
}

fn head<'a>(actor: &'a Actor, parts: &'a Parts, id: &'a RequestId, transport: Transport) -> RequestHead<'a> {
    let headers = &parts.headers;
    let cost_mode = headers.get(COST).and_then(|value| CostMode::find(value.to_str().ok()?));
    RequestHead {
        actor,
        languages: headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        // A header that is not text is treated as an invalid cursor.
        after: headers.get(AFTER).map(|value| value.to_str().unwrap_or_default()),
        request_id: id.as_str(),
        transport,
        address: Some(network_of_request(&parts.extensions)),
        cost_mode: cost_mode.unwrap_or_default(),
    }
}

fn not_acceptable(id: &RequestId) -> Response {
    ErrorResponse::bad(StatusCode::NOT_ACCEPTABLE, HttpText::NotAcceptable).respond(id)
}

/// Returns the response. Those to safe methods have a tag, unless the request has a token.
fn respond(
    graphql: GraphqlResponse,
    media: Media,
    transport: Transport,
    request_headers: &HeaderMap,
) -> Response {
    let tag = graphql
        .tag
        .filter(|_| transport != Transport::Post && !request_headers.contains_key(header::AUTHORIZATION));
    let status = status_of(&graphql, media, transport);
    let mut response = Response::new(Body::from(graphql.body));
    rate_headers::attach(&mut response, graphql.rate);
    *response.status_mut() = status;
    if let Some(reason) = graphql.refusal {
        response.extensions_mut().insert(Refused(reason));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    if let Some(seconds) = graphql.retry_after_seconds {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(OVERLOAD_RETRY_AFTER));
    }
    if status.as_u16() == PARTIAL_SUCCESS {
        response.extensions_mut().insert(ReasonPhrase::from_static(b"Partial Success"));
    }
    match tag {
        Some(tag) => conditional::respond(response, &conditional::response_tag(tag, media), request_headers),
        None => response,
    }
}

/// The status of GraphQL over HTTP for a response with `data` and `errors`.
const PARTIAL_SUCCESS: u16 = 294;

/// Returns the status. For `application/json`, a document that cannot be executed gives 200,
/// because older clients treat any other status as a failed connection; failures of the server do
/// not.
fn status_of(response: &GraphqlResponse, media: Media, transport: Transport) -> StatusCode {
    match (response.outcome, media) {
        (ResponseOutcome::Answered, Media::GraphqlResponse) if !response.is_error_free => {
            StatusCode::from_u16(PARTIAL_SUCCESS).unwrap_or(StatusCode::OK)
        }
        (ResponseOutcome::Answered, _)
        | (ResponseOutcome::Unparsable | ResponseOutcome::Invalid, Media::Json) => StatusCode::OK,
        (ResponseOutcome::Unparsable, Media::GraphqlResponse) | (ResponseOutcome::Malformed, _) => {
            StatusCode::BAD_REQUEST
        }
        (ResponseOutcome::Invalid, Media::GraphqlResponse) => StatusCode::UNPROCESSABLE_ENTITY,
        // `/graphql` allows the method QUERY, but not for this document.
        (ResponseOutcome::QueryOnly, _) if transport == Transport::Query => StatusCode::UNPROCESSABLE_ENTITY,
        (ResponseOutcome::QueryOnly, _) => StatusCode::METHOD_NOT_ALLOWED,
        (ResponseOutcome::Unavailable | ResponseOutcome::Overloaded, _) => StatusCode::SERVICE_UNAVAILABLE,
        (ResponseOutcome::RateLimited, _) => StatusCode::TOO_MANY_REQUESTS,
        (ResponseOutcome::Broken, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (ResponseOutcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
    }
}
