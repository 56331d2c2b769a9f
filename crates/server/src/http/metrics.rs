//! `/metrics`: what the process counts of itself, for Prometheus.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State as Shared,
    http::{HeaderValue, header},
    response::Response,
};

use super::State;

/// All metrics, in the text format that every version of Prometheus reads.
pub(super) async fn tell(Shared(state): Shared<Arc<State>>) -> Response {
    let mut response = Response::new(Body::from((state.metrics)()));
    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}
