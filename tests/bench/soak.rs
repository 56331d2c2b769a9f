//! Two nodes on one PostgreSQL database and one Redis, with writers and readers at both, and Redis restarted in the
//! middle: counts the answers that were older than they may be. Ends with 1 if there was any.
//!
//! `cargo run --release -p caunoi-tests --example soak -- postgres://…/empty_database [SECONDS]`, 120 seconds where none are
//! given. It starts a Redis of its own, for which `redis-server` has to be installed.
//!
//! What may not happen:
//! - an answer to a question that carried `Caunoi-After` lacks a change at or below that cursor,
//! - an answer lacks a change that the same node had shown to anybody before the question was sent,
//! - the numbers of one answer are not those of the cursor beside them.

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
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{Acted, Asked, Receipt, Register, Target};
use caunoi_server::{Running, Settings};
use serde_json::{Value, json};

const SECONDS: u64 = 120;
const SLUGS: [&str; 4] = ["NGHE_AN", "DA_NANG", "HUE", "DONG_NAI"];
const READERS_PER_NODE: usize = 3;
/// Between two writes of one writer.
const PAUSE: Duration = Duration::from_millis(40);

/// Counts of one province; `$slug` is its own.
const OF_ONE: &str = "query($slug: String!) { statistics { cursor } province(slug: $slug) { events(first: 2) { totalCount { value } nodes { code } } } }";
/// Counts of all, and of all in groups.
const OF_ALL: &str = "{ statistics { cursor } events { groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count } } } } }";

/// What everybody knows.
struct Soak {
    nodes: [Running; 2],
    client: reqwest::Client,
    /// By province: the position of each publish that was acknowledged, in order.
    published: Mutex<BTreeMap<Log, Vec<i64>>>,
    /// By province: how many events there were at the beginning.
    first: BTreeMap<Log, i64>,
    /// By node: how far it has shown each log.
    shown: [Mutex<Positions>; 2],
    tally: Tally,
    until: Instant,
}

#[derive(Default)]
struct Tally {
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
    // So that small answers go through Redis too.
    settings.keeping.shared_from = Duration::ZERO;
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
        shown: Default::default(),
        tally: Tally::default(),
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
    // Redis goes away in the middle, for a twelfth of the time, and comes back empty.
    tokio::time::sleep(Duration::from_secs(seconds) / 2).await;
    stop_redis(&mut redis);
    tokio::time::sleep(Duration::from_secs(seconds) / 12).await;
    redis = start_redis(port);
    for task in tasks {
        task.await.expect("no task broke off");
    }
    stop_redis(&mut redis);
    let soak = Arc::into_inner(soak).expect("all have ended");
    let told = soak.tell(seconds);
    for node in soak.nodes {
        node.stop().await;
    }
    told
}

impl Soak {
    /// Publishes an event of a province at one node, again and again.
    async fn write(&self, node: usize, slug: &str) {
        let mut turn = 0;
        while Instant::now() < self.until {
            turn += 1;
            let register = self.nodes[node].register();
            let log = log_of(register, slug);
            let receipt = publish(register, slug, &format!("Soak {turn}, synthetic")).await;
            self.published.lock().expect("no panic").entry(log).or_default().push(receipt.position);
            self.tally.writes.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Asks one node, again and again; every third time for no less than what anybody was told.
    async fn read(&self, node: usize, first: usize) {
        let mut turn = first;
        while Instant::now() < self.until {
            turn += 1;
            let slug = SLUGS[turn * 7 / 3 % SLUGS.len()];
            let acknowledged = turn.is_multiple_of(3).then(|| self.acknowledged());
            // Before the question is sent.
            let shown = self.shown[node].lock().expect("no panic").clone();
            let (document, variables) = if turn.is_multiple_of(2) {
                (OF_ONE, json!({ "slug": slug }))
            } else {
                (OF_ALL, Value::Null)
            };
            let Some(answer) = self.ask(node, document, &variables, acknowledged.as_ref()).await else {
                self.tally.unavailable.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            self.tally.answers.fetch_add(1, Ordering::Relaxed);
            let told = self.positions(node, &answer);
            let is_below = |least: &Positions| least.iter().any(|(log, position)| told.at(log) < position);
            if is_below(&shown) || acknowledged.as_ref().is_some_and(is_below) {
                self.tally.stale.fetch_add(1, Ordering::Relaxed);
                println!("STALE at node {node}: {document} {variables}");
            }
            let mut seen = self.shown[node].lock().expect("no panic");
            for (log, position) in told.iter() {
                if seen.at(log) < position {
                    *seen = std::mem::take(&mut *seen).with(log, position);
                }
            }
            drop(seen);
            self.check_numbers(node, &answer, slug, &told);
        }
    }

    /// The last position of each log that a writer was told.
    fn acknowledged(&self) -> Positions {
        self.tally.waited_for.fetch_add(1, Ordering::Relaxed);
        let published = self.published.lock().expect("no panic");
        let last = published.iter().filter_map(|(log, all)| Some((*log, *all.last()?)));
        Positions::new(self.nodes[0].register().epoch().tag(), last.collect())
    }

    /// Numbers are those of the cursor beside them, as far as writers know what was published by then.
    fn check_numbers(&self, node: usize, answer: &Value, slug: &str, told: &Positions) {
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
                published.get(&log).map_or(0, |all| all.iter().filter(|at| **at <= told.at(log)).count());
            let least = self.first.get(&log).copied().unwrap_or(0) + i64::try_from(by_then).expect("few");
            // One publish of each province may be committed that its writer was not told of yet.
            if count < least || count > least + 1 {
                self.tally.wrong.fetch_add(1, Ordering::Relaxed);
                println!("WRONG at node {node}: {count} events of log {}, not {least}", log.number());
            }
        }
    }

    async fn ask(
        &self,
        node: usize,
        document: &str,
        variables: &Value,
        after: Option<&Positions>,
    ) -> Option<Value> {
        let url = format!("http://{}/graphql", self.nodes[node].address());
        let mut request = self.client.post(url).json(&json!({ "query": document, "variables": variables }));
        if let Some(after) = after {
            let key = self.nodes[node].register().sealing_key();
            request = request.header("caunoi-after", after.seal(key));
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
        Positions::open(self.nodes[node].register().sealing_key(), cursor).expect("a cursor of this register")
    }

    async fn count_all(&self, node: usize) -> BTreeMap<Log, i64> {
        let answer = self.ask(node, OF_ALL, &Value::Null, None).await.expect("an answer");
        let register = self.nodes[node].register();
        groups(&answer).into_iter().map(|(slug, count)| (log_of(register, &slug), count)).collect()
    }

    /// Prints what came of it.
    fn tell(&self, seconds: u64) -> ExitCode {
        let count = |value: &AtomicU64| value.load(Ordering::Relaxed);
        let Tally { writes, answers, waited_for, unavailable, stale, wrong } = &self.tally;
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
    register.replica().directory.province_by_slug(slug).expect("a province").log
}

fn asked(register: &Register, slug: &str) -> Asked {
    let actor = Actor::new(Role::Publisher, "soak", Some(log_of(register, slug)), true).expect("a publisher");
    Asked { actor, repeat: None }
}

async fn publish(register: &Register, slug: &str, title: &str) -> Receipt<Event> {
    let draft = EventDraft {
        common: CommonDraft { unit: slug.to_owned(), pillar: "PEOPLE".to_owned(), ..CommonDraft::default() },
        title: Bilingual { vi: None, en: Some(title.to_owned()) },
        kind: "FESTIVAL".to_owned(),
        when: "2026-11".to_owned(),
        ..EventDraft::default()
    };
    let drafted =
        done(register.create(asked(register, slug), &draft, true).await.expect("the register writes"));
    let target = Target { key: drafted.entry.key(), expected_version: drafted.entry.stamp.version };
    let acted = register.go(asked(register, slug), target, Action::Publish, None).await;
    done(acted.expect("the register writes"))
}

fn done(acted: Acted<Event>) -> Receipt<Event> {
    acted.unwrap_or_else(|objection| panic!("{objection:?}"))
}
