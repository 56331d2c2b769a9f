//! Runs two nodes on one PostgreSQL database and one Redis, with writers and readers on both, and
//! restarts Redis in the middle. Counts stale responses and exits with 1 if there was any.
//!
//! `cargo run --release -p caunoi-tests --example soak -- postgres://…/empty_database [SECONDS]`;
//! the default is 120 seconds. It starts its own Redis, so `redis-server` must be installed.
//!
//! A response is stale or wrong if:
//! - the request had `Caunoi-After` and the response lacks a change at or below that cursor,
//! - it lacks a change that the same node had returned to any client before the request was sent,
//! - its counts do not belong to the cursor of the same response.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use caunoi_domain::cursor::Positions;
use caunoi_domain::draft::{CommonDraft, EventDraft};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{CommandContext, CommandOutcome, CommandReceipt, CommandTarget, Register};
use caunoi_server::{RunningServer, Settings};
use serde_json::{Value, json};

const SECONDS: u64 = 120;
const SLUGS: [&str; 4] = ["NGHE_AN", "DA_NANG", "HUE", "DONG_NAI"];
const READERS_PER_NODE: usize = 3;
/// The pause between two writes of one writer.
const PAUSE: Duration = Duration::from_millis(40);

/// Counts the events of the province `$slug`.
const OF_ONE: &str = "query($slug: String!) { statistics { cursor } province(slug: $slug) { events(first: 2) { totalCount { value } nodes { code } } } }";
/// Counts the events of all provinces in groups.
const OF_ALL: &str = "{ statistics { cursor } events { groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count } } } } }";

/// The state that all tasks share.
struct Soak {
    nodes: [RunningServer; 2],
    client: reqwest::Client,
    /// The positions of acknowledged publications by province, in order.
    published: Mutex<BTreeMap<Log, Vec<i64>>>,
    /// The number of events at the beginning, by province.
    first: BTreeMap<Log, i64>,
    /// The highest position of each log that each node has returned.
    seen_positions: [Mutex<Positions>; 2],
    counts: StalenessCounts,
    until: Instant,
}

#[derive(Default)]
struct StalenessCounts {
    writes: AtomicU64,
    answers: AtomicU64,
    waited_for: AtomicU64,
    unavailable: AtomicU64,
    stale: AtomicU64,
    wrong: AtomicU64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let database_url = Some(arguments.next().expect("the URL of an empty PostgreSQL database"));
    let seconds = arguments.next().map_or(SECONDS, |text| text.parse().expect("seconds"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let mut redis = start_redis(port);
    let mut settings = Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: folder.path().to_owned(),
        database_url,
        redis_url: Some(format!("redis://127.0.0.1:{port}")),
        ..Settings::default()
    };
    // Makes small responses use Redis too.
    settings.response_cache.min_shared_duration = Duration::ZERO;
    let nodes = [
        caunoi_server::start(settings.clone()).await.expect("a server"),
        caunoi_server::start(settings).await.expect("a second server"),
    ];
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut soak = Soak {
        nodes,
        client,
        published: Mutex::default(),
        first: BTreeMap::new(),
        seen_positions: Default::default(),
        counts: StalenessCounts::default(),
        until,
    };
    soak.first = soak.count_all(0).await;
    let soak = Arc::new(soak);
    let mut tasks = Vec::new();
    for (turn, slug) in SLUGS.into_iter().enumerate() {
        let soak = Arc::clone(&soak);
        tasks.push(tokio::spawn(async move { soak.write(turn % 2, slug).await }));
    }
    for turn in 0..2 * READERS_PER_NODE {
        let soak = Arc::clone(&soak);
        tasks.push(tokio::spawn(async move { soak.read(turn % 2, turn).await }));
    }
    // Redis is stopped at half-time for a twelfth of the duration and restarts empty.
    tokio::time::sleep(Duration::from_secs(seconds) / 2).await;
    stop_redis(&mut redis);
    tokio::time::sleep(Duration::from_secs(seconds) / 12).await;
    redis = start_redis(port);
    for task in tasks {
        task.await.expect("no task broke off");
    }
    stop_redis(&mut redis);
    let soak = Arc::into_inner(soak).expect("all have ended");
    let received = soak.report(seconds);
    for node in soak.nodes {
        node.stop().await;
    }
    received
}

impl Soak {
    /// Publishes events of a province on one node until the end.
    async fn write(&self, node: usize, slug: &str) {
        let mut turn = 0;
        while Instant::now() < self.until {
            turn += 1;
            let register = self.nodes[node].register();
            let log = log_of(register, slug);
            let receipt = publish(register, slug, &format!("Soak {turn}, synthetic")).await;
            self.published.lock().expect("no panic").entry(log).or_default().push(receipt.position);
            self.counts.writes.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Queries one node until the end; every third request has `Caunoi-After` with all
    /// acknowledged positions.
    async fn read(&self, node: usize, first: usize) {
        let mut turn = first;
        while Instant::now() < self.until {
            turn += 1;
            let slug = SLUGS[turn * 7 / 3 % SLUGS.len()];
            let acknowledged = turn.is_multiple_of(3).then(|| self.acknowledged());
            // Read before the request is sent.
            let seen_positions = self.seen_positions[node].lock().expect("no panic").clone();
            let (document, variables) = if turn.is_multiple_of(2) {
                (OF_ONE, json!({ "slug": slug }))
            } else {
                (OF_ALL, Value::Null)
            };
            let Some(answer) = self.execute(node, document, &variables, acknowledged.as_ref()).await else {
                self.counts.unavailable.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            self.counts.answers.fetch_add(1, Ordering::Relaxed);
            let received = self.positions(node, &answer);
            let is_below =
                |least: &Positions| least.iter().any(|(log, position)| received.at(log) < position);
            if is_below(&seen_positions) || acknowledged.as_ref().is_some_and(is_below) {
                self.counts.stale.fetch_add(1, Ordering::Relaxed);
                println!("STALE at node {node}: {document} {variables}");
            }
            let mut seen = self.seen_positions[node].lock().expect("no panic");
            for (log, position) in received.iter() {
                if seen.at(log) < position {
                    *seen = std::mem::take(&mut *seen).with(log, position);
                }
            }
            drop(seen);
            self.check_numbers(node, &answer, slug, &received);
        }
    }

    /// Returns the last acknowledged position of each log.
    fn acknowledged(&self) -> Positions {
        self.counts.waited_for.fetch_add(1, Ordering::Relaxed);
        let published = self.published.lock().expect("no panic");
        let last = published.iter().filter_map(|(log, all)| Some((*log, *all.last()?)));
        Positions::new(self.nodes[0].register().epoch().tag(), last.collect())
    }

    /// Checks that the counts belong to the cursor of the same response, as far as the writers
    /// know the publications up to it.
    fn check_numbers(&self, node: usize, answer: &Value, slug: &str, received: &Positions) {
        let register = self.nodes[node].register();
        let counted: Vec<(Log, i64)> = match answer["province"]["events"]["totalCount"]["value"].as_i64() {
            Some(total) => vec![(log_of(register, slug), total)],
            None => {
                groups(answer).into_iter().map(|(slug, count)| (log_of(register, &slug), count)).collect()
            }
        };
        let published = self.published.lock().expect("no panic");
        for (log, count) in counted {
            let by_then =
                published.get(&log).map_or(0, |all| all.iter().filter(|at| **at <= received.at(log)).count());
            let least = self.first.get(&log).copied().unwrap_or(0) + i64::try_from(by_then).expect("few");
            // One publication of each province may be committed but not acknowledged yet.
            if count < least || count > least + 1 {
                self.counts.wrong.fetch_add(1, Ordering::Relaxed);
                println!("WRONG at node {node}: {count} events of log {}, not {least}", log.number());
            }
        }
    }

    async fn execute(
        &self,
        node: usize,
        document: &str,
        variables: &Value,
        after: Option<&Positions>,
    ) -> Option<Value> {
        let url = format!("http://{}/graphql", self.nodes[node].address());
        let mut request = self.client.post(url).json(&json!({ "query": document, "variables": variables }));
        if let Some(after) = after {
            let key = self.nodes[node].register().signing_key();
            request = request.header("caunoi-after", after.to_cursor(key));
        }
        let body = request.send().await.expect("the node answers").text().await.expect("a whole answer");
        let mut answer: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
        let code = &answer["errors"][0]["extensions"]["code"];
        if code == "UNAVAILABLE" {
            return None;
        }
        assert!(code.is_null(), "{body}");
        Some(answer["data"].take())
    }

    fn positions(&self, node: usize, answer: &Value) -> Positions {
        let cursor = answer["statistics"]["cursor"].as_str().expect("a cursor");
        Positions::from_cursor(self.nodes[node].register().signing_key(), cursor)
            .expect("a cursor of this register")
    }

    async fn count_all(&self, node: usize) -> BTreeMap<Log, i64> {
        let answer = self.execute(node, OF_ALL, &Value::Null, None).await.expect("an answer");
        let register = self.nodes[node].register();
        groups(&answer).into_iter().map(|(slug, count)| (log_of(register, &slug), count)).collect()
    }

    /// Prints the result.
    fn report(&self, seconds: u64) -> ExitCode {
        let count = |value: &AtomicU64| value.load(Ordering::Relaxed);
        let StalenessCounts { writes, answers, waited_for, unavailable, stale, wrong } = &self.counts;
        println!(
            "{seconds} s, two nodes, Redis away from half-time on for {} s: {} publishes, {} answers ({} of them with \
             Caunoi-After), {} that a node could not give in time, {} stale, {} with wrong numbers",
            seconds / 12,
            count(writes),
            count(answers),
            count(waited_for),
            count(unavailable),
            count(stale),
            count(wrong)
        );
        let has_done = count(writes) > 0 && count(answers) > 0;
        if has_done && count(stale) + count(wrong) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn groups(answer: &Value) -> Vec<(String, i64)> {
    let nodes = answer["events"]["groups"]["nodes"].as_array().expect("groups");
    let group = |node: &Value| {
        let slug = node["keys"][0]["value"].as_str().expect("a slug").to_owned();
        (slug, node["aggregate"]["count"].as_i64().expect("a number"))
    };
    nodes.iter().map(group).collect()
}

fn start_redis(port: u16) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--save", "", "--appendonly", "no", "--maxmemory", "64mb"])
        .args(["--maxmemory-policy", "allkeys-lru"])
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed")
}

fn stop_redis(redis: &mut Child) {
    redis.kill().expect("it runs");
    redis.wait().expect("it ends");
}

fn log_of(register: &Register, slug: &str) -> Log {
    register.read_model().directory.province_by_slug(slug).expect("a province").log
}

fn command_context(register: &Register, slug: &str) -> CommandContext {
    let actor = Actor::new(Role::Publisher, "soak", Some(log_of(register, slug)), true).expect("a publisher");
    CommandContext { actor, idempotency_key: None }
}

async fn publish(register: &Register, slug: &str, title: &str) -> CommandReceipt<Entry<Event>> {
    let draft = EventDraft {
        common: CommonDraft { unit: slug.to_owned(), pillar: "PEOPLE".to_owned(), ..CommonDraft::default() },
        title: Bilingual { vi: None, en: Some(title.to_owned()) },
        kind: "FESTIVAL".to_owned(),
        when: "2026-11".to_owned(),
        place: "Vinh".to_owned(),
        ..EventDraft::default()
    };
    let drafted = expect_receipt(
        register.create(command_context(register, slug), &draft, true).await.expect("the register writes"),
    );
    let target = CommandTarget { key: drafted.value.key(), expected_version: drafted.value.meta.version };
    let outcome = register.transition(command_context(register, slug), target, Action::Publish, None).await;
    expect_receipt(outcome.expect("the register writes"))
}

fn expect_receipt(outcome: CommandOutcome<Event>) -> CommandReceipt<Entry<Event>> {
    outcome.unwrap_or_else(|objection| panic!("{objection:?}"))
}
