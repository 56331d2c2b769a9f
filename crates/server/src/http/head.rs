//! Checks the head of a request: its size, its host, and headers that could hide another request.

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, Version, header, uri::Authority},
};
use caunoi_texts::HttpText;

use super::{Limits, error_response::ErrorResponse};

/// Checks the head of a request.
///
/// # Errors
/// Returns 414 or 431 if it is too large, 400 if its host is ambiguous.
pub(super) fn check_head(request: &Request, limits: &Limits) -> Result<(), ErrorResponse> {
    let uri_bytes = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri_bytes > limits.head_bytes {
        return Err(ErrorResponse::bad(StatusCode::URI_TOO_LONG, HttpText::AddressTooLong));
    }
    if bytes_of(request.headers()) > limits.head_bytes {
        return Err(ErrorResponse::bad(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            HttpText::HeadersTooLarge,
        ));
    }
    if !has_one_host(request) {
        return Err(ErrorResponse::parameters(HttpText::HostAmbiguous));
    }
    Ok(())
}

fn bytes_of(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// Returns whether a request names exactly one host: `Host` in HTTP/1.1 (RFC 9112, section 3.2),
/// `:authority` or `Host` in HTTP/2 (RFC 9113, section 8.3.1), and the same one in the URI.
fn has_one_host(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let of_uri = request.uri().authority();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => false,
        (None, None) => {
            request.version() < Version::HTTP_11 || (request.version() == Version::HTTP_2 && of_uri.is_some())
        }
        (Some(host), None) => Authority::try_from(host.as_bytes()).is_ok_and(|host| {
            let has_user = host.as_str().contains('@');
            // A proxy rewrites the URI, so in HTTP/1.1 it may differ.
            let is_of_uri =
                request.version() != Version::HTTP_2 || of_uri.is_none_or(|of_uri| *of_uri == host);
            !has_user && is_of_uri
        }),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn is_accepted(version: Version, uri: &str, hosts: &[&str]) -> bool {
        let mut request = Request::builder().version(version).uri(uri);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        check_head(&request.body(Body::empty()).unwrap(), &Limits::default()).is_ok()
    }

    #[test]
    fn request_names_one_host() {
        for host in ["a.vn", "a.vn:8080", "127.0.0.1:1", "[::1]:8080", "A.VN"] {
            assert!(is_accepted(Version::HTTP_11, "/", &[host]), "{host}");
            assert!(is_accepted(Version::HTTP_2, "/", &[host]), "{host}");
        }
        for hosts in
            [&[][..], &[""], &["a.vn", "a.vn"], &["a.vn", "b.vn"], &["a.vn/x"], &["u@a.vn"], &["a b"]]
        {
            assert!(!is_accepted(Version::HTTP_11, "/", hosts), "{hosts:?}");
        }
        assert!(is_accepted(Version::HTTP_10, "/", &[]));
        assert!(is_accepted(Version::HTTP_2, "http://a.vn/", &[]));
        assert!(is_accepted(Version::HTTP_2, "http://a.vn/", &["A.vn"]));
        assert!(!is_accepted(Version::HTTP_2, "http://a.vn/", &["b.vn"]));
        assert!(!is_accepted(Version::HTTP_2, "/", &[]));
    }
}
