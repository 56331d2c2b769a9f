//! The two probes that an orchestrator asks.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State as Shared,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{State, media::Media};

/// The process runs; it says nothing about what stands behind it.
pub(super) async fn live() -> Response {
    say(StatusCode::OK, r#"{"status":"live"}"#)
}

/// The process can answer questions now, or should get none for the moment.
pub(super) async fn ready(Shared(state): Shared<Arc<State>>) -> Response {
    let Err(reason) = (state.ready)() else {
        return say(StatusCode::OK, r#"{"status":"ready"}"#);
    };
    // The reasons are words of the program without quotes.
    let body = format!(r#"{{"status":"not ready","reason":"{reason}"}}"#);
    let mut response = say(StatusCode::SERVICE_UNAVAILABLE, body);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn say(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, Media::Json.content_type());
    response
}
