//! Measures the delivery of one change to thousands of subscribers: the latency of the last one
//! and the cost of one subscriber, compared with a bare WebSocket server that broadcasts the same
//! bytes.
//!
//! `cargo build --release -p caunoi-server --bin caunoi --example floor`, then `ulimit -n 65536`
//! and `cargo run --release -p caunoi-tests --example fanout -- target/release/caunoi
//! [SUBSCRIBERS] [ROUNDS]`. Both servers run as separate processes, so their memory and CPU
//! exclude the clients in this process.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the figures are its output")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

const SUBSCRIBERS: usize = 10_000;
const ROUNDS: usize = 11;
/// The maximum number of concurrent handshakes.
const AT_ONCE: usize = 100;

const FEED: &str = "subscription { changes {
    ... on Change { cursor operation movement position at version changedFields entryId province { slug name }
        entry { code ... on Event { title pillar } } }
} }";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let program = arguments.first().expect("the program to measure");
    let number = |at: usize, usual| arguments.get(at).map_or(usual, |text| text.parse().expect("a number"));
    let (subscribers, rounds) = (number(1, SUBSCRIBERS), number(2, ROUNDS));

    let folder = tempfile::tempdir().expect("a temporary folder");
    let ours = ServerProcess::caunoi(program, folder.path()).await;
    let publisher = publisher(program, folder.path());
    let (measured, text) = measure(&ours, subscribers, rounds, &publisher).await;
    drop(ours);
    eprintln!("a message of {} bytes", text.len());
    let theirs = ServerProcess::bare(program).await;
    let (floor, _) = measure(&theirs, subscribers, rounds, &Trigger::Send(text)).await;

    println!("| {subscribers} subscribers, median of {rounds} | caunoi | bare broadcast | ratio |");
    println!("| --- | --- | --- | --- |");
    let row = |what: &str, ours: f64, theirs: f64, unit: &str| {
        println!("| {what} | {ours:.1} {unit} | {theirs:.1} {unit} | {:.2} |", ours / theirs);
    };
    row("asked until the last one has it", measured.last_ms, floor.last_ms, "ms");
    row("from the first to the last one", measured.spread_ms, floor.spread_ms, "ms");
    row("CPU of the server for one message to all", measured.cpu_ms, floor.cpu_ms, "ms");
    row("memory of a subscriber", measured.kib_each, floor.kib_each, "KiB");
}

struct Figures {
    last_ms: f64,
    spread_ms: f64,
    cpu_ms: f64,
    kib_each: f64,
}

/// The action that makes a server send one message to all subscribers.
enum Trigger {
    /// Publishes an event of the province of this token.
    Publish(String),
    /// Sends these bytes.
    Send(String),
}

async fn measure(
    server: &ServerProcess,
    subscribers: usize,
    rounds: usize,
    trigger: &Trigger,
) -> (Figures, String) {
    let before = server.memory_kib();
    let (heard, mut received) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let speaks = matches!(trigger, Trigger::Publish(_));
    for _ in 0..subscribers {
        tokio::spawn(listen(server.address, speaks, Arc::clone(&gate), heard.clone()));
    }
    // Each subscriber reports its connection.
    for _ in 0..subscribers {
        received.recv().await.expect("a subscriber").expect("every subscriber is let in");
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let kib_each = (server.memory_kib() - before) / f64::from(u32::try_from(subscribers).expect("few"));
    let client = Client::new();
    let (mut last, mut spread, mut cpu, mut text) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    for round in 0..rounds {
        let draft = trigger.prepare(&client, server.address, round).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let used = server.cpu_ms();
        let since = Instant::now();
        let asking = trigger.pull(&client, server.address, draft);
        let hearing = async {
            let mut first = None;
            for _ in 0..subscribers {
                let message: String =
                    received.recv().await.expect("a subscriber").expect("every subscriber hears it");
                first.get_or_insert_with(|| since.elapsed());
                text = message;
            }
            (first.unwrap_or_default(), since.elapsed())
        };
        let ((), (first, all)) = tokio::join!(asking, hearing);
        last.push(all.as_secs_f64() * 1e3);
        spread.push(all.saturating_sub(first).as_secs_f64() * 1e3);
        cpu.push(server.cpu_ms() - used);
    }
    let figures = Figures { last_ms: median(last), spread_ms: median(spread), cpu_ms: median(cpu), kib_each };
    (figures, text)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Reports the connection, then every message.
async fn listen(
    address: SocketAddr,
    speaks: bool,
    gate: Arc<Semaphore>,
    heard: mpsc::UnboundedSender<Option<String>>,
) {
    let received = async {
        let place = gate.acquire().await.ok()?;
        let mut request = format!("ws://{address}/graphql").into_client_request().ok()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().ok()?);
        let (mut socket, _) = connect_async(request).await.ok()?;
        if speaks {
            let subscribe = json!({"id": "1", "type": "subscribe", "payload": {"query": FEED}});
            for message in [json!({"type": "connection_init"}), subscribe] {
                socket.send(Message::text(message.to_string())).await.ok()?;
            }
            // The acknowledgement of `connection_init`, then the first heartbeat.
            next(&mut socket).await?;
            next(&mut socket).await?;
        }
        drop(place);
        heard.send(Some(String::new())).ok()?;
        while let Some(text) = next(&mut socket).await {
            // Heartbeats are not counted.
            if !speaks || text.contains("entryId") {
                heard.send(Some(text)).ok()?;
            }
        }
        None::<()>
    };
    received.await;
    let _ = heard.send(None);
}

async fn next<S>(socket: &mut tokio_tungstenite::WebSocketStream<S>) -> Option<String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        if let Message::Text(text) = socket.next().await?.ok()? {
            return Some(text.as_str().to_owned());
        }
    }
}

impl Trigger {
    /// Creates the draft that the message needs, and returns its ID.
    async fn prepare(&self, client: &Client, address: SocketAddr, round: usize) -> Option<String> {
        let Self::Publish(token) = self else { return None };
        let document =
            "mutation($title: String!) { createEvent(input: {sources: [\"seed-000\"], province: \"DONG_NAI\", title: {en: $title},
            kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\"}) { event { id } errors { message } } }";
        let title = format!("Synthetic event {round} of a load test");
        let answer = execute(client, address, token, document, json!({ "title": title })).await;
        let id = answer["data"]["createEvent"]["event"]["id"].as_str();
        Some(id.unwrap_or_else(|| panic!("{answer}")).to_owned())
    }

    async fn pull(&self, client: &Client, address: SocketAddr, draft: Option<String>) {
        match self {
            Self::Publish(token) => {
                let document = "mutation($id: ID!) { publishEntry(input: {id: $id, expectedVersion: 1}) { errors { message } } }";
                let answer = execute(client, address, token, document, json!({ "id": draft })).await;
                assert_eq!(answer["data"]["publishEntry"]["errors"], json!([]), "{answer}");
            }
            Self::Send(text) => {
                let sent = client.post(format!("http://{address}/send")).body(text.clone()).send().await;
                sent.expect("the bare server answers");
            }
        }
    }
}

async fn execute(
    client: &Client,
    address: SocketAddr,
    token: &str,
    document: &str,
    variables: Value,
) -> Value {
    let request = client.post(format!("http://{address}/graphql")).bearer_auth(token);
    let response = request.json(&json!({"query": document, "variables": variables})).send().await;
    response.expect("the server answers").json().await.expect("JSON")
}

/// A server in a separate process.
struct ServerProcess {
    child: Child,
    address: SocketAddr,
}

impl ServerProcess {
    async fn caunoi(program: &str, folder: &Path) -> Self {
        let address = free_address();
        let mut command = Command::new(program);
        command
            .arg("serve")
            .env("CAUNOI_DATA_DIR", folder)
            .env("CAUNOI_LISTEN", address.to_string())
            .env("CAUNOI_CONNECTIONS", "65000")
            .env("CAUNOI_CONNECTIONS_PER_ADDRESS", "65000")
            .env("CAUNOI_SUBSCRIPTIONS_PER_ADDRESS", "65000")
            .env("CAUNOI_RATE_LIMIT", "0")
            .env("CAUNOI_LOG", "error");
        Self::start(command, address).await
    }

    /// Starts the example `floor` from the folder of the program.
    async fn bare(program: &str) -> Self {
        let address = free_address();
        let mut command = Command::new(Path::new(program).with_file_name("examples").join("floor"));
        command.args([&address.to_string(), "/dev/null"]);
        Self::start(command, address).await
    }

    async fn start(mut command: Command, address: SocketAddr) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it can be started");
        while reqwest::get(format!("http://{address}/readyz")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { child, address }
    }

    fn memory_kib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("resident memory");
        line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
    }

    fn cpu_ms(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        let (_, fields) = stat.rsplit_once(')').expect("fields");
        let ticks = fields.split_whitespace().skip(11).take(2);
        // A clock tick is 10 ms on all supported platforms.
        ticks.map(|ticks| ticks.parse::<f64>().expect("a number") * 10.0).sum()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

/// Creates the token of a publisher with the command of the program.
fn publisher(program: &str, folder: &Path) -> Trigger {
    let mut command = Command::new(program);
    command.args(["token", "--role", "publisher", "--province", "DONG_NAI"]).env("CAUNOI_DATA_DIR", folder);
    let output = command.output().expect("it can be started").stdout;
    let text = String::from_utf8(output).expect("text");
    Trigger::Publish(text.lines().last().expect("a token").to_owned())
}
