//! Reading a request body within a size and a time.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use caunoi_metrics::{Stage, Timer};
use http_body_util::BodyExt as _;

use super::{Limits, problem::Problem};

/// How many times the limit is read and thrown away, so that a client who sends a little too
/// much reads our answer instead of a reset connection.
const DISCARDED: usize = 4;

/// The whole body.
pub(super) async fn read(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let _timer = Timer::begin(Stage::Read);
    let declared = declared_bytes(headers).unwrap_or(0);
    if declared > limits.body_bytes.saturating_mul(DISCARDED) || asks_first(headers, declared, limits) {
        return Err(TOO_LARGE);
    }
    tokio::time::timeout(limits.body_timeout, collect(body, limits.body_bytes))
        .await
        .unwrap_or(Err(Problem::SLOW_BODY))
}

const TOO_LARGE: Problem = Problem::bad(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large.");

fn declared_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A client that waits for our permission to send is told at once.
fn asks_first(headers: &HeaderMap, declared: usize, limits: &Limits) -> bool {
    declared > limits.body_bytes && headers.contains_key(header::EXPECT)
}

async fn collect(mut body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::parameters("The request body broke off."))?;
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
    async fn a_body_is_read_up_to_its_limit() {
        assert_eq!(collect(Body::from("12345678"), 8).await.unwrap(), b"12345678");
        assert!(collect(Body::from("123456789"), 8).await.is_err());
        assert!(collect(Body::from("1".repeat(100)), 8).await.is_err());
    }
}
