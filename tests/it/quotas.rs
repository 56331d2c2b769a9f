//! Quotas of writers: their counts, refusals and periods.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caunoi_domain::clock::Clock;
use caunoi_domain::quota::WriteLimits;
use caunoi_server::Settings;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::{Server, connect, on_both_databases};
use crate::mutations::{MutationResult, event, write, write_under};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";
const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
const DAY_US: i64 = 24 * HOUR_US;

/// A clock that only the test moves; it starts a minute after the day began in UTC.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn new() -> Arc<Self> {
        let now_us = Settings::default().clock.now_us();
        Arc::new(Self(AtomicI64::new(now_us - now_us % DAY_US + MINUTE_US)))
    }

    pub(crate) fn advance(&self, by_us: i64) {
        self.0.fetch_add(by_us, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

async fn start(settings: Settings, limits: WriteLimits) -> (Server, Arc<ManualClock>) {
    let clock = ManualClock::new();
    let own: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    (Server::start(Settings { write_limits: limits, clock: own, ..settings }).await, clock)
}

async fn create(server: &Server, caller: &str, title: &str) -> MutationResult {
    let mut input = event(title);
    input["allowDuplicate"] = json!(true);
    write(server, caller, "createEvent", input).await
}

fn is_refused(result: &MutationResult) -> bool {
    result.errors[0]["code"] == "QUOTA_EXCEEDED"
}

#[tokio::test]
async fn drafts_beyond_the_quota_of_an_hour_are_refused_with_the_reason() {
    on_both_databases(|settings| async move {
        let limits = WriteLimits { drafts_per_hour: 2, ..WriteLimits::default() };
        let (server, clock) = start(settings, limits).await;
        let first = create(&server, CLERK, "One").await.expect_entry();
        create(&server, CLERK, "Two").await.expect_entry();
        let third = create(&server, CLERK, "Three").await;
        assert_eq!(third.refused(), [("QUOTA_EXCEEDED".to_owned(), String::new())]);
        let message = third.errors[0]["message"].as_str().expect("a message");
        let vietnamese = "Đã hết hạn mức: số bản ghi mới và đề xuất của một người trong một giờ, tối đa 2, \
                          đã dùng 2. Đề nghị thử lại sau 60 phút.";
        assert_eq!(message, vietnamese);
        // Changes have a quota of their own, other people have theirs.
        let change = json!({"id": first["id"], "expectedVersion": 1, "place": "Huế"});
        write(&server, CLERK, "updateEvent", change).await.expect_entry();
        create(&server, PUBLISHER, "Theirs").await.expect_entry();
        clock.advance(58 * MINUTE_US);
        assert!(is_refused(&create(&server, CLERK, "Three").await));
        clock.advance(MINUTE_US);
        create(&server, CLERK, "Three").await.expect_entry();
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn refused_and_repeated_writes_use_no_quota() {
    on_both_databases(|settings| async move {
        let limits = WriteLimits { drafts_per_hour: 2, changes_per_hour: 1, ..WriteLimits::default() };
        let (server, _) = start(settings, limits).await;
        let first = write_under(&server, CLERK, "createEvent", "\"k\"", event("One")).await;
        for _ in 0..3 {
            assert!(create(&server, CLERK, "").await.refused()[0].0 != "QUOTA_EXCEEDED");
            let similar = write(&server, CLERK, "createEvent", event("One")).await;
            assert_eq!(similar.refused()[0].0, "DUPLICATE_SUSPECTED");
            let again = write_under(&server, CLERK, "createEvent", "\"k\"", event("One")).await;
            assert_eq!(again.answer, first.answer);
        }
        create(&server, CLERK, "Two").await.expect_entry();
        assert!(is_refused(&create(&server, CLERK, "Three").await));
        let again = write_under(&server, CLERK, "createEvent", "\"k\"", event("One")).await;
        assert_eq!(again.answer, first.answer, "a repetition is answered beyond the quota too");
        let stale = json!({"id": first.entry["id"], "expectedVersion": 7, "place": "Huế"});
        assert_eq!(write(&server, CLERK, "updateEvent", stale).await.refused()[0].0, "VERSION_CONFLICT");
        let change = json!({"id": first.entry["id"], "expectedVersion": 1, "place": "Huế"});
        let changed = write(&server, CLERK, "updateEvent", change).await.expect_entry();
        let change = json!({"id": changed["id"], "expectedVersion": 2, "place": "Hội An"});
        assert!(is_refused(&write(&server, CLERK, "updateEvent", change).await));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn concurrent_writes_do_not_exceed_the_quota() {
    on_both_databases(|settings| async move {
        let limits = WriteLimits { drafts_per_hour: 2, ..WriteLimits::default() };
        let (server, _) = start(settings, limits).await;
        let titles: Vec<String> = (0..4).map(|number| format!("Event {number}")).collect();
        let writes = titles.iter().map(|title| create(&server, CLERK, title));
        let results = futures_util::future::join_all(writes).await;
        assert_eq!(results.iter().filter(|result| is_refused(result)).count(), 2);
        assert_eq!(results.iter().filter(|result| result.errors == json!([])).count(), 2);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn bytes_of_an_author_and_of_a_province_are_limited() {
    on_both_databases(|settings| async move {
        // 16 KiB for the province in a day, so 2 KiB for a person in an hour.
        let limits = WriteLimits { province_bytes_per_day: 16 << 10, ..WriteLimits::default() };
        let (server, clock) = start(settings, limits).await;
        let mut hours = 0;
        let full = loop {
            let refused = loop {
                let result = create(&server, CLERK, "An event of a clerk").await;
                if is_refused(&result) {
                    break result;
                }
                result.expect_entry();
            };
            let message = refused.errors[0]["message"].as_str().expect("a message").to_owned();
            if message.contains("do tỉnh ghi trong một ngày") {
                break message;
            }
            assert!(message.contains("do một người ghi trong một giờ, tối đa 2"), "{message}");
            clock.advance(HOUR_US);
            hours += 1;
        };
        assert!((7..=16).contains(&hours), "{hours}: {full}");
        assert!(is_refused(&create(&server, PUBLISHER, "Nobody of the province").await));
        // Another province and the ministry are not affected.
        let mut other = event("Elsewhere");
        other["province"] = json!("HUE");
        write(&server, "clerk:HUE", "createEvent", other).await.expect_entry();
        clock.advance(DAY_US);
        create(&server, PUBLISHER, "The next day").await.expect_entry();
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn content_of_an_entry_has_a_maximum_size() {
    on_both_databases(|settings| async move {
        let (server, _) = start(settings, WriteLimits::default()).await;
        // Each act has 12,000 bytes, so 21 of them fit.
        let note = "ạ".repeat(2_000);
        let act = |kind: &str, day: usize| {
            json!({"kind": kind, "on": format!("2024-05-{day:02}"), "note": {"vi": note, "en": note}})
        };
        let mut input = crate::mutations::agreement("Lớn");
        let mut acts = vec![act("SIGN", 1)];
        acts.extend((2..=15).map(|day| act("AMEND", day)));
        input["acts"] = json!(acts);
        let mut entry = write(&server, CLERK, "createAgreement", input).await.expect_entry();
        for day in 16..=21 {
            let record = json!({"id": entry["id"], "expectedVersion": entry["version"], "act": act("AMEND", day)});
            entry = write(&server, CLERK, "recordAct", record).await.expect_entry();
        }
        let record = json!({"id": entry["id"], "expectedVersion": entry["version"], "act": act("AMEND", 22)});
        let refused = write(&server, CLERK, "recordAct", record).await;
        assert_eq!(refused.refused(), [("TOO_LONG".to_owned(), String::new())]);
        let message = refused.errors[0]["message"].as_str().expect("a message");
        assert!(message.starts_with("Bản ghi quá lớn: tối đa 256 KB"), "{message}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn uploads_of_a_province_are_limited_by_day() {
    on_both_databases(|settings| async move {
        let limits = WriteLimits { upload_bytes_per_day: 4 << 10, ..WriteLimits::default() };
        let (server, clock) = start(settings, limits).await;
        let file = |number: u8| [b"%PDF-1.7\n".as_slice(), &[number; 3_000]].concat();
        let upload = async |caller: &str, number: u8| {
            let (role, province) = caller.split_once(':').expect("a role and a province");
            let request = server.http(Method::POST, "/files").query(&[("name", "Bản ký.pdf")]);
            let request =
                request.header("caunoi-upload", "1").bearer_auth(server.token(role, Some(province)));
            request.body(file(number)).send().await.expect("a response")
        };
        assert_eq!(upload(CLERK, 1).await.status(), StatusCode::CREATED);
        assert_eq!(upload(CLERK, 1).await.status(), StatusCode::OK, "the same file is free");
        let refused = upload(PUBLISHER, 2).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()["retry-after"], "3600");
        let body: Value = refused.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        let message = body["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("tối đa 4, đã dùng 3."), "{message}");
        assert_eq!(stored_files(&server), 1, "a refused file is not stored");
        assert_eq!(upload("clerk:HUE", 2).await.status(), StatusCode::CREATED);
        clock.advance(DAY_US);
        assert_eq!(upload(PUBLISHER, 2).await.status(), StatusCode::CREATED);
        server.stop().await;
    })
    .await;
}

fn stored_files(server: &Server) -> usize {
    fn below(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.map(|path| if path.is_dir() { below(&path) } else { 1 }).sum()
    }
    below(&server.settings().data_dir.join("files"))
}

#[tokio::test]
async fn quotas_are_one_row_for_each_author_and_kind() {
    on_both_databases(|settings| async move {
        let (server, clock) = start(settings.clone(), WriteLimits::default()).await;
        for number in 0..5 {
            create(&server, CLERK, &format!("Event {number}")).await.expect_entry();
            clock.advance(HOUR_US);
        }
        server.stop().await;
        let database = connect(&settings).await;
        let backend = if settings.database_url.is_some() { DbBackend::Postgres } else { DbBackend::Sqlite };
        let query = "SELECT kind, used FROM quota_use ORDER BY kind";
        let rows = database.query_all_raw(Statement::from_string(backend, query)).await.expect("rows");
        let rows: Vec<(String, i64)> =
            rows.iter().map(|row| row.try_get_many_by_index().expect("a row")).collect();
        let kinds: Vec<&str> = rows.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["AUTHOR_KILOBYTES", "DRAFTS", "PROVINCE_KILOBYTES"]);
        assert_eq!((rows[1].1, rows[2].1 >= 5), (1, true), "an hour, and a day");
    })
    .await;
}
