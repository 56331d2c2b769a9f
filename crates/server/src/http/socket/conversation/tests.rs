//! The protocol as a client meets it, close code by close code. Time is turned by hand.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::extract::ws::CloseFrame;
use caunoi_metrics::Kind;
use futures_util::{FutureExt as _, future::pending, sink};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle, time::advance};

use super::*;

/// Our end of a socket between two channels.
struct Wire {
    heard: mpsc::UnboundedReceiver<Result<Message, ()>>,
    told: Pin<Box<dyn Sink<Message, Error = ()> + Send>>,
}

impl Wire {
    fn new(heard: mpsc::UnboundedReceiver<Result<Message, ()>>, told: mpsc::Sender<Message>) -> Self {
        let told = sink::unfold(told, async |told: mpsc::Sender<Message>, message| {
            told.send(message).await.map(|()| told.clone()).map_err(|_| ())
        });
        Self { heard, told: Box::pin(told) }
    }
}

impl Stream for Wire {
    type Item = Result<Message, ()>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.heard.poll_recv(context)
    }
}

impl Sink<Message> for Wire {
    type Error = ();

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.told.poll_ready_unpin(context)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), ()> {
        self.told.start_send_unpin(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.told.poll_flush_unpin(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.told.poll_close_unpin(context)
    }
}

/// The client's end.
struct Client {
    tell: mpsc::UnboundedSender<Result<Message, ()>>,
    hear: mpsc::Receiver<Message>,
    stop: Option<oneshot::Sender<()>>,
    /// Operations that were not dropped yet.
    running: Arc<AtomicUsize>,
    conversation: JoinHandle<()>,
}

/// Raised while an operation is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Documents of these tests: `once`, `twice`, `never`, `always`, `refused`, `breaks`.
fn answers(document: &str) -> BoxStream<'static, Answer> {
    let kind = Kind::Query;
    let answer = move |body: &'static str, outcome| {
        let (body, tag, is_plain) = (body.into(), None, false);
        Answer { body, outcome, tag, is_plain, kind, event: None }
    };
    let good = move || answer(r#"{"data":{}}"#, Outcome::Answered);
    let bad = move |outcome| answer(r#"{"errors":[{"message":"no"}]}"#, outcome);
    match document {
        "once" => stream::iter([good()]).boxed(),
        "twice" => stream::iter([good(), good()]).boxed(),
        "never" => stream::pending().boxed(),
        "always" => stream::repeat_with(good).boxed(),
        "refused" => stream::iter([bad(Outcome::Refused)]).boxed(),
        "breaks" => stream::iter([good(), bad(Outcome::Broken)]).boxed(),
        other => panic!("{other}"),
    }
}

fn desk(running: &Arc<AtomicUsize>) -> Desk {
    let running = Arc::clone(running);
    Desk {
        recognise: Box::new(|payload| match payload.get("token").and_then(Value::as_str) {
            None => Ok(Caller { actor: Actor::public(), lifetime: None }),
            Some("brief") => Ok(Caller { actor: Actor::public(), lifetime: Some(Duration::from_secs(10)) }),
            Some(_) => Err(Unrecognised),
        }),
        ask: Box::new(move |_, params| {
            let counted = Counted::new(&running);
            answers(&params.query)
                .inspect(move |_| {
                    let _ = &counted;
                })
                .boxed()
        }),
    }
}

impl Client {
    fn connect() -> Self {
        let ((tell, heard), (told, hear)) = (mpsc::unbounded_channel(), mpsc::channel(1));
        let (stop, stopped) = oneshot::channel();
        let running = Arc::default();
        let patience = Patience { limits: SocketLimits::default(), write_timeout: Duration::from_secs(30) };
        let stopping = stopped.then(|order| async move {
            if order.is_err() {
                pending::<()>().await;
            }
        });
        let conversation = tokio::spawn(converse(Wire::new(heard, told), desk(&running), patience, stopping));
        Self { tell, hear, stop: Some(stop), running, conversation }
    }

    async fn acknowledged() -> Self {
        let mut client = Self::connect();
        client.say(&json!({"type": "connection_init"}));
        assert_eq!(client.hears().await, json!({"type": "connection_ack"}));
        client
    }

    fn send(&self, message: Message) {
        self.tell.send(Ok(message)).unwrap();
    }

    fn say(&self, message: &Value) {
        self.send(Message::text(message.to_string()));
    }

    fn asks(&self, id: &str, document: &str) {
        self.say(&json!({"type": "subscribe", "id": id, "payload": {"query": document}}));
    }

    async fn message(&mut self) -> Message {
        self.hear.recv().await.expect("a message")
    }

    /// The next message of the protocol.
    async fn hears(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => self.send(Message::Pong(Bytes::new())),
                other @ (Message::Binary(_) | Message::Pong(_) | Message::Close(_)) => panic!("{other:?}"),
            }
        }
    }

    /// The code and the reason of the close frame that comes; what comes before it is let go.
    async fn closed(mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.message().await {
                let CloseFrame { code, reason } = frame.expect("a reason");
                drop(self.tell);
                self.conversation.await.unwrap();
                assert_eq!(self.running.load(Ordering::SeqCst), 0, "an operation goes on");
                return (code, reason.to_string());
            }
        }
    }
}

fn close(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_query_is_answered_and_completed() {
    let mut client = Client::acknowledged().await;
    client.asks("1", "once");
    assert_eq!(client.hears().await, json!({"id": "1", "type": "next", "payload": {"data": {}}}));
    assert_eq!(client.hears().await, json!({"id": "1", "type": "complete"}));
    client.asks("1", "refused");
    assert_eq!(client.hears().await, json!({"id": "1", "type": "error", "payload": [{"message": "no"}]}));
    client.asks("1", "breaks");
    assert_eq!(client.hears().await["type"], "next");
    assert_eq!(client.hears().await["type"], "error");
    client.say(&json!({"type": "ping"}));
    assert_eq!(client.hears().await, json!({"type": "pong"}), "nothing follows an error");
}

#[tokio::test(start_paused = true)]
async fn one_busy_operation_starves_nobody() {
    let mut client = Client::acknowledged().await;
    client.asks("busy", "always");
    client.asks("other", "twice");
    client.say(&json!({"type": "ping"}));
    let mut others = Vec::new();
    for _ in 0..100 {
        let heard = client.hears().await;
        if heard["id"] != "busy" {
            others.push(heard["type"].as_str().unwrap().to_owned());
        }
    }
    others.sort();
    assert_eq!(others, ["complete", "next", "next", "pong"]);
    client.say(&json!({"type": "complete", "id": "busy"}));
    client.asks("busy", "never");
    client.say(&json!({"type": "complete", "id": "busy"}));
    client.say(&json!({"type": "complete", "id": "unknown"}));
    client.asks("last", "once");
    while client.hears().await["id"] != "last" {}
    assert!(client.running.load(Ordering::SeqCst) <= 1, "stopped operations go on");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_before_the_acknowledgement() {
    let client = Client::connect();
    client.asks("1", "once");
    assert_eq!(client.closed().await, close(4401, "Unauthorized"));
    let began = Instant::now();
    assert_eq!(Client::connect().closed().await, close(4408, "Connection initialisation timeout"));
    assert_eq!(began.elapsed().as_secs(), 3);
    let client = Client::acknowledged().await;
    client.say(&json!({"type": "connection_init"}));
    assert_eq!(client.closed().await, close(4429, "Too many initialisation requests"));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refused_or_runs_out() {
    let client = Client::connect();
    client.say(&json!({"type": "connection_init", "payload": {"token": "forged"}}));
    assert_eq!(client.closed().await, close(4403, "Forbidden"));
    let client = Client::connect();
    client.say(&json!({"type": "connection_init", "payload": {"token": "brief"}}));
    client.asks("1", "never");
    let began = Instant::now();
    assert_eq!(client.closed().await, close(4403, "Token expired"));
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_the_protocol_does_not_know_ends_it() {
    let invalid = [
        (Message::text("{}"), "The type of the message is not known"),
        (Message::text("hello"), "A message is one JSON object"),
        (Message::binary("{}"), "Messages are texts, not bytes"),
        (Message::text(r#"{"type":"subscribe","id":"1","payload":{}}"#), "`query` must be a string."),
    ];
    for (message, reason) in invalid {
        let client = Client::acknowledged().await;
        client.send(message);
        assert_eq!(client.closed().await, close(4400, reason));
    }
    let client = Client::acknowledged().await;
    client.tell.send(Err(())).unwrap();
    assert_eq!(client.closed().await, close(4400, "The message cannot be read"));
    let client = Client::acknowledged().await;
    client.send(Message::text(" ".repeat(64 * 1_024 + 1)));
    assert_eq!(client.closed().await, close(1009, "Message too big"));
}

#[tokio::test(start_paused = true)]
async fn operations_are_told_apart_and_few() {
    let client = Client::acknowledged().await;
    client.asks("1", "never");
    client.asks("1", "never");
    assert_eq!(client.closed().await, close(4409, "Subscriber for 1 already exists"));
    let mut client = Client::acknowledged().await;
    for number in 0..50 {
        client.asks(&number.to_string(), "never");
    }
    client.say(&json!({"type": "ping"}));
    assert_eq!(client.hears().await, json!({"type": "pong"}));
    client.asks("50", "never");
    assert_eq!(client.closed().await, close(4429, "Too many operations at once"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_nothing_cannot_pile_up_operations() {
    let client = Client::acknowledged().await;
    client.asks("busy", "always");
    tokio::task::yield_now().await;
    for number in 0..200 {
        client.asks(&number.to_string(), "never");
        client.say(&json!({"type": "complete", "id": number.to_string()}));
    }
    while !client.conversation.is_finished() {
        assert!(client.running.load(Ordering::SeqCst) <= 100);
        advance(Duration::from_millis(100)).await;
    }
    assert_eq!(client.running.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_told_to_resume() {
    let mut client = Client::acknowledged().await;
    client.asks("1", "always");
    assert_eq!(client.hears().await["type"], "next");
    // The clock stands until all are waiting; then there is a second for the farewell.
    tokio::time::sleep(Duration::from_millis(30_500)).await;
    assert_eq!(client.closed().await, close(4413, "Read too slowly; resume from your last cursor"));
}

#[tokio::test(start_paused = true)]
async fn a_client_is_pinged_and_its_silence_noticed() {
    let mut client = Client::acknowledged().await;
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
async fn the_order_to_stop_reaches_open_sockets() {
    let mut client = Client::acknowledged().await;
    client.asks("1", "never");
    client.stop.take().unwrap().send(()).unwrap();
    assert_eq!(client.closed().await, close(1012, "Service restart"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_ends_its_operations() {
    let client = Client::acknowledged().await;
    client.asks("1", "never");
    client.send(Message::Close(None));
    client.conversation.await.unwrap();
    assert_eq!(client.running.load(Ordering::SeqCst), 0);
}
