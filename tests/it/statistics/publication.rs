//! Counts for scopes with unpublished entries belong to one state of the register, also during
//! publications.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_databases, open};

/// Three queries of the same number, and one of all events.
const QUESTION: &str = r#"{
    events(filter: {search: "fair"}, first: 100) { totalCount { value } nodes { code } }
    statistics { all: events { count } fairs: events(filter: {search: "fair"}) { count } }
}"#;

/// Makes the text of each query different, so that no cached response is used.
static ASKED: AtomicU32 = AtomicU32::new(0);

const READERS: [&str; 3] = ["analyst", "clerk:DONG_NAI", "publisher:DONG_NAI"];

/// Disables Redis: a node then polls for the writes of another one, so its read model is behind
/// right after them.
fn without_redis(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

/// Returns the counts that a reader sees: fairs in three ways, and all events.
async fn count_fairs(server: &Server, reader: &str) -> [u64; 4] {
    let question = format!("{QUESTION} # {}", ASKED.fetch_add(1, Ordering::Relaxed));
    let answer = server.execute_as(reader, &question, Value::Null).await;
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

/// Creates this many drafts of fairs.
async fn draft_fairs(publisher: &Publisher<'_>, count: u32) -> Vec<Entry<Event>> {
    let mut drafts = Vec::new();
    for number in 0..count {
        drafts.push(publisher.draft(&format!("Fair {number}")).await);
    }
    drafts
}

async fn submitted(publisher: &Publisher<'_>, count: u32) -> Vec<Entry<Event>> {
    let mut submitted = Vec::new();
    for draft in draft_fairs(publisher, count).await {
        submitted.push(publisher.transition(&draft, Action::Submit).await);
    }
    submitted
}

#[tokio::test(flavor = "multi_thread")]
async fn submitted_event_counts_once_during_publication() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let publisher = Publisher::of("DONG_NAI", &other);
        let submitted = submitted(&publisher, 8).await;
        let before = count_fairs(&server, "analyst").await;
        assert_eq!(before[..3], [8, 8, 8]);
        for entry in &submitted {
            // The read model of the server lacks this write until it catches up.
            publisher.transition(entry, Action::Publish).await;
            for reader in READERS {
                assert_eq!(count_fairs(&server, reader).await, before, "{reader}");
            }
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_counts_of_a_response_agree() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let publisher = Publisher::of("DONG_NAI", &other);
        let mut expected = count_fairs(&server, "analyst").await;
        let mut fairs = Vec::new();
        for draft in draft_fairs(&publisher, 6).await {
            fairs.push(publisher.transition(&draft, Action::Publish).await);
            expected = expected.map(|number| number + 1);
            assert_eq!(count_fairs(&server, "analyst").await, expected);
        }
        for entry in &fairs {
            publisher.transition(entry, Action::Withdraw).await;
            expected = expected.map(|number| number - 1);
            assert_eq!(count_fairs(&server, "analyst").await, expected);
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_consistent_during_publication() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let publisher = Publisher::of("DONG_NAI", server.register());
        let submitted = submitted(&publisher, 24).await;
        let before = count_fairs(&server, "analyst").await;
        let is_done = AtomicBool::new(false);
        let publish = async {
            for entry in &submitted {
                publisher.transition(entry, Action::Publish).await;
            }
            is_done.store(true, Ordering::Relaxed);
        };
        let poll = async |reader| {
            while !is_done.load(Ordering::Relaxed) {
                assert_eq!(count_fairs(&server, reader).await, before, "{reader}");
            }
        };
        tokio::join!(publish, poll(READERS[0]), poll(READERS[1]), poll(READERS[2]));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cursor_and_counts_belong_to_one_state() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let server = Server::start(settings.clone()).await;
        let other = open(&settings).await;
        let publisher = Publisher::of("DONG_NAI", &other);
        let question = "{ statistics { cursor events { count } coverage { lastFiledOn } } }";
        let since = "query($after: Cursor) { changes(after: $after) { nodes { movement } } }";
        for entry in draft_fairs(&publisher, 4).await {
            publisher.transition(&entry, Action::Publish).await;
            let question = format!("{question} # {}", entry.meta.code);
            let answer = server.execute_as("clerk:DONG_NAI", &question, Value::Null).await;
            let statistics = &answer["data"]["statistics"];
            assert!(statistics["coverage"]["lastFiledOn"].is_string(), "{answer}");
            let after = json!({ "after": statistics["cursor"] });
            let changes = server.execute_as("clerk:DONG_NAI", since, after).await;
            // The count includes the publication, so the cursor is past it.
            assert_eq!(changes["data"]["changes"]["nodes"], json!([]), "{changes}");
        }
        other.close().await;
        server.stop().await;
    })
    .await;
}
