//! Media types of responses and of request bodies.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::error_response::ErrorResponse;
use caunoi_texts::HttpText;

/// The response media types of GraphQL over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status says whether the document was executed.
    GraphqlResponse,
    /// `application/json`, for older clients: 200 if the response is well formed.
    Json,
}

impl Media {
    /// Returns the media type that `Accept` selects; None if it accepts neither.
    ///
    /// Without a preference (`*/*` or no header) it is `application/json`. If both are named with
    /// equal weight, it is the newer type.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::ACCEPT).iter().peekable();
        if values.peek().is_none() {
            return Some(Self::Json);
        }
        let mut graphql = MediaPreference::default();
        let mut json = MediaPreference::default();
        for range in values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')) {
            let (range, weight) = read_range(range);
            graphql.observe(Self::GraphqlResponse.precision(range), weight);
            json.observe(Self::Json.precision(range), weight);
        }
        match (graphql.weight, json.weight) {
            (0, 0) => None,
            (graphql, json) if graphql > json => Some(Self::GraphqlResponse),
            (graphql, json) if graphql < json => Some(Self::Json),
            _ if graphql.precision == Precision::Exact => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }

    /// Returns the `Content-Type` of a response.
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    fn precision(self, range: &str) -> Precision {
        let name = match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        };
        if range.eq_ignore_ascii_case(name) {
            Precision::Exact
        } else if range.eq_ignore_ascii_case("application/*") {
            Precision::Type
        } else if range == "*/*" {
            Precision::Any
        } else {
            Precision::None
        }
    }
}

/// Returns whether `Accept` selects an event stream: by its exact name, and with a higher weight
/// than the types of a single response, which some clients name as well.
pub(super) fn accepts_event_stream(headers: &HeaderMap) -> bool {
    let mut events = MediaPreference::default();
    let mut single = 0;
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for (range, weight) in values.flat_map(|text| text.split(',')).map(read_range) {
        if range.eq_ignore_ascii_case("text/event-stream") {
            events.observe(Precision::Exact, weight);
        }
        let is_single = |media: Media| media.precision(range) == Precision::Exact;
        if is_single(Media::GraphqlResponse) || is_single(Media::Json) {
            single = weight.max(single);
        }
    }
    events.weight > single
}

/// How specific a media range of `Accept` is; the most specific one decides (RFC 9110).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    #[default]
    None,
    Any,
    Type,
    Exact,
}

#[derive(Debug, Default)]
struct MediaPreference {
    precision: Precision,
    weight: u16,
}

impl MediaPreference {
    fn observe(&mut self, precision: Precision, weight: u16) {
        if precision > self.precision {
            *self = Self { precision, weight };
        }
    }
}

/// Returns a media range without its parameters, and its `q` in thousandths.
fn read_range(range: &str) -> (&str, u16) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case("q"))
        .map_or(1_000, |(_, value)| read_weight(value.trim()));
    (name, weight)
}

/// Parses a weight: `0.5` gives 500. An invalid one is ignored and gives 1,000.
fn read_weight(value: &str) -> u16 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_weight = matches!(whole, "0" | "1")
        && fraction.len() <= 3
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match (is_weight, whole) {
        (true, "0") => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 1_000,
    }
}

/// Checks that the body is uncompressed JSON in UTF-8.
///
/// Other content types are refused: a web page may send forms and plain text to another origin
/// without a preflight request, and so act with the rights of its user.
pub(super) fn check_content(headers: &HeaderMap) -> Result<(), ErrorResponse> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
        return Err(ErrorResponse::bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, HttpText::BodyCompressed)
            .with_header(header::ACCEPT_ENCODING, "identity"));
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let content_type = types.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    if types.next().is_none() && is_json_in_utf8(content_type) {
        return Ok(());
    }
    Err(ErrorResponse::bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, HttpText::BodyNotJson)
        .with_header(HeaderName::from_static("accept-post"), "application/json"))
}

fn is_json_in_utf8(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.filter_map(|parameter| parameter.split_once('=')).all(|(key, value)| {
            !key.trim().eq_ignore_ascii_case("charset")
                || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiate(accept: &[&str]) -> Option<Media> {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, value.parse().unwrap());
        }
        Media::negotiate(&headers)
    }

    #[test]
    fn media_type_follows_accept() {
        let cases: [(&[&str], Option<Media>); 14] = [
            (&[], Some(Media::Json)),
            (&["*/*"], Some(Media::Json)),
            (&["application/*"], Some(Media::Json)),
            (&["application/json"], Some(Media::Json)),
            (&["Application/GraphQL-Response+JSON"], Some(Media::GraphqlResponse)),
            (&["application/json, application/graphql-response+json"], Some(Media::GraphqlResponse)),
            (&["application/graphql-response+json;q=0.8, application/json"], Some(Media::Json)),
            (&["application/json;q=0.9", "application/graphql-response+json"], Some(Media::GraphqlResponse)),
            (&["application/graphql-response+json, */*;q=0.1"], Some(Media::GraphqlResponse)),
            (&["application/json;q=0, */*"], Some(Media::GraphqlResponse)),
            (&["text/html, application/json; charset=utf-8"], Some(Media::Json)),
            (&["text/html"], None),
            (&[""], None),
            (&["*/*;q=0"], None),
        ];
        for (accept, media) in cases {
            assert_eq!(negotiate(accept), media, "{accept:?}");
        }
    }

    #[test]
    fn event_stream_is_requested_by_name() {
        let accepts = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.append(header::ACCEPT, accept.parse().unwrap());
            accepts_event_stream(&headers)
        };
        let all = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed";
        for yes in ["text/event-stream", "Text/Event-Stream, multipart/mixed", "*/*, text/event-stream;q=0.5"]
        {
            assert!(accepts(yes), "{yes}");
        }
        for no in [
            "",
            "*/*",
            "text/*",
            all,
            "text/event-stream;q=0",
            "application/json;q=0.9, text/event-stream;q=0.8",
        ] {
            assert!(!accepts(no), "{no}");
        }
    }

    #[test]
    fn only_json_in_utf8_is_accepted() {
        for good in ["application/json", "Application/JSON; Charset=\"UTF-8\"", "application/json;x=y"] {
            assert!(is_json_in_utf8(good), "{good}");
        }
        for bad in ["", "text/plain", "application/json; charset=latin1", "application/jsonp"] {
            assert!(!is_json_in_utf8(bad), "{bad}");
        }
    }
}
