//! The budget of subscriptions for each client address, over all sockets and event streams.

use std::net::SocketAddr;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, on_both_databases};
use crate::socket::{Socket, open, receive_message, send_message};

fn address(server: &Server) -> SocketAddr {
    server.url("").trim_start_matches("http://").parse().expect("an address")
}

async fn greeted(server: &Server) -> Socket {
    let mut socket = open(address(server)).await.expect("a socket");
    send_message(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    socket
}

/// Returns the first message of a subscription.
async fn subscribe(socket: &mut Socket, id: &str, document: &str) -> Value {
    send_message(socket, &json!({"id": id, "type": "subscribe", "payload": {"query": document}})).await;
    let message = receive_message(socket).await;
    assert_eq!(message["id"], id, "{message}");
    message
}

fn counts(alias: &str, interval_ms: u32) -> String {
    format!(
        "subscription {{ statistics(minIntervalMs: {interval_ms}) {{ {alias}: agreements {{ count }} }} }}"
    )
}

#[track_caller]
fn assert_refused(message: &Value, hint: &str) {
    assert_eq!(message["type"], "error", "{message}");
    let error = &message["payload"][0];
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{message}");
    assert!(error["message"].as_str().expect("text").contains(hint), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn subscription_limit_spans_sockets_and_event_streams() {
    on_both_databases(|mut settings| async move {
        settings.execution_limits.subscriptions.count = 3;
        let server = Server::start(settings).await;
        let (mut one, mut other) = (greeted(&server).await, greeted(&server).await);
        let document = counts("a", 1_000);
        for id in ["1", "2"] {
            assert_eq!(subscribe(&mut one, id, &document).await["type"], "next");
        }
        assert_eq!(subscribe(&mut other, "1", &document).await["type"], "next");
        assert_refused(&subscribe(&mut other, "2", &document).await, "kết thúc một luồng");
        let events = server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
        let refused = events.json(&json!({"query": document})).send().await.expect("a response");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()["retry-after"], "30");
        let body: Value = refused.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{body}");
        // The sockets stay open, and a completed subscription frees its budget.
        send_message(&mut one, &json!({"id": "2", "type": "complete"})).await;
        send_message(&mut one, &json!({"type": "ping"})).await;
        assert_eq!(receive_message(&mut one).await["type"], "pong");
        let mut turn = 3;
        while subscribe(&mut other, &turn.to_string(), &document).await["type"] != "next" {
            turn += 1;
            assert!(turn < 10_000, "the room did not come back");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn distinct_subscriptions_are_charged_their_cost() {
    on_both_databases(|mut settings| async move {
        settings.execution_limits.subscriptions.cost = 200;
        let server = Server::start(settings).await;
        let mut socket = greeted(&server).await;
        let equal = counts("same", 60_000);
        for id in ["1", "2", "3", "4", "5"] {
            assert_eq!(subscribe(&mut socket, id, &equal).await["type"], "next");
        }
        // Undefined variables do not make a different subscription.
        let payload = json!({"query": equal, "variables": {"unknown": 1}});
        send_message(&mut socket, &json!({"id": "6", "type": "subscribe", "payload": payload})).await;
        assert_eq!(receive_message(&mut socket).await["type"], "next");
        let mut refused = None;
        for id in 10..20 {
            let message = subscribe(&mut socket, &id.to_string(), &counts(&format!("a{id}"), 60_000)).await;
            if message["type"] != "next" {
                refused = Some((id, message));
                break;
            }
        }
        let (id, message) = refused.expect("a bound");
        // Each distinct subscription costs a little more than 50.
        assert_eq!(id, 12, "{message}");
        assert_refused(&message, "minIntervalMs");
        // A shorter interval costs more.
        let often = subscribe(&mut greeted(&server).await, "1", &counts("often", 100)).await;
        assert_refused(&often, "minIntervalMs");
        server.stop().await;
    })
    .await;
}
