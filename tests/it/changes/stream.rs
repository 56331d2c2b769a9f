//! The feed as a stream, over a real socket.

use caunoi_domain::id::Log;
use caunoi_server::{Running, Settings};
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::on_both_databases;
use crate::socket::{Socket, hear, open, say};

const CHANGES: &str = "subscription($after: Cursor, $filter: ChangeFilter) {
    changes(after: $after, filter: $filter) {
        __typename
        ... on Change { cursor operation movement position author entry { code ... on Event { title(locale: EN) } } }
        ... on ChangeHeartbeat { cursor at }
        ... on ChangeGap { cursor reason }
    }
}";

async fn start(settings: &Settings) -> Running {
    caunoi_server::start(settings.clone()).await.expect("a server")
}

/// Somebody who listens to the changes of Nghệ An after a cursor.
async fn listen(server: &Running, after: &Value) -> Socket {
    let mut socket = open(server.address()).await.expect("a socket");
    say(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    let variables = json!({"after": after, "filter": {"province": {"in": ["NGHE_AN"]}}});
    let payload = json!({"query": CHANGES, "variables": variables});
    say(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": payload})).await;
    socket
}

async fn next(socket: &mut Socket) -> Value {
    let mut message = hear(socket).await;
    assert!(message["type"] == "next" && message["payload"]["errors"].is_null(), "{message}");
    message["payload"]["data"]["changes"].take()
}

/// The next change: its title and the cursor to go on after it.
async fn title(socket: &mut Socket) -> (String, Value) {
    let mut change = next(socket).await;
    assert_eq!(change["__typename"], "Change", "{change}");
    assert_eq!((&change["movement"], &change["author"]), (&json!("ENTERED"), &Value::Null));
    (change["entry"]["title"].as_str().unwrap_or_default().to_owned(), change["cursor"].take())
}

#[tokio::test]
async fn a_stream_goes_on_after_its_last_cursor_without_loss_or_doubles() {
    on_both_databases(|settings| async move {
        let server = start(&settings).await;
        let mut socket = listen(&server, &Value::Null).await;
        let beat = next(&mut socket).await;
        assert_eq!(beat["__typename"], "ChangeHeartbeat", "{beat}");
        let desk = Desk::of("NGHE_AN", server.register());
        desk.draft("Not for strangers").await;
        Desk::of("DA_NANG", server.register()).publish("Elsewhere").await;
        desk.publish("One").await;
        desk.publish("Two").await;
        let (one, after_one) = title(&mut socket).await;
        assert_eq!((one.as_str(), title(&mut socket).await.0.as_str()), ("One", "Two"));
        drop(socket);
        desk.publish("Three").await;
        server.stop().await;

        let server = start(&settings).await;
        let desk = Desk::of("NGHE_AN", server.register());
        desk.publish("Four").await;
        let mut socket = listen(&server, &after_one).await;
        for expected in ["Two", "Three", "Four"] {
            assert_eq!(title(&mut socket).await.0, expected);
        }
        desk.publish("Five").await;
        assert_eq!(title(&mut socket).await.0, "Five");
        // The first heartbeat was a place to go on after as well.
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
async fn a_stream_ahead_of_the_logs_tells_a_gap_and_goes_on_and_a_forged_cursor_is_refused() {
    on_both_databases(|settings| async move {
        let server = start(&settings).await;
        let positions = server.register().replica().positions.clone();
        let ahead = positions.with(Log::new(3), i64::MAX).seal(server.register().sealing_key());
        let mut socket = listen(&server, &json!(ahead)).await;
        let gap = next(&mut socket).await;
        assert_eq!(gap["__typename"], "ChangeGap", "{gap}");
        Desk::of("NGHE_AN", server.register()).publish("After the gap").await;
        assert_eq!(title(&mut socket).await.0, "After the gap");
        let mut forged = listen(&server, &json!("AAAA")).await;
        let error = hear(&mut forged).await;
        assert_eq!(error["type"], "error", "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], "BAD_INPUT", "{error}");
        drop((socket, forged));
        server.stop().await;
    })
    .await;
}
