//! Bodies that are no JSON, no object, too large, or ambiguous.

use super::super::case::Case;
use super::super::request::{junk, numbered, post, post_as, request};

const TYPENAME: &[u8] = br#"{"query":"{ __typename }"}"#;

fn refused(requirement: &'static str, name: &str, body: &[u8], outcomes: &'static [&'static str]) -> Case {
    Case::new(requirement, name, post(body), outcomes).code("BAD_INPUT")
}

pub(super) fn all() -> Vec<Case> {
    [batches(), json(), encodings(), members(), sizes()].into_iter().flatten().collect()
}

fn batches() -> Vec<Case> {
    let many = format!("[{}]", vec![r#"{"query":"{ __typename }"}"#; 1_000].join(","));
    vec![
        refused("5 F8", "batch of 1,000 operations", many.as_bytes(), &["422"]),
        refused("5 F8", "batch of one operation", br#"[{"query":"{ __typename }"}]"#, &["422"]),
        refused("5 F8", "empty batch", b"[]", &["422"]),
        refused("5 F8", "list of queries", br#"{"query":["{ __typename }"]}"#, &["422"]),
    ]
}

fn json() -> Vec<Case> {
    let deep = format!("{{\"query\":\"{{a}}\",\"variables\":{}", "{\"a\":".repeat(40_000));
    vec![
        refused("15", "null as a body", b"null", &["422"]),
        refused("15", "number as a body", b"1", &["422"]),
        refused("15", "text as a body", b"\"{ __typename }\"", &["422"]),
        refused("15", "JSON that breaks off", br#"{"query":"{ __ty"#, &["400"]),
        refused("15", "two objects", br#"{"query":"{ __typename }"}{"query":"{ a }"}"#, &["400"]),
        refused("15", "objects nested 40,000 deep", deep.as_bytes(), &["400"]),
        refused("15", "lists nested 200,000 deep", "[".repeat(200_000).as_bytes(), &["400"]),
        refused("15", "comma at the end", br#"{"query":"{ __typename }",}"#, &["400"]),
        refused("15", "comment in JSON", br#"{"query":"{ __typename }"/* */}"#, &["400"]),
        refused("15", "NaN in JSON", br#"{"query":"{ __typename }","variables":{"a":NaN}}"#, &["400"]),
        refused("15", "bytes that are no text", &[0xff; 1_000], &["400"]),
    ]
}

fn encodings() -> Vec<Case> {
    let utf16: Vec<u8> = r#"{"query":"{ __typename }"}"#.encode_utf16().flat_map(u16::to_be_bytes).collect();
    vec![
        refused("9", "byte order mark before JSON", &[b"\xef\xbb\xbf", TYPENAME].concat(), &["400"]),
        refused("9", "JSON in UTF-16", &utf16, &["400"]),
        refused("9", "JSON in UTF-16 with a byte order mark", &[b"\xfe\xff", &utf16[..]].concat(), &["400"]),
        refused("9", "byte that is not UTF-8 in JSON", b"{\"query\":\"{ a\xff }\"}", &["400"]),
        refused("9", "overlong slash in JSON", b"{\"query\":\"{ a\xc0\xaf }\"}", &["400"]),
        refused("9", "surrogate in UTF-8", b"{\"query\":\"{ a\xed\xa0\x80 }\"}", &["400"]),
        refused("9", "lone surrogate as an escape in JSON", br#"{"query":"{ a\ud800 }"}"#, &["400"]),
        refused("9", "NUL as an escape in JSON", br#"{"query":"{ __type\u0000name }"}"#, &["400"]),
        refused("9", "NUL in JSON", b"{\"query\":\"{ a\0 }\"}", &["400"]),
    ]
}

fn members() -> Vec<Case> {
    let unknown: String = numbered(10_000, |n| format!("\"qJx{n}\":1,"));
    let unknown = format!("{{{unknown}\"query\":\"{{ __typename }}\"}}");
    let name = format!(r#"{{"query":"{{ __typename }}","operationName":"{}"}}"#, junk(100_000));
    let persisted = |hash: &str| {
        format!(r#"{{"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{hash}"}}}}}}"#)
    };
    vec![
        Case::new("15", "one member twice", post(br#"{"query":"{ a }","query":"{ __typename }"}"#), &["200"]),
        Case::new(
            "15",
            "members with names of prototypes",
            post(br#"{"query":"{ __typename }","__proto__":{"a":1},"constructor":{}}"#),
            &["200"],
        ),
        Case::new("15", "10,000 unknown members", post(unknown.as_bytes()), &["200"]),
        refused("15", "query is a number", br#"{"query":1}"#, &["422"]),
        refused("15", "query is missing", br#"{"variables":{}}"#, &["422"]),
        refused("15", "variables are a list", br#"{"query":"{ __typename }","variables":[]}"#, &["422"]),
        refused("15", "variables are a text", br#"{"query":"{ __typename }","variables":"{}"}"#, &["422"]),
        refused("15", "extensions are a number", br#"{"query":"{ __typename }","extensions":1}"#, &["422"]),
        refused("15 F12", "name of an operation of 100,000 bytes", name.as_bytes(), &["422"]),
        Case::new(
            "15",
            "trusted document with a path as its id",
            post(br#"{"documentId":"../../etc/passwd"}"#),
            &["422"],
        )
        .code("NOT_FOUND"),
        refused("15", "hash of an unknown document", persisted(&"0".repeat(64)).as_bytes(), &["422", "200"]),
        refused("15", "hash of 100,000 bytes", persisted(&junk(100_000)).as_bytes(), &["422", "200"]),
        refused(
            "15",
            "hash of another document",
            format!(r#"{{"query":"{{ __typename }}",{}"#, &persisted(&"0".repeat(64))[1..]).as_bytes(),
            &["422", "200"],
        ),
    ]
}

fn sizes() -> Vec<Case> {
    let large = format!(r#"{{"query":"{{ __typename }}","a":"{}"}}"#, junk(256 * 1_024));
    let chunk = format!("{:x}\r\n{}\r\n", 16_384, junk(16_384));
    let chunked = format!("{}0\r\n\r\n", chunk.repeat(32));
    let head = |headers: &str| format!("content-type: application/json\r\n{headers}");
    let too_large = |name: &str, exchange| Case::new("4 F4", name, exchange, &["413"]).code("BAD_INPUT");
    vec![
        too_large("body of 256 KiB and more", post(large.as_bytes())),
        too_large(
            "chunks of 512 KiB in all",
            request("POST /graphql", &head("transfer-encoding: chunked\r\n"), chunked.as_bytes()),
        ),
        too_large(
            "body of 10 GB is announced",
            request("POST /graphql", &head("content-length: 10000000000\r\n"), b"{"),
        ),
        too_large(
            "body of 1 MB is announced, the client waits",
            request("POST /graphql", &head("content-length: 1000000\r\nexpect: 100-continue\r\n"), b""),
        ),
        too_large("body of 900 KB in UTF-16", post_as("application/json", "", &vec![0; 900_000])),
        Case::new(
            "4",
            "body for GET",
            request("GET /graphql?query=%7B__typename%7D", "content-length: 5\r\n", b"hello"),
            &["200"],
        ),
    ]
}
