//! Endpoint URLs of webhooks.

use super::address;
use crate::validation::{Reason, UrlReason};
use std::net::IpAddr;
use url::{Host, Url};

/// The maximum length of a URL in bytes.
pub const LONGEST_URL: usize = 2_000;
/// The allowed HTTPS ports, which the firewall opens for outbound connections.
const PORTS: [u16; 2] = [443, 8443];

/// Parses a URL and checks its text; the addresses that its host name resolves to are checked with
/// [`check`]. `allows_loopback` (development, tests) allows loopback, plain HTTP and all ports.
///
/// # Errors
/// `Required` for a blank URL, `UrlRefused` for a forbidden one.
pub fn parse(text: &str, allows_loopback: bool) -> Result<Url, Reason> {
    if text.trim().is_empty() {
        return Err(Reason::Required);
    }
    if text.len() > LONGEST_URL {
        return Err(UrlReason::UrlTooLong { most: LONGEST_URL }.into());
    }
    let url = Url::parse(text).map_err(|_| UrlReason::NotAUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if allows_loopback => {}
        _ => return Err(UrlReason::UrlNotHttps.into()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlReason::UrlWithCredentials.into()); // The signature authenticates the request.
    }
    if !allows_loopback && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err(UrlReason::UrlPort.into());
    }
    let literal = match url.host() {
        None => return Err(UrlReason::NotAUrl.into()),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
    };
    check(literal, allows_loopback)?;
    Ok(url)
}

/// Checks that all addresses may be called.
///
/// # Errors
/// `UrlRefused` where one may not.
pub fn check(addresses: impl IntoIterator<Item = IpAddr>, allows_loopback: bool) -> Result<(), Reason> {
    if addresses.into_iter().all(|address| address::may_be_called(address, allows_loopback)) {
        Ok(())
    } else {
        Err(not_public())
    }
}

/// Returns the error for a forbidden address. It does not contain the address, which would reveal
/// how names resolve in the internal network.
#[must_use]
pub fn not_public() -> Reason {
    UrlReason::UrlNotPublic.into()
}

/// Returns the error for a host name that cannot be resolved.
#[must_use]
pub fn unknown_host() -> Reason {
    UrlReason::UrlHostUnknown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str, allows_loopback: bool) -> String {
        parse(text, allows_loopback).err().map(|reason| reason.to_string()).unwrap_or_default()
    }

    #[test]
    fn url_is_https_on_the_public_internet() {
        for good in [
            "https://example.vn",
            "https://example.vn:8443/a?b=c#d",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(why(good, false), "", "{good}");
        }
        for (bad, part) in [
            ("http://example.vn/", "UrlNotHttps"),
            ("ftp://example.vn/", "UrlNotHttps"),
            ("file:///etc/passwd", "UrlNotHttps"),
            ("https://example.vn:22/", "UrlPort"),
            ("https://user@example.vn/", "UrlWithCredentials"),
            ("https://:secret@example.vn/", "UrlWithCredentials"),
            ("https://127.0.0.1/", "UrlNotPublic"),
            ("https://169.254.169.254/latest/meta-data", "UrlNotPublic"),
            // The same address, written otherwise.
            ("https://2852039166/", "UrlNotPublic"),
            ("https://0xa9fea9fe/", "UrlNotPublic"),
            ("https://0251.0376.0251.0376/", "UrlNotPublic"),
            ("https://127.1/", "UrlNotPublic"),
            ("https://[::ffff:10.0.0.1]/", "UrlNotPublic"),
            ("https://[fe80::1]/", "UrlNotPublic"),
            ("example.vn/hook", "NotAUrl"),
            ("https://", "NotAUrl"),
            (" ", "Required"),
        ] {
            assert!(why(bad, false).contains(part), "{bad}: {}", why(bad, false));
        }
        let long = format!("https://example.vn/{}", "x".repeat(LONGEST_URL));
        assert!(why(&long, false).contains("UrlTooLong { most: 2000 }"), "{long}");
    }

    #[test]
    fn loopback_setting_allows_plain_http_to_loopback_only() {
        for good in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/"] {
            assert_eq!(why(good, true), "", "{good}");
            assert_ne!(why(good, false), "", "{good}");
        }
        for bad in ["http://169.254.169.254/", "http://10.0.0.1/", "http://192.168.1.1:8080/"] {
            assert!(why(bad, true).contains("UrlNotPublic"), "{bad}");
        }
    }
}
