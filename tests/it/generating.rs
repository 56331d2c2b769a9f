//! Synthetic entries: they hold, they count, they say what they are, and they come into nobody's register.

use std::sync::{Arc, Mutex};

use caunoi_domain::clock::day_begins_at_us;
use caunoi_domain::entry::SourceId;
use caunoi_domain::reference::Source;
use caunoi_register::{Error, Origin, Register};
use caunoi_server::Settings;
use caunoi_transfer::shipped::COMPILED_ON;
use caunoi_transfer::synthetic::{SOURCE_CODE, SOURCE_TITLE, Synthetic, Wish};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::{Server, connect, on_both_databases, open, place};

const WISH: Wish = Wish { relations: 40, agreements: 900, events: 500, seed: 7 };

/// All of these.
const ALL: usize = 40 + 900 + 500;

async fn fill(register: &Register, wish: Wish) -> Result<u64, Error> {
    let source = Source {
        id: SourceId::new(0),
        code: SOURCE_CODE.to_owned(),
        title: SOURCE_TITLE.to_owned(),
        address: String::new(),
        kind: "DATASET".to_owned(),
    };
    let origin = Origin { author: wish.author(), at_us: day_begins_at_us(COMPILED_ON), source };
    register.populate(origin, |directory| Synthetic::new(wish, directory), |_| ()).await
}

async fn filled(settings: &Settings) {
    let register = open(settings).await;
    let written = fill(&register, WISH).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written, ALL as u64);
    register.close().await;
}

/// The texts of a column, one a row.
async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

async fn count(database: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    row.expect("one row").try_get_by_index(0).expect("a number")
}

#[tokio::test]
async fn what_was_generated_holds_and_is_the_same_on_both_engines() {
    let first: Arc<Mutex<Option<Vec<String>>>> = Arc::default();
    on_both_databases(move |settings| {
        let first = Arc::clone(&first);
        async move {
            let shipped = caunoi_register::verify(&place(&settings)).await.unwrap().expect("it holds");
            filled(&settings).await;
            let walked = caunoi_register::verify(&place(&settings)).await.unwrap().expect("it holds");
            // The source is a change of its own.
            assert_eq!(walked.changes, shipped.changes + ALL + 1);
            assert_eq!(walked.versions, shipped.versions + ALL);
            let database = connect(&settings).await;
            let changes = texts(
                &database,
                "SELECT CAST(province_id AS TEXT) || code || publication || at_us || after_text FROM change
                 WHERE author = 'synthetic:7' ORDER BY province_id, position",
            )
            .await;
            assert_eq!(changes.len(), ALL + 1);
            let mut first = first.lock().expect("no test panics while it holds this");
            match first.as_ref() {
                None => *first = Some(changes),
                Some(first) => assert_eq!(*first, changes),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn generated_entries_count_as_sql_counts_them() {
    on_both_databases(|settings| async move {
        filled(&settings).await;
        let database = connect(&settings).await;
        let published =
            "SELECT count(*) FROM agreement WHERE slot = 'PUBLISHED' AND counts_from <= '2026-12-01'";
        let agreements = count(&database, published).await;
        let in_force = count(
            &database,
            "SELECT count(*) FROM agreement_span AS span JOIN agreement USING (province_id, number, slot)
             WHERE span.slot = 'PUBLISHED' AND status = 'IN_FORCE' AND counts_from <= '2026-12-01'
                 AND '2026-12-01' BETWEEN from_on AND to_on",
        )
        .await;
        let events = count(
            &database,
            "SELECT count(*) FROM event WHERE slot = 'PUBLISHED' AND counts_from <= '2026-12-01'",
        )
        .await;
        let drafts = count(&database, "SELECT count(*) FROM agreement WHERE publication = 'DRAFT'").await;
        assert!(drafts > 0 && in_force > 0 && in_force < agreements);
        assert!(agreements >= i64::from(WISH.agreements) - drafts && events >= i64::from(WISH.events));
        let server = Server::start(settings).await;
        let board = "{ statistics(asOf: \"2026-12-01\") { agreements { count inForce } events { count } } }";
        let answer = server.ask(board, Value::Null).await;
        let told = &answer["data"]["statistics"];
        assert_eq!(told["agreements"], json!({ "count": agreements, "inForce": in_force }), "{answer}");
        assert_eq!(told["events"]["count"], events, "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn readers_are_told_that_entries_are_synthetic() {
    on_both_databases(|settings| async move {
        filled(&settings).await;
        let server = Server::start(settings).await;
        let document = "{ agreement(by: {code: \"SYN-AGR-0000001\"}) {
            code vi: title(locale: VI) en: title(locale: EN) sources { code title } relation { code note } } }";
        let answer = server.ask(document, Value::Null).await;
        let told = &answer["data"]["agreement"];
        assert!(told["vi"].as_str().is_some_and(|title| title.ends_with("(dữ liệu giả lập)")), "{answer}");
        assert!(told["en"].as_str().is_some_and(|title| title.ends_with("(synthetic)")), "{answer}");
        assert_eq!(told["sources"], json!([{ "code": SOURCE_CODE, "title": SOURCE_TITLE }]), "{answer}");
        assert!(told["relation"]["code"].as_str().is_some_and(|code| code.starts_with("SYN-REL-")), "{answer}");
        assert_eq!(told["relation"]["note"], "dữ liệu giả lập / synthetic", "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_register_that_somebody_wrote_in_is_left_alone() {
    on_both_databases(|settings| async move {
        let register = open(&settings).await;
        Desk::of("NGHE_AN", &register).publish("Written by hand").await;
        let refused = fill(&register, WISH).await.expect_err("people wrote here");
        assert!(refused.to_string().starts_with("it holds what PUBLISHER:desk wrote already"), "{refused}");
        register.close().await;
        let database = connect(&settings).await;
        assert_eq!(count(&database, "SELECT count(*) FROM agreement WHERE code LIKE 'SYN-%'").await, 0);
        assert_eq!(count(&database, "SELECT count(*) FROM source WHERE code = 'synthetic'").await, 0);
        caunoi_register::verify(&place(&settings)).await.unwrap().expect("it holds");
    })
    .await;
}

#[tokio::test]
async fn a_second_time_changes_nothing() {
    on_both_databases(|settings| async move {
        filled(&settings).await;
        let register = open(&settings).await;
        for wish in [WISH, Wish { seed: 8, ..WISH }] {
            let refused = fill(&register, wish).await.expect_err("it was filled before");
            assert!(refused.to_string().starts_with("it holds what synthetic:7 wrote already"), "{refused}");
        }
        register.close().await;
        let database = connect(&settings).await;
        let changes = count(&database, "SELECT count(*) FROM change WHERE author LIKE 'synthetic:%'").await;
        assert_eq!(usize::try_from(changes), Ok(ALL + 1));
    })
    .await;
}

#[tokio::test]
async fn every_index_and_key_stands_as_before() {
    on_both_databases(|settings| async move {
        let database = connect(&settings).await;
        let standing = if database.get_database_backend() == DbBackend::Postgres {
                "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                 WHERE connamespace = current_schema()::regnamespace
                 UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"
        } else {
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1"
        };
        let before = texts(&database, standing).await;
        assert!(before.len() > 100, "{before:?}");
        filled(&settings).await;
        assert_eq!(texts(&database, standing).await, before);
    })
    .await;
}
