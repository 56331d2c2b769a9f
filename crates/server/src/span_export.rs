//! Exports the spans of requests to an OpenTelemetry collector.
//!
//! Without a collector no span is created: the spans of this program have the level `debug`, which
//! only the exporter enables. Spans are sent by OTLP over plain HTTP; a collector on the same
//! machine or network forwards them over TLS.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use axum::http::HeaderMap;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{Context, propagation::TextMapPropagator as _, trace::TracerProvider as _};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tokio::{runtime::Handle, time::timeout};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer, filter::FilterFn, registry::LookupSpan};

/// The service name in the collector, and the prefix of the modules whose spans are exported.
const NAME: &str = "caunoi";
/// Timeout of one batch.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of the last batch when the process stops.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);

/// The exporter to one collector.
#[derive(Debug)]
pub(crate) struct SpanExport(SdkTracerProvider);

impl SpanExport {
    /// Creates an exporter to the collector at this `http://` URL without connecting to it.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub(crate) fn new(endpoint: &str, runtime: Handle) -> Result<Self, ExporterBuildError> {
        let post = SpanHttpClient {
            client: Client::builder(TokioExecutor::new()).build(HttpConnector::new()),
            runtime,
            is_away: AtomicBool::new(false),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(post)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .build()?;
        let program = Resource::builder().with_service_name(NAME).build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(program).build();
        Ok(Self(provider))
    }

    /// Returns the tracing layer that exports spans.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        // The span of a stream lasts as long as its client; the spans of its events are exported.
        let is_ours = |metadata: &Metadata<'_>| {
            metadata.is_span() && metadata.target().starts_with(NAME) && metadata.name() != "stream"
        };
        let ours = FilterFn::new(is_ours).with_max_level_hint(tracing::level_filters::LevelFilter::DEBUG);
        tracing_opentelemetry::layer().with_tracer(self.0.tracer(NAME)).with_filter(ours)
    }

    /// Sends the remaining spans, at most for `FLUSH_TIMEOUT`.
    pub(crate) fn flush(&self) {
        // A failure of the collector is already logged.
        let _ = self.0.shutdown_with_timeout(FLUSH_TIMEOUT);
    }
}

/// Sets the parent of `span` from the header `traceparent` (W3C Trace Context), if spans are
/// exported.
pub(crate) fn set_remote_parent(span: &Span, headers: &HeaderMap) {
    if span.is_disabled() || !headers.contains_key("traceparent") {
        return;
    }
    let propagator = TraceContextPropagator::new();
    let parent = propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers));
    // This fails if no exporter is installed.
    let _ = span.set_parent(parent);
}

/// The HTTP client of the exporter, which calls it from its own thread.
#[derive(Debug)]
struct SpanHttpClient {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
    is_away: AtomicBool,
}

#[async_trait]
impl HttpClient for SpanHttpClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let posting = self.runtime.spawn(async { timeout(TIMEOUT, post(client, request)).await });
        let sent = match posting.await {
            Ok(Ok(sent)) => sent,
            Ok(Err(late)) => Err(late.into()),
            Err(broken) => Err(broken.into()),
        };
        self.log_change(&sent);
        sent
    }
}

impl SpanHttpClient {
    /// Logs only the transitions between success and failure.
    fn log_change(&self, sent: &Result<Response<Bytes>, HttpError>) {
        let takes = sent.as_ref().is_ok_and(|response| response.status().is_success());
        let was_away = self.is_away.swap(!takes, Ordering::Relaxed);
        if !takes && !was_away {
            tracing::warn!("the collector does not accept spans; they are lost");
        } else if takes && was_away {
            tracing::info!("the collector accepts spans again");
        }
    }
}

async fn post(
    client: Client<HttpConnector, Full<Bytes>>,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let response = client.request(request.map(Full::new)).await?;
    let (parts, body) = response.into_parts();
    Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
}
