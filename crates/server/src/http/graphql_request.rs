//! `/graphql`: GraphQL over HTTP, one operation per request.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::policy::Actor;
use caunoi_graphql::execution::{GraphqlResponse, RequestHead, RequestParams, ResponseOutcome};

use super::{
    HttpState, body, caller, conditional, error_response::ErrorResponse, events, frame::RequestId, media,
    media::Media, params::Params,
};
use caunoi_texts::HttpText;

/// The request header with the cursor of a state that the caller has already seen.
const AFTER: &str = "caunoi-after";

/// Executes a POST request. Responds with an event stream if `Accept` requests one.
pub(super) async fn post(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    if media::accepts_event_stream(request.headers()) {
        return events::post(&state, &id, request).await;
    }
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(&id);
    };
    let result = async {
        // Before the body is read, so that the body of an unauthenticated request is not read.
        let caller = caller::authenticate(&state, &parts.headers)?;
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        let read = || Params::read_body(&bytes).map(RequestParams::from);
        state.api.execute(head(&caller.actor, &parts.headers, &id), &bytes, read).await
    };
    match result.await {
        Ok(response) => respond(response, media),
        Err(error_response) => error_response.respond_as(media, &id),
    }
}

/// Executes a GET request. Only queries are allowed, because browsers and crawlers follow links.
pub(super) async fn get(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    // Only the head is needed; the body is dropped because it is not `Sync`.
    let (parts, _) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(&id);
    };
    let result = async {
        let caller = caller::authenticate(&state, &parts.headers)?;
        let words = parts.uri.query().unwrap_or_default().as_bytes();
        let read = || Params::read_uri(&parts.uri).map(RequestParams::from);
        let head = RequestHead { query_only: true, ..head(&caller.actor, &parts.headers, &id) };
        state.api.execute(head, words, read).await
    };
    match result.await {
        Ok(response) => match response.tag.filter(|_| !parts.headers.contains_key(header::AUTHORIZATION)) {
            Some(tag) => {
                let tag = conditional::response_tag(tag, media);
                conditional::respond(respond(response, media), &tag, &parts.headers)
            }
            None => respond(response, media),
        },
        Err(error_response) => error_response.respond_as(media, &id),
    }
}

fn head<'a>(actor: &'a Actor, headers: &'a HeaderMap, id: &'a RequestId) -> RequestHead<'a> {
    RequestHead {
        actor,
        languages: headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        // A header that is not text is treated as an invalid cursor.
        after: headers.get(AFTER).map(|value| value.to_str().unwrap_or_default()),
        request_id: id.as_str(),
        query_only: false,
    }
}

fn not_acceptable(id: &RequestId) -> Response {
    ErrorResponse::bad(StatusCode::NOT_ACCEPTABLE, HttpText::NotAcceptable).respond(id)
}

fn respond(graphql: GraphqlResponse, media: Media) -> Response {
    let mut response = Response::new(Body::from(graphql.body));
    *response.status_mut() = status_of(graphql.outcome, media);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    if graphql.outcome == ResponseOutcome::QueryOnly {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Returns the status. For `application/json`, a document that cannot be executed gives 200,
/// because older clients treat any other status as a failed connection; failures of the server do
/// not.
fn status_of(outcome: ResponseOutcome, media: Media) -> StatusCode {
    match (outcome, media) {
        (ResponseOutcome::Answered, _) | (ResponseOutcome::Refused, Media::Json) => StatusCode::OK,
        (ResponseOutcome::Refused, Media::GraphqlResponse) | (ResponseOutcome::Malformed, _) => {
            StatusCode::BAD_REQUEST
        }
        (ResponseOutcome::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (ResponseOutcome::RateLimited, _) => StatusCode::TOO_MANY_REQUESTS,
        (ResponseOutcome::QueryOnly, _) => StatusCode::METHOD_NOT_ALLOWED,
        (ResponseOutcome::Broken, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (ResponseOutcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
    }
}
