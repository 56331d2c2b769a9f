//! An outage of the database server and the recovery of the service.

use caunoi_server::Settings;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::proxy::TcpProxy;
use crate::harness::{Server, on_postgres};

/// Returns a query that is new for a new `turn`, so that no cached response exists.
fn question(turn: usize) -> String {
    format!("{{ list{turn}: agreements(first: 1) {{ nodes {{ code }} }} }}")
}

async fn execute(server: &Server, turn: usize) -> (StatusCode, serde_json::Value) {
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

/// Polls until the readiness has this value.
async fn until_ready_is(server: &Server, wanted: bool) {
    while is_ready(server).await != wanted {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_reports_database_outage_and_recovers() {
    on_postgres(|settings| async move {
        let (proxy, url) = TcpProxy::to(settings.database_url.as_deref().expect("a server"), 5432).await;
        let server = Server::start(Settings { database_url: Some(url), ..settings }).await;
        let (status, before) = execute(&server, 0).await;
        assert_eq!(status, StatusCode::OK, "{before}");

        proxy.cut();
        until_ready_is(&server, false).await;
        let sent = server.statements();
        for turn in 1..50 {
            let (status, answer) = execute(&server, turn).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!(
                (&extensions["code"], &extensions["retryable"]),
                (&json!("UNAVAILABLE"), &json!(true))
            );
            assert!(answer.get("data").is_none(), "{answer}");
        }
        assert_eq!(server.statements(), sent, "nobody waits for what is away");
        let answer = server.execute("{ statistics { agreements { count } } }", json!({})).await;
        assert!(
            answer["data"]["statistics"]["agreements"]["count"].is_number(),
            "numbers need none: {answer}"
        );

        proxy.mend();
        until_ready_is(&server, true).await;
        assert_eq!(execute(&server, 0).await, (StatusCode::OK, before));
        // Each cut connection fails one request, which the client may repeat.
        let mut turn = 50;
        while execute(&server, turn).await.0 != StatusCode::OK {
            turn += 1;
            assert!(turn < 60, "more questions failed than there were connections");
        }
        server.stop().await;
    })
    .await;
}
