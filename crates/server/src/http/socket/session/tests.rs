//! The protocol from the view of a client, with all close codes. The clock is paused.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::extract::ws::CloseFrame;
use caunoi_graphql::execution::RequestedDocument;
use caunoi_metrics::OperationKind;
use futures_util::{FutureExt as _, future::pending, sink};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle, time::advance};

use super::*;

/// The server's end of a socket made of two channels.
struct TestSocket {
    incoming: mpsc::UnboundedReceiver<Result<Message, ()>>,
    sent: Pin<Box<dyn Sink<Message, Error = ()> + Send>>,
}

impl TestSocket {
    fn new(incoming: mpsc::UnboundedReceiver<Result<Message, ()>>, sent: mpsc::Sender<Message>) -> Self {
        let sent = sink::unfold(sent, async |sent: mpsc::Sender<Message>, message| {
            sent.send(message).await.map(|()| sent.clone()).map_err(|_| ())
        });
        Self { incoming, sent: Box::pin(sent) }
    }
}

impl Stream for TestSocket {
    type Item = Result<Message, ()>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_recv(context)
    }
}

impl Sink<Message> for TestSocket {
    type Error = ();

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.sent.poll_ready_unpin(context)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), ()> {
        self.sent.start_send_unpin(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.sent.poll_flush_unpin(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.sent.poll_close_unpin(context)
    }
}

/// The client's end.
struct TestClient {
    sender: mpsc::UnboundedSender<Result<Message, ()>>,
    receiver: mpsc::Receiver<Message>,
    stop: Option<oneshot::Sender<()>>,
    /// Number of operations that have not been dropped.
    running: Arc<AtomicUsize>,
    session: JoinHandle<()>,
}

/// Counts an operation until it is dropped.
struct CountedOperation(Arc<AtomicUsize>);

impl CountedOperation {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for CountedOperation {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Returns the responses to a document: `once`, `twice`, `never`, `always`, `refused`, `breaks`.
fn responses(document: &str) -> BoxStream<'static, GraphqlResponse> {
    let kind = OperationKind::Query;
    let answer = move |body: &'static str, outcome| {
        let (body, tag, is_error_free) = (body.into(), None, false);
        let (feed_message, rate, retry_after_seconds, work) = (None, None, None, None);
        GraphqlResponse {
            body,
            outcome,
            tag,
            is_error_free,
            kind,
            refusal: None,
            feed_message,
            rate,
            retry_after_seconds,
            work,
        }
    };
    let good = move || answer(r#"{"data":{}}"#, ResponseOutcome::Answered);
    let bad = move |outcome| answer(r#"{"errors":[{"message":"no"}]}"#, outcome);
    match document {
        "once" => stream::iter([good()]).boxed(),
        "twice" => stream::iter([good(), good()]).boxed(),
        "never" => stream::pending().boxed(),
        "always" => stream::repeat_with(good).boxed(),
        "refused" => stream::iter([bad(ResponseOutcome::Invalid)]).boxed(),
        "breaks" => stream::iter([good(), bad(ResponseOutcome::Broken)]).boxed(),
        other => panic!("{other}"),
    }
}

fn handlers(running: &Arc<AtomicUsize>) -> SessionHandlers {
    let running = Arc::clone(running);
    SessionHandlers {
        access_updates: watch::Sender::new(0).subscribe(),
        authenticate: Box::new(|payload| match payload.get("token").and_then(Value::as_str) {
            None => Ok(SocketCaller { actor: Actor::public(), lifetime: None }),
            Some("brief") => {
                Ok(SocketCaller { actor: Actor::public(), lifetime: Some(Duration::from_secs(10)) })
            }
            Some(_) => Err(TokenError::Invalid),
        }),
        subscribe: Box::new(move |_, params| {
            let counted = CountedOperation::new(&running);
            let RequestedDocument::Text(text, _) = &params.document else { unreachable!("a text") };
            responses(text)
                .inspect(move |_| {
                    let _ = &counted;
                })
                .boxed()
        }),
    }
}

impl TestClient {
    fn connect() -> Self {
        let ((sender, incoming), (sent, receiver)) = (mpsc::unbounded_channel(), mpsc::channel(1));
        let (stop, stopped) = oneshot::channel();
        let running = Arc::default();
        let limits =
            SessionLimits { limits: SocketLimits::default(), write_timeout: Duration::from_secs(30) };
        let stopping = stopped.then(|order| async move {
            if order.is_err() {
                pending::<()>().await;
            }
        });
        let session =
            tokio::spawn(run_session(TestSocket::new(incoming, sent), handlers(&running), limits, stopping));
        Self { sender, receiver, stop: Some(stop), running, session }
    }

    async fn acknowledged() -> Self {
        let mut client = Self::connect();
        client.send_json(&json!({"type": "connection_init"}));
        assert_eq!(client.next_message().await, json!({"type": "connection_ack"}));
        client
    }

    fn send(&self, message: Message) {
        self.sender.send(Ok(message)).unwrap();
    }

    fn send_json(&self, message: &Value) {
        self.send(Message::text(message.to_string()));
    }

    fn subscribe(&self, id: &str, document: &str) {
        self.send_json(&json!({"type": "subscribe", "id": id, "payload": {"query": document}}));
    }

    async fn message(&mut self) -> Message {
        self.receiver.recv().await.expect("a message")
    }

    /// Returns the next message of the protocol.
    async fn next_message(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => self.send(Message::Pong(Bytes::new())),
                other @ (Message::Binary(_) | Message::Pong(_) | Message::Close(_)) => panic!("{other:?}"),
            }
        }
    }

    /// Returns code and reason of the close frame; skips the messages before it.
    async fn closed(mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.message().await {
                let CloseFrame { code, reason } = frame.expect("a reason");
                drop(self.sender);
                self.session.await.unwrap();
                assert_eq!(self.running.load(Ordering::SeqCst), 0, "an operation is still running");
                return (code, reason.to_string());
            }
        }
    }
}

fn close(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}

#[tokio::test(start_paused = true)]
async fn query_gets_response_and_complete() {
    let mut client = TestClient::acknowledged().await;
    client.subscribe("1", "once");
    assert_eq!(client.next_message().await, json!({"id": "1", "type": "next", "payload": {"data": {}}}));
    assert_eq!(client.next_message().await, json!({"id": "1", "type": "complete"}));
    client.subscribe("1", "refused");
    assert_eq!(
        client.next_message().await,
        json!({"id": "1", "type": "error", "payload": [{"message": "no"}]})
    );
    client.subscribe("1", "breaks");
    assert_eq!(client.next_message().await["type"], "next");
    assert_eq!(client.next_message().await["type"], "error");
    client.send_json(&json!({"type": "ping"}));
    assert_eq!(client.next_message().await, json!({"type": "pong"}), "nothing follows an error");
}

#[tokio::test(start_paused = true)]
async fn busy_operation_does_not_starve_others() {
    let mut client = TestClient::acknowledged().await;
    client.subscribe("busy", "always");
    client.subscribe("other", "twice");
    client.send_json(&json!({"type": "ping"}));
    let mut others = Vec::new();
    for _ in 0..100 {
        let incoming = client.next_message().await;
        if incoming["id"] != "busy" {
            others.push(incoming["type"].as_str().unwrap().to_owned());
        }
    }
    others.sort();
    assert_eq!(others, ["complete", "next", "next", "pong"]);
    client.send_json(&json!({"type": "complete", "id": "busy"}));
    client.subscribe("busy", "never");
    client.send_json(&json!({"type": "complete", "id": "busy"}));
    client.send_json(&json!({"type": "complete", "id": "unknown"}));
    client.subscribe("last", "once");
    while client.next_message().await["id"] != "last" {}
    assert!(client.running.load(Ordering::SeqCst) <= 1, "stopped operations go on");
}

#[tokio::test(start_paused = true)]
async fn operations_require_connection_init() {
    let client = TestClient::connect();
    client.subscribe("1", "once");
    assert_eq!(client.closed().await, close(4401, "Unauthorized"));
    let began = Instant::now();
    assert_eq!(TestClient::connect().closed().await, close(4408, "Connection initialisation timeout"));
    assert_eq!(began.elapsed().as_secs(), 3);
    let client = TestClient::acknowledged().await;
    client.send_json(&json!({"type": "connection_init"}));
    assert_eq!(client.closed().await, close(4429, "Too many initialisation requests"));
}

#[tokio::test(start_paused = true)]
async fn invalid_or_expired_token_closes_the_socket() {
    let client = TestClient::connect();
    client.send_json(&json!({"type": "connection_init", "payload": {"token": "forged"}}));
    assert_eq!(client.closed().await, close(4403, "Forbidden"));
    let client = TestClient::connect();
    client.send_json(&json!({"type": "connection_init", "payload": {"token": "brief"}}));
    client.subscribe("1", "never");
    let began = Instant::now();
    assert_eq!(client.closed().await, close(4403, "Token expired"));
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn invalid_message_closes_the_socket() {
    let invalid = [
        (Message::text("{}"), "The type of the message is not known"),
        (Message::text("hello"), "A message must be one JSON object"),
        (Message::binary("{}"), "Messages must be text, not binary"),
        (
            Message::text(r#"{"type":"subscribe","id":"1","payload":{}}"#),
            "`query` must be a string, unless `documentId` names a document.",
        ),
    ];
    for (message, reason) in invalid {
        let client = TestClient::acknowledged().await;
        client.send(message);
        assert_eq!(client.closed().await, close(4400, reason));
    }
    let client = TestClient::acknowledged().await;
    client.sender.send(Err(())).unwrap();
    assert_eq!(client.closed().await, close(4400, "The message cannot be read"));
    let client = TestClient::acknowledged().await;
    client.send(Message::text(" ".repeat(64 * 1_024 + 1)));
    assert_eq!(client.closed().await, close(1009, "Message too big"));
}

#[tokio::test(start_paused = true)]
async fn operation_ids_are_unique_and_limited() {
    let client = TestClient::acknowledged().await;
    client.subscribe("1", "never");
    client.subscribe("1", "never");
    assert_eq!(client.closed().await, close(4409, "Subscriber for 1 already exists"));
    let mut client = TestClient::acknowledged().await;
    for number in 0..50 {
        client.subscribe(&number.to_string(), "never");
    }
    client.send_json(&json!({"type": "ping"}));
    assert_eq!(client.next_message().await, json!({"type": "pong"}));
    client.subscribe("50", "never");
    assert_eq!(client.closed().await, close(4429, "Too many operations at once"));
}

#[tokio::test(start_paused = true)]
async fn client_that_reads_nothing_cannot_pile_up_operations() {
    let client = TestClient::acknowledged().await;
    client.subscribe("busy", "always");
    tokio::task::yield_now().await;
    for number in 0..200 {
        client.subscribe(&number.to_string(), "never");
        client.send_json(&json!({"type": "complete", "id": number.to_string()}));
    }
    while !client.session.is_finished() {
        assert!(client.running.load(Ordering::SeqCst) <= 100);
        advance(Duration::from_millis(100)).await;
    }
    assert_eq!(client.running.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn client_that_reads_too_slowly_is_closed() {
    let mut client = TestClient::acknowledged().await;
    client.subscribe("1", "always");
    assert_eq!(client.next_message().await["type"], "next");
    // The paused clock advances when all tasks are idle; the close handshake may take one second.
    tokio::time::sleep(Duration::from_millis(30_500)).await;
    assert_eq!(client.closed().await, close(4413, "Read too slowly; resume from your last cursor"));
}

#[tokio::test(start_paused = true)]
async fn client_is_pinged_and_closed_when_silent() {
    let mut client = TestClient::acknowledged().await;
    let began = Instant::now();
    for times in 1..=4 {
        assert_eq!(client.message().await, Message::Ping(Bytes::new()));
        assert_eq!(began.elapsed().as_secs(), 25 * times);
        client.send(Message::Pong(Bytes::new()));
    }
    assert_eq!(client.closed().await, close(4408, "Nothing was heard for too long"));
    assert_eq!(began.elapsed().as_secs(), 100 + 60);
}

#[tokio::test(start_paused = true)]
async fn server_stop_closes_open_sockets() {
    let mut client = TestClient::acknowledged().await;
    client.subscribe("1", "never");
    client.stop.take().unwrap().send(()).unwrap();
    assert_eq!(client.closed().await, close(1012, "Service restart"));
}

#[tokio::test(start_paused = true)]
async fn client_close_ends_its_operations() {
    let client = TestClient::acknowledged().await;
    client.subscribe("1", "never");
    client.send(Message::Close(None));
    client.session.await.unwrap();
    assert_eq!(client.running.load(Ordering::SeqCst), 0);
}
