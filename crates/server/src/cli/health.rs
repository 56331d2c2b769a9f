//! `caunoi health`: the readiness probe for orchestrators whose images have no other HTTP client.

use std::{process::ExitCode, time::Duration};

use axum::body::Bytes;
use http_body_util::Empty;
use hyper::{Response, Uri, body::Incoming};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail_with, print, runtime, serve::reachable};
use crate::config::Config;
use caunoi_texts::OperatorText;

/// Longer than the server's own probe timeout, shorter than the timeouts of orchestrators.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Requests `/readyz` of the server of these settings, or `url`, and returns 0 if it is ready.
pub(super) fn health(config: &Config, url: Option<&str>) -> ExitCode {
    // Over TLS the name in the certificate is not known here; the other listener has the probes too.
    let plain = config.settings.metrics_listen.filter(|_| config.settings.tls.is_some());
    let own = || format!("http://{}/readyz", reachable(plain.unwrap_or(config.settings.listen)));
    let url = url.map_or_else(own, str::to_owned);
    let address: Uri = match url.parse() {
        Ok(address) => address,
        Err(error) => {
            return fail_with(&OperatorText::NotAUrl { given: url, error: error.to_string() }, EXIT_FIXABLE);
        }
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    match runtime.block_on(async { timeout(TIMEOUT, send_get(address)).await }) {
        Ok(Ok(response)) if response.status().is_success() => print(&"ready"),
        Ok(Ok(response)) => {
            fail_with(&OperatorText::UrlReturned { url, status: response.status().to_string() }, EXIT_FAILURE)
        }
        Ok(Err(error)) => fail_with(&OperatorText::NoAnswer { url, error: error.to_string() }, EXIT_FAILURE),
        Err(_) => fail_with(&OperatorText::NoAnswerWithin { url, seconds: TIMEOUT.as_secs() }, EXIT_FAILURE),
    }
}

async fn send_get(address: Uri) -> Result<Response<Incoming>, hyper_util::client::legacy::Error> {
    let client: Client<HttpConnector, Empty<Bytes>> =
        Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    client.get(address).await
}
