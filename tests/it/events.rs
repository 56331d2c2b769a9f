//! `/graphql` as server-sent events: with the public client (npm package `graphql-sse`), and by
//! hand for cases that it does not produce.

use std::collections::VecDeque;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use caunoi_server::Settings;
use caunoi_server::identity::{Grant, issue};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::{FixedClock, Server, on_both_databases, on_both_engines};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/events.mjs");

const CHANGES: &str = "subscription($filter: ChangeFilter) { changes(filter: $filter) {
    __typename ... on Change { cursor position entry { ... on Event { title(locale: EN) } } }
} }";

/// A received event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ServerSentEvent {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) data: String,
}

impl ServerSentEvent {
    pub(crate) fn answer(&self) -> Value {
        serde_json::from_str(&self.data).expect("JSON")
    }
}

/// The events of one connection.
pub(crate) struct EventStream {
    response: Response,
    text: String,
    pending: VecDeque<ServerSentEvent>,
}

impl EventStream {
    /// Builds a request for an event stream.
    pub(crate) fn request(client: &Client, url: &str, document: &str, variables: &Value) -> RequestBuilder {
        let body = json!({"query": document, "variables": variables});
        client.post(url).header("accept", "text/event-stream").json(&body)
    }

    /// Reads the events of a response, which must be an event stream.
    pub(crate) fn from_response(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new(), pending: VecDeque::new() }
    }

    /// Returns the next event; `None` at the end of the stream or after a disconnect.
    pub(crate) async fn next(&mut self) -> Option<ServerSentEvent> {
        while self.pending.is_empty() {
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = parse_event(block);
                self.text = rest.to_owned();
                self.pending.extend(event);
            }
        }
        self.pending.pop_front()
    }
}

/// Parses a block of lines; `None` if it contains only comments.
fn parse_event(block: &str) -> Option<ServerSentEvent> {
    let mut event = ServerSentEvent::default();
    for line in block.lines() {
        match line.split_once(':').expect("a field") {
            ("", _) => {}
            ("event", name) => event.name = name.trim_start().to_owned(),
            ("id", id) => event.id = Some(id.trim_start().to_owned()),
            ("data", data) => event.data.push_str(data.trim_start()),
            (other, _) => panic!("{other}"),
        }
    }
    (event != ServerSentEvent::default()).then_some(event)
}

async fn listen(server: &Server, last: Option<&str>) -> EventStream {
    let variables = json!({"filter": {"province": {"in": ["NGHE_AN"]}}});
    let request = EventStream::request(&Client::new(), &server.url("/graphql"), CHANGES, &variables);
    let request = match last {
        Some(last) => request.header("last-event-id", last),
        None => request,
    };
    let response = request.send().await.expect("the server answers");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    EventStream::from_response(response)
}

/// Returns the title of the next change and the ID of its event.
async fn title(events: &mut EventStream) -> (String, String) {
    let event = events.next().await.expect("an event");
    assert_eq!(event.name, "next");
    let answer = event.answer();
    let change = &answer["data"]["changes"];
    assert_eq!(change["cursor"], json!(event.id), "{answer}");
    (change["entry"]["title"].as_str().unwrap_or_default().to_owned(), event.id.expect("a cursor"))
}

#[tokio::test]
async fn graphql_sse_client_reads_the_events() {
    on_both_engines(|server| async move {
        let url = server.url("/graphql");
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
async fn client_resumes_after_its_last_event() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let mut events = listen(&server, None).await;
        let beat = events.next().await.expect("a sign of life");
        assert_eq!(beat.answer()["data"]["changes"]["__typename"], "ChangeHeartbeat");
        let publisher = Publisher::of("NGHE_AN", server.register());
        for name in ["One", "Two", "Three"] {
            publisher.publish(name).await;
        }
        let (one, after_one) = title(&mut events).await;
        assert_eq!(one, "One");
        let stopped = async { while events.next().await.is_some_and(|event| event.name == "next") {} };
        // The stream ends without `complete`, so the client reconnects.
        tokio::join!(server.stop(), stopped);

        let server = Server::start(settings).await;
        Publisher::of("NGHE_AN", server.register()).publish("Four").await;
        let mut events = listen(&server, Some(&after_one)).await;
        for expected in ["Two", "Three", "Four"] {
            assert_eq!(title(&mut events).await.0, expected);
        }
        // Resuming after the first heartbeat misses nothing either.
        let mut all = listen(&server, beat.id.as_deref()).await;
        for expected in ["One", "Two", "Three", "Four"] {
            assert_eq!(title(&mut all).await.0, expected);
        }
        drop((events, all));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn forged_event_id_and_invalid_token_get_no_stream() {
    on_both_engines(|server| async move {
        let mut events = listen(&server, Some("AAAA")).await;
        let refused = events.next().await.expect("an event");
        assert_eq!(refused.answer()["errors"][0]["extensions"]["code"], "BAD_INPUT");
        assert_eq!(events.next().await.map(|event| event.name).as_deref(), Some("complete"));
        assert_eq!(events.next().await, None);

        let request = EventStream::request(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
        let response = request.bearer_auth("nobody").send().await.expect("the server answers");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let answer: Value = response.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn get_request_may_subscribe_but_not_write() {
    on_both_engines(|server| async move {
        let get = |document: &str| {
            let request = server.http(Method::GET, "/graphql").header("accept", "text/event-stream");
            request.query(&[("query", document)]).send()
        };
        let mut events = EventStream::from_response(
            get("subscription { changes { __typename } }").await.expect("an answer"),
        );
        assert_eq!(
            events.next().await.expect("a sign of life").answer(),
            json!({"data": {"changes": {"__typename": "ChangeHeartbeat"}}})
        );
        let document =
            "mutation { withdrawEntry(input: {id: \"x\", expectedVersion: 1}) { errors { code } } }";
        let mut events = EventStream::from_response(get(document).await.expect("an answer"));
        let refused = events.next().await.expect("an event").answer();
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
        assert!(refused.get("data").is_none());
    })
    .await;
}

#[tokio::test]
async fn changed_value_is_sent_again() {
    on_both_engines(|server| async move {
        let document = "subscription($ms: Int) { statistics(asOf: \"2026-12-31\", minIntervalMs: $ms) {
            events(filter: {province: {in: [\"NGHE_AN\"]}}) { count }
        } }";
        let request = |ms: i32| {
            EventStream::request(&Client::new(), &server.url("/graphql"), document, &json!({"ms": ms}))
        };
        let mut events = EventStream::from_response(request(100).send().await.expect("an answer"));
        let mut count = async || {
            let event = events.next().await.expect("an event");
            assert_eq!(event.id, None);
            event.answer()["data"]["statistics"]["events"]["count"].as_u64().expect("a number")
        };
        let before = count().await;
        // A change elsewhere does not change this value, so no event is sent; the stream of the
        // other value shows that the change was processed.
        let elsewhere = document.replace("NGHE_AN", "DA_NANG");
        let asked =
            EventStream::request(&Client::new(), &server.url("/graphql"), &elsewhere, &json!({"ms": 100}));
        let mut others = EventStream::from_response(asked.send().await.expect("an answer"));
        others.next().await.expect("an event");
        Publisher::of("DA_NANG", server.register()).publish("Elsewhere").await;
        others.next().await.expect("an event");
        Publisher::of("NGHE_AN", server.register()).publish("Here").await;
        assert_eq!(count().await, before + 1);
        // A later subscriber receives the current value first.
        let mut later = EventStream::from_response(request(100).send().await.expect("an answer"));
        let received = later.next().await.expect("an event").answer();
        assert_eq!(received["data"]["statistics"]["events"]["count"], before + 1);
        for ms in [99, 3_600_001] {
            let mut refused = EventStream::from_response(request(ms).send().await.expect("an answer"));
            let answer = refused.next().await.expect("an event").answer();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn expired_token_ends_its_stream() {
    on_both_databases(|settings| async move {
        // A fixed clock: the token is valid when it is used, however slow the machine is.
        let now_us = settings.clock.now_us();
        let server = Server::start(Settings { clock: Arc::new(FixedClock(now_us)), ..settings }).await;
        // It expired 29 s ago, and 30 s of clock skew are allowed, so its stream lives for one
        // second.
        let grant = Grant::new("partner", None).and_then(|grant| grant.with_lifetime(Duration::from_secs(1)));
        let issued =
            Settings { clock: Arc::new(FixedClock(now_us - 30_000_000)), ..server.settings().clone() };
        let token = issue(&issued, &grant.expect("a grant")).expect("a token");
        let request = EventStream::request(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
        let mut events =
            EventStream::from_response(request.bearer_auth(token).send().await.expect("an answer"));
        // The stream ends without `complete`, so the client reconnects.
        while events.next().await.is_some_and(|event| event.name == "next") {}
        assert_eq!(events.next().await, None);
        server.stop().await;
    })
    .await;
}
