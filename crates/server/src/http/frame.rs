//! What every request gets before its handler, and every response after it.

use std::{
    hash::{BuildHasher as _, RandomState},
    panic::AssertUnwindSafe,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;

use super::{Limits, State, problem::Problem};

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
/// every response has.
pub(super) async fn frame(Shared(state): Shared<Arc<State>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::next();
    request.extensions_mut().insert(id.clone());
    let mut response = match check_head(&request, &state.limits) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            // The panic hook has written the place; this line ties it to the request.
            tracing::error!(request_id = id.as_str(), "a handler panicked");
            Problem::INTERNAL.respond(&id)
        }),
        Err(problem) => problem.respond(&id),
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
    fn request_ids_differ() {
        let (first, second) = (RequestId::next(), RequestId::next());
        assert_ne!(first.as_str(), second.as_str());
        assert_eq!(first.as_str().len(), 16);
    }
}
