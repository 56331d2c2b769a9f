//! Synthetic entries: they pass verification, are counted, are marked as synthetic, and are never
//! added to a register with user writes.

use std::sync::{Arc, Mutex};

use caunoi_domain::clock::day_begins_at_us;
use caunoi_domain::entry::SourceId;
use caunoi_domain::reference::{Source, SourceKind};
use caunoi_register::{BulkOrigin, Error, Register};
use caunoi_server::Settings;
use caunoi_transfer::shipped::COMPILED_ON;
use caunoi_transfer::synthetic::{SOURCE_CODE, SOURCE_TITLE, Synthetic, SyntheticSpec};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::{Server, connect, database_location, on_both_databases, open};

const SPEC: SyntheticSpec = SyntheticSpec { relations: 40, agreements: 900, events: 500, seed: 7 };

/// The number of generated entries.
const ALL: usize = 40 + 900 + 500;

async fn generate_entries(register: &Register, spec: SyntheticSpec) -> Result<u64, Error> {
    let source = Source::new(SourceId::new(0), SOURCE_CODE, SOURCE_TITLE, "", SourceKind::Dataset);
    let origin = BulkOrigin { author: spec.author(), at_us: day_begins_at_us(COMPILED_ON), source };
    register.populate(origin, |directory| Synthetic::new(spec, directory), |_| ()).await
}

async fn filled(settings: &Settings) {
    let register = open(settings).await;
    let written = generate_entries(&register, SPEC).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written, ALL as u64);
    register.close().await;
}

/// Returns the texts of a column.
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
async fn generated_data_is_valid_and_equal_on_both_engines() {
    let first: Arc<Mutex<Option<Vec<String>>>> = Arc::default();
    on_both_databases(move |settings| {
        let first = Arc::clone(&first);
        async move {
            let shipped =
                caunoi_register::verify(&database_location(&settings)).await.unwrap().expect("it holds");
            filled(&settings).await;
            let walked =
                caunoi_register::verify(&database_location(&settings)).await.unwrap().expect("it holds");
            // The source adds one change.
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
async fn generated_entries_have_the_counts_of_sql() {
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
        assert!(agreements >= i64::from(SPEC.agreements) - drafts && events >= i64::from(SPEC.events));
        let server = Server::start(settings).await;
        let board = "{ statistics(asOf: \"2026-12-01\") { agreements { count inForce } events { count } } }";
        let answer = server.execute(board, Value::Null).await;
        let received = &answer["data"]["statistics"];
        assert_eq!(received["agreements"], json!({ "count": agreements, "inForce": in_force }), "{answer}");
        assert_eq!(received["events"]["count"], events, "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn generated_entries_are_marked_as_synthetic() {
    on_both_databases(|settings| async move {
        filled(&settings).await;
        let server = Server::start(settings).await;
        let document = "{ agreement(by: {code: \"SYN-AGR-0000001\"}) {
            code vi: title(locale: VI) en: title(locale: EN) sources { code title } relation { code note } } }";
        let answer = server.execute(document, Value::Null).await;
        let received = &answer["data"]["agreement"];
        assert!(received["vi"].as_str().is_some_and(|title| title.ends_with("(dữ liệu giả lập)")), "{answer}");
        assert!(received["en"].as_str().is_some_and(|title| title.ends_with("(synthetic)")), "{answer}");
        assert_eq!(received["sources"], json!([{ "code": SOURCE_CODE, "title": SOURCE_TITLE }]), "{answer}");
        assert!(received["relation"]["code"].as_str().is_some_and(|code| code.starts_with("SYN-REL-")), "{answer}");
        assert_eq!(received["relation"]["note"], "dữ liệu giả lập / synthetic", "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn register_with_user_writes_is_not_generated() {
    on_both_databases(|settings| async move {
        let register = open(&settings).await;
        Publisher::of("NGHE_AN", &register).publish("Written by hand").await;
        let refused = generate_entries(&register, SPEC).await.expect_err("people wrote here");
        assert_eq!(refused.to_string(), r#"Invalid(ContainsChanges { author: "PUBLISHER:desk" })"#);
        register.close().await;
        let database = connect(&settings).await;
        assert_eq!(count(&database, "SELECT count(*) FROM agreement WHERE code LIKE 'SYN-%'").await, 0);
        assert_eq!(count(&database, "SELECT count(*) FROM source WHERE code = 'synthetic'").await, 0);
        caunoi_register::verify(&database_location(&settings)).await.unwrap().expect("it holds");
    })
    .await;
}

#[tokio::test]
async fn second_generation_changes_nothing() {
    on_both_databases(|settings| async move {
        filled(&settings).await;
        let register = open(&settings).await;
        for spec in [SPEC, SyntheticSpec { seed: 8, ..SPEC }] {
            let refused = generate_entries(&register, spec).await.expect_err("it was filled before");
            assert_eq!(refused.to_string(), r#"Invalid(ContainsChanges { author: "synthetic:7" })"#);
        }
        register.close().await;
        let database = connect(&settings).await;
        let changes = count(&database, "SELECT count(*) FROM change WHERE author LIKE 'synthetic:%'").await;
        assert_eq!(usize::try_from(changes), Ok(ALL + 1));
    })
    .await;
}

#[tokio::test]
async fn bulk_load_restores_every_index_and_key() {
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
