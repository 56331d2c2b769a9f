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
use caunoi_graphql::answer::{Answer, Outcome, Question};

use super::{State, body, frame::RequestId, media, media::Media, params::Params, problem::Problem};

/// A question in the body of a request.
pub(super) async fn post(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else {
        return not_acceptable(&id);
    };
    let read = async {
        media::check_content(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, &state.limits).await?;
        Params::read_body(&bytes)
    };
    match read.await {
        Ok(params) => {
            let question = question(params, &parts.headers, &id, false);
            respond(state.api.answer(question).await, media)
        }
        Err(problem) => problem.respond_as(media, &id),
    }
}

/// A question in an address: only queries, because links are followed without being meant.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let Some(media) = Media::negotiate(request.headers()) else {
        return not_acceptable(&id);
    };
    match Params::read_uri(request.uri()) {
        Ok(params) => {
            let question = question(params, request.headers(), &id, true);
            drop(request);
            respond(state.api.answer(question).await, media)
        }
        Err(problem) => problem.respond_as(media, &id),
    }
}

fn question(params: Params, headers: &HeaderMap, id: &RequestId, query_only: bool) -> Question {
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Question {
        actor: Actor::public(),
        document: params.query,
        operation_name: params.operation_name,
        variables: params.variables,
        languages: languages.map(str::to_owned),
        request_id: id.as_str().to_owned(),
        query_only,
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
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
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
        (Outcome::Refused, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Outcome::QueryOnly, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Outcome::Broken, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (Outcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
    }
}
