//! HTTP/2: event streams count as connections, and a client that does not read is disconnected.

use std::time::Duration;

use caunoi_server::Settings;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::harness::{Server, on_both_databases};

const EVENTS: &str = "text/event-stream";
const FEED: &str = "subscription { changes { __typename } }";

/// A connection; its task ends with it.
struct Client {
    send: SendRequest<Full<Bytes>>,
    connection: JoinHandle<()>,
}

impl Client {
    /// Opens a connection with this flow-control window.
    async fn connect(server: &Server, window: u32) -> Self {
        let address = server.url("").trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(address).await.expect("a connection");
        let mut builder = Builder::new(TokioExecutor::new());
        builder.initial_stream_window_size(window);
        let (send, connection) = builder.handshake(TokioIo::new(stream)).await.expect("a handshake");
        let connection = tokio::spawn(async move {
            // Any end of the connection is accepted.
            let _ = connection.await;
        });
        Self { send, connection }
    }

    async fn execute(&mut self, accept: &str, document: &str) -> Response<Incoming> {
        let body = json!({"query": document}).to_string();
        let request = Request::post("http://localhost/graphql")
            .header("accept", accept)
            .header("content-type", "application/json")
            .body(Full::from(body))
            .expect("a request");
        self.send.ready().await.expect("the connection is open");
        self.send.send_request(request).await.expect("a response")
    }
}

async fn json_of(response: Response<Incoming>) -> Value {
    let body = response.into_body().collect().await.expect("the whole body").to_bytes();
    serde_json::from_slice(&body).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_count_towards_the_connection_limit() {
    on_both_databases(|mut settings| async move {
        settings.limits.connections_per_address = 3;
        let server = Server::start(settings).await;
        let mut client = Client::connect(&server, 65_535).await;
        let first = client.execute(EVENTS, FEED).await;
        let second = client.execute(EVENTS, FEED).await;
        assert_eq!([first.status(), second.status()], [StatusCode::OK; 2]);
        let third = client.execute(EVENTS, FEED).await;
        assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(third.headers()["retry-after"], "30");
        let refusal = json_of(third).await;
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refusal}");
        // Other requests of the connection continue.
        let answer = json_of(client.execute("application/json", "{ __typename }").await).await;
        assert_eq!(answer["data"]["__typename"], "Query");
        drop(client);
        drop((first, second));
        server.stop().await;
    })
    .await;
}

/// Asserts that the server disconnects a client that does not read its response.
async fn is_let_go_of(settings: Settings, accept: &str, document: &str) {
    let server = Server::start(settings).await;
    let mut deaf = Client::connect(&server, 0).await;
    let response = deaf.execute(accept, document).await;
    assert_eq!(response.status(), StatusCode::OK);
    // Only the server can end the connection.
    deaf.connection.await.expect("it ends");
    assert!(response.into_body().collect().await.is_err(), "the answer broke off");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_stream_is_closed() {
    on_both_databases(|mut settings| async move {
        settings.limits.write_timeout = Duration::from_millis(100);
        is_let_go_of(settings.clone(), EVENTS, FEED).await;
        is_let_go_of(settings, "application/json", "{ provinces { name } }").await;
    })
    .await;
}
