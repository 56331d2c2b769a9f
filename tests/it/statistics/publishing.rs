//! Numbers of scopes that see unpublished entries are of one state of the register, whatever is published meanwhile.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::{Server, on_both_databases, open};

/// Three ways to the same number, and one to all events that count.
const QUESTION: &str = r#"{
    events(filter: {search: "fair"}, first: 100) { totalCount { value } nodes { code } }
    statistics { all: events { count } fairs: events(filter: {search: "fair"}) { count } }
}"#;

/// Makes the text of each question another one, so that none is answered from the cache.
static ASKED: AtomicU32 = AtomicU32::new(0);

const READERS: [&str; 3] = ["analyst", "clerk:DONG_NAI", "publisher:DONG_NAI"];

/// Without Redis a node hears of another one's writes by the clock alone, so its read model is behind right after them.
fn alone(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

/// What a reader counts: fairs in three ways, and all events.
async fn counted(server: &Server, reader: &str) -> [u64; 4] {
    let question = format!("{QUESTION} # {}", ASKED.fetch_add(1, Ordering::Relaxed));
    let answer = server.ask_as(reader, &question, Value::Null).await;
    assert!(answer["errors"].is_null(), "{reader}: {answer}");
    let (events, statistics) = (&answer["data"]["events"], &answer["data"]["statistics"]);
    let number = |value: &Value| value.as_u64().expect("a number");
    [
        number(&events["totalCount"]["value"]),
        events["nodes"].as_array().expect("a list").len() as u64,
        number(&statistics["fairs"]["count"]),
        number(&statistics["all"]["count"]),
    ]
}

/// Drafts of this many fairs.
async fn drafts(desk: &Desk<'_>, count: u32) -> Vec<Entry<Event>> {
    let mut drafts = Vec::new();
    for number in 0..count {
        drafts.push(desk.draft(&format!("Fair {number}")).await);
    }
    drafts
}

async fn submitted(desk: &Desk<'_>, count: u32) -> Vec<Entry<Event>> {
    let mut submitted = Vec::new();
    for draft in drafts(desk, count).await {
        submitted.push(desk.go(&draft, Action::Submit).await);
    }
    submitted
}

#[tokio::test(flavor = "multi_thread")]
async fn submitted_events_count_once_while_another_node_publishes_them() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let desk = Desk::of("DONG_NAI", &other);
        let submitted = submitted(&desk, 8).await;
        let before = counted(&server, "analyst").await;
        assert_eq!(before[..3], [8, 8, 8]);
        for entry in &submitted {
            // The read model of the server lacks what this writes until it follows.
            desk.go(entry, Action::Publish).await;
            for reader in READERS {
                assert_eq!(counted(&server, reader).await, before, "{reader}");
            }
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_numbers_of_an_answer_agree_while_events_come_and_go() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let desk = Desk::of("DONG_NAI", &other);
        let mut expected = counted(&server, "analyst").await;
        let mut published = Vec::new();
        for draft in drafts(&desk, 6).await {
            published.push(desk.go(&draft, Action::Publish).await);
            expected = expected.map(|number| number + 1);
            assert_eq!(counted(&server, "analyst").await, expected);
        }
        for entry in &published {
            desk.go(entry, Action::Withdraw).await;
            expected = expected.map(|number| number - 1);
            assert_eq!(counted(&server, "analyst").await, expected);
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_hold_whenever_they_are_asked_for_during_a_publication() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let desk = Desk::of("DONG_NAI", server.register());
        let submitted = submitted(&desk, 24).await;
        let before = counted(&server, "analyst").await;
        let done = AtomicBool::new(false);
        let publish = async {
            for entry in &submitted {
                desk.go(entry, Action::Publish).await;
            }
            done.store(true, Ordering::Relaxed);
        };
        let poll = async |reader| {
            while !done.load(Ordering::Relaxed) {
                assert_eq!(counted(&server, reader).await, before, "{reader}");
            }
        };
        tokio::join!(publish, poll(READERS[0]), poll(READERS[1]), poll(READERS[2]));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_and_the_numbers_beside_it_are_of_one_state() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let desk = Desk::of("DONG_NAI", &other);
        let question = "{ statistics { cursor events { count } coverage { lastFiledOn } } }";
        let since = "query($after: Cursor) { changes(after: $after) { nodes { movement } } }";
        for entry in drafts(&desk, 4).await {
            desk.go(&entry, Action::Publish).await;
            let question = format!("{question} # {}", entry.stamp.code);
            let answer = server.ask_as("clerk:DONG_NAI", &question, Value::Null).await;
            let statistics = &answer["data"]["statistics"];
            assert!(statistics["coverage"]["lastFiledOn"].is_string(), "{answer}");
            let after = json!({ "after": statistics["cursor"] });
            let changes = server.ask_as("clerk:DONG_NAI", since, after).await;
            // The number has the publication, so the cursor is past it.
            assert_eq!(changes["data"]["changes"]["nodes"], json!([]), "{changes}");
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}
