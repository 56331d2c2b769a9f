//! Trusted proxies, and headers of strangers and of confused proxies.

use super::*;

/// Returns the client of a request from `peer`, where 10.0.0.0/8 and `2001:db8:ff::/48` are trusted.
fn client(header: ForwardedHeader, peer: &str, lines: &[(&str, &[u8])]) -> String {
    let networks = ["10.0.0.0/8", "2001:db8:ff::/48"].map(|network| network.parse().unwrap()).to_vec();
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    let peer = SocketAddr::new(peer.parse().unwrap(), 4_711);
    TrustedProxies { networks, header }.origin(peer, &headers).client.to_string()
}

fn by_x_forwarded_for(peer: &str, value: &str) -> String {
    client(ForwardedHeader::XForwardedFor, peer, &[("x-forwarded-for", value.as_bytes())])
}

fn by_forwarded(peer: &str, value: &str) -> String {
    client(ForwardedHeader::Forwarded, peer, &[("forwarded", value.as_bytes())])
}

#[test]
fn header_of_a_stranger_is_ignored() {
    assert_eq!(by_x_forwarded_for("203.0.113.9", "198.51.100.1"), "203.0.113.9");
    assert_eq!(by_forwarded("203.0.113.9", "for=198.51.100.1"), "203.0.113.9");
    assert_eq!(by_forwarded("::ffff:203.0.113.9", "for=10.0.0.1"), "203.0.113.9");
    // The default trusts nobody, not even loopback.
    let mut headers = HeaderMap::new();
    headers.insert(X_FORWARDED_FOR, "198.51.100.1".parse().unwrap());
    let origin = TrustedProxies::default().origin("127.0.0.1:1".parse().unwrap(), &headers);
    assert_eq!(origin, RequestOrigin { client: "127.0.0.1".parse().unwrap(), is_forwarded: false });
}

#[test]
fn first_untrusted_address_from_the_end_is_the_client() {
    for (value, expected) in [
        ("198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 10.1.1.1,10.2.2.2", "198.51.100.1"),
        ("127.0.0.1, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443, 2001:db8:ff::1", "2001:db8::7"),
        ("::ffff:198.51.100.1, ::ffff:10.1.1.1", "198.51.100.1"),
        // All hops are trusted: the request began at a proxy.
        ("10.3.3.3, 10.1.1.1", "10.3.3.3"),
    ] {
        for peer in ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8:ff::2"] {
            assert_eq!(by_x_forwarded_for(peer, value), expected, "{value}");
        }
    }
}

#[test]
fn elements_of_forwarded_are_read() {
    for (value, expected) in [
        ("for=198.51.100.1", "198.51.100.1"),
        ("For = \"198.51.100.1:80\" ; Proto=https", "198.51.100.1"),
        ("proto=https;FOR=\"[2001:db8::7]:4711\";by=10.0.0.9;host=\"a,b;c\"", "2001:db8::7"),
        ("for=\"[2001:db8::7]:_port\"", "2001:db8::7"),
        ("for=198.51.100.1;by=\"\\\"\", for=10.1.1.1", "198.51.100.1"),
        ("for=198.51.100.1, for=\"10.1.1.1\";host=\"x\\\\\"", "198.51.100.1"),
        // A client opens a quote, or escapes the one of the proxy: neither hides the last element.
        ("for=\"1.2.3.4, for=198.51.100.1", "198.51.100.1"),
        ("for=\"\\, for=198.51.100.1", "198.51.100.1"),
        ("for=\\\"\", for=198.51.100.1", "198.51.100.1"),
    ] {
        assert_eq!(by_forwarded("10.0.0.1", value), expected, "{value}");
    }
}

#[test]
fn unreadable_hop_ends_at_the_last_known_proxy() {
    for value in [
        "unknown",
        "UNKNOWN",
        "_hidden",
        "_SEVKISEK",
        "",
        ",",
        "198.51.100.1.",
        "198.51.100.256",
        "1",
        "a.b",
        "fe80::1%eth0",
        "[fe80::1%2]:80",
        "[2001:db8::7",
        "2001:db8::7]",
        "[2001:db8::7]:",
        "[2001:db8::7]x",
        "198.51.100.1:99999",
        "198.51.100.1 198.51.100.2",
        "0x7f.1",
        "[198.51.100.1]",
    ] {
        assert_eq!(by_x_forwarded_for("10.0.0.1", value), "10.0.0.1", "{value}");
        assert_eq!(
            by_x_forwarded_for("10.0.0.1", &format!("1.2.3.4, {value}, 10.7.7.7")),
            "10.7.7.7",
            "{value}"
        );
        assert_eq!(by_forwarded("10.0.0.1", &format!("for=\"{value}\"")), "10.0.0.1", "{value}");
    }
    for value in
        ["for", "for=1.2.3.4;for=1.2.3.5", "by=1.2.3.4", "for=\"1.2.3.4", "=1.2.3.4", "for=1.2.3.4;", ";"]
    {
        assert_eq!(by_forwarded("10.0.0.1", value), "10.0.0.1", "{value}");
    }
}

#[test]
fn only_the_header_of_the_setting_is_read() {
    let both: [(&str, &[u8]); 2] = [("forwarded", b"for=1.2.3.4"), ("X-Forwarded-For", b"198.51.100.1")];
    assert_eq!(client(ForwardedHeader::XForwardedFor, "10.0.0.1", &both), "198.51.100.1");
    assert_eq!(client(ForwardedHeader::Forwarded, "10.0.0.1", &both), "1.2.3.4");
    assert_eq!(client(ForwardedHeader::Forwarded, "10.0.0.1", &both[1..]), "10.0.0.1");
}

#[test]
fn lines_and_bytes_of_a_client_do_not_hide_its_address() {
    let lines: [(&str, &[u8]); 2] =
        [("x-forwarded-for", b"1.2.3.4, 10.0.0.5"), ("x-forwarded-for", b"198.51.100.1")];
    assert_eq!(client(ForwardedHeader::XForwardedFor, "10.0.0.1", &lines), "198.51.100.1");
    for name in ["x-forwarded-for", "forwarded"] {
        let (header, appended) = match name {
            "forwarded" => (ForwardedHeader::Forwarded, &b", for=198.51.100.1"[..]),
            _ => (ForwardedHeader::XForwardedFor, &b", 198.51.100.1"[..]),
        };
        for own in [&b"\xff\xfe"[..], b"\"", b"for=\"\\", &b"10.0.0.2, ".repeat(1_500)] {
            let value = [own, appended].concat();
            assert_eq!(client(header, "10.0.0.1", &[(name, &value)]), "198.51.100.1");
        }
    }
}

#[test]
fn a_hundred_trusted_hops_are_walked() {
    let hops = vec!["10.0.0.9"; 100].join(", ");
    assert_eq!(by_x_forwarded_for("10.0.0.1", &format!("198.51.100.1, {hops}")), "198.51.100.1");
}

#[test]
fn any_header_leaves_the_address_that_the_proxy_appended() {
    caunoi_fuzz::run("forwarded", |given| {
        // Only bytes that HTTP permits in a header arrive here.
        if HeaderValue::from_bytes(given).is_err() {
            return;
        }
        let appended = |end: &str| [given, end.as_bytes()].concat();
        let (by_list, by_elements) = (appended(", 198.51.100.7"), appended(", for=198.51.100.7"));
        let list = client(ForwardedHeader::XForwardedFor, "10.0.0.1", &[("x-forwarded-for", &by_list)]);
        let elements = client(ForwardedHeader::Forwarded, "10.0.0.1", &[("forwarded", &by_elements)]);
        assert_eq!([list.as_str(), elements.as_str()], ["198.51.100.7"; 2]);
    });
}
