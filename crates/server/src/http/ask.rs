//! `/graphql`: GraphQL over HTTP, one operation a request.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::policy::Actor;
use caunoi_graphql::answer::{Answer, Call, Outcome, Wording};

use super::{
    State, body, caller, events, frame::RequestId, media, media::Media, params::Params, problem::Problem,
    stored,
};

/// The cursor of a state that the caller has seen.
const AFTER: &str = "caunoi-after";

/// A question in the body of a request; events where the client asks for them.
pub(super) async fn post(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    if media::asks_for_events(request.headers()) {
        return events::post(&state, &id, request).await;
    }
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(&id);
    };
    let answer = async {
        // Before the body is read: who has no business here need not send it.
        let caller = caller::recognise(&state, &parts.headers)?;
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        let read = || Params::read_body(&bytes).map(Wording::from);
        state.api.answer(call(&caller.actor, &parts.headers, &id), &bytes, read).await
    };
    match answer.await {
        Ok(answer) => respond(answer, media),
        Err(problem) => problem.respond_as(media, &id),
    }
}

/// A question in an address: only queries, because links are followed without being meant.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    // Only heads are needed, and they can be shared with whoever waits.
    let (parts, _) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(&id);
    };
    let answer = async {
        let caller = caller::recognise(&state, &parts.headers)?;
        let words = parts.uri.query().unwrap_or_default().as_bytes();
        let read = || Params::read_uri(&parts.uri).map(Wording::from);
        let call = Call { query_only: true, ..call(&caller.actor, &parts.headers, &id) };
        state.api.answer(call, words, read).await
    };
    match answer.await {
        Ok(answer) => match answer.tag.filter(|_| !parts.headers.contains_key(header::AUTHORIZATION)) {
            Some(tag) => {
                let tag = stored::answer_tag(tag, media);
                stored::respond(respond(answer, media), &tag, &parts.headers)
            }
            None => respond(answer, media),
        },
        Err(problem) => problem.respond_as(media, &id),
    }
}

fn call<'a>(actor: &'a Actor, headers: &'a HeaderMap, id: &'a RequestId) -> Call<'a> {
    Call {
        actor,
        languages: headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        // One that is no text is no cursor either.
        after: headers.get(AFTER).map(|value| value.to_str().unwrap_or_default()),
        request_id: id.as_str(),
        query_only: false,
    }
}

fn not_acceptable(id: &RequestId) -> Response {
    let message = "Answers are application/graphql-response+json or application/json.";
    Problem::bad(StatusCode::NOT_ACCEPTABLE, message).respond(id)
}

fn respond(answer: Answer, media: Media) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status_of(answer.outcome, media);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    if answer.outcome == Outcome::QueryOnly {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Older clients take any status but 200 for a broken connection, so a document that cannot be
/// executed is 200 to them; what fails on our side is not.
fn status_of(outcome: Outcome, media: Media) -> StatusCode {
    match (outcome, media) {
        (Outcome::Answered, _) | (Outcome::Refused, Media::Json) => StatusCode::OK,
        (Outcome::Refused, Media::GraphqlResponse) | (Outcome::Malformed, _) => StatusCode::BAD_REQUEST,
        (Outcome::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Outcome::RateLimited, _) => StatusCode::TOO_MANY_REQUESTS,
        (Outcome::QueryOnly, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Outcome::Broken, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (Outcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
    }
}
