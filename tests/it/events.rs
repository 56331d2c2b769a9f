//! `/graphql` as a stream of events: by the public client (npm package `graphql-sse`), and by hand where it is too polite.

use std::collections::VecDeque;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use caunoi_server::Settings;
use caunoi_server::identity::{Grant, issue};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::{At, Server, on_both_databases, on_both_engines};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit/events.mjs");

const CHANGES: &str = "subscription($filter: ChangeFilter) { changes(filter: $filter) {
    __typename ... on Change { cursor position entry { ... on Event { title(locale: EN) } } }
} }";

/// One event as it came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) data: String,
}

impl Event {
    pub(crate) fn answer(&self) -> Value {
        serde_json::from_str(&self.data).expect("JSON")
    }
}

/// What comes over one connection.
pub(crate) struct Events {
    response: Response,
    text: String,
    waiting: VecDeque<Event>,
}

impl Events {
    /// Asks for events.
    pub(crate) fn ask(client: &Client, url: &str, document: &str, variables: &Value) -> RequestBuilder {
        let body = json!({"query": document, "variables": variables});
        client.post(url).header("accept", "text/event-stream").json(&body)
    }

    /// Those of an answer that is a stream of them.
    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new(), waiting: VecDeque::new() }
    }

    /// The next one; none where the stream has ended or broken off.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = read(block);
                self.text = rest.to_owned();
                self.waiting.extend(event);
            }
        }
        self.waiting.pop_front()
    }
}

/// A block of lines; none where all of it is remarks.
fn read(block: &str) -> Option<Event> {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(':').expect("a field") {
            ("", _) => {}
            ("event", name) => event.name = name.trim_start().to_owned(),
            ("id", id) => event.id = Some(id.trim_start().to_owned()),
            ("data", data) => event.data.push_str(data.trim_start()),
            (other, _) => panic!("{other}"),
        }
    }
    (event != Event::default()).then_some(event)
}

async fn listen(server: &Server, last: Option<&str>) -> Events {
    let variables = json!({"filter": {"province": {"in": ["NGHE_AN"]}}});
    let request = Events::ask(&Client::new(), &server.url("/graphql"), CHANGES, &variables);
    let request = match last {
        Some(last) => request.header("last-event-id", last),
        None => request,
    };
    let response = request.send().await.expect("the server answers");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    Events::of(response)
}

/// The title of the change that comes next, and its id.
async fn title(events: &mut Events) -> (String, String) {
    let event = events.next().await.expect("an event");
    assert_eq!(event.name, "next");
    let answer = event.answer();
    let change = &answer["data"]["changes"];
    assert_eq!(change["cursor"], json!(event.id), "{answer}");
    (change["entry"]["title"].as_str().unwrap_or_default().to_owned(), event.id.expect("a cursor"))
}

#[tokio::test]
async fn the_public_client_understands_the_events() {
    on_both_engines(|server| async move {
        let url = server.url("/graphql");
        // On a thread of its own: the server runs on this one.
        let client = tokio::task::spawn_blocking(|| Command::new("node").arg(SCRIPT).arg(url).output());
        let output = client.await.expect("the client ends").expect("node can be run; tests/run installs it");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}\n{said}{complained}", output.status);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_comes_back_goes_on_after_its_last_event() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let mut events = listen(&server, None).await;
        let beat = events.next().await.expect("a sign of life");
        assert_eq!(beat.answer()["data"]["changes"]["__typename"], "ChangeHeartbeat");
        let desk = Desk::of("NGHE_AN", server.register());
        for name in ["One", "Two", "Three"] {
            desk.publish(name).await;
        }
        let (one, after_one) = title(&mut events).await;
        assert_eq!(one, "One");
        let stopped = async { while events.next().await.is_some_and(|event| event.name == "next") {} };
        // The client is told no end, so it will come back.
        tokio::join!(server.stop(), stopped);

        let server = Server::start(settings).await;
        Desk::of("NGHE_AN", server.register()).publish("Four").await;
        let mut events = listen(&server, Some(&after_one)).await;
        for expected in ["Two", "Three", "Four"] {
            assert_eq!(title(&mut events).await.0, expected);
        }
        // From the very first sign of life nothing is missing either.
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
async fn a_forged_event_id_is_refused_and_a_bad_token_gets_no_stream() {
    on_both_engines(|server| async move {
        let mut events = listen(&server, Some("AAAA")).await;
        let refused = events.next().await.expect("an event");
        assert_eq!(refused.answer()["errors"][0]["extensions"]["code"], "BAD_INPUT");
        assert_eq!(events.next().await.map(|event| event.name).as_deref(), Some("complete"));
        assert_eq!(events.next().await, None);

        let request = Events::ask(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
        let response = request.bearer_auth("nobody").send().await.expect("the server answers");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let answer: Value = response.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn an_address_may_listen_and_not_write() {
    on_both_engines(|server| async move {
        let get = |document: &str| {
            let request = server.http(Method::GET, "/graphql").header("accept", "text/event-stream");
            request.query(&[("query", document)]).send()
        };
        let mut events = Events::of(get("subscription { changes { __typename } }").await.expect("an answer"));
        assert_eq!(
            events.next().await.expect("a sign of life").answer(),
            json!({"data": {"changes": {"__typename": "ChangeHeartbeat"}}})
        );
        let document =
            "mutation { withdrawEntry(input: {id: \"x\", expectedVersion: 1}) { errors { code } } }";
        let mut events = Events::of(get(document).await.expect("an answer"));
        let refused = events.next().await.expect("an event").answer();
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
        assert!(refused.get("data").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_value_is_told_again_when_it_has_changed() {
    on_both_engines(|server| async move {
        let document = "subscription($ms: Int) { statistics(asOf: \"2026-12-31\", minIntervalMs: $ms) {
            events(filter: {province: {in: [\"NGHE_AN\"]}}) { count }
        } }";
        let request =
            |ms: i32| Events::ask(&Client::new(), &server.url("/graphql"), document, &json!({"ms": ms}));
        let mut events = Events::of(request(100).send().await.expect("an answer"));
        let mut count = async || {
            let event = events.next().await.expect("an event");
            assert_eq!(event.id, None);
            event.answer()["data"]["statistics"]["events"]["count"].as_u64().expect("a number")
        };
        let before = count().await;
        // What changes elsewhere leaves the number as it is, so nothing is said of it; a stream of
        // the other number has told it by then.
        let elsewhere = document.replace("NGHE_AN", "DA_NANG");
        let asked = Events::ask(&Client::new(), &server.url("/graphql"), &elsewhere, &json!({"ms": 100}));
        let mut others = Events::of(asked.send().await.expect("an answer"));
        others.next().await.expect("an event");
        Desk::of("DA_NANG", server.register()).publish("Elsewhere").await;
        others.next().await.expect("an event");
        Desk::of("NGHE_AN", server.register()).publish("Here").await;
        assert_eq!(count().await, before + 1);
        // Who comes later is told what stands.
        let mut later = Events::of(request(100).send().await.expect("an answer"));
        let told = later.next().await.expect("an event").answer();
        assert_eq!(told["data"]["statistics"]["events"]["count"], before + 1);
        for ms in [99, 3_600_001] {
            let mut refused = Events::of(request(ms).send().await.expect("an answer"));
            let answer = refused.next().await.expect("an event").answer();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_its_stream() {
    on_both_databases(|settings| async move {
        // A clock that stands still: the token is good when it is asked with, however late that is.
        let now_us = settings.clock.now_us();
        let server = Server::start(Settings { clock: Arc::new(At(now_us)), ..settings }).await;
        // It ended 29 of the 30 seconds ago by which clocks may differ, so its stream lives for one.
        let grant = Grant::new("partner", None).and_then(|grant| grant.lasting(Duration::from_secs(1)));
        let issued = Settings { clock: Arc::new(At(now_us - 30_000_000)), ..server.settings().clone() };
        let token = issue(&issued, &grant.expect("a grant")).expect("a token");
        let request = Events::ask(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
        let mut events = Events::of(request.bearer_auth(token).send().await.expect("an answer"));
        // No end is told, so that the client comes back.
        while events.next().await.is_some_and(|event| event.name == "next") {}
        assert_eq!(events.next().await, None);
        server.stop().await;
    })
    .await;
}
