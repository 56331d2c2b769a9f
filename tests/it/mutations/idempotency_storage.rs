//! How responses are stored under idempotency keys, and for how long.

use std::sync::Arc;

use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use super::{agreement, event, read_entry, transition, write_under};
use crate::harness::{Server, connect, on_both_databases};
use crate::quotas::ManualClock;

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";
const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
const YEAR_US: i64 = 365 * DAY_US;

fn backend(settings: &Settings) -> DbBackend {
    if settings.database_url.is_some() { DbBackend::Postgres } else { DbBackend::Sqlite }
}

async fn count(database: &DatabaseConnection, settings: &Settings, condition: &str) -> i64 {
    let query = format!("SELECT CAST(count(*) AS BIGINT) FROM idempotency WHERE {condition}");
    let row = database.query_one_raw(Statement::from_string(backend(settings), query)).await;
    row.expect("the database answers").expect("a row").try_get_by_index(0).expect("a number")
}

/// Returns the input of an event that may resemble others.
fn any_event(title: &str) -> Value {
    let mut input = event(title);
    input["allowDuplicate"] = json!(true);
    input
}

async fn start(settings: &Settings) -> (Server, Arc<ManualClock>) {
    let clock = ManualClock::new();
    let own: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    (Server::start(Settings { clock: own, ..settings.clone() }).await, clock)
}

#[tokio::test]
async fn repetition_gets_the_first_response_after_later_changes() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let note = "A remark that is long enough to be found in a row. ".repeat(20);
        let mut input = event("Một sự kiện");
        input["summary"] = json!({"en": note});
        let created = write_under(&server, PUBLISHER, "createEvent", "\"c\"", input.clone()).await;
        let change = json!({"id": created.entry["id"], "expectedVersion": 1, "place": "Huế"});
        let updated = write_under(&server, PUBLISHER, "updateEvent", "\"u\"", change.clone()).await;
        let published = transition(&server, PUBLISHER, "publishEntry", &updated.entry).await.expect_entry();
        let after = json!({"id": published["id"], "expectedVersion": published["version"], "place": "Vinh"});
        write_under(&server, PUBLISHER, "updateEvent", "\"v\"", after).await.expect_entry();
        for (mutation, key, input, first) in
            [("createEvent", "\"c\"", input, &created), ("updateEvent", "\"u\"", change, &updated)]
        {
            let again = write_under(&server, PUBLISHER, mutation, key, input).await;
            assert_eq!(again.answer, first.answer, "{mutation}");
        }
        assert_eq!(read_entry(&server, PUBLISHER, &created.entry, "place").await["place"], "Vinh");
        server.stop().await;

        let database = connect(&settings).await;
        assert_eq!(count(&database, &settings, "content_position IS NOT NULL").await, 3);
        assert_eq!(count(&database, &settings, "answer LIKE '%remark that is long%'").await, 0);
        assert_eq!(count(&database, &settings, "length(answer) > 700").await, 0);
    })
    .await;
}

#[tokio::test]
async fn response_without_its_content_is_stored_whole() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let created = write_under(&server, PUBLISHER, "createAgreement", "\"a\"", agreement("Một")).await;
        let published = transition(&server, PUBLISHER, "publishEntry", &created.entry).await.expect_entry();
        let withdraw = json!({
            "id": published["id"], "expectedVersion": published["version"],
            "reason": {"vi": "Ghi nhầm", "en": "By mistake"},
        });
        let first = write_under(&server, PUBLISHER, "withdrawEntry", "\"w\"", withdraw.clone()).await;
        let again = write_under(&server, PUBLISHER, "withdrawEntry", "\"w\"", withdraw).await;
        assert_eq!(again.answer, first.answer);
        first.expect_entry();
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn jump_of_the_clock_neither_drops_a_key_nor_keeps_it() {
    on_both_databases(|settings| async move {
        for jump in [HOUR_US, -HOUR_US, YEAR_US, -YEAR_US] {
            let (server, clock) = start(&settings).await;
            let (one, two) = (format!("\"one {jump}\""), format!("\"two {jump}\""));
            let title = format!("Event {jump}");
            let first = write_under(&server, CLERK, "createEvent", &one, any_event(&title)).await;
            assert_eq!(first.errors, json!([]));
            for (number, by_us) in [jump, -jump, 20 * HOUR_US].into_iter().enumerate() {
                clock.advance(by_us);
                let key = format!("\"other {jump} {number}\"");
                let other = any_event(&format!("Other {jump} {number}"));
                write_under(&server, CLERK, "createEvent", &key, other).await.expect_entry();
                let again = write_under(&server, CLERK, "createEvent", &one, any_event(&title)).await;
                assert_eq!(again.answer, first.answer, "after {jump} and {number} steps");
            }
            // Two days of writes later it is gone.
            for day in 0..3 {
                clock.advance(DAY_US);
                let key = format!("\"day {jump} {day}\"");
                let other = any_event(&format!("Day {jump} {day}"));
                write_under(&server, CLERK, "createEvent", &key, other).await.expect_entry();
            }
            let reused = any_event(&format!("Another {jump}"));
            write_under(&server, CLERK, "createEvent", &one, reused).await.expect_entry();
            write_under(&server, CLERK, "createEvent", &two, any_event(&format!("Two {jump}")))
                .await
                .expect_entry();
            server.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn write_deletes_a_bounded_number_of_expired_keys() {
    on_both_databases(|settings| async move {
        let (server, _) = start(&settings).await;
        write_under(&server, CLERK, "createEvent", "\"first\"", event("First")).await.expect_entry();
        let database = connect(&settings).await;
        let rows: Vec<String> = (0..40)
            .map(|number| {
                format!(
                    "INSERT INTO idempotency (province_id, author, operation, key, input_hash, answer, at_us)
                     SELECT province_id, author, operation, 'old {number}', input_hash, answer, {number}
                     FROM idempotency WHERE key = 'first'"
                )
            })
            .collect();
        database.execute_unprepared(&rows.join(";")).await.expect("rows");
        assert_eq!(count(&database, &settings, "at_us < 100").await, 40);
        for (number, left) in [(1, 24), (2, 8), (3, 0), (4, 0)] {
            let key = format!("\"k{number}\"");
            let title = format!("Event {number}");
            write_under(&server, CLERK, "createEvent", &key, any_event(&title)).await.expect_entry();
            assert_eq!(count(&database, &settings, "at_us < 100").await, left, "after {number} writes");
            assert_eq!(count(&database, &settings, "at_us >= 100").await, number + 1);
        }
        drop(database);
        server.stop().await;
    })
    .await;
}
