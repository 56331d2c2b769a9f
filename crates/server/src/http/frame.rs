//! The middleware around all handlers: request id, head limits, panics, common headers, logs,
//! metrics.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    panic::AssertUnwindSafe,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    body::HttpBody as _,
    extract::{MatchedPath, Request, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use caunoi_domain::locale::Locale;
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};
use tracing::{Instrument as _, Span, field};

use super::{
    HttpState,
    client_address::client_address,
    error_response::ErrorResponse,
    head::check_head,
    refusal::{self, CallerHeaders},
};
use crate::span_export;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request in responses and logs, and the language of its errors. The id that a client sends is not used: it could be
/// that of another request, or forge log lines.
#[derive(Debug, Clone)]
pub(super) struct RequestId {
    id: Arc<str>,
    locale: Locale,
}

impl RequestId {
    /// Returns the hash of a counter under a random key, so that ids do not reveal the request
    /// rate.
    /// `headers` state the language of its errors.
    pub(super) fn next(headers: &HeaderMap) -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let locale = Locale::from_accept_language(languages.unwrap_or_default());
        Self { id: format!("{:016x}", KEY.hash_one(count)).into(), locale }
    }

    /// Returns 16 hexadecimal digits.
    pub(super) fn as_str(&self) -> &str {
        &self.id
    }

    /// Returns the language of errors.
    pub(super) fn locale(&self) -> Locale {
        self.locale
    }
}

/// Assigns the request id, refuses heads that are too large, catches panics, adds the headers that
/// every response has; counts, times and logs the request.
pub(super) async fn frame(
    Shared(state): Shared<Arc<HttpState>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = RequestId::next(request.headers());
    let target = RequestTarget { method: method_of(request.method()), route: route_of(matched.as_ref()) };
    let span = request_span(&id, &target, request.uri().path());
    span_export::set_remote_parent(&span, request.headers());
    let (caller, client) = (CallerHeaders::of(request.headers()), client_address(request.extensions()));
    let response = handle_request(&state, &id, request, next).instrument(span.clone()).await;
    span.in_scope(|| refusal::count_response(&state, &caller, client, &response));
    let network =
        tracing::enabled!(tracing::Level::DEBUG).then(|| state.address_labels.label(client)).flatten();
    record_response(&response, &span, &ResponseLine { id: &id, target: &target, network, started });
    response
}

/// The part of the log line of a response that describes its request.
struct ResponseLine<'a> {
    id: &'a RequestId,
    target: &'a RequestTarget<'a>,
    /// The label of the client's network; None if it is not kept, or the line is not written.
    network: Option<String>,
    started: Instant,
}

/// The method and the route of a request, both from closed lists.
struct RequestTarget<'a> {
    method: &'static str,
    route: Option<&'a str>,
}

/// The name of a span, as the semantic conventions of OpenTelemetry define it.
impl fmt::Display for RequestTarget<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = if self.method == OTHER_METHOD { "HTTP" } else { self.method };
        match self.route {
            Some(route) => write!(formatter, "{method} {route}"),
            None => formatter.write_str(method),
        }
    }
}

/// Returns the span of a request, with the attributes of the semantic conventions for HTTP. Its level
/// is `error`, so that lines of every level have the request id.
fn request_span(id: &RequestId, target: &RequestTarget<'_>, path: &str) -> Span {
    tracing::error_span!(
        "request",
        request_id = id.as_str(),
        otel.name = %target,
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = target.method,
        http.route = target.route,
        url.path = path,
        http.response.status_code = field::Empty,
        error.type = field::Empty,
    )
}

/// Polls a stream inside a span, so that log lines written after the head of the response still
/// have the request id.
pub(super) fn within<T: 'static>(span: Span, mut items: BoxStream<'static, T>) -> BoxStream<'static, T> {
    stream::poll_fn(move |context| {
        let _entered = span.enter();
        items.poll_next_unpin(context)
    })
    .boxed()
}

async fn handle_request(state: &HttpState, id: &RequestId, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(id.clone());
    let mut response = match check_head(&request, &state.limits) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            // The panic hook has logged the location; this line adds the request id.
            tracing::error!(request_id = id.as_str(), "a handler panicked");
            ErrorResponse::INTERNAL.respond(id)
        }),
        Err(error_response) => error_response.respond(id),
    };
    response.extensions_mut().insert(id.clone());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    add_security_headers(headers, state.tls.is_some());
    // Responses may depend on a token; those that may be cached set the header themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The policy of responses that are no pages: a browser that is made to show one loads nothing.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Adds the headers for browsers. CORS decides who may read responses; pages that may not read them
/// cannot embed them either.
fn add_security_headers(headers: &mut HeaderMap, is_tls: bool) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(CONTENT_POLICY);
    if is_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

/// Returns the path of the route and never that of the request, so that the label has few values;
/// none if the server does not know the path.
fn route_of(matched: Option<&MatchedPath>) -> Option<&str> {
    matched.map(MatchedPath::as_str)
}

/// The value of the semantic conventions for other methods than the known ones.
const OTHER_METHOD: &str = "_OTHER";

/// Returns the method, or a fixed word for one that the server does not know.
fn method_of(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or(OTHER_METHOD)
}

/// Logs and counts a response, without any content of request or response.
fn record_response(response: &Response, span: &Span, line: &ResponseLine<'_>) {
    let ResponseLine { id, target, network, started } = line;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    let RequestTarget { method, route } = **target;
    caunoi_metrics::record_http_response(
        method,
        route.unwrap_or_default(),
        status.as_u16(),
        started.elapsed(),
    );
    tracing::debug!(
        request_id = id.as_str(),
        method,
        route,
        client = network.as_deref(),
        status = status.as_u16(),
        elapsed_ms = started.elapsed().as_secs_f64() * 1e3,
        bytes = response.body().size_hint().exact(),
        "responded"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware, routing::get};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    async fn respond_with_label(matched: Option<MatchedPath>, _: Request, _: Next) -> Response {
        Response::new(Body::from(route_of(matched.as_ref()).unwrap_or("none").to_owned()))
    }

    #[tokio::test]
    async fn every_path_has_a_known_route_label() {
        let routes = Router::new()
            .route("/", get(async || ()))
            .route("/livez", get(async || ()))
            .route("/changes.atom", get(async || ()))
            .route("/graphql", get(async || ()))
            .route("/assets/{name}", get(async || ()))
            .layer(middleware::from_fn(respond_with_label));
        for (path, route) in [
            ("/graphql", "/graphql"),
            ("/graphql?query=secret", "/graphql"),
            ("/assets/x.js", "/assets/{name}"),
            ("/", "/"),
            ("/livez", "/livez"),
            ("/changes.atom?after=secret", "/changes.atom"),
            ("/graphql/", "none"),
            ("/Graphql", "none"),
            ("/assets/secret/x.js", "none"),
            ("/secret", "none"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), route, "{path}");
        }
    }

    #[test]
    fn unknown_methods_share_one_word() {
        let span_name = |method: &str, route: Option<&'static str>| {
            RequestTarget { method: method_of(&method.parse().unwrap()), route }.to_string()
        };
        assert_eq!(span_name("QUERY", Some("/graphql")), "QUERY /graphql");
        assert_eq!(span_name("GET", None), "GET");
        assert_eq!(span_name("SECRET", Some("/graphql")), "HTTP /graphql");
        assert_eq!(method_of(&"query".parse().unwrap()), "_OTHER");
    }

    #[test]
    fn request_ids_are_unique() {
        let (first, second) = (RequestId::next(&HeaderMap::new()), RequestId::next(&HeaderMap::new()));
        assert_ne!(first.as_str(), second.as_str());
        assert_eq!(first.as_str().len(), 16);
    }
}
