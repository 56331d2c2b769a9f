//! A database server that goes away and comes back, with the service between.

use caunoi_server::Settings;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::way::Way;
use crate::harness::{Server, on_a_server_database};

/// A question that was never asked before where `turn` is new: no kept answer helps.
fn question(turn: usize) -> String {
    format!("{{ list{turn}: agreements(first: 1) {{ nodes {{ code }} }} }}")
}

async fn ask(server: &Server, turn: usize) -> (StatusCode, serde_json::Value) {
    let request = server.http(Method::POST, "/graphql").header("accept", "application/json");
    let response =
        request.json(&json!({ "query": question(turn) })).send().await.expect("the server answers");
    let status = response.status();
    (status, response.json().await.expect("JSON"))
}

async fn is_ready(server: &Server) -> bool {
    let response = server.http(Method::GET, "/readyz").send().await.expect("the server answers");
    response.status() == StatusCode::OK
}

/// Asks until readiness is as wanted.
async fn until_ready_is(server: &Server, wanted: bool) {
    while is_ready(server).await != wanted {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_a_server_says_so_at_once_and_recovers_by_itself() {
    on_a_server_database(|settings| async move {
        let (way, url) = Way::to(settings.database_url.as_deref().expect("a server"), 5432).await;
        let server = Server::start(Settings { database_url: Some(url), ..settings }).await;
        let (status, before) = ask(&server, 0).await;
        assert_eq!(status, StatusCode::OK, "{before}");

        way.cut();
        until_ready_is(&server, false).await;
        let sent = server.statements();
        for turn in 1..50 {
            let (status, answer) = ask(&server, turn).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!(
                (&extensions["code"], &extensions["retryable"]),
                (&json!("UNAVAILABLE"), &json!(true))
            );
            assert!(answer.get("data").is_none(), "{answer}");
        }
        assert_eq!(server.statements(), sent, "nobody waits for what is away");
        let answer = server.ask("{ statistics { agreements { count } } }", json!({})).await;
        assert!(
            answer["data"]["statistics"]["agreements"]["count"].is_number(),
            "numbers need none: {answer}"
        );

        way.mend();
        until_ready_is(&server, true).await;
        assert_eq!(ask(&server, 0).await, (StatusCode::OK, before));
        // Each connection that was cut tells it once, to somebody who may ask again.
        let mut turn = 50;
        while ask(&server, turn).await.0 != StatusCode::OK {
            turn += 1;
            assert!(turn < 60, "more questions failed than there were connections");
        }
        server.stop().await;
    })
    .await;
}
