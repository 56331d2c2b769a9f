//! The feed as a stream over a WebSocket.

use caunoi_domain::id::Log;
use caunoi_server::{RunningServer, Settings};
use serde_json::{Value, json};

use crate::harness::on_both_databases;
use crate::harness::publisher::Publisher;
use crate::socket::{Socket, open, receive_message, send_message};

const CHANGES: &str = "subscription($after: Cursor, $filter: ChangeFilter) {
    changes(after: $after, filter: $filter) {
        __typename
        ... on Change { cursor operation movement position author entry { code ... on Event { title(locale: EN) } } }
        ... on ChangeHeartbeat { cursor at }
        ... on ChangeGap { cursor reason }
    }
}";

async fn start(settings: &Settings) -> RunningServer {
    caunoi_server::start(settings.clone()).await.expect("a server")
}

/// Subscribes to the changes of Nghệ An after a cursor.
async fn listen(server: &RunningServer, after: &Value) -> Socket {
    let mut socket = open(server.address()).await.expect("a socket");
    send_message(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    let variables = json!({"after": after, "filter": {"province": {"in": ["NGHE_AN"]}}});
    let payload = json!({"query": CHANGES, "variables": variables});
    send_message(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": payload})).await;
    socket
}

async fn next(socket: &mut Socket) -> Value {
    let mut message = receive_message(socket).await;
    assert!(message["type"] == "next" && message["payload"]["errors"].is_null(), "{message}");
    message["payload"]["data"]["changes"].take()
}

/// Returns the title and the cursor of the next change.
async fn title(socket: &mut Socket) -> (String, Value) {
    let mut change = next(socket).await;
    assert_eq!(change["__typename"], "Change", "{change}");
    assert_eq!((&change["movement"], &change["author"]), (&json!("ENTERED"), &Value::Null));
    (change["entry"]["title"].as_str().unwrap_or_default().to_owned(), change["cursor"].take())
}

#[tokio::test]
async fn stream_resumes_after_cursor_exactly_once() {
    on_both_databases(|settings| async move {
        let server = start(&settings).await;
        let mut socket = listen(&server, &Value::Null).await;
        let beat = next(&mut socket).await;
        assert_eq!(beat["__typename"], "ChangeHeartbeat", "{beat}");
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.draft("Not for strangers").await;
        Publisher::of("DA_NANG", server.register()).publish("Elsewhere").await;
        publisher.publish("One").await;
        publisher.publish("Two").await;
        let (one, after_one) = title(&mut socket).await;
        assert_eq!((one.as_str(), title(&mut socket).await.0.as_str()), ("One", "Two"));
        drop(socket);
        publisher.publish("Three").await;
        server.stop().await;

        let server = start(&settings).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.publish("Four").await;
        let mut socket = listen(&server, &after_one).await;
        for expected in ["Two", "Three", "Four"] {
            assert_eq!(title(&mut socket).await.0, expected);
        }
        publisher.publish("Five").await;
        assert_eq!(title(&mut socket).await.0, "Five");
        // A client can also resume after the cursor of the first heartbeat.
        let mut other = listen(&server, &beat["cursor"]).await;
        for expected in ["One", "Two", "Three", "Four", "Five"] {
            assert_eq!(title(&mut other).await.0, expected);
        }
        drop((socket, other));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn stream_ahead_of_logs_sends_gap_and_continues() {
    on_both_databases(|settings| async move {
        let server = start(&settings).await;
        let positions = server.register().read_model().public_heads.clone();
        let ahead = positions.with(Log::new(3), i64::MAX).to_cursor(server.register().signing_key());
        let mut socket = listen(&server, &json!(ahead)).await;
        let gap = next(&mut socket).await;
        assert_eq!(gap["__typename"], "ChangeGap", "{gap}");
        Publisher::of("NGHE_AN", server.register()).publish("After the gap").await;
        assert_eq!(title(&mut socket).await.0, "After the gap");
        let mut forged = listen(&server, &json!("AAAA")).await;
        let error = receive_message(&mut forged).await;
        assert_eq!(error["type"], "error", "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], "BAD_INPUT", "{error}");
        drop((socket, forged));
        server.stop().await;
    })
    .await;
}
