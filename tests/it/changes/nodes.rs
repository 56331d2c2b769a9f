//! Two nodes on one database: each reads the writes of the other.

use caunoi_server::Settings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_databases, on_both_engines, open};

const EVENTS: &str = "{ events { totalCount { value } } }";

/// Returns status and body of a query with `Caunoi-After`, by GET or POST.
async fn execute_after(server: &Server, method: Method, after: &str) -> (StatusCode, Value) {
    let request = if method == Method::GET {
        server.http(method, "/graphql").query(&[("query", EVENTS)])
    } else {
        server.http(method, "/graphql").json(&json!({ "query": EVENTS }))
    };
    let response = request.header("caunoi-after", after).send().await.expect("the server answers");
    let status = response.status();
    let body = response.text().await.expect("the answer is whole");
    (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{body}: {error}")))
}

async fn count(server: &Server) -> i64 {
    value(&server.execute(EVENTS, Value::Null).await)
}

fn value(answer: &Value) -> i64 {
    answer["data"]["events"]["totalCount"]["value"].as_i64().unwrap_or_else(|| panic!("{answer}"))
}

/// Returns the public cursor of a server.
async fn cursor(server: &Server) -> String {
    let answer = server.execute("{ statistics { cursor } }", Value::Null).await;
    answer["data"]["statistics"]["cursor"].as_str().expect("a cursor").to_owned()
}

#[tokio::test]
async fn node_sees_writes_of_another_node() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let before = count(&server).await;
        for (written, method) in [(1, Method::POST), (2, Method::GET)] {
            Publisher::of("NGHE_AN", &other).publish("Written there").await;
            let cursor = other.read_model().public_heads.to_cursor(other.signing_key());
            let (status, answer) = execute_after(&server, method, &cursor).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(value(&answer), before + written);
        }
        let mut moves = server.register().updates();
        Publisher::of("DA_NANG", &other).publish("And there").await;
        let read = async {
            while count(&server).await < before + 3 {
                moves.changed().await.expect("the register lives");
            }
        };
        read.await;
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_follow_each_other_without_redis() {
    on_both_databases(|settings| async move {
        // Nothing listens on the first port.
        let redis_url = Some("redis://127.0.0.1:1".to_owned());
        let server = Server::start(Settings { redis_url, ..settings.clone() }).await;
        let mut moves = server.register().updates();
        let other = open(&settings).await;
        let before = count(&server).await;
        Publisher::of("NGHE_AN", server.register()).publish("Written here").await;
        Publisher::of("NGHE_AN", &other).publish("Written there").await;
        while count(&server).await < before + 2 {
            moves.changed().await.expect("the register lives");
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn caunoi_after_rejects_invalid_and_retries_future_cursors() {
    on_both_engines(|server| async move {
        for method in [Method::GET, Method::POST] {
            let (status, answer) = execute_after(&server, method.clone(), "nonsense").await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT");
            assert!(answer["data"].is_null());
            let reached = cursor(&server).await;
            assert_eq!(execute_after(&server, method, &reached).await.0, StatusCode::OK);
        }
        let log = caunoi_domain::id::Log::new(1);
        let ahead = server.register().read_model().public_heads.clone().with(log, 1_000_000);
        let ahead = ahead.to_cursor(server.register().signing_key());
        let (status, answer) = execute_after(&server, Method::POST, &ahead).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["retryable"]), (&json!("UNAVAILABLE"), &json!(true)));
    })
    .await;
}
