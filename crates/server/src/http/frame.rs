//! What every request gets before its handler, and every response after it.

use std::{
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
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};
use tracing::{Instrument as _, Span, field};

use super::{Limits, State, problem::Problem};
use crate::spans;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name of one request in answers and logs. Ours alone: a name that a stranger sends could
/// be another request's, or text for whoever reads the logs.
#[derive(Debug, Clone)]
pub(super) struct RequestId(Arc<str>);

impl RequestId {
    /// Counts, and hides the count behind a key drawn at start: ids tell nobody how busy we are.
    pub(super) fn next() -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{:016x}", KEY.hash_one(count)).into())
    }

    /// Sixteen hexadecimal digits.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names the request, refuses heads that are too large, catches panics, adds the headers that
/// every response has; counts, times and logs it.
pub(super) async fn frame(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = RequestId::next();
    let route = route_of(request.uri().path());
    // At the level of errors, so that lines of every level name the request.
    let span = tracing::error_span!("request", request_id = id.as_str(), route, status = field::Empty);
    spans::follow(&span, request.headers());
    let response = answer(&state, &id, request, next).instrument(span.clone()).await;
    note(&response, &span, &id, route, begun);
    response
}

/// Polls a stream inside a span, so that its lines name its request after the response has begun.
pub(super) fn within<T: 'static>(span: Span, mut items: BoxStream<'static, T>) -> BoxStream<'static, T> {
    stream::poll_fn(move |context| {
        let _entered = span.enter();
        items.poll_next_unpin(context)
    })
    .boxed()
}

async fn answer(state: &State, id: &RequestId, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(id.clone());
    let mut response = match check_head(&request, &state.limits) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            // The panic hook has written the place; this line ties it to the request.
            tracing::error!(request_id = id.as_str(), "a handler panicked");
            Problem::INTERNAL.respond(id)
        }),
        Err(problem) => problem.respond(id),
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Answers may depend on a token; what may be kept says so itself.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The route in a word: paths of strangers are none of our words.
fn route_of(path: &str) -> &'static str {
    match path {
        "/graphql" => "graphql",
        "/changes.atom" | "/changes.jsonl" => "feed",
        "/metrics" => "metrics",
        "/livez" | "/readyz" => "probe",
        "/" => "page",
        _ if path.starts_with("/assets/") => "page",
        _ => "none",
    }
}

/// One line and one count for each response, nothing of what was asked or told.
fn note(response: &Response, span: &Span, id: &RequestId, route: &'static str, begun: Instant) {
    let status = response.status();
    let class = match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    caunoi_metrics::respond(route, class);
    span.record("status", status.as_u16());
    tracing::debug!(
        request_id = id.as_str(),
        route,
        status = status.as_u16(),
        elapsed_ms = begun.elapsed().as_secs_f64() * 1e3,
        bytes = response.body().size_hint().exact(),
        "responded"
    );
}

fn check_head(request: &Request, limits: &Limits) -> Result<(), Problem> {
    let uri_bytes = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri_bytes > limits.head_bytes {
        return Err(Problem::bad(StatusCode::URI_TOO_LONG, "The address is too long."));
    }
    if bytes_of(request.headers()) > limits.head_bytes {
        let message = "The headers are too large.";
        return Err(Problem::bad(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, message));
    }
    Ok(())
}

fn bytes_of(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_path_the_route_is_one_of_few() {
        for (path, route) in [
            ("/graphql", "graphql"),
            ("/changes.atom", "feed"),
            ("/changes.jsonl", "feed"),
            ("/metrics", "metrics"),
            ("/livez", "probe"),
            ("/readyz", "probe"),
            ("/", "page"),
            ("/assets/x.js", "page"),
            ("/graphql/", "none"),
            ("/secret", "none"),
        ] {
            assert_eq!(route_of(path), route, "{path}");
        }
    }

    #[test]
    fn request_ids_differ() {
        let (first, second) = (RequestId::next(), RequestId::next());
        assert_ne!(first.as_str(), second.as_str());
        assert_eq!(first.as_str().len(), 16);
    }
}
