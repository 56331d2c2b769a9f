//! The feed without a GraphQL client: `/changes.jsonl` for programs, `/changes.atom` for feed
//! readers.
//!
//! Both execute a fixed document as the public, also if the request has a token, and convert the
//! response. So the response at a URI is the same for all callers, and HTTP caches may store it.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State as Shared,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use caunoi_domain::{feed::id::FeedIdGenerator, locale::Locale, policy::Actor};
use caunoi_graphql::{
    execution::{ErrorCode, RequestHead, RequestParams, RequestedDocument},
    feed_documents,
};
use caunoi_metrics::Transport;
use serde_json::{Value, json};

use super::{HttpState, conditional, error_response::ErrorResponse, frame::RequestId};
use params::FeedParams;

mod atom;
mod headline;
mod jsonl;
mod params;

/// No media type is registered for JSON Lines. `OpenAPI` 3.2 names two; this one matches the path
/// and lacks the prefix `x-`, which RFC 6648 deprecates.
const JSONL: &str = "application/jsonl; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// Default number of entries of the Atom feed.
const DEFAULT_ENTRIES: i64 = 50;
/// Default number of lines.
const DEFAULT_LINES: i64 = 100;

/// Responds with the messages after a cursor, one per line.
pub(super) async fn lines(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let result = async {
        let params = FeedParams::read(&uri)?;
        let variables = json!({
            "after": params.after,
            "filter": params.filter(),
            "first": params.first.unwrap_or(DEFAULT_LINES),
        });
        let response = execute(&state, &id, feed_documents::LINES, variables, params.locale).await?;
        let part = jsonl::JsonlPage::read(&response)?;
        let next = part
            .has_more
            .then(|| format!("<changes.jsonl?{}>; rel=\"next\"", params.to_query(Some(&part.cursor))));
        let mut response = respond(part.write(), JSONL, &headers);
        if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
            response.headers_mut().insert(header::LINK, next);
        }
        Ok::<_, ErrorResponse>(response)
    };
    result.await.unwrap_or_else(|error_response| error_response.respond(&id))
}

/// Responds with an Atom feed of the newest changes, or of the changes after a cursor.
pub(super) async fn atom(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let result = async {
        let params = FeedParams::read(&uri)?;
        let first = params.first.unwrap_or(DEFAULT_ENTRIES);
        let follows = params.after.is_some();
        let variables = json!({
            "after": params.after,
            "filter": params.filter(),
            "first": if follows { first } else { 1 },
            "follows": follows,
            // After a cursor, `updated` is still the time of the newest change.
            "newest": if follows { 1 } else { first },
        });
        let response = execute(&state, &id, feed_documents::HEADLINES, variables, params.locale).await?;
        let headlines = headline::Headlines::read(&response)?;
        let namer = FeedIdGenerator::new(state.api.epoch().bytes());
        let body = atom::write(&headlines, &params, &namer).map_err(|_| ErrorResponse::INTERNAL)?;
        Ok::<_, ErrorResponse>(respond(body, ATOM, &headers))
    };
    result.await.unwrap_or_else(|error_response| error_response.respond(&id))
}

/// Executes one of the fixed documents and returns the body of the response.
///
/// # Errors
/// Returns the first error of the response if it has any.
async fn execute(
    state: &HttpState,
    id: &RequestId,
    document: &'static str,
    variables: Value,
    locale: Locale,
) -> Result<Bytes, ErrorResponse> {
    let head = RequestHead {
        actor: &Actor::public(),
        languages: Some(params::tag(locale)),
        after: None,
        request_id: id.as_str(),
        transport: Transport::Get,
        address: None,
    };
    // The query part of a URI never contains `#`, so this key cannot collide with that of a
    // request.
    let words = format!("#{document}{variables}");
    let read = || {
        Ok(RequestParams {
            document: RequestedDocument::Own(document.to_owned()),
            operation_name: None,
            variables,
        })
    };
    let response = state.api.execute(head, words.as_bytes(), read).await?;
    if response.is_error_free { Ok(response.body) } else { Err(error_response_of(&response.body)) }
}

/// Returns the first error of a response. For an error in the filter, the message names the
/// parameter.
fn error_response_of(body: &[u8]) -> ErrorResponse {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &body["errors"][0];
    let code = error["extensions"]["code"].as_str().and_then(ErrorCode::find);
    let (Some(code), Some(message)) = (code, error["message"].as_str()) else {
        return ErrorResponse::INTERNAL;
    };
    let path: Vec<&str> =
        error["extensions"]["path"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let why = message.strip_prefix(&path.join(".")).filter(|why| why.starts_with(": "));
    match (path.as_slice(), why) {
        (["filter", parameter, ..], Some(why)) => ErrorResponse::from_api(code, format!("{parameter}{why}")),
        _ => ErrorResponse::from_api(code, message.to_owned()),
    }
}

fn respond(body: Vec<u8>, media: &'static str, request_headers: &HeaderMap) -> Response {
    let tag = conditional::body_tag(&body);
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    conditional::respond(response, &tag, request_headers)
}
