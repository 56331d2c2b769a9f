//! `/graphql` over a WebSocket: with the public client (npm package `graphql-ws`), and by hand for
//! cases that it does not produce.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message, handshake::client::Request};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{on_both_databases, on_both_engines};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/socket.mjs");

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Builds a handshake with additional headers.
fn handshake(address: SocketAddr, headers: &[(&'static str, &str)]) -> Request {
    let mut request = format!("ws://{address}/graphql").into_client_request().expect("an address");
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    request
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

pub(crate) async fn open(address: SocketAddr) -> Result<Socket, Error> {
    connect_async(handshake(address, &[PROTOCOL])).await.map(|(socket, _)| socket)
}

pub(crate) async fn send_message(socket: &mut Socket, message: &Value) {
    socket.send(Message::text(message.to_string())).await.expect("the socket is open");
}

/// Receives the next message; a close frame as `[code, reason]`.
pub(crate) async fn receive_message(socket: &mut Socket) -> Value {
    match socket.next().await.expect("a message").expect("a whole message") {
        Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
        Message::Close(Some(frame)) => json!([u16::from(frame.code), frame.reason.as_str()]),
        other @ (Message::Close(None)
        | Message::Binary(_)
        | Message::Ping(_)
        | Message::Pong(_)
        | Message::Frame(_)) => panic!("{other}"),
    }
}

/// Returns status and JSON body of a refused handshake.
async fn refusal(request: Request) -> (u16, Value) {
    match connect_async(request).await {
        Err(Error::Http(response)) => {
            let body = response.body().as_deref().unwrap_or_default();
            (response.status().as_u16(), serde_json::from_slice(body).expect("JSON"))
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn graphql_ws_client_understands_the_socket() {
    on_both_engines(|server| async move {
        let url = server.url("/graphql").replace("http", "ws");
        // On a separate thread, because the server runs on this one.
        let client = tokio::task::spawn_blocking(|| Command::new("node").arg(SCRIPT).arg(url).output());
        let output = client.await.expect("the client ends").expect("node can be run; tests/run installs it");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}\n{said}{complained}", output.status);
    })
    .await;
}

#[tokio::test]
async fn other_protocols_and_origins_get_no_socket() {
    on_both_databases(|mut settings| async move {
        settings.allowed_origins = vec!["https://dong-nai.gov.vn".to_owned()];
        let server = caunoi_server::start(settings).await.expect("a server");
        let address = server.address();
        for headers in [&[][..], &[("sec-websocket-protocol", "graphql-ws")]] {
            let (status, body) = refusal(handshake(address, headers)).await;
            assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_INPUT")));
        }
        let (status, body) = refusal(handshake(address, &[PROTOCOL, ("origin", "https://evil.com")])).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")));
        let own = format!("http://{address}");
        for origin in [own.as_str(), "https://dong-nai.gov.vn"] {
            let (_, response) =
                connect_async(handshake(address, &[PROTOCOL, ("origin", origin)])).await.expect("a socket");
            assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn socket_counts_towards_the_connection_limit() {
    on_both_databases(|mut settings| async move {
        settings.limits.connections_per_address = 1;
        let server = caunoi_server::start(settings).await.expect("a server");
        let mut socket = open(server.address()).await.expect("a socket");
        send_message(&mut socket, &json!({"type": "connection_init"})).await;
        assert_eq!(receive_message(&mut socket).await, json!({"type": "connection_ack"}));
        assert!(open(server.address()).await.is_err(), "the only seat is taken");
        socket.close(None).await.expect("the socket is open");
        while let Some(message) = socket.next().await {
            message.expect("the server closes its side too");
        }
        // The connection slot is freed shortly after the client sees the close.
        while open(server.address()).await.is_err() {}
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn too_long_message_closes_the_socket() {
    on_both_databases(|settings| async move {
        let server = caunoi_server::start(settings).await.expect("a server");
        let mut socket = open(server.address()).await.expect("a socket");
        socket.send(Message::text(" ".repeat(100 * 1_024))).await.expect("the socket is open");
        assert_eq!(receive_message(&mut socket).await, json!([1009, "Message too big"]));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn stop_closes_sockets_and_waits_for_them() {
    on_both_databases(|mut settings| async move {
        // A stop that waited for the drain time-out would not end in this test.
        settings.limits.drain_timeout = Duration::from_hours(24);
        let server = caunoi_server::start(settings).await.expect("a server");
        let mut socket = open(server.address()).await.expect("a socket");
        send_message(&mut socket, &json!({"type": "connection_init"})).await;
        assert_eq!(receive_message(&mut socket).await, json!({"type": "connection_ack"}));
        let drained = async {
            assert_eq!(receive_message(&mut socket).await, json!([1012, "Service restart"]));
            // Answers the close frame.
            assert!(socket.next().await.is_none());
        };
        tokio::join!(server.stop(), drained);
    })
    .await;
}
