//! The HTTP client that calls the endpoints of webhooks.

use std::{error, sync::Arc, time::Duration};

use caunoi_domain::webhook::{DeliveryError, LONGEST_EXCERPT};
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::Instant;

use super::outbound_policy::{LookupError, PublicAddressPolicy};

/// Timeout of a call, from name resolution to the end of the response.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Maximum bytes of a response that are read.
const MAX_RESPONSE_BYTES: usize = 16 * 1_024;
/// Time that an idle connection is kept for the next message.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Calls endpoints.
#[derive(Debug, Clone)]
pub(crate) struct WebhookClient {
    client: Client,
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
}

impl CallResult {
    /// Returns the result of an attempt that failed before the call.
    pub(super) fn without_call(error: DeliveryError) -> Self {
        Self { took_ms: 0, status: None, error: Some(error), excerpt: None }
    }
}

impl WebhookClient {
    /// Creates a client that calls only addresses allowed by `policy`.
    ///
    /// # Errors
    /// Returns an error if the TLS backend cannot be initialised.
    pub(crate) fn new(policy: PublicAddressPolicy) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("Caunoi/", env!("CARGO_PKG_VERSION"), " (webhooks)"))
            .dns_resolver(Arc::new(policy))
            // No redirect and no proxy of the environment may lead to another address.
            .redirect(Policy::none())
            .no_proxy()
            .https_only(!policy.allows_loopback)
            .timeout(TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build()?;
        Ok(Self { client, policy })
    }

    /// Posts a message to `url` and reads the beginning of the response.
    pub(super) async fn send(&self, url: &str, message: SignedMessage) -> CallResult {
        // IP addresses in URLs do not pass through the resolver, so the URL is checked as well.
        let Ok(url) = self.policy.parse_url(url) else {
            return CallResult::without_call(DeliveryError::UrlRefused);
        };
        let started = Instant::now();
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at_s)
            .header("webhook-signature", message.signatures)
            .body(message.body);
        let (status, error, excerpt) = match request.send().await {
            Ok(response) => read_response(response).await,
            Err(failure) => (None, Some(delivery_error(&failure)), None),
        };
        let took_ms = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        CallResult { took_ms, status, error, excerpt }
    }
}

async fn read_response(response: Response) -> (Option<u16>, Option<DeliveryError>, Option<String>) {
    let status = response.status();
    let error = if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(DeliveryError::Redirect)
    } else {
        Some(DeliveryError::Status)
    };
    let excerpt = match (error, read(response).await) {
        // The body of a success is not used.
        (None, _) | (Some(_), Err(_)) => None,
        (Some(_), Ok(beginning)) => Some(beginning).filter(|text| !text.is_empty()),
    };
    (Some(status.as_u16()), error, excerpt)
}

/// Returns the beginning of a response as text. Reads up to `MAX_RESPONSE_BYTES`, so that the
/// connection can be reused after a short response.
async fn read(mut response: Response) -> Result<String, reqwest::Error> {
    let (mut beginning, mut length) = (Vec::new(), 0);
    while length < MAX_RESPONSE_BYTES
        && let Some(part) = response.chunk().await?
    {
        length += part.len();
        let room = LONGEST_EXCERPT.saturating_sub(beginning.len());
        beginning.extend_from_slice(&part[..part.len().min(room)]);
    }
    let text = String::from_utf8_lossy(&beginning);
    Ok(text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect())
}

fn delivery_error(failure: &reqwest::Error) -> DeliveryError {
    let mut cause: Option<&(dyn error::Error + 'static)> = error::Error::source(failure);
    while let Some(inner) = cause {
        match inner.downcast_ref::<LookupError>() {
            Some(LookupError::Refused) => return DeliveryError::UrlRefused,
            Some(LookupError::Unknown) => return DeliveryError::UnknownHost,
            None => cause = inner.source(),
        }
    }
    if failure.is_timeout() { DeliveryError::Timeout } else { DeliveryError::Connection }
}
