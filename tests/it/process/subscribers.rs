//! Subscribers that connect and disconnect while eight provinces publish, servers are killed and
//! Redis is disconnected: each receives every change of every log once and in order.
//! `CAUNOI_LISTEN_ROUNDS` is the number of failures on each engine.

use std::collections::BTreeMap;

use caunoi_server::Settings;
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::program::{Program, RunningProgram};
use crate::events::EventStream;
use crate::harness::proxy::TcpProxy;
use crate::harness::{TEST_TIMEOUT, on_both_databases};
use crate::socket::{Socket, open};

const USUAL_ROUNDS: u64 = 4;
const LISTENERS: u64 = 50;
const PROVINCES: [&str; 8] =
    ["DONG_NAI", "NGHE_AN", "DA_NANG", "HUE", "QUANG_NINH", "LAO_CAI", "CAN_THO", "AN_GIANG"];
/// The changes that all subscribers together receive before a writer goes on to its next event.
const RECEIVED_PER_EVENT: u64 = LISTENERS / 2;

const CREATE: &str = "mutation($province: String!, $title: String!) {
    createEvent(input: {sources: [\"seed-000\"], province: $province, title: {en: $title}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-11\", place: \"Vinh\"})
        { event { id } errors { code } }
}";
const PUBLISH: &str = "mutation($id: ID!) {
    publishEntry(input: {id: $id, expectedVersion: 1}) { entry { version } errors { code } }
}";
const WITHDRAW: &str = "mutation($id: ID!) {
    withdrawEntry(input: {id: $id, expectedVersion: 2, reason: {en: \"as agreed\"}}) { entry { version } errors { code } }
}";
const FEED: &str = "subscription($after: Cursor) { changes(after: $after) {
    ... on Change { cursor position province { slug } }
    ... on ChangeHeartbeat { cursor }
    ... on ChangeGap { cursor reason }
} }";
const PAGE: &str = "query($after: Cursor) { changes(after: $after, first: 100) {
    cursor hasMore nodes { position province { slug } }
} }";

/// The addresses of the running servers.
type Addresses = watch::Receiver<Vec<String>>;
/// The last position of each log after all writers have stopped.
type FinalPositions = watch::Receiver<Option<BTreeMap<String, u64>>>;

/// Pseudo-random numbers, the same in every run.
struct RandomNumbers(u64);

impl RandomNumbers {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn execute(url: &str, token: Option<&str>, document: &str, variables: Value) -> Option<Value> {
    let request = Client::new().post(format!("http://{url}/graphql"));
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let response = request.json(&json!({"query": document, "variables": variables})).send().await.ok()?;
    response.json().await.ok()
}

/// The work of all tasks of a run.
#[derive(Clone, Default)]
struct Progress {
    /// The number of published events.
    published: watch::Sender<u64>,
    /// The number of messages that all subscribers together have received.
    received: watch::Sender<u64>,
}

/// Publishes events of a province until `stop`, at least one; withdraws every third one. After each
/// it waits for the subscribers, who read it fifty times.
async fn write(
    province: &'static str,
    token: String,
    addresses: Addresses,
    stop: watch::Receiver<bool>,
    progress: Progress,
) {
    let mut dice = RandomNumbers(province.len() as u64);
    let mut has_published = false;
    for number in 0_u64.. {
        if *stop.borrow() && has_published {
            return;
        }
        let urls = addresses.borrow().clone();
        let url = &urls[usize::try_from(dice.roll(urls.len() as u64)).expect("a few")];
        let mut received = progress.received.subscribe();
        let wanted = *received.borrow() + RECEIVED_PER_EVENT;
        // A killed server returns no response; the writer continues with the next event.
        let id = async {
            let variables = json!({"province": province, "title": format!("Listened {number}")});
            let answer = execute(url, Some(&token), CREATE, variables).await?;
            let id = json!({"id": answer["data"]["createEvent"]["event"]["id"].as_str()?});
            let answer = execute(url, Some(&token), PUBLISH, id.clone()).await?;
            if answer["data"]["publishEntry"]["entry"].is_object() {
                has_published = true;
                progress.published.send_modify(|count| *count += 1);
                received.wait_for(|count| *count >= wanted).await.ok()?;
            }
            if number.is_multiple_of(3) {
                execute(url, Some(&token), WITHDRAW, id).await?;
            }
            Some(())
        };
        id.await;
    }
}

/// The changes that a subscriber received.
struct ReceivedChanges {
    /// The cursor to resume after.
    last: String,
    /// The received positions of each log, in order.
    positions: BTreeMap<String, Vec<u64>>,
    /// The number of messages that all subscribers together have received.
    count: watch::Sender<u64>,
    /// The number of messages after which this subscriber disconnects.
    left: u64,
    ends: FinalPositions,
}

impl ReceivedChanges {
    fn note(&mut self, change: &Value) {
        assert!(change["reason"].is_null(), "a gap: {change}");
        let cursor = change["cursor"].as_str().unwrap_or_else(|| panic!("no cursor: {change}"));
        cursor.clone_into(&mut self.last);
        if let Some(position) = change["position"].as_u64() {
            let slug = change["province"]["slug"].as_str().unwrap_or_default().to_owned();
            let positions = self.positions.entry(slug.clone()).or_default();
            if let Some(before) = positions.last() {
                assert!(*before < position, "{slug}: {position} after {before}");
            }
            positions.push(position);
        }
        self.left -= 1;
        self.count.send_modify(|count| *count += 1);
    }

    fn is_to_disconnect(&self) -> bool {
        self.left == 0 || self.has_reached_all()
    }

    fn has_reached_all(&self) -> bool {
        let has_reached = |(slug, end): (&String, &u64)| {
            self.positions.get(slug).and_then(|positions| positions.last()).is_some_and(|last| last >= end)
        };
        self.ends.borrow().as_ref().is_some_and(|ends| ends.iter().all(has_reached))
    }
}

/// Connects and disconnects until all changes after the cursor were received.
async fn listen(
    number: u64,
    after: String,
    mut addresses: Addresses,
    mut ends: FinalPositions,
    progress: Progress,
) -> ReceivedChanges {
    let mut dice = RandomNumbers(number);
    let mut received = ReceivedChanges {
        last: after,
        positions: BTreeMap::new(),
        count: progress.received.clone(),
        left: 0,
        ends: ends.clone(),
    };
    while !received.has_reached_all() {
        let urls = addresses.borrow_and_update().clone();
        let url = &urls[usize::try_from(dice.roll(urls.len() as u64)).expect("a few")];
        // After the last write no subscriber disconnects before it has received everything.
        received.left = if ends.borrow_and_update().is_some() { u64::MAX } else { 1 + dice.roll(30) };
        let session = async {
            let connected = if number.is_multiple_of(2) {
                by_socket(url, &mut received).await
            } else {
                by_events(url, &mut received).await
            };
            if connected.is_none() {
                // A killed server is replaced by one with another address.
                let _ = addresses.changed().await;
            }
        };
        // A message that is cut off does not count as received.
        tokio::select! {
            () = session => {}
            _ = ends.changed() => {}
        }
    }
    received
}

/// Receives changes by WebSocket until the server stops, or the subscriber disconnects. Returns None
/// if there is no connection.
async fn by_socket(url: &str, received: &mut ReceivedChanges) -> Option<()> {
    let mut socket = open(url.parse().expect("an address")).await.ok()?;
    let variables = json!({"after": received.last});
    let messages = [
        json!({"type": "connection_init"}),
        json!({"id": "1", "type": "subscribe", "payload": {"query": FEED, "variables": variables}}),
    ];
    socket.send(Message::text(messages[0].to_string())).await.ok()?;
    receive_message(&mut socket).await?;
    socket.send(Message::text(messages[1].to_string())).await.ok()?;
    while !received.is_to_disconnect()
        && let Some(message) = receive_message(&mut socket).await
        // A stopping server may still send a message about it.
        && message["type"] == "next"
    {
        received.note(&message["payload"]["data"]["changes"]);
    }
    Some(())
}

async fn receive_message(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return serde_json::from_str(&text).ok(),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) | Message::Frame(_) => return None,
        }
    }
}

/// The same by server-sent events, which resume after the ID of the last one.
async fn by_events(url: &str, received: &mut ReceivedChanges) -> Option<()> {
    let request = EventStream::request(&Client::new(), &format!("http://{url}/graphql"), FEED, &Value::Null);
    let response = request.header("last-event-id", &received.last).send().await.ok()?;
    let mut events = EventStream::from_response(response);
    while !received.is_to_disconnect()
        && let Some(event) = events.next().await
        && event.name == "next"
        && event.answer().get("errors").is_none()
    {
        received.note(&event.answer()["data"]["changes"]);
    }
    Some(())
}

/// Reads every public change after a cursor, by log.
async fn read_all(url: &str, after: &str) -> BTreeMap<String, Vec<u64>> {
    let mut after = Some(after.to_owned());
    let mut all = BTreeMap::<String, Vec<u64>>::new();
    loop {
        let answer = execute(url, None, PAGE, json!({"after": after})).await.expect("the server answers");
        let page = &answer["data"]["changes"];
        for change in page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")) {
            let slug = change["province"]["slug"].as_str().unwrap_or_default().to_owned();
            all.entry(slug).or_default().push(change["position"].as_u64().expect("a position"));
        }
        after = page["cursor"].as_str().map(str::to_owned);
        if page["hasMore"] == false {
            return all;
        }
    }
}

/// The servers of one run: one on SQLite, two on PostgreSQL.
struct Nodes {
    settings: Settings,
    running: Vec<RunningProgram>,
    addresses: watch::Sender<Vec<String>>,
}

impl Nodes {
    fn start(settings: Settings) -> Self {
        let count = if settings.database_url.is_some() { 2 } else { 1 };
        let mut nodes = Self { settings, running: Vec::new(), addresses: watch::Sender::default() };
        for _ in 0..count {
            let (running, address) = nodes.begin();
            nodes.running.push(running);
            nodes.addresses.send_modify(|all| all.push(address));
        }
        nodes
    }

    fn begin(&self) -> (RunningProgram, String) {
        let mut program = Program::new(["serve"]).on(&self.settings);
        if let Some(url) = &self.settings.redis_url {
            program = program.with("CAUNOI_REDIS_URL", url);
        }
        let mut running = RunningProgram::start(program.with("CAUNOI_CONNECTIONS_PER_ADDRESS", "1000"));
        let address = running.address();
        (running, address)
    }

    /// Kills one server and starts another in its place.
    fn replace(&mut self, index: usize) {
        self.running[index].signal("KILL");
        self.running.remove(index).wait();
        let (running, address) = self.begin();
        self.running.insert(index, running);
        self.addresses.send_modify(|all| all[index] = address);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_receive_every_change_once() {
    let rounds = std::env::var("CAUNOI_LISTEN_ROUNDS").ok();
    let rounds = rounds.map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    on_both_databases(move |mut settings| async move {
        let mut proxy = None;
        if let Some(url) = settings.redis_url.take() {
            let (led, url) = TcpProxy::to(&url, 6379).await;
            (proxy, settings.redis_url) = (Some(led), Some(url));
        }
        let mut nodes = Nodes::start(settings);
        let (stop, ends) = (watch::Sender::new(false), watch::Sender::new(None));
        let progress = Progress::default();
        // On a slow machine some subscribers connect only after the last event of a province.
        let url = nodes.addresses.borrow()[0].clone();
        let start =
            execute(&url, None, "{ statistics { cursor } }", Value::Null).await.expect("the server answers");
        let start = start["data"]["statistics"]["cursor"].as_str().expect("a cursor").to_owned();
        let listeners: Vec<_> = (0..LISTENERS)
            .map(|number| {
                let (addresses, ends) = (nodes.addresses.subscribe(), ends.subscribe());
                tokio::spawn(listen(number, start.clone(), addresses, ends, progress.clone()))
            })
            .collect();
        let writers: Vec<_> = PROVINCES
            .map(|slug| {
                let wish = ["token", "--role", "publisher", "--province", slug];
                let ended = Program::new(wish).on(&nodes.settings).run();
                let token = ended.out.lines().last().expect("a token").to_owned();
                let (addresses, stop) = (nodes.addresses.subscribe(), stop.subscribe());
                tokio::spawn(write(slug, token, addresses, stop, progress.clone()))
            })
            .into();
        for round in 0..rounds {
            more_published(&progress.published, 12).await;
            if let Some(proxy) = &proxy {
                proxy.cut();
                more_published(&progress.published, 4).await;
            }
            let index = usize::try_from(round).expect("few rounds") % nodes.running.len();
            nodes = tokio::task::spawn_blocking(move || {
                nodes.replace(index);
                nodes
            })
            .await
            .expect("the server starts again");
            if let Some(proxy) = &proxy {
                proxy.mend();
            }
        }
        stop.send_replace(true);
        finish(writers).await;
        let url = nodes.addresses.borrow()[0].clone();
        let all = read_all(&url, &start).await;
        let last = |slug: &&str| ((*slug).to_owned(), *all[*slug].last().expect("something was written"));
        ends.send_replace(Some(PROVINCES.iter().map(last).collect()));
        for received in finish(listeners).await {
            assert_eq!(received.positions, all);
        }
    })
    .await;
}

/// Waits until so many more events were published.
async fn more_published(published: &watch::Sender<u64>, more: u64) {
    let wanted = *published.borrow() + more;
    published.subscribe().wait_for(|count| *count >= wanted).await.expect("the writers write");
}

/// Waits for tasks that end by themselves, and returns their results.
async fn finish<T: Send + 'static>(tasks: Vec<tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut given = Vec::new();
    for task in tasks {
        let ended = timeout(TEST_TIMEOUT, task).await.expect("every wait ends");
        given.push(ended.expect("every change received is true"));
    }
    given
}
