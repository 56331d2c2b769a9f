//! Statuses, methods and media types of GraphQL over HTTP, and the specifications that the schema
//! names.

use std::fs;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const MUTATION: &str =
    "mutation { withdrawEntry(input: {id: \"x\", expectedVersion: 1}) { errors { code } } }";

async fn send(server: &Server, method: &str, accept: &str, body: &str) -> Response {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = server.http(method, "/graphql").header("accept", accept);
    let request = request.header("content-type", JSON).body(body.to_owned());
    request.send().await.expect("the server answers")
}

fn query(document: &str) -> String {
    json!({ "query": document }).to_string()
}

#[tokio::test]
async fn status_follows_the_class_of_the_error() {
    on_both_engines(|server| async move {
        let partial =
            query("{ province(slug: \"HUE\") { slug } relations(after: \"x\") { nodes { code } } }");
        let variables = |value: Value| {
            let document = "query($first: Int!) { relations(first: $first) { nodes { code } } }";
            json!({"query": document, "variables": {"first": value}}).to_string()
        };
        let unknown_operation = json!({"query": "query A { __typename }", "operationName": "B"}).to_string();
        for (body, graphql, plain) in [
            ("{\"query\":".to_owned(), 400, 400),
            ("7".to_owned(), 422, 400),
            ("[]".to_owned(), 422, 400),
            (json!({"qeury": "{ __typename }"}).to_string(), 422, 400),
            (json!({"query": "{ __typename }", "variables": [7]}).to_string(), 422, 400),
            (query("{"), 400, 200),
            (query("{ nonsense }"), 422, 200),
            (query("{ a: __typename a: viewer { role } }"), 422, 200),
            (query("query A { __typename } query B { __typename }"), 422, 200),
            (query("{ ...F } fragment F on Query { ...F }"), 422, 200),
            (unknown_operation, 422, 200),
            (variables(json!("x")), 422, 200),
            (variables(Value::Null), 422, 200),
            (partial, 294, 200),
            (query("{ __typename }"), 200, 200),
        ] {
            for (accept, expected) in [(GRAPHQL, graphql), (JSON, plain)] {
                let response = send(&server, "POST", accept, &body).await;
                assert_eq!(response.status().as_u16(), expected, "{accept} {body}");
                let media = response.headers()["content-type"].to_str().expect("a text").to_owned();
                assert_eq!(media, format!("{accept}; charset=utf-8"));
                let answer: Value = response.json().await.expect("JSON");
                assert_eq!(answer.get("data").is_some(), matches!(graphql, 200 | 294), "{answer}");
                assert_eq!(answer.get("errors").is_some(), graphql != 200, "{answer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn query_method_is_cached_like_get() {
    on_both_engines(|server| async move {
        let body = query("{ provinces { slug } }");
        let response = send(&server, "QUERY", GRAPHQL, &body).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["accept-query"], JSON);
        assert_eq!(response.headers()["cache-control"], "public, max-age=0, must-revalidate");
        let tag = response.headers()["etag"].clone();
        let request = server.http(Method::from_bytes(b"QUERY").expect("a method"), "/graphql");
        let request = request.header("accept", GRAPHQL).header("content-type", JSON).body(body.clone());
        let again = request.header("if-none-match", &tag).send().await.expect("an answer");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let posted = send(&server, "POST", GRAPHQL, &body).await;
        assert_eq!(posted.headers().get("etag"), None);
        assert_eq!(posted.headers()["cache-control"], "no-store");

        let refused = send(&server, "QUERY", GRAPHQL, &query(MUTATION)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let request = server.http(Method::from_bytes(b"QUERY").expect("a method"), "/graphql").body(body);
        let untyped = request.send().await.expect("an answer");
        assert_eq!(untyped.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    })
    .await;
}

#[tokio::test]
async fn other_methods_are_listed_in_allow() {
    on_both_engines(|server| async move {
        let get = server.http(Method::GET, "/graphql").query(&[("query", MUTATION)]);
        let response = get.header("accept", GRAPHQL).send().await.expect("an answer");
        assert_eq!(
            (response.status(), &response.headers()["allow"]),
            (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().expect("a header"))
        );
        for (method, status) in [("DELETE", 405), ("TRACE", 405), ("OPTIONS", 204)] {
            let response = send(&server, method, GRAPHQL, "").await;
            assert_eq!(response.status().as_u16(), status, "{method}");
            assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS, POST, QUERY", "{method}");
            assert_eq!(response.headers()["accept-query"], JSON, "{method}");
        }
        let head = server.http(Method::HEAD, "/graphql").query(&[("query", "{ __typename }")]);
        let response = head.send().await.expect("an answer");
        assert_eq!(
            (response.status(), response.text().await.expect("a body").as_str()),
            (StatusCode::OK, "")
        );
    })
    .await;
}

#[tokio::test]
async fn event_stream_asks_proxies_not_to_buffer() {
    on_both_engines(|server| async move {
        for method in ["POST", "QUERY"] {
            let response = send(&server, method, "text/event-stream", &query("{ __typename }")).await;
            assert_eq!(response.headers()["content-type"], "text/event-stream", "{method}");
            assert_eq!(response.headers()["incremental"], "?1", "{method}");
            assert!(response.text().await.expect("events").contains("Query"), "{method}");
        }
        let response = send(&server, "QUERY", "text/event-stream", &query(MUTATION)).await;
        assert!(response.text().await.expect("events").contains("BAD_INPUT"));
    })
    .await;
}

#[tokio::test]
async fn schema_and_scalars_describe_themselves() {
    on_both_engines(|server| async move {
        let document = "{ __schema { description types { kind name specifiedByURL } } }";
        let answer = server.execute(document, Value::Null).await;
        let description = answer["data"]["__schema"]["description"].as_str().expect("a description");
        assert!(description.contains("Vietnam"), "{description}");
        let sdl = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/schema.graphql"));
        assert!(sdl.expect("the schema").contains(description));
        let page = server.http(Method::GET, "/docs/scalars.md").send().await.expect("an answer");
        let page = page.text().await.expect("a page");
        let mut scalars = 0;
        for found in answer["data"]["__schema"]["types"].as_array().expect("types") {
            let name = found["name"].as_str().expect("a name");
            if found["kind"] != "SCALAR" || ["Boolean", "Float", "ID", "Int", "String"].contains(&name) {
                continue;
            }
            let url = found["specifiedByURL"].as_str().unwrap_or_else(|| panic!("{found}"));
            assert!(page.contains(&format!("\n## {name}\n")), "{name}");
            assert!(
                url.starts_with("https://") || url == format!("/docs/scalars.md#{}", name.to_lowercase())
            );
            scalars += 1;
        }
        assert!(scalars >= 9, "{scalars}");
    })
    .await;
}
