//! The baseline of the measurements: axum returns the bytes of a file for every POST, and sends
//! the body of a request to `/send` to every WebSocket. floor ADDRESS FILE

use std::error::Error;

use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use axum::{Router, body::Bytes};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

type Sender = broadcast::Sender<Utf8Bytes>;

/// Returns one response to every request until the process is stopped.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("floor ADDRESS FILE".into());
    };
    let bytes = Bytes::from(std::fs::read(file)?);
    let answer = move |_question: Bytes| {
        let bytes = bytes.clone();
        async move { ([(CONTENT_TYPE, "application/graphql-response+json")], bytes) }
    };
    let (sender, _) = broadcast::channel(16);
    let router = Router::new()
        .route("/graphql", post(answer).get(open))
        .route("/send", post(send))
        .route("/readyz", get(async || "ready"))
        .with_state(sender);
    axum::serve(TcpListener::bind(address).await?, router).await?;
    Ok(())
}

async fn send(State(sender): State<Sender>, text: String) {
    // An error only means that there are no subscribers.
    let _ = sender.send(text.into());
}

async fn open(State(sender): State<Sender>, upgrade: WebSocketUpgrade) -> axum::response::Response {
    let heard = sender.subscribe();
    let upgrade = upgrade.read_buffer_size(4 * 1_024).protocols(["graphql-transport-ws"]);
    upgrade.on_upgrade(|socket| hand_on(socket, heard))
}

async fn hand_on(mut socket: WebSocket, mut heard: broadcast::Receiver<Utf8Bytes>) {
    while let Ok(text) = heard.recv().await {
        if socket.send(Message::Text(text)).await.is_err() {
            return;
        }
    }
}
