//! Heads of requests: smuggling, floods, lines that break the rules of HTTP/1.1.

use super::super::case::Case;
use super::super::request::{junk, numbered, post_as, raw, request};

const TYPENAME: &[u8] = br#"{"query":"{ __typename }"}"#;
const TARGET: &str = "GET /graphql?query=%7B__typename%7D";
/// The parser of the connection refuses these without a body.
const REFUSED: &[&str] = &["400"];

fn head(requirement: &'static str, name: &str, lines: &str) -> Case {
    Case::new(requirement, name, request(TARGET, lines, b""), REFUSED)
}

fn whole(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, raw(text, b""), REFUSED)
}

pub(super) fn all() -> Vec<Case> {
    [lengths(), lines(), hosts(), floods(), negotiated()].into_iter().flatten().collect()
}

fn lengths() -> Vec<Case> {
    let post = |name: &str, headers: &str| {
        let headers = format!("content-type: application/json\r\n{headers}");
        Case::new("11", name, request("POST /graphql", &headers, TYPENAME), REFUSED)
    };
    let mut cases = vec![
        post("two lengths", "content-length: 26\r\ncontent-length: 27\r\n"),
        post("negative length", "content-length: -1\r\n"),
        post("length with a sign", "content-length: +26\r\n"),
        post("length of 2^64", "content-length: 18446744073709551616\r\n"),
        post("length in hexadecimal", "content-length: 0x1a\r\n"),
        post("unknown transfer coding", "transfer-encoding: x\r\n"),
        post("chunked is not the last coding", "transfer-encoding: chunked, identity\r\n"),
        post("space before a colon", "transfer-encoding : chunked\r\n"),
    ];
    for (name, body) in [
        ("chunk of 2^64 bytes", "ffffffffffffffffff\r\n{"),
        ("chunk with a negative size", "-1\r\n{"),
        ("chunk whose size is no number", "qJx\r\n{"),
        ("chunk without an end of line", "1\r\n{{{{{{"),
    ] {
        let headers = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
        cases.push(
            Case::new("11", name, request("POST /graphql", headers, body.as_bytes()), REFUSED)
                .code("BAD_INPUT"),
        );
    }
    // The length is ignored (RFC 9112, section 6.3), so the second request is part of the first body.
    let both = "content-type: application/json\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n";
    let smuggled = "1a\r\n{\"query\":\"{ __typename }\"}\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    cases.push(Case::new(
        "11",
        "length and chunks",
        request("POST /graphql", both, smuggled.as_bytes()),
        &["200", "400"],
    ));
    cases
}

fn lines() -> Vec<Case> {
    vec![
        head("11", "folded header line", "x-a: b\r\n c: d\r\n"),
        head("11", "header line without a colon", "x-a\r\n"),
        head("11", "header without a name", ": b\r\n"),
        head("11", "space in the name of a header", "x a: b\r\n"),
        head("11", "NUL in a header", "x-a: b\0c\r\n"),
        head("11 16", "escape code of a terminal in a header", "user-agent: \u{1b}[31mred\r\n"),
        head("11", "bare carriage return in a header", "x-a: b\rc: d\r\n"),
        whole("11", "no version", "GET /livez\r\n"),
        whole("11", "version 3", "GET /livez HTTP/3.0\r\nhost: x\r\n"),
        whole("11", "two spaces in a request line", "GET  /livez HTTP/1.1\r\nhost: x\r\n"),
        whole("11", "line feed in a target", "GET /li\nvez HTTP/1.1\r\nhost: x\r\n"),
        whole("11", "bytes of TLS", "\u{16}\u{3}\u{1}\0\u{5}\u{1}\0\0\u{1}\u{3}\u{3}"),
        whole("11", "another protocol", "SSH-2.0-OpenSSH_9.9\r\n"),
        Case::new(
            "11",
            "connection to another host",
            raw("CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n", b""),
            &["404", "405"],
        )
        .code("NOT_FOUND"),
    ]
}

fn hosts() -> Vec<Case> {
    let with_host = |name: &str, hosts: &str, outcomes| {
        Case::new(
            "11",
            name,
            raw(&format!("{TARGET} HTTP/1.1\r\nconnection: close\r\n{hosts}"), b""),
            outcomes,
        )
    };
    vec![
        with_host("Host of a foreign site", "host: evil.example\r\n", &["200"]),
        with_host(
            "X-Forwarded-Host of a stranger",
            "host: x\r\nx-forwarded-host: evil.example\r\n",
            &["200"],
        ),
        with_host("method override of a stranger", "host: x\r\nx-http-method-override: DELETE\r\n", &["200"]),
        with_host("path override of a stranger", "host: x\r\nx-original-url: /metrics\r\n", &["200"]),
    ]
}

fn floods() -> Vec<Case> {
    let many: String = numbered(1_000, |n| format!("x-{n}: 1\r\n"));
    let large = |bytes: usize| format!("x-a: {}\r\n", junk(bytes));
    vec![
        Case::new("11 12", "1,000 headers", request(TARGET, &many, b""), &["431"]),
        Case::new("11 12", "header of 20 KB", request(TARGET, &large(20_000), b""), &["431"])
            .code("BAD_INPUT"),
        Case::new("11 12", "header of 10 MB", request(TARGET, &large(10_000_000), b""), &["431"]),
        Case::new(
            "11 12",
            "name of a header of 100 KB",
            request(TARGET, &format!("{}: 1\r\n", junk(100_000)), b""),
            &["431", "400"],
        ),
        Case::new("11 12", "target of 20 KB", request(&format!("GET /{}", junk(20_000)), "", b""), &["414"])
            .code("BAD_INPUT"),
        Case::new(
            "11 12",
            "target of 100 KB",
            request(&format!("GET /{}", junk(100_000)), "", b""),
            &["414"],
        ),
    ]
}

fn negotiated() -> Vec<Case> {
    let header = |name: &str, line: &str| {
        Case::new("11 16", name, post_as("application/json", &format!("{line}\r\n"), TYPENAME), &["200"])
    };
    let languages = (0..2_000).map(|n| format!("q{n}")).collect::<Vec<_>>().join(",");
    let tags = vec!["\"x\""; 2_000].join(", ");
    let stale = post_as("application/json", "caunoi-after: qJxqJx\r\n", TYPENAME);
    vec![
        header("2,000 languages", &format!("accept-language: {languages}")),
        header("language with a path", "accept-language: ../../etc/passwd"),
        header("2,000 entity tags", &format!("if-none-match: {tags}")),
        header("line of a log in a header", "user-agent: x\\n{\"level\":\"error\"}"),
        header("request id of a stranger", "x-request-id: evil"),
        header("trace of a stranger", "traceparent: 00-qJxqJx-x-01"),
        header("look-up by a logger", "user-agent: ${jndi:ldap://127.0.0.1/a}"),
        Case::new("22", "forged Caunoi-After", stale, &["400"]).code("BAD_INPUT"),
    ]
}
