//! The HTTP client that calls the endpoints of webhooks.

use std::{error, io, time::Duration};

use axum::{
    body::Bytes,
    http::{Request, Response, header},
};
use caunoi_domain::webhook::{DeliveryError, LONGEST_EXCERPT};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{
    outbound_policy::{LookupError, PublicAddressPolicy},
    retry_after::RetryAfter,
};

/// Timeout of a call, from name resolution to the end of the response.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Maximum bytes of a response that are read.
const MAX_RESPONSE_BYTES: usize = 16 * 1_024;
/// Time that an idle connection is kept for the next message.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("Caunoi/", env!("CARGO_PKG_VERSION"), " (webhooks)");

/// Calls endpoints over HTTP/1.1. It follows no redirect and uses no proxy: either could lead to
/// another address.
#[derive(Debug, Clone)]
pub(crate) struct WebhookClient {
    client: Client<HttpsConnector<HttpConnector<PublicAddressPolicy>>, Full<Bytes>>,
    policy: PublicAddressPolicy,
}

/// A signed message (Standard Webhooks).
pub(super) struct SignedMessage {
    /// The header `webhook-id`.
    pub(super) id: String,
    /// Time of the signature, in seconds since 1970.
    pub(super) at_s: i64,
    /// The header `webhook-signature`.
    pub(super) signatures: String,
    /// The JSON payload.
    pub(super) body: Vec<u8>,
}

/// The result of a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CallResult {
    pub(super) took_ms: i32,
    pub(super) status: Option<u16>,
    pub(super) error: Option<DeliveryError>,
    pub(super) excerpt: Option<String>,
    /// The time before which the endpoint wants no other call (`Retry-After`).
    pub(super) retry_after: Option<RetryAfter>,
}

impl CallResult {
    /// Returns the result of an attempt that failed before the call.
    pub(super) fn without_call(error: DeliveryError) -> Self {
        Self { took_ms: 0, status: None, error: Some(error), excerpt: None, retry_after: None }
    }
}

impl WebhookClient {
    /// Creates a client that calls only addresses allowed by `policy`.
    pub(crate) fn new(policy: PublicAddressPolicy) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(policy);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let tls = HttpsConnectorBuilder::new().with_webpki_roots();
        let schemes = if policy.allows_loopback { tls.https_or_http() } else { tls.https_only() };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(schemes.enable_http1().wrap_connector(tcp));
        Self { client, policy }
    }

    /// Posts a message to `url` and reads the beginning of the response.
    pub(super) async fn send(&self, url: &str, message: SignedMessage) -> CallResult {
        // IP addresses in URLs do not pass through the resolver, so the URL is checked as well.
        let Some(request) = self.policy.parse_url(url).ok().and_then(|url| request(&url, message)) else {
            return CallResult::without_call(DeliveryError::UrlRefused);
        };
        let started = Instant::now();
        let deadline = started + TIMEOUT;
        let result = match timeout_at(deadline, self.client.request(request)).await {
            Ok(Ok(response)) => read_response(response, deadline).await,
            Ok(Err(failure)) => CallResult::without_call(delivery_error(&failure)),
            Err(_) => CallResult::without_call(DeliveryError::Timeout),
        };
        let took_ms = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        CallResult { took_ms, ..result }
    }
}

/// Returns the request for a message; None if HTTP cannot express the URL.
fn request(url: &Url, message: SignedMessage) -> Option<Request<Full<Bytes>>> {
    Request::post(url.as_str())
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, "*/*")
        .header(header::CONTENT_TYPE, "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.at_s)
        .header("webhook-signature", message.signatures)
        .body(message.body.into())
        .ok()
}

async fn read_response(response: Response<Incoming>, deadline: Instant) -> CallResult {
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(RetryAfter::read);
    let error = if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(DeliveryError::Redirect)
    } else {
        Some(DeliveryError::Status)
    };
    let excerpt = match (error, timeout_at(deadline, read(response.into_body())).await) {
        // The body of a success is not used.
        (None, _) | (Some(_), Ok(Err(_)) | Err(_)) => None,
        (Some(_), Ok(Ok(beginning))) => Some(beginning).filter(|text| !text.is_empty()),
    };
    CallResult { took_ms: 0, status: Some(status.as_u16()), error, excerpt, retry_after }
}

/// Returns the beginning of a response as text. Reads up to `MAX_RESPONSE_BYTES`, so that the
/// connection can be reused after a short response.
async fn read(mut body: Incoming) -> hyper::Result<String> {
    let (mut beginning, mut length) = (Vec::new(), 0);
    while length < MAX_RESPONSE_BYTES
        && let Some(frame) = body.frame().await
    {
        let part = frame?.into_data().unwrap_or_default();
        length += part.len();
        let room = LONGEST_EXCERPT.saturating_sub(beginning.len());
        beginning.extend_from_slice(&part[..part.len().min(room)]);
    }
    let text = String::from_utf8_lossy(&beginning);
    Ok(text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect())
}

fn delivery_error(failure: &Error) -> DeliveryError {
    let mut cause: Option<&(dyn error::Error + 'static)> = error::Error::source(failure);
    while let Some(inner) = cause {
        match inner.downcast_ref::<LookupError>() {
            Some(LookupError::Refused) => return DeliveryError::UrlRefused,
            Some(LookupError::Unknown) => return DeliveryError::UnknownHost,
            None => cause = inner.source(),
        }
        // The system gave up the connection before our deadline.
        let system = inner.downcast_ref::<io::Error>();
        if system.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return DeliveryError::Timeout;
        }
    }
    DeliveryError::Connection
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(url: &str, allows_loopback: bool) -> CallResult {
        let message =
            SignedMessage { id: "msg_1".to_owned(), at_s: 1, signatures: String::new(), body: Vec::new() };
        WebhookClient::new(PublicAddressPolicy { allows_loopback }).send(url, message).await
    }

    #[tokio::test]
    async fn failed_call_has_the_reason_of_its_connection() {
        // A label of a name has at most 63 characters, so the resolver refuses this one without DNS.
        // Not https: TLS refuses the name before it is resolved.
        let unknown = format!("http://{}.invalid/", "a".repeat(64));
        for (url, allows_loopback, error) in [
            ("https://127.0.0.1/", false, DeliveryError::UrlRefused),
            ("https://localhost/", false, DeliveryError::UrlRefused),
            (unknown.as_str(), true, DeliveryError::UnknownHost),
            // Nothing listens on port 1.
            ("http://localhost:1/", true, DeliveryError::Connection),
        ] {
            let result = call(url, allows_loopback).await;
            assert_eq!((result.status, result.error), (None, Some(error)), "{url}");
        }
    }
}
