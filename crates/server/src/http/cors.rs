//! Cross-origin requests of browsers (the CORS protocol of the Fetch standard).
//!
//! Pages of any origin may read every response, without credentials: the server has no cookies, and
//! a response to a request without a token is public. A header `Authorization` needs a preflight
//! request, which allows it for the origins of the settings only. So responses do not depend on
//! `Origin` and caches keep one for all origins; only the response to a preflight request does. The
//! layer of tower-http allows headers for all origins alike, so it cannot express this.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State as Shared},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::HttpState;

/// The methods of all paths.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, QUERY");
/// All headers; in the Fetch standard `*` never includes `Authorization`.
const PUBLIC_HEADERS: HeaderValue = HeaderValue::from_static("*");
/// All headers, and that of the token.
const TOKEN_HEADERS: HeaderValue = HeaderValue::from_static("*, Authorization");
/// The headers of responses that scripts may read, apart from those that the Fetch standard allows.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept-Query, Allow, Content-Disposition, Content-Range, ETag, Link, RateLimit, RateLimit-Policy, \
     Retry-After, WWW-Authenticate, X-Request-Id",
);
/// The time for which a browser need not repeat a preflight request, in seconds; browsers have lower
/// limits of their own.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");
/// The headers that decide the response to a preflight request.
const PREFLIGHT_VARY: HeaderValue =
    HeaderValue::from_static("origin, access-control-request-method, access-control-request-headers");

/// Responds to preflight requests for known paths; passes other requests on.
pub(super) async fn preflight(
    Shared(state): Shared<Arc<HttpState>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    if matched.is_some() && is_preflight(request.method(), request.headers()) {
        allow(request.headers(), &state.allowed_origins)
    } else {
        next.run(request).await
    }
}

/// Lets pages of any origin read a response.
pub(super) async fn expose(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    response
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Returns the response to a preflight request; a token is allowed for these origins only.
fn allow(request_headers: &HeaderMap, allowed_origins: &[String]) -> Response {
    let origin = request_headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let may_send_token = origin.is_some_and(|origin| allowed_origins.iter().any(|known| known == origin));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    let allowed = if may_send_token { TOKEN_HEADERS } else { PUBLIC_HEADERS };
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(header::VARY, PREFLIGHT_VARY);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_origins_may_send_a_token() {
        let allowed = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            let response = allow(&headers, &["https://dong-nai.gov.vn".to_owned()]);
            response.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap().to_owned()
        };
        assert_eq!(allowed("https://dong-nai.gov.vn"), "*, Authorization");
        for other in
            ["http://dong-nai.gov.vn", "https://dong-nai.gov.vn.evil.com", "https://evil.com", "null"]
        {
            assert_eq!(allowed(other), "*", "{other}");
        }
    }
}
