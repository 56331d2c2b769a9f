use super::*;
use crate::connect::DatabaseLocation;
use crate::installation::{find_value, upsert_value};
use crate::readback::{ChangeRef, WriteFault};
use crate::write::WriteTransaction;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// The number of statements in one transaction.
const STATEMENTS: u32 = 8;

async fn open_store() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseLocation::File(folder.path().join("caunoi.db"))).await.unwrap();
    store.migrate().await.unwrap();
    (store, folder)
}

fn writer(store: &Store) -> &DatabaseConnection {
    store.pools().writer(Rights::Owner)
}

async fn pages(store: &Store) -> u32 {
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA page_count");
    writer(store).query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn value_of(store: &Store, name: &str) -> Option<String> {
    find_value(store.pools().reader(Rights::Public), name).await.unwrap()
}

/// Runs one statement per value; an error comes with the number of those that succeeded before it.
async fn write(store: &Store, name: &str, filling: &str) -> Result<(), (u32, StoreError)> {
    let tx = store.begin_write(Rights::Owner).await.map_err(|error| (0, error))?;
    for number in 0..STATEMENTS {
        upsert_value(&tx, &format!("{name}-{number}"), filling).await.map_err(|error| (number, error))?;
    }
    tx.commit().await.map_err(|error| (STATEMENTS, error))
}

/// Rolls back a transaction as an ordinary refusal does, then checks that the next write is visible
/// to other connections.
async fn refuse_then_write(store: &Store, name: &str) {
    let tx = store.begin_write(Rights::Owner).await.unwrap();
    tx.rollback().await;
    write(store, name, "after").await.map_err(|(_, error)| error).unwrap();
    assert_eq!(value_of(store, &format!("{name}-0")).await.as_deref(), Some("after"), "{name}");
}

#[tokio::test]
async fn writes_after_a_full_database_are_durable() {
    let (store, _folder) = open_store().await;
    // Migrations leave free pages, which would not count as growth of the file.
    writer(&store).execute_unprepared("VACUUM").await.unwrap();
    let filling = "x".repeat(6_000);
    let mut failed_at = Vec::new();
    for spare in 0..200 {
        let limit = pages(&store).await + spare;
        writer(&store).execute_unprepared(&format!("PRAGMA max_page_count = {limit}")).await.unwrap();
        let name = format!("full-{spare}");
        let Err((statement, error)) = write(&store, &name, &filling).await else { break };
        assert!(error.is_transient(), "{error}");
        failed_at.push(statement);
        refuse_then_write(&store, &format!("after-{spare}")).await;
        assert_eq!(value_of(&store, &format!("{name}-0")).await, None, "{name}");
    }
    // Each statement of the transaction was once the one that failed.
    failed_at.dedup();
    assert_eq!(failed_at, (0..STATEMENTS).collect::<Vec<_>>());
}

#[tokio::test]
async fn connection_is_closed_after_sqlite_ends_its_transaction() {
    let (store, _folder) = open_store().await;
    let raise = "CREATE TRIGGER fault BEFORE INSERT ON installation WHEN NEW.name = 'fault-3'
        BEGIN SELECT RAISE(ROLLBACK, 'ended by the database'); END";
    writer(&store).execute_unprepared(raise).await.unwrap();
    let (statement, _) = write(&store, "fault", "lost").await.unwrap_err();
    assert_eq!(statement, 3);
    for round in 0..3 {
        refuse_then_write(&store, &format!("after-{round}")).await;
    }
}

#[tokio::test]
async fn connection_is_closed_after_a_failed_commit() {
    let (store, _folder) = open_store().await;
    writer(&store).execute_unprepared("CREATE TEMP TABLE mark (number INTEGER)").await.unwrap();
    let tx = store.begin_write(Rights::Owner).await.unwrap();
    tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await.unwrap();
    // The head of its log is missing; the foreign key is checked at the commit.
    let orphan = "INSERT INTO idempotency (province_id, author, operation, key, input_hash, answer, at_us)
        VALUES (7, 'a', 'b', 'c', X'00', 'd', 1)";
    tx.execute_unprepared(orphan).await.unwrap();
    tx.commit().await.unwrap_err();
    // A temporary table exists as long as its connection.
    writer(&store).execute_unprepared("SELECT number FROM mark").await.unwrap_err();
    refuse_then_write(&store, "after").await;
}

#[tokio::test]
async fn dropped_write_leaves_no_open_transaction() {
    let (store, _folder) = open_store().await;
    for cut in 0..40_usize {
        let name = format!("cut-{cut}");
        // Polled `cut` times, then dropped at that point.
        let mut writing = Box::pin(write(&store, &name, "cut"));
        for _ in 0..cut {
            tokio::select! {
                biased;
                _ = writing.as_mut() => break,
                () = tokio::task::yield_now() => {}
            }
        }
        drop(writing);
        refuse_then_write(&store, &format!("after-{cut}")).await;
    }
}

#[tokio::test]
async fn connection_with_an_open_transaction_is_not_reused() {
    let (store, _folder) = open_store().await;
    // The driver does not see this BEGIN and believes that no transaction is open.
    writer(&store).execute_unprepared("BEGIN").await.unwrap();
    assert!(store.begin_write(Rights::Owner).await.is_err(), "SQLite refuses a BEGIN inside a transaction");
    refuse_then_write(&store, "after").await;
}

fn change(log: Log) -> Change {
    Change {
        log,
        subject: Subject::Period,
        number: 0,
        code: "2026".to_owned(),
        version: 1,
        operation: ChangeOperation::Published,
        was: None,
        publication: Publication::Published,
        is_public: true,
        author: "tester".to_owned(),
        at_us: 1,
        idempotency_key: None,
        reason: None,
        before: None,
        after: None,
    }
}

#[tokio::test]
async fn unreadable_write_sets_a_fault_until_a_write_is_read_back() {
    let (store, _folder) = open_store().await;
    let log = Log::new(3);
    let mut writing =
        WriteTransaction::begin(store.begin_write(Rights::Province(log)).await.unwrap(), &[log])
            .await
            .unwrap();
    writing.append(&change(log));
    let written = writing.last_change(log);
    writing.send().await.unwrap();
    // Not committed yet, so no other connection sees it.
    let error = store.read_back(written).await.unwrap_err();
    assert!(error.is_transient() && matches!(error, StoreError::Unreadable { .. }), "{error}");
    assert_eq!(*store.write_fault().borrow(), Some(WriteFault::Unreadable));
    writing.rollback().await;
    store.check_writes([7; 32]).await.unwrap();
    assert_eq!(*store.write_fault().borrow(), None);

    let mut writing =
        WriteTransaction::begin(store.begin_write(Rights::Province(log)).await.unwrap(), &[log])
            .await
            .unwrap();
    writing.append(&change(log));
    let written = writing.last_change(log);
    writing.commit(&store).await.unwrap();
    store.read_back(written).await.unwrap();
    // Another change at the same position is not the one that was written.
    let other = ChangeRef { link: Some([9; 32]), ..written };
    store.read_back(other).await.unwrap_err();
}

#[test]
fn eviction_spares_connections_opened_after_it() {
    let eviction = Eviction::new();
    assert!(eviction.is_newer_than_eviction(Duration::from_hours(1)));
    eviction.evict();
    assert!(!eviction.is_newer_than_eviction(Duration::from_hours(1)));
    assert!(!eviction.is_newer_than_eviction(Duration::from_mins(1)));
    assert!(eviction.is_newer_than_eviction(Duration::ZERO));
}
