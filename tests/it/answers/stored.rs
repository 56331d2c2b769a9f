//! What caches on the way may store.

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, StatusCode};

use crate::harness::desk::Desk;
use crate::harness::{Server, on_both_engines};

const DOCUMENT: &str = "{ province(slug: \"NGHE_AN\") { events(first: 1) { nodes { code } } } }";
const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// What an address answers: status, headers, body.
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
async fn who_has_an_answer_is_told_that_it_holds_until_it_does_not() {
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
        Desk::of("NGHE_AN", server.register()).publish("New").await;
        let (status, headers, after) =
            get(&server, DOCUMENT, &[("accept", JSON), ("if-none-match", &tag)]).await;
        assert_eq!(status, StatusCode::OK);
        assert_ne!(text(&headers, "etag"), tag);
        assert_ne!(after, body);
    })
    .await;
}

#[tokio::test]
async fn nothing_else_is_stored_anywhere() {
    on_both_engines(|server| async move {
        let bearer = format!("Bearer {}", server.token("analyst", None));
        for (query, headers) in [
            (DOCUMENT, &[("authorization", bearer.as_str())][..]),
            ("{ nonsense }", &[]),
            ("{ relations(first: 0) { nodes { code } } }", &[]),
            ("{ relation(by: { code: \"REL-0001\" }) { code } x: relations(after: \"x\") { nodes { code } } }", &[]),
        ] {
            let (_, told, _) = get(&server, query, headers).await;
            assert_eq!((text(&told, "cache-control"), text(&told, "etag")), ("no-store", ""), "{query}");
        }
        let body = serde_json::json!({ "query": DOCUMENT });
        let response = server.http(Method::POST, "/graphql").json(&body).send().await.expect("an answer");
        assert_eq!(text(response.headers(), "cache-control"), "no-store");
        assert_eq!(text(response.headers(), "etag"), "");
    })
    .await;
}
