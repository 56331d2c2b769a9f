//! Heads of requests that are ambiguous, and the headers that every response has.

use std::sync::Arc;

use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{Server, on_both_engines};

/// Sends these bytes on a connection of their own, and returns all responses.
async fn send(server: &Server, request: &str) -> String {
    let address = server.url("").trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("a response");
    answer
}

fn post(headers: &str, body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\n{headers}accept-language: en\r\nconnection: close\r\n\
         content-type: application/json\r\n\r\n{body}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn request_names_exactly_one_host() {
    on_both_engines(|server| async move {
        let body = r#"{"query":"{ __typename }"}"#;
        let length = format!("content-length: {}\r\n", body.len());
        let with = |hosts: &str| post(&format!("{hosts}{length}"), body);
        assert!(send(&server, &with("host: a.vn\r\n")).await.starts_with("HTTP/1.1 200 "));
        for hosts in
            ["", "host: a.vn\r\nhost: a.vn\r\n", "host: a.vn\r\nHost: b.vn\r\n", "host:\r\n", "host: a b\r\n"]
        {
            let answer = send(&server, &with(hosts)).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts}: {answer}");
            assert!(answer.contains("The request must name exactly one host"), "{answer}");
            assert!(answer.contains("\"BAD_INPUT\"") && answer.contains("requestId"), "{answer}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn body_of_two_lengths_hides_no_request() {
    on_both_engines(|server| async move {
        let hidden = "GET /livez HTTP/1.1\r\nhost: a.vn\r\n\r\n";
        let chunked = format!("0\r\n\r\n{hidden}");
        for lengths in [
            format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", chunked.len()),
            format!("transfer-encoding: chunked\r\ncontent-length: {}\r\n", chunked.len()),
            "transfer-encoding: chunked, identity\r\n".to_owned(),
            "transfer-encoding: xchunked\r\n".to_owned(),
            "content-length: 5\r\ncontent-length: 6\r\n".to_owned(),
            "content-length: +5\r\n".to_owned(),
            "content-length : 5\r\n".to_owned(),
            "x: a\r\n b\r\n".to_owned(),
        ] {
            let answer = send(&server, &post(&format!("host: a.vn\r\n{lengths}"), &chunked)).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{lengths}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{lengths}: {answer}");
            assert!(!answer.contains("live"), "{answer}");
        }
    })
    .await;
}

/// Returns the values of these headers of a response.
async fn headers(server: &Arc<Server>, path: &str, names: &[&str]) -> Vec<String> {
    let response = server.http(Method::GET, path).send().await.expect("a response");
    let value = |name: &&str| {
        let value = response.headers().get(*name).unwrap_or_else(|| panic!("{path} has no {name}"));
        value.to_str().expect("text").to_owned()
    };
    names.iter().map(value).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_has_the_headers_for_browsers() {
    on_both_engines(|server| async move {
        for path in [
            "/",
            "/graphql?query=%7B__typename%7D",
            "/assets/start.js",
            "/livez",
            "/nowhere",
            "/changes.atom",
        ] {
            let names = [
                "x-content-type-options",
                "referrer-policy",
                "cross-origin-opener-policy",
                "cross-origin-resource-policy",
            ];
            assert_eq!(
                headers(&server, path, &names).await,
                ["nosniff", "no-referrer", "same-origin", "same-origin"],
                "{path}"
            );
            let policies = headers(&server, path, &["content-security-policy", "permissions-policy"]).await;
            assert!(policies[0].contains("default-src 'none'"), "{path}: {policies:?}");
            assert!(policies[0].contains("frame-ancestors 'none'"), "{path}: {policies:?}");
            assert!(!policies[0].contains("script-src 'unsafe"), "{path}: {policies:?}");
            assert!(policies[1].contains("camera=()"), "{path}: {policies:?}");
            let plain = server.http(Method::GET, path).send().await.expect("a response");
            assert!(!plain.headers().contains_key("strict-transport-security"), "only TLS is strict");
        }
        let page =
            server.http(Method::GET, "/").send().await.expect("a page").text().await.expect("the page");
        assert!(!page.contains("<script>") && !page.contains(" onload="), "no script is inline");
    })
    .await;
}
