//! Downloads of stored files: whole or in part (`Range`, RFC 9110, section 14), under their name
//! (`Content-Disposition`, RFC 6266).

use std::io;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::upload::Upload;

use crate::files::{self, FileStore};
use crate::http::conditional;

/// The part of a file that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteRange {
    /// The whole file.
    Whole,
    /// The bytes from the first to the last one, both included.
    Part { first: u64, last: u64 },
    /// The file has no such bytes.
    Unsatisfiable,
}

/// Returns the response with the requested part of a file.
///
/// # Errors
/// Returns an error if the store does not contain the file or cannot be read.
pub(super) async fn respond(store: &FileStore, upload: &Upload, headers: &HeaderMap) -> io::Result<Response> {
    let tag = format!("\"{}\"", upload.sha256);
    let size = u64::try_from(upload.size_bytes).unwrap_or_default();
    let mut response = Response::new(Body::empty());
    match requested(headers, &tag, size) {
        ByteRange::Whole => {
            let file = store.open(&upload.sha256, 0).await?;
            *response.body_mut() = Body::from_stream(files::read(file, size));
            response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
        }
        ByteRange::Part { first, last } => {
            let (file, bytes) = (store.open(&upload.sha256, first).await?, last - first + 1);
            *response.body_mut() = Body::from_stream(files::read(file, bytes));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
            response.headers_mut().insert(header::CONTENT_LENGTH, bytes.into());
        }
        ByteRange::Unsatisfiable => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
        }
    }
    set(&mut response, header::CONTENT_TYPE, &upload.media_type);
    set(&mut response, header::CONTENT_DISPOSITION, &attachment(&upload.name));
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::VARY, "authorization");
    let mut response = conditional::respond(response, &tag, headers);
    if response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_RANGE);
    }
    if headers.contains_key(header::AUTHORIZATION) {
        set(&mut response, header::CACHE_CONTROL, "private, no-cache");
    }
    Ok(response)
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Returns the range of a request for a file with this ETag and size. Several ranges, another unit
/// and a range of another version are answered with the whole file, as RFC 9110 permits.
fn requested(headers: &HeaderMap, tag: &str, size: u64) -> ByteRange {
    let is_of_tag = headers.get(header::IF_RANGE).is_none_or(|version| version == tag);
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let range = text.filter(|_| is_of_tag).and_then(|text| text.strip_prefix("bytes="));
    range.and_then(|range| parse(range, size)).unwrap_or(ByteRange::Whole)
}

/// Returns None for a text that is not one range.
fn parse(text: &str, size: u64) -> Option<ByteRange> {
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number that is too long is beyond any file.
        is_number.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let end = size.checked_sub(1);
    let (first, last) = match text.trim().split_once('-')? {
        ("", suffix) => (size.saturating_sub(number(suffix)?), end),
        (first, "") => (number(first)?, end),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            (first, end.map(|end| end.min(last)))
        }
    };
    Some(match last {
        Some(last) if first <= last => ByteRange::Part { first, last },
        Some(_) | None => ByteRange::Unsatisfiable,
    })
}

/// Returns the header of a download with this name: in ASCII for old clients, and exactly (RFC
/// 8187).
fn attachment(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let is_attribute = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    let exact: String = name
        .bytes()
        .map(|byte| if is_attribute(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &'static str, size: u64) -> ByteRange {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, text.parse().unwrap());
        requested(&headers, "\"tag\"", size)
    }

    #[test]
    fn one_range_is_read() {
        for (text, size, expected) in [
            ("bytes=0-0", 10, ByteRange::Part { first: 0, last: 0 }),
            ("bytes=2-4", 10, ByteRange::Part { first: 2, last: 4 }),
            ("bytes=2-99999999999999999999", 10, ByteRange::Part { first: 2, last: 9 }),
            ("bytes=9-", 10, ByteRange::Part { first: 9, last: 9 }),
            ("bytes=-3", 10, ByteRange::Part { first: 7, last: 9 }),
            ("bytes=-30", 10, ByteRange::Part { first: 0, last: 9 }),
            ("bytes=10-", 10, ByteRange::Unsatisfiable),
            ("bytes=-0", 10, ByteRange::Unsatisfiable),
            ("bytes=0-", 0, ByteRange::Unsatisfiable),
            ("bytes=4-2", 10, ByteRange::Whole),
            ("bytes=0-1,3-4", 10, ByteRange::Whole),
            ("bytes=a-b", 10, ByteRange::Whole),
            ("bytes=-", 10, ByteRange::Whole),
            ("lines=0-1", 10, ByteRange::Whole),
        ] {
            assert_eq!(range(text, size), expected, "{text} of {size}");
        }
    }

    #[test]
    fn range_of_another_version_is_not_applied() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-0".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"other\"".parse().unwrap());
        assert_eq!(requested(&headers, "\"tag\"", 10), ByteRange::Whole);
        headers.insert(header::IF_RANGE, "\"tag\"".parse().unwrap());
        assert_eq!(requested(&headers, "\"tag\"", 10), ByteRange::Part { first: 0, last: 0 });
    }

    #[test]
    fn name_of_a_download_is_exact_and_cannot_add_headers() {
        assert_eq!(
            attachment("Thỏa thuận \"A\"\r\n.pdf"),
            "attachment; filename=\"Th_a thu_n _A___.pdf\"; \
             filename*=UTF-8''Th%E1%BB%8Fa%20thu%E1%BA%ADn%20%22A%22%0D%0A.pdf"
        );
    }

    #[test]
    fn any_range_is_within_the_file_and_any_name_is_a_header() {
        caunoi_fuzz::run_text("download", |given| {
            for size in [0, 1, 10, u64::MAX] {
                match parse(given.trim_start_matches("bytes="), size) {
                    Some(ByteRange::Part { first, last }) => assert!(first <= last && last < size),
                    Some(ByteRange::Whole | ByteRange::Unsatisfiable) | None => {}
                }
            }
            let value = attachment(given);
            assert!(value.is_ascii() && !value.contains(char::is_control), "{value}");
            assert_eq!(value.matches('"').count(), 2, "{value}");
        });
    }
}
