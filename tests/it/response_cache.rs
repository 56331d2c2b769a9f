//! Cached responses: when they are used, when they are invalidated, and for which callers.

mod callers;
mod consistency;
mod etags;
mod invalidation;
mod redis_cache;

use caunoi_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

const EVENTS: &str =
    "query($slug: String!) { province(slug: $slug) { events(first: 5) { nodes { title(locale: EN) } } } }";

/// Disables Redis, to test the cache of one process.
fn without_redis(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

/// Returns a response without errors and the number of SQL statements that it took.
async fn execute_counting(
    server: &Server,
    caller: Option<&str>,
    document: &str,
    variables: &Value,
) -> (Value, u64) {
    let before = server.statements();
    let answer = match caller {
        Some(caller) => server.execute_as(caller, document, variables.clone()).await,
        None => server.execute(document, variables.clone()).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    (answer, server.statements() - before)
}

#[tokio::test]
async fn repeated_request_is_executed_once() {
    on_both_engines(|server| async move {
        let (first, cost) = execute_counting(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        assert!(cost > 0);
        for _ in 0..3 {
            let again = execute_counting(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
            assert_eq!(again, (first.clone(), 0));
        }
    })
    .await;
}

#[tokio::test]
async fn equivalent_documents_share_a_cached_response() {
    on_both_engines(|server| async move {
        let document = "query($a: Int, $b: String) { relations(first: $a, after: $b) { nodes { code } } }";
        let body = json!({ "query": document, "variables": { "a": 3, "b": null } }).to_string();
        let other = format!(
            r#"{{ "variables": {{ "b": null, "a": 3 }}, "extensions": {{}}, "operationName": "", "query": {} }}"#,
            json!(document)
        );
        let post = |body: String| {
            server.http(Method::POST, "/graphql").header("content-type", "application/json").body(body)
        };
        let variables = json!({ "a": 3, "b": null }).to_string();
        let address = server.http(Method::GET, "/graphql").query(&[("query", document), ("variables", &variables)]);
        let mut texts = Vec::new();
        let mut costs = Vec::new();
        for request in [post(body), post(other), address] {
            let before = server.statements();
            let response = request.send().await.expect("the server answers");
            assert!(response.status().is_success());
            texts.push(response.text().await.expect("the answer is whole"));
            costs.push(server.statements() - before);
        }
        assert_eq!((costs[1], costs[2]), (0, 0), "{costs:?}");
        assert_eq!((&texts[0], &texts[0]), (&texts[1], &texts[2]));
    })
    .await;
}

#[tokio::test]
async fn concurrent_equal_requests_share_one_execution() {
    on_both_engines(|server| async move {
        let (_, cost) = execute_counting(&server, None, EVENTS, &json!({ "slug": "HUE" })).await;
        let before = server.statements();
        let document = format!("{EVENTS} # asked by many");
        let asking = (0..8).map(|_| server.execute(&document, json!({ "slug": "HUE" })));
        let answers = futures_util::future::join_all(asking).await;
        assert!(answers.iter().all(|answer| answer == &answers[0] && answer["errors"].is_null()));
        assert_eq!(server.statements() - before, cost);
    })
    .await;
}

#[tokio::test]
async fn errors_are_not_cached() {
    on_both_engines(|server| async move {
        for document in [
            "{ relations(first: 0) { nodes { code } } }",
            "{ nonsense }",
            "{ a: relations(first: 1) { nodes { code } } b: relations(after: \"junk\") { nodes { code } } }",
        ] {
            let mut ids = Vec::new();
            for _ in 0..2 {
                let answer = server.execute(document, Value::Null).await;
                ids.push(answer["errors"][0]["extensions"]["requestId"].as_str().expect("an id").to_owned());
            }
            assert_ne!(ids[0], ids[1], "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn node_without_cache_returns_the_same_responses() {
    crate::harness::on_both_databases(|settings| async move {
        let mut settings = without_redis(settings);
        settings.response_cache.bytes = 0;
        let server = Server::start(settings).await;
        let (first, cost) = execute_counting(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        let again = execute_counting(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        assert_eq!(again, (first, cost));
        server.stop().await;
    })
    .await;
}
