//! Reads a request body within the limits on size and time.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use caunoi_metrics::{Stage, StageTimer};
use http_body_util::BodyExt as _;

use super::{Limits, error_response::ErrorResponse};
use caunoi_texts::HttpText;

/// A body of up to this many times the limit is read and discarded, so that its client receives the
/// error response instead of a connection reset.
const DISCARDED: usize = 4;

/// Reads the whole body.
///
/// # Errors
/// Returns 413 if the body is larger than the limit, 408 if it is too slow, 400 if it breaks off.
pub(super) async fn read(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, ErrorResponse> {
    let _timer = StageTimer::begin(Stage::Read);
    let declared = declared_bytes(headers).unwrap_or(0);
    if declared > limits.body_bytes.saturating_mul(DISCARDED) || expects_continue(headers, declared, limits) {
        return Err(TOO_LARGE);
    }
    tokio::time::timeout(limits.body_timeout, collect(body, limits.body_bytes))
        .await
        .unwrap_or(Err(ErrorResponse::SLOW_BODY))
}

const TOO_LARGE: ErrorResponse = ErrorResponse::bad(StatusCode::PAYLOAD_TOO_LARGE, HttpText::BodyTooLarge);

fn declared_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Returns whether the client waits for `100 Continue` before it sends a body that is too large.
fn expects_continue(headers: &HeaderMap, declared: usize, limits: &Limits) -> bool {
    declared > limits.body_bytes && headers.contains_key(header::EXPECT)
}

async fn collect(mut body: Body, limit: usize) -> Result<Vec<u8>, ErrorResponse> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ErrorResponse::parameters(HttpText::BodyIncomplete))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            bytes.extend_from_slice(&data);
        } else if seen > limit.saturating_mul(DISCARDED) {
            break;
        }
    }
    if seen > limit { Err(TOO_LARGE) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn body_is_read_up_to_its_limit() {
        assert_eq!(collect(Body::from("12345678"), 8).await.unwrap(), b"12345678");
        assert!(collect(Body::from("123456789"), 8).await.is_err());
        assert!(collect(Body::from("1".repeat(100)), 8).await.is_err());
    }
}
