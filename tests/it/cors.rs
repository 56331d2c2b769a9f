//! Requests of pages of other origins (CORS), and tags after a proxy that compresses.

use caunoi_server::Settings;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::harness::{Server, on_both_databases, on_both_engines};

const OWN: &str = "https://dong-nai.gov.vn";
const OTHER: &str = "https://app.example";

async fn preflight(server: &Server, path: &str, origin: &str) -> (StatusCode, HeaderMap) {
    let request = server.http(Method::OPTIONS, path).header("origin", origin);
    let request = request.header("access-control-request-method", "QUERY");
    let request = request.header("access-control-request-headers", "authorization, content-type");
    let response = request.send().await.expect("the server answers");
    (response.status(), response.headers().clone())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn every_origin_may_read_public_responses() {
    on_both_engines(|server| async move {
        let query = "query=%7B__typename%7D";
        for (accept, path, status) in [
            ("application/json", format!("/graphql?{query}"), 200),
            ("text/event-stream", format!("/graphql?{query}"), 200),
            ("*/*", "/graphql".to_owned(), 400),
            ("*/*", "/changes.jsonl".to_owned(), 200),
            ("*/*", "/changes.atom".to_owned(), 200),
            ("*/*", format!("/files/{}", "0".repeat(64)), 404),
            ("*/*", format!("/graphql?{}", "x".repeat(20_000)), 414),
            ("*/*", "/nothing".to_owned(), 404),
        ] {
            let request = server.http(Method::GET, &path).header("origin", OTHER).header("accept", accept);
            let response = request.send().await.expect("the server answers");
            assert_eq!(response.status().as_u16(), status, "{path}");
            let headers = response.headers();
            assert_eq!(text(headers, "access-control-allow-origin"), "*", "{path}");
            assert_eq!(text(headers, "access-control-allow-credentials"), "", "{path}");
            for exposed in ["ETag", "Retry-After", "RateLimit", "X-Request-Id"] {
                let all = text(headers, "access-control-expose-headers");
                assert!(all.split(", ").any(|name| name == exposed), "{exposed} {all}");
            }
            // The same for all origins, so that caches keep one response.
            assert!(!text(headers, "vary").contains("origin"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn listed_origins_may_send_a_token() {
    on_both_databases(|settings| async move {
        let server = Server::start(Settings { allowed_origins: vec![OWN.to_owned()], ..settings }).await;
        for path in ["/graphql", "/changes.jsonl", "/changes.atom", "/files"] {
            for (origin, headers) in [(OWN, "*, Authorization"), (OTHER, "*"), ("null", "*")] {
                let (status, received) = preflight(&server, path, origin).await;
                assert_eq!(status, StatusCode::NO_CONTENT, "{path}");
                assert_eq!(text(&received, "access-control-allow-origin"), "*", "{path} {origin}");
                assert_eq!(text(&received, "access-control-allow-headers"), headers, "{path} {origin}");
                assert_eq!(text(&received, "access-control-allow-methods"), "GET, HEAD, POST, QUERY");
                assert_eq!(text(&received, "access-control-max-age"), "86400");
                assert!(text(&received, "vary").starts_with("origin"));
                assert_ne!(text(&received, "x-request-id"), "");
            }
        }
        let (status, _) = preflight(&server, "/nothing", OWN).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn tag_of_a_compressed_response_matches() {
    on_both_engines(|server| async move {
        for path in ["/graphql?query=%7Bprovinces%7Bslug%7D%7D", "/changes.jsonl", "/changes.atom", "/"] {
            let get = |tag: String| server.http(Method::GET, path).header("if-none-match", tag).send();
            let response = get("\"x\"".to_owned()).await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let tag = text(response.headers(), "etag").to_owned();
            let bare = tag.trim_start_matches("W/").trim_matches('"');
            let same = [
                "\"{}-gzip\"",
                "W/\"{}-gzip\"",
                "\"{}--gzip\"",
                "\"{}-br\"",
                "W/\"{}\"",
                "\"x\", \"{}\"",
                "*",
            ];
            for pattern in same {
                let response = get(pattern.replace("{}", bare)).await.expect("an answer");
                assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{path} {pattern}");
                assert_eq!(text(response.headers(), "etag"), tag);
            }
            for pattern in ["\"{}x\"", "\"{}-gzipped\"", "{}"] {
                let response = get(pattern.replace("{}", bare)).await.expect("an answer");
                assert_eq!(response.status(), StatusCode::OK, "{path} {pattern}");
            }
        }
    })
    .await;
}
