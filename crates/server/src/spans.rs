//! Spans of requests, sent to an OpenTelemetry collector.
//!
//! Without a collector no span is made: those of this program are at the level `debug`, which
//! nothing else asks for. Spans leave by OTLP over plain HTTP: a collector beside the node speaks
//! TLS to those that are further away.

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

/// What the collector calls this program, and the modules whose spans it gets.
const NAME: &str = "caunoi";
/// For the collector to take one batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// For what is left at the end, after a stop that took all the time it may.
const FAREWELL: Duration = Duration::from_secs(3);

/// The way to one collector.
#[derive(Debug)]
pub(crate) struct Spans(SdkTracerProvider);

impl Spans {
    /// To the collector at this `http://` address. Whether it answers is not asked.
    pub(crate) fn to(endpoint: &str, runtime: Handle) -> Result<Self, ExporterBuildError> {
        let post = Post {
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

    /// What turns our spans into those of the collector.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        // A stream lives as long as its client: what it does is told in spans of their own.
        let is_ours = |told: &Metadata<'_>| {
            told.is_span() && told.target().starts_with(NAME) && told.name() != "stream"
        };
        let ours = FilterFn::new(is_ours).with_max_level_hint(tracing::level_filters::LevelFilter::DEBUG);
        tracing_opentelemetry::layer().with_tracer(self.0.tracer(NAME)).with_filter(ours)
    }

    /// Sends what is left. Waits only a moment.
    pub(crate) fn flush(&self) {
        // A collector that is away was told of already.
        let _ = self.0.shutdown_with_timeout(FAREWELL);
    }
}

/// Makes a span the child of the one that the headers name (`traceparent`), if spans are made.
pub(crate) fn follow(span: &Span, headers: &HeaderMap) {
    if span.is_disabled() || !headers.contains_key("traceparent") {
        return;
    }
    let propagator = TraceContextPropagator::new();
    let parent = propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers));
    // Where only the log asks for spans there is no collector to tell.
    let _ = span.set_parent(parent);
}

/// Posts batches. The exporter calls it from a thread of its own.
#[derive(Debug)]
struct Post {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
    is_away: AtomicBool,
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let posting = self.runtime.spawn(async { timeout(PATIENCE, post(client, request)).await });
        let sent = match posting.await {
            Ok(Ok(sent)) => sent,
            Ok(Err(late)) => Err(late.into()),
            Err(broken) => Err(broken.into()),
        };
        self.note(&sent);
        sent
    }
}

impl Post {
    /// Says once that the collector is away, and once that it is back.
    fn note(&self, sent: &Result<Response<Bytes>, HttpError>) {
        let takes = sent.as_ref().is_ok_and(|response| response.status().is_success());
        let was_away = self.is_away.swap(!takes, Ordering::Relaxed);
        if !takes && !was_away {
            tracing::warn!("the collector takes no spans: they are lost");
        } else if takes && was_away {
            tracing::info!("the collector takes spans again");
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
