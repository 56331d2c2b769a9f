//! `/metrics`: the metrics of this process for Prometheus.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State as Shared,
    http::{HeaderValue, header},
    response::Response,
};

use super::HttpState;

/// Responds with all metrics in the Prometheus text format 0.0.4.
pub(super) async fn render(Shared(state): Shared<Arc<HttpState>>) -> Response {
    let mut response = Response::new(Body::from((state.metrics)()));
    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}
