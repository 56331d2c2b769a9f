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

use super::{BROKEN, MENDABLE, fail, runtime, say, serve::reachable};
use crate::config::Config;

/// Longer than the server takes to say anything, shorter than orchestrators wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a server whether it can answer now: the one of these settings on this machine, or any.
pub(super) fn health(config: &Config, url: Option<&str>) -> ExitCode {
    let own = || format!("http://{}/readyz", reachable(config.settings.listen));
    let url = url.map_or_else(own, str::to_owned);
    let address: Uri = match url.parse() {
        Ok(address) => address,
        Err(error) => return fail(&format_args!("{url:?} is not a URL: {error}"), MENDABLE),
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    match runtime.block_on(timeout(PATIENCE, ask(address))) {
        Ok(Ok(response)) if response.status().is_success() => say(&"ready"),
        Ok(Ok(response)) => fail(&format_args!("{url} answers {}", response.status()), BROKEN),
        Ok(Err(error)) => fail(&format_args!("{url} does not answer: {error}"), BROKEN),
        Err(_) => fail(&format_args!("{url} does not answer in {} s", PATIENCE.as_secs()), BROKEN),
    }
}

async fn ask(address: Uri) -> Result<Response<Incoming>, hyper_util::client::legacy::Error> {
    let client: Client<HttpConnector, Empty<Bytes>> =
        Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    client.get(address).await
}
