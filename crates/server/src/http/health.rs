//! The liveness and readiness probes of orchestrators.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State as Shared,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{HttpState, media::Media};

/// Responds 200 while the process runs, independent of the database and Redis.
pub(super) async fn livez() -> Response {
    respond(StatusCode::OK, r#"{"status":"live"}"#)
}

/// Responds 200 if the process is ready, otherwise 503 with the reason.
pub(super) async fn readyz(Shared(state): Shared<Arc<HttpState>>) -> Response {
    let Err(reason) = (state.ready)() else {
        return respond(StatusCode::OK, r#"{"status":"ready"}"#);
    };
    // Reasons are constants without quotes, so they need no escaping.
    let body = format!(r#"{{"status":"not ready","reason":"{reason}"}}"#);
    let mut response = respond(StatusCode::SERVICE_UNAVAILABLE, body);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn respond(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, Media::Json.content_type());
    response
}
