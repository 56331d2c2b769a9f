//! One call of an endpoint.

use std::{error, sync::Arc, time::Duration};

use caunoi_domain::webhook::{DeliveryError, LONGEST_EXCERPT};
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::Instant;

use super::gate::{Closed, Gate};

/// How long a call may take, from the name to the end of the answer.
const LONGEST: Duration = Duration::from_secs(15);
/// How much of an answer is read.
const MOST_BYTES: usize = 16 * 1_024;
/// How long a connection is kept for the next message.
const IDLE: Duration = Duration::from_secs(30);

/// Makes calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    client: Client,
    gate: Gate,
}

/// A message as it goes out.
pub(super) struct Letter {
    /// Its name.
    pub(super) message: String,
    /// When it was signed, in seconds since 1970.
    pub(super) at_s: i64,
    /// Its signatures.
    pub(super) signatures: String,
    /// What it says.
    pub(super) body: Vec<u8>,
}

/// What came of a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) took_ms: i32,
    pub(super) status: Option<u16>,
    pub(super) error: Option<DeliveryError>,
    pub(super) excerpt: Option<String>,
}

impl Called {
    /// That nothing was called at all.
    pub(super) fn not(error: DeliveryError) -> Self {
        Self { took_ms: 0, status: None, error: Some(error), excerpt: None }
    }
}

impl Caller {
    /// A caller that goes through this gate.
    ///
    /// # Errors
    /// The client cannot be made.
    pub(crate) fn new(gate: Gate) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("Caunoi/", env!("CARGO_PKG_VERSION"), " (webhooks)"))
            .dns_resolver(Arc::new(gate))
            // Whatever an endpoint or the environment of this process says, nobody else is called.
            .redirect(Policy::none())
            .no_proxy()
            .https_only(!gate.allows_loopback)
            .timeout(LONGEST)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self { client, gate })
    }

    /// Calls a URL, and reads as much of the answer as anybody needs.
    pub(super) async fn call(&self, url: &str, letter: Letter) -> Called {
        // Literal addresses never reach the resolver.
        let Ok(url) = self.gate.read(url) else { return Called::not(DeliveryError::UrlRefused) };
        let begun = Instant::now();
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", letter.message)
            .header("webhook-timestamp", letter.at_s)
            .header("webhook-signature", letter.signatures)
            .body(letter.body);
        let (status, error, excerpt) = match request.send().await {
            Ok(response) => answer(response).await,
            Err(failure) => (None, Some(reason(&failure)), None),
        };
        let took_ms = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
        Called { took_ms, status, error, excerpt }
    }
}

async fn answer(response: Response) -> (Option<u16>, Option<DeliveryError>, Option<String>) {
    let status = response.status();
    let error = if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(DeliveryError::Redirect)
    } else {
        Some(DeliveryError::Status)
    };
    let excerpt = match (error, read(response).await) {
        // The status has said it: what follows it matters to nobody.
        (None, _) | (Some(_), Err(_)) => None,
        (Some(_), Ok(beginning)) => Some(beginning).filter(|text| !text.is_empty()),
    };
    (Some(status.as_u16()), error, excerpt)
}

/// The beginning of an answer as text; the rest is read as far as it is short, so that the
/// connection can be used again.
async fn read(mut response: Response) -> Result<String, reqwest::Error> {
    let (mut beginning, mut length) = (Vec::new(), 0);
    while length < MOST_BYTES
        && let Some(part) = response.chunk().await?
    {
        length += part.len();
        let room = LONGEST_EXCERPT.saturating_sub(beginning.len());
        beginning.extend_from_slice(&part[..part.len().min(room)]);
    }
    let text = String::from_utf8_lossy(&beginning);
    Ok(text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect())
}

fn reason(failure: &reqwest::Error) -> DeliveryError {
    let mut cause: Option<&(dyn error::Error + 'static)> = error::Error::source(failure);
    while let Some(inner) = cause {
        match inner.downcast_ref::<Closed>() {
            Some(Closed::Refused) => return DeliveryError::UrlRefused,
            Some(Closed::Unknown) => return DeliveryError::UnknownHost,
            None => cause = inner.source(),
        }
    }
    if failure.is_timeout() { DeliveryError::Timeout } else { DeliveryError::Connection }
}
