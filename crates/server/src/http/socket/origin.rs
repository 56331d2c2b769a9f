//! Checks the origin of a WebSocket handshake: browsers send it without a preflight request.

use axum::http::{HeaderMap, HeaderValue, header};

/// Returns whether a client with these headers may open a socket. Programs send no `Origin`. A page
/// may connect to its own host, with any scheme because a proxy may terminate TLS; other origins
/// must be allowed.
pub(super) fn may_open(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => true,
        (Some(origin), None) => origin.to_str().is_ok_and(|origin| {
            allowed.iter().any(|known| known == origin) || is_own(origin, headers.get(header::HOST))
        }),
        (Some(_), Some(_)) => false,
    }
}

fn is_own(origin: &str, host: Option<&HeaderValue>) -> bool {
    let site = ["http://", "https://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
    site.zip(host).is_some_and(|(site, host)| host.as_bytes().eq_ignore_ascii_case(site.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_open(host: &str, origins: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        super::may_open(&headers, &["https://dong-nai.gov.vn".to_owned()])
    }

    #[test]
    fn other_origins_must_be_allowed() {
        assert!(may_open("caunoi.vn", &[]));
        assert!(may_open("caunoi.vn", &["https://caunoi.vn"]));
        assert!(may_open("Caunoi.vn:8080", &["http://caunoi.vn:8080"]));
        assert!(may_open("caunoi.vn", &["https://dong-nai.gov.vn"]));
        for foreign in [
            "https://caunoi.vn:8080",
            "https://caunoi.vn.evil.com",
            "https://evil.com",
            "http://dong-nai.gov.vn",
            "https://dong-nai.gov.vn/",
            "caunoi.vn",
            "file://caunoi.vn",
            "null",
            "",
        ] {
            assert!(!may_open("caunoi.vn", &[foreign]), "{foreign}");
        }
        assert!(!may_open("caunoi.vn", &["https://caunoi.vn", "https://evil.com"]));
    }
}
