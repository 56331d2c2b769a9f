//! The feed without a GraphQL client: `/changes.jsonl` for programs, `/changes.atom` for feed
//! readers.
//!
//! Both execute a fixed document as the public, also if the request has a token, and convert the
//! response. So the response at a URI is the same for all callers, and HTTP caches may store it.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Request, State as Shared},
    http::{Extensions, HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use caunoi_domain::{feed::id::FeedIdGenerator, locale::Locale, policy::Actor, rate_limit::RateStatus};
use caunoi_graphql::{
    execution::{CostMode, ErrorCode, RequestHead, RequestParams, RequestedDocument},
    feed_documents,
};
use caunoi_metrics::Transport;
use serde_json::{Value, json};

use super::{
    HttpState, conditional, connection_limit::network_of_request, error_response::ErrorResponse,
    frame::RequestId, rate_headers,
};
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
    request: Request,
) -> Response {
    let (Parts { uri, headers, extensions: client, .. }, _) = request.into_parts();
    let result = async {
        let params = FeedParams::read(&uri)?;
        let variables = json!({
            "after": params.after,
            "filter": params.filter(),
            "first": params.first.unwrap_or(DEFAULT_LINES),
        });
        let request = FeedRequest { variables, locale: params.locale, client: &client };
        let (response, rate) = execute(&state, &id, feed_documents::LINES, request).await?;
        let part = jsonl::JsonlPage::read(&response)?;
        let next = part
            .has_more
            .then(|| format!("<changes.jsonl?{}>; rel=\"next\"", params.to_query(Some(&part.cursor))));
        let mut response = respond(part.write(), JSONL, &headers);
        if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
            response.headers_mut().insert(header::LINK, next);
        }
        rate_headers::attach(&mut response, rate);
        Ok::<_, ErrorResponse>(response)
    };
    result.await.unwrap_or_else(|error_response| error_response.respond(&id))
}

/// Responds with an Atom feed of the newest changes, or of the changes after a cursor.
pub(super) async fn atom(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let (Parts { uri, headers, extensions: client, .. }, _) = request.into_parts();
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
        let request = FeedRequest { variables, locale: params.locale, client: &client };
        let (response, rate) = execute(&state, &id, feed_documents::HEADLINES, request).await?;
        let headlines = headline::Headlines::read(&response)?;
        let namer = FeedIdGenerator::new(state.api.epoch().bytes());
        let body = atom::write(&headlines, &params, &namer).map_err(|_| ErrorResponse::INTERNAL)?;
        let mut response = respond(body, ATOM, &headers);
        rate_headers::attach(&mut response, rate);
        Ok::<_, ErrorResponse>(response)
    };
    result.await.unwrap_or_else(|error_response| error_response.respond(&id))
}

/// The parameters of a fixed document, and the extensions of the request, which name its client.
struct FeedRequest<'a> {
    variables: Value,
    locale: Locale,
    client: &'a Extensions,
}

/// Executes one of the fixed documents and returns the body of the response, with the level of the
/// bucket that paid.
///
/// # Errors
/// Returns the first error of the response if it has any.
async fn execute(
    state: &HttpState,
    id: &RequestId,
    document: &'static str,
    FeedRequest { variables, locale, client }: FeedRequest<'_>,
) -> Result<(Bytes, Option<RateStatus>), ErrorResponse> {
    let head = RequestHead {
        actor: &Actor::public(),
        languages: Some(params::tag(locale)),
        after: None,
        request_id: id.as_str(),
        transport: Transport::Get,
        address: Some(network_of_request(client)),
        cost_mode: CostMode::None,
    };
    // The query part of a URI never contains `#`, so this key cannot collide with that of a
    // request.
    let words = format!("#{document}{variables}");
    let read = || {
        Ok(RequestParams {
            document: RequestedDocument::Own(document.to_owned()),
            operation_name: None,
            variables,
            cost_mode: CostMode::None,
        })
    };
    let response = state.api.execute(head, words.as_bytes(), read).await?;
    if response.is_error_free {
        return Ok((response.body, response.rate));
    }
    let refused = error_response_of(&response.body);
    Err(refused.with_rate(response.rate).with_retry_after(response.retry_after_seconds))
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
