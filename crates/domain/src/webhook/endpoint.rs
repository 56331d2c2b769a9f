//! Which URLs a partner may name.

use super::address;
use crate::refusal::Refusal;
use std::net::IpAddr;
use url::{Host, Url};

/// Bytes of a URL.
pub const LONGEST_URL: usize = 2_000;
/// Ports of HTTPS that a firewall lets out.
const PORTS: [u16; 2] = [443, 8443];

/// Reads a URL that may be called, as far as its text tells; addresses that its name resolves to
/// are asked for apart. On a laptop and in tests loopback, plain HTTP and all ports are allowed.
///
/// # Errors
/// Why it may not be called.
pub fn parse(text: &str, allows_loopback: bool) -> Result<Url, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Required);
    }
    if text.len() > LONGEST_URL {
        return Err(refuse(format!("a URL has at most {LONGEST_URL} bytes")));
    }
    let url = Url::parse(text).map_err(|_| refuse("is not a URL like https://example.vn/hook"))?;
    match url.scheme() {
        "https" => {}
        "http" if allows_loopback => {}
        _ => return Err(refuse("only https is called")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("a URL carries no user and no password")); // The signature says who calls.
    }
    if !allows_loopback && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err(refuse("only the ports 443 and 8443 are called"));
    }
    let literal = match url.host() {
        None => return Err(refuse("is not a URL like https://example.vn/hook")),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
    };
    check(literal, allows_loopback)?;
    Ok(url)
}

/// Refuses where any address may not be called.
///
/// # Errors
/// One may not.
pub fn check(addresses: impl IntoIterator<Item = IpAddr>, allows_loopback: bool) -> Result<(), Refusal> {
    if addresses.into_iter().all(|address| address::may_be_called(address, allows_loopback)) {
        Ok(())
    } else {
        Err(not_public())
    }
}

/// That an address may not be called; not which one, which would tell a stranger how names resolve
/// within.
#[must_use]
pub fn not_public() -> Refusal {
    refuse("the address is not one of the public internet")
}

/// That the name cannot be resolved.
#[must_use]
pub fn unknown_host() -> Refusal {
    refuse("the name of the host cannot be resolved")
}

fn refuse(why: impl Into<String>) -> Refusal {
    Refusal::UrlRefused(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str, allows_loopback: bool) -> String {
        parse(text, allows_loopback).err().map(|refusal| refusal.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_url_is_https_of_the_public_internet() {
        for good in [
            "https://example.vn",
            "https://example.vn:8443/a?b=c#d",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(why(good, false), "", "{good}");
        }
        for (bad, part) in [
            ("http://example.vn/", "only https"),
            ("ftp://example.vn/", "only https"),
            ("file:///etc/passwd", "only https"),
            ("https://example.vn:22/", "ports"),
            ("https://user@example.vn/", "no user"),
            ("https://:secret@example.vn/", "no user"),
            ("https://127.0.0.1/", "public internet"),
            ("https://169.254.169.254/latest/meta-data", "public internet"),
            // The same address, written otherwise.
            ("https://2852039166/", "public internet"),
            ("https://0xa9fea9fe/", "public internet"),
            ("https://0251.0376.0251.0376/", "public internet"),
            ("https://127.1/", "public internet"),
            ("https://[::ffff:10.0.0.1]/", "public internet"),
            ("https://[fe80::1]/", "public internet"),
            ("example.vn/hook", "is not a URL"),
            ("https://", "is not a URL"),
            (" ", "is required"),
        ] {
            assert!(why(bad, false).contains(part), "{bad}: {}", why(bad, false));
        }
        let long = format!("https://example.vn/{}", "x".repeat(LONGEST_URL));
        assert!(why(&long, false).contains("at most"), "{long}");
    }

    #[test]
    fn a_setting_lets_plain_loopback_in_and_no_other_network() {
        for good in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/"] {
            assert_eq!(why(good, true), "", "{good}");
            assert_ne!(why(good, false), "", "{good}");
        }
        for bad in ["http://169.254.169.254/", "http://10.0.0.1/", "http://192.168.1.1:8080/"] {
            assert!(why(bad, true).contains("public internet"), "{bad}");
        }
    }
}
