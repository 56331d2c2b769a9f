//! Methods, media types and content codings.

use super::super::case::{Case, Exchange};
use super::super::request::{get, junk, post, post_as, request};

const TYPENAME: &[u8] = br#"{"query":"{ __typename }"}"#;
const MUTATION: &str =
    "mutation%7BwithdrawEntry(input%3A%7Bid%3A%22x%22%2CexpectedVersion%3A1%7D)%7Berrors%7Bcode%7D%7D%7D";

fn refused(
    requirement: &'static str,
    name: &str,
    exchange: Exchange,
    outcomes: &'static [&'static str],
) -> Case {
    Case::new(requirement, name, exchange, outcomes).code("BAD_INPUT")
}

pub(super) fn all() -> Vec<Case> {
    [methods(), types(), codings(), origins()].into_iter().flatten().collect()
}

fn methods() -> Vec<Case> {
    let mut cases = vec![
        refused("9 F5", "mutation by GET", get(&format!("/graphql?query={MUTATION}")), &["405"]),
        refused(
            "9 F5",
            "mutation by GET under the name of an operation",
            get(&format!(
                "/graphql?query=query%20A%7B__typename%7D{}&operationName=B",
                MUTATION.replacen("mutation", "mutation%20B", 1)
            )),
            &["405"],
        ),
        refused("9", "GET without a query", get("/graphql"), &["422"]),
        refused(
            "9 F6",
            "GET with operation_name",
            get("/graphql?query=query%20A%7B__typename%7Dquery%20B%7Ba%7D&operation_name=A"),
            &["422"],
        ),
        refused(
            "9",
            "GET with one parameter twice",
            get("/graphql?query=%7B__typename%7D&query=%7Ba%7D"),
            &["422"],
        ),
        refused("9", "GET with bytes that are not UTF-8", get("/graphql?query=%ff%fe"), &["422", "400"]),
        refused(
            "9",
            "GET with variables that are not JSON",
            get("/graphql?query=%7B__typename%7D&variables=x"),
            &["400"],
        ),
        Case::new(
            "9 17",
            "token in the URL",
            get("/graphql?query=%7Bviewer%7Brole%7D%7D&access_token=x"),
            &["200"],
        ),
    ];
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "FOO", "get"] {
        let exchange = request(&format!("{method} /graphql"), "content-length: 0\r\n", b"");
        cases.push(refused("9", &format!("method {method}"), exchange, &["405"]));
    }
    let long = request(&format!("{} /graphql", junk(10_000)), "", b"");
    cases.push(Case::new("9", "method of 10,000 bytes", long, &["400", "405"]).code("BAD_INPUT"));
    cases
}

fn types() -> Vec<Case> {
    let form = b"query=%7B__typename%7D";
    let multipart = b"--x\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"{ __typename }\"}\r\n--x--\r\n";
    let mut cases = vec![
        refused(
            "9 F5",
            "form of a foreign page",
            post_as("application/x-www-form-urlencoded", "", form),
            &["415"],
        ),
        refused(
            "9 F5",
            "multipart form of a foreign page",
            post_as("multipart/form-data; boundary=x", "", multipart),
            &["415"],
        ),
        refused("9 F5", "JSON as text of a foreign page", post_as("text/plain", "", TYPENAME), &["415"]),
        refused(
            "9 F5",
            "JSON without a type",
            request("POST /graphql", "content-length: 26\r\n", TYPENAME),
            &["415"],
        ),
    ];
    for kind in [
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/graphql",
        "application/jsonx",
        "application/json, text/plain",
        "*/*",
    ] {
        cases.push(refused("9", &format!("content type {kind}"), post_as(kind, "", TYPENAME), &["415"]));
    }
    for accept in ["text/html", "application/json;q=0", "image/*, text/*"] {
        let headers = format!("accept: {accept}\r\ncontent-type: application/json\r\ncontent-length: 26\r\n");
        let exchange = request("POST /graphql", &headers, TYPENAME);
        cases.push(refused("8", &format!("Accept: {accept}"), exchange, &["406"]));
    }
    cases
}

fn codings() -> Vec<Case> {
    // The head of a gzip stream, and zeros.
    let bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &vec![0; 60_000]].concat();
    let mut cases = Vec::new();
    for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
        let headers = format!("content-encoding: {coding}\r\n");
        let exchange = post_as("application/json", &headers, &bomb);
        cases.push(refused("13", &format!("body in {coding}"), exchange, &["415"]));
    }
    cases
}

fn origins() -> Vec<Case> {
    let preflight = "origin: https://evil.example\r\naccess-control-request-method: POST\r\naccess-control-request-headers: authorization\r\n";
    vec![
        Case::new(
            "10",
            "query of a foreign origin",
            post_as("application/json", "origin: https://evil.example\r\n", TYPENAME),
            &["200"],
        ),
        Case::new(
            "10",
            "query of the origin null",
            post_as("application/json", "origin: null\r\n", TYPENAME),
            &["200"],
        ),
        Case::new(
            "10",
            "preflight of a foreign origin with a token",
            request("OPTIONS /graphql", preflight, b""),
            &["204"],
        ),
        Case::new(
            "10",
            "preflight for a method of uploads",
            request("OPTIONS /files", preflight, b""),
            &["204"],
        ),
        Case::new(
            "10",
            "cookie of a browser",
            post_as("application/json", "cookie: token=x\r\n", TYPENAME),
            &["200"],
        ),
        Case::new(
            "8",
            "request for a stream of events, of a document that is refused",
            request(
                "POST /graphql",
                "accept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: 13\r\n",
                br#"{"query":"{"}"#,
            ),
            &["200"],
        ),
        Case::new("1", "post without anything", post(b""), &["400"]).code("BAD_INPUT"),
    ]
}
