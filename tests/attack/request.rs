//! Writes requests of HTTP/1.1 byte by byte, also invalid ones.

use serde_json::{Value, json};

use super::case::Exchange;

/// Text for where only the length matters. An answer that repeats much of it is found by its size.
pub(crate) fn junk(bytes: usize) -> String {
    "qJx".repeat(bytes / 3 + 1)[..bytes].to_owned()
}

/// Joins the texts of the numbers below a count.
pub(crate) fn numbered(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

/// Returns a request with these header lines, each ended by a line end, and the usual ones.
pub(crate) fn request(line: &str, headers: &str, body: &[u8]) -> Exchange {
    raw(&format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}"), body)
}

/// Returns a head and, after an empty line, a body.
pub(crate) fn raw(head: &str, body: &[u8]) -> Exchange {
    Exchange::Http([head.as_bytes(), b"\r\n", body].concat())
}

/// Returns a GET request.
pub(crate) fn get(target: &str) -> Exchange {
    request(&format!("GET {target}"), "accept: application/graphql-response+json\r\n", b"")
}

/// Returns a POST to `/graphql` with this content type.
pub(crate) fn post_as(content_type: &str, headers: &str, body: &[u8]) -> Exchange {
    let length = body.len();
    let accept = "accept: application/graphql-response+json";
    let headers =
        format!("{accept}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n{headers}");
    request("POST /graphql", &headers, body)
}

/// Returns a POST of JSON.
pub(crate) fn post(body: &[u8]) -> Exchange {
    post_as("application/json", "", body)
}

/// Returns a POST of JSON with a token.
pub(crate) fn post_with(token: &str, body: &Value) -> Exchange {
    let authorization = format!("authorization: Bearer {token}\r\n");
    post_as("application/json", &authorization, body.to_string().as_bytes())
}

/// Returns a POST of a document.
pub(crate) fn document(text: &str) -> Exchange {
    post(json!({ "query": text }).to_string().as_bytes())
}

/// Returns a POST of a document with variables.
pub(crate) fn with_variables(text: &str, variables: &Value) -> Exchange {
    post(json!({ "query": text, "variables": variables }).to_string().as_bytes())
}
