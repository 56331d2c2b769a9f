//! A database server that goes away and comes back, with the service between.

use std::sync::Arc;
use std::time::{Duration, Instant};

use caunoi_server::Settings;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::harness::{Server, on_a_server_database};

/// A question that was never asked before where `turn` is new: no kept answer helps.
fn question(turn: usize) -> String {
    format!("{{ list{turn}: agreements(first: 1) {{ nodes {{ code }} }} }}")
}

/// A way to a database server that can be cut off, with all that goes along it.
struct Way {
    open: watch::Sender<bool>,
}

impl Way {
    /// These settings, by a way to their database.
    async fn to(settings: Settings) -> (Self, Settings) {
        let mut url: reqwest::Url =
            settings.database_url.as_deref().expect("a server").parse().expect("a URL");
        let target = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        let open = watch::Sender::new(true);
        tokio::spawn(lead(listener, Arc::from(target), open.subscribe()));
        (Self { open }, Settings { database_url: Some(url.into()), ..settings })
    }

    fn cut(&self) {
        self.open.send_replace(false);
    }

    fn mend(&self) {
        self.open.send_replace(true);
    }
}

/// Hands every connection on while the way is open; a cut ends all of them.
async fn lead(listener: TcpListener, target: Arc<str>, open: watch::Receiver<bool>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (target, mut open) = (Arc::clone(&target), open.clone());
        tokio::spawn(async move {
            if !*open.borrow_and_update() {
                return;
            }
            let Ok(mut far) = TcpStream::connect(&*target).await else { return };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                _ = open.wait_for(|is_open| !is_open) => {}
            }
        });
    }
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

/// Asks until readiness is as wanted; a minute is more than any of our clocks needs.
async fn until_ready_is(server: &Server, wanted: bool) {
    let begun = Instant::now();
    while is_ready(server).await != wanted {
        assert!(begun.elapsed() < Duration::from_mins(1), "/readyz stays {}", !wanted);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_a_server_says_so_at_once_and_recovers_by_itself() {
    on_a_server_database(|settings| async move {
        let (way, settings) = Way::to(settings).await;
        let server = Server::start(settings).await;
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
