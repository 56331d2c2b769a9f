//! Conditional requests: responses with an ETag that public HTTP caches may store.
//!
//! Caches must revalidate them before each use, because only the server knows whether a response is
//! current. A revalidation of an unchanged response is a 304 without a body.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_cache::Tag;

use super::media::Media;

/// Adds the ETag to a response. Returns 304 without a body if `If-None-Match` matches.
pub(super) fn respond(mut response: Response, tag: &str, request_headers: &HeaderMap) -> Response {
    if matches(request_headers, tag) {
        *response.body_mut() = Body::empty();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Returns the ETag of a GraphQL response. Each media type is a representation with its own tag.
pub(super) fn response_tag(tag: Tag, media: Media) -> String {
    match media {
        Media::GraphqlResponse => format!("\"{tag}g\""),
        Media::Json => format!("\"{tag}j\""),
    }
}

/// Returns the ETag of a body that has only one media type.
pub(super) fn body_tag(body: &[u8]) -> String {
    format!("\"{}\"", Tag::from_body(body))
}

/// The suffixes that proxies add to the tag of a response that they compress: Apache and Jetty,
/// Caddy.
const COMPRESSED: [&str; 5] = ["--gzip", "-gzip", ";gzip", "-br", "-zstd"];

/// Returns whether `If-None-Match` contains the tag, by weak comparison (RFC 9110). The tag of a
/// response that a proxy has compressed counts as that of the response.
pub(super) fn matches(request_headers: &HeaderMap, tag: &str) -> bool {
    let named = request_headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    // Our tags contain no commas.
    named.flat_map(|list| list.split(',')).map(str::trim).any(|one| one == "*" || opaque(one) == opaque(tag))
}

/// Returns the opaque part of a tag, without the mark of weakness and the suffix of a proxy; none if
/// it has no quotes.
fn opaque(tag: &str) -> Option<&str> {
    let text = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    Some(COMPRESSED.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_is_found_in_a_list() {
        let request_headers = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            headers
        };
        let compressed = ["\"ab-gzip\"", "W/\"ab-gzip\"", "\"ab--gzip\"", "\"ab;gzip\"", "\"x\",\"ab-br\""];
        for value in ["\"ab\"", "W/\"ab\"", "\"x\", \"ab\"", "*"].into_iter().chain(compressed) {
            assert!(matches(&request_headers(value), "\"ab\""), "{value}");
        }
        for value in ["\"abc\"", "ab", "\"x\"", "", "\"", "\"ab-gzip-gzip\"", "\"-gzip\""] {
            assert!(!matches(&request_headers(value), "\"ab\""), "{value}");
        }
    }
}
