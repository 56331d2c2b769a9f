//! Answers that caches on the way may store: those to an address that anybody may ask.
//!
//! They may be stored and never be used without asking: whether an answer still holds, only a node
//! knows. What it costs then is a 304 without a body.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_graphql::answer::Tag;

use super::media::Media;

/// A response with its tag; without its body where the client has that already.
pub(super) fn respond(mut response: Response, tag: &str, asked: &HeaderMap) -> Response {
    if has_it(asked, tag) {
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

/// The tag of an answer. The same body in two media types is two representations.
pub(super) fn answer_tag(tag: Tag, media: Media) -> String {
    match media {
        Media::GraphqlResponse => format!("\"{tag}g\""),
        Media::Json => format!("\"{tag}j\""),
    }
}

/// The tag of a body that an address has in one media type alone.
pub(super) fn body_tag(body: &[u8]) -> String {
    format!("\"{}\"", Tag::of(body))
}

/// Whether `If-None-Match` names the tag; weak ones count, as they do for reads.
fn has_it(asked: &HeaderMap, tag: &str) -> bool {
    let named = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    // Our tags hold no comma.
    named
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            headers
        };
        for value in ["\"ab\"", "W/\"ab\"", "\"x\", \"ab\"", "*"] {
            assert!(has_it(&asked(value), "\"ab\""), "{value}");
        }
        for value in ["\"abc\"", "ab", "\"x\"", ""] {
            assert!(!has_it(&asked(value), "\"ab\""), "{value}");
        }
    }
}
