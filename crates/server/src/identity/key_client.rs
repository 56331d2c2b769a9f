//! The HTTP client that fetches the keys of issuers.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{Request, header},
};
use caunoi_texts::OperatorText;
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use url::{Host, Url};

/// Timeout of one fetch, from name resolution to the last byte.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum bytes of a response: a hundred large keys.
const MOST_BYTES: usize = 256 * 1_024;
const USER_AGENT: &str = concat!("Caunoi/", env!("CARGO_PKG_VERSION"), " (keys)");

/// Fetches documents by HTTPS, or by HTTP from this machine. It follows no redirect.
#[derive(Debug, Clone)]
pub(super) struct KeyClient {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

impl KeyClient {
    pub(super) fn new() -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let https = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http();
        Self { client: Client::builder(TokioExecutor::new()).build(https.enable_http1().wrap_connector(tcp)) }
    }

    /// Returns the body of a document.
    ///
    /// # Errors
    /// Returns the reason if there is no response with status 200 in time, or it is too large.
    pub(super) async fn get(&self, url: &Url) -> Result<Bytes, OperatorText> {
        let request = Request::get(url.as_str())
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::ACCEPT, "application/json")
            .body(Empty::new())
            .map_err(|error| no_answer(url, &error))?;
        let fetch = async {
            let response =
                self.client.request(request).await.map_err(|error| no_answer(url, &innermost(&error)))?;
            if response.status() != 200 {
                return Err(OperatorText::UrlReturned {
                    url: url.to_string(),
                    status: response.status().to_string(),
                });
            }
            let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
            body.map(http_body_util::Collected::to_bytes).map_err(|error| {
                if error.is::<LengthLimitError>() {
                    OperatorText::DocumentTooLarge { url: url.to_string(), most: MOST_BYTES }
                } else {
                    no_answer(url, &error)
                }
            })
        };
        timeout(TIMEOUT, fetch).await.unwrap_or_else(|_| {
            Err(OperatorText::NoAnswerWithin { url: url.to_string(), seconds: TIMEOUT.as_secs() })
        })
    }
}

/// Parses a URL of keys or of a document that leads to them.
///
/// # Errors
/// Returns the reason if the text is no URL, or the keys would come from another machine without TLS.
pub(super) fn key_url(text: &str) -> Result<Url, OperatorText> {
    let url = Url::parse(text)
        .map_err(|error| OperatorText::NotAUrl { given: text.to_owned(), error: error.to_string() })?;
    if is_allowed(&url) { Ok(url) } else { Err(OperatorText::KeysNotHttps { given: text.to_owned() }) }
}

fn is_allowed(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

fn no_answer(url: &Url, error: &impl ToString) -> OperatorText {
    OperatorText::NoAnswer { url: url.to_string(), error: error.to_string() }
}

/// Returns the message of the cause, as `Connection refused`: the client's own says only that it
/// failed to connect.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
