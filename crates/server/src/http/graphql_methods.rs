//! `/graphql`: its methods. axum has no router for the method QUERY (RFC 10008).

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_metrics::Transport;

use super::{HttpState, error_response, frame::RequestId, graphql_request, socket};

/// The media types of a body of the method QUERY (RFC 10008).
const ACCEPT_QUERY: HeaderName = HeaderName::from_static("accept-query");
/// The methods of `/graphql`.
const ALLOW: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS, POST, QUERY");

/// Executes a request by its method. axum has no router for the method QUERY.
pub(super) async fn dispatch(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let mut response = match request.method().as_str() {
        "GET" | "HEAD" => socket::get(state, &id, request).await,
        "POST" => graphql_request::with_body(&state, &id, request, Transport::Post).await,
        "QUERY" => graphql_request::with_body(&state, &id, request, Transport::Query).await,
        "OPTIONS" => options(),
        _ => method_not_allowed(id).await,
    };
    response.headers_mut().insert(ACCEPT_QUERY, HeaderValue::from_static("application/json"));
    response
}

fn options() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::ALLOW, ALLOW);
    response
}

async fn method_not_allowed(id: RequestId) -> Response {
    let mut response = error_response::method_not_allowed(Extension(id)).await;
    response.headers_mut().insert(header::ALLOW, ALLOW);
    response
}
