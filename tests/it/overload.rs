//! Overload: who is refused, who is served, and how writes of provinces take turns.

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::cancellation::{BlockedStatements, wait_for_count};
use crate::harness::publisher::Publisher;
use crate::harness::{ACCEPT, Server, on_both_databases};
use crate::socket::{open, receive_message, send_message};

/// The slots of the node in this test: one for each class.
const SLOTS: usize = 4;
/// The requests of one client network that wait for its slot.
const WAITING: usize = SLOTS * 32 / 4;
/// The requests that find no room.
const REFUSED: usize = 7;

/// Returns a query that no other request shares, answered from memory.
fn query(alias: &str) -> Value {
    json!({"query": format!("{{ {alias}: provinces {{ slug }} }}")})
}

fn request(server: &Server, body: &Value) -> RequestBuilder {
    server.http(Method::POST, "/graphql").header("accept", ACCEPT).json(body)
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_and_others_are_served() {
    on_both_databases(|mut settings| async move {
        settings.execution_limits.operations = SLOTS;
        let server = Server::start(settings).await;
        let endless = BlockedStatements::begin(server.settings()).await;
        let before = server.statements();
        let blocked = request(&server, &json!({"query": "{ agreements(first: 1) { nodes { code } } }"}));
        let blocked = tokio::spawn(blocked.send());
        wait_for_count(&server, "the slot of the public is taken", before + 1, || server.statements()).await;

        let send = |number| request(&server, &query(&format!("a{number}"))).send();
        let mut flood: FuturesUnordered<_> = (0..WAITING + REFUSED).map(send).collect();
        for _ in 0..REFUSED {
            let refused = flood.next().await.expect("a refusal").expect("a response");
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(refused.headers()["retry-after"], "1");
            let body: Value = refused.json().await.expect("JSON");
            let error = &body["errors"][0];
            assert_eq!(error["extensions"]["code"], "OVERLOADED", "{body}");
            assert_eq!(error["extensions"]["retryable"], true, "{body}");
            assert_eq!(error["message"], "Máy chủ đang quá tải; đề nghị thử lại sau một giây.");
        }
        assert_streams_are_refused(&server).await;
        for (number, caller) in ["analyst", "clerk:NGHE_AN", "partner"].into_iter().enumerate() {
            let document = query(&format!("b{number}"))["query"].as_str().expect("a text").to_owned();
            let answer = server.execute_as(caller, &document, Value::Null).await;
            assert!(answer["errors"].is_null(), "{caller}: {answer}");
        }

        // The client leaves: its slot serves all who wait.
        blocked.abort();
        let mut answered = 0;
        while let Some(response) = flood.next().await {
            assert_eq!(response.expect("a response").status(), StatusCode::OK);
            answered += 1;
        }
        assert_eq!(answered, WAITING);
        endless.end().await;
        server.stop().await;
    })
    .await;
}

/// Asserts that a WebSocket and an event stream get the same error while the queue is full.
async fn assert_streams_are_refused(server: &Server) {
    let address = server.url("/").replace("http://", "").replace('/', "");
    let mut socket = open(address.parse().expect("an address")).await.expect("a socket");
    send_message(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    send_message(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": query("socket")})).await;
    let message = receive_message(&mut socket).await;
    assert_eq!(message["type"], "error", "{message}");
    assert_eq!(message["payload"][0]["extensions"]["code"], "OVERLOADED", "{message}");

    let events = server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
    let refused = events.json(&query("events")).send().await.expect("a response");
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    let body: Value = refused.json().await.expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "OVERLOADED", "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn write_of_another_province_does_not_wait_for_a_flood() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let register = server.register();
        let (flooding, other) = (Publisher::of("NGHE_AN", register), Publisher::of("DONG_NAI", register));
        let mut writes = FuturesUnordered::new();
        for number in 0..=100 {
            let (flooding, other) = (&flooding, &other);
            let mut write = Box::pin(async move {
                let is_other = number == 100;
                let publisher = if is_other { other } else { flooding };
                publisher.draft(&format!("Festival {number}")).await;
                is_other
            });
            // Each write is in the queue before the next one arrives.
            assert!(futures_util::poll!(&mut write).is_pending());
            writes.push(write);
        }
        let mut done = Vec::new();
        while let Some(is_other) = writes.next().await {
            done.push(is_other);
        }
        drop(writes);
        let place = done.iter().position(|is_other| *is_other).expect("it wrote");
        assert!(place < 10, "{place} writes of the flooding province were before it");
        server.stop().await;
    })
    .await;
}
