//! HTTP caching: `Cache-Control` and `ETag`.

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, StatusCode};

use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_engines};

const DOCUMENT: &str = "{ province(slug: \"NGHE_AN\") { events(first: 1) { nodes { code } } } }";
const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// Returns status, headers and body of a GET request.
async fn get(server: &Server, query: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let mut request = server.http(Method::GET, "/graphql").query(&[("query", query)]);
    for (name, value) in headers {
        request = request.header(name.parse::<HeaderName>().expect("a name"), *value);
    }
    let response = request.send().await.expect("the server answers");
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.text().await.expect("the answer is whole"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn etag_matches_until_the_response_changes() {
    on_both_engines(|server| async move {
        let (status, headers, body) = get(&server, DOCUMENT, &[("accept", JSON)]).await;
        let tag = text(&headers, "etag").to_owned();
        assert_eq!(status, StatusCode::OK);
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        assert_eq!(text(&headers, "cache-control"), "public, max-age=0, must-revalidate");
        assert_eq!(text(&headers, "vary"), "accept, accept-language, authorization");
        let (status, headers, empty) =
            get(&server, DOCUMENT, &[("accept", JSON), ("if-none-match", &tag)]).await;
        assert_eq!((status, empty.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(text(&headers, "etag"), tag);
        assert_eq!(text(&headers, "vary"), "accept, accept-language, authorization");
        assert_eq!(text(&headers, "content-type"), "");
        let (status, other, same) =
            get(&server, DOCUMENT, &[("accept", GRAPHQL), ("if-none-match", &tag)]).await;
        assert_eq!((status, &same), (StatusCode::OK, &body));
        assert_ne!(text(&other, "etag"), tag, "another media type is another representation");
        Publisher::of("NGHE_AN", server.register()).publish("New").await;
        let (status, headers, after) =
            get(&server, DOCUMENT, &[("accept", JSON), ("if-none-match", &tag)]).await;
        assert_eq!(status, StatusCode::OK);
        assert_ne!(text(&headers, "etag"), tag);
        assert_ne!(after, body);
    })
    .await;
}

#[tokio::test]
async fn other_responses_are_not_cacheable() {
    on_both_engines(|server| async move {
        let bearer = format!("Bearer {}", server.token("analyst", None));
        for (query, headers) in [
            (DOCUMENT, &[("authorization", bearer.as_str())][..]),
            ("{ nonsense }", &[]),
            ("{ relations(first: 0) { nodes { code } } }", &[]),
            ("{ relation(by: { code: \"REL-0001\" }) { code } x: relations(after: \"x\") { nodes { code } } }", &[]),
        ] {
            let (_, received, _) = get(&server, query, headers).await;
            assert_eq!((text(&received, "cache-control"), text(&received, "etag")), ("no-store", ""), "{query}");
        }
        let body = serde_json::json!({ "query": DOCUMENT });
        let response = server.http(Method::POST, "/graphql").json(&body).send().await.expect("an answer");
        assert_eq!(text(response.headers(), "cache-control"), "no-store");
        assert_eq!(text(response.headers(), "etag"), "");
    })
    .await;
}
