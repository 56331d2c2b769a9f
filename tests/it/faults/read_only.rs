//! A read-only PostgreSQL, and one whose writes cannot be read back.

use caunoi_server::Settings;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};

use super::{TestWriter, assert_unavailable};
use crate::harness::{Server, connect, on_postgres};

const READ_ONLY: &str = "the database is read-only";
const UNREADABLE: &str = "a committed write cannot be read back";

async fn run(database: &impl ConnectionTrait, sql: &str) {
    database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn name_of(database: &DatabaseConnection) -> String {
    let query = Statement::from_string(DbBackend::Postgres, "SELECT current_database()::TEXT");
    let row = database.query_one_raw(query).await.expect("an answer").expect("a row");
    row.try_get_by_index(0).expect("a name")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_only_database_makes_server_unready() {
    on_postgres(|settings: Settings| async move {
        let server = Server::start(settings.clone()).await;
        let writer = TestWriter::of(&server);
        let database = connect(&settings).await;
        let name = name_of(&database).await;
        run(&database, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
        // New connections are read-only, as they are after a failover.
        let end = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        run(&database, end).await;
        while writer.unready_reason().await.as_deref() != Some(READ_ONLY) {
            match writer.create("Read-only").await {
                Err(error) => assert_unavailable(&error),
                Ok(created) => panic!("{} was acknowledged", created.code),
            }
        }
        assert_unavailable(&writer.create("Read-only").await.err().expect("no write is possible"));

        run(&database, &format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
        writer.wait_until_unready_reason_is(None).await;
        let created = writer.create("Writable").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(writer.codes_of("Writable").await, [created.code]);
        assert!(writer.codes_of("Read-only").await.is_empty());
        database.close().await.expect("the database closes");
        server.stop().await;
    })
    .await;
}

/// Returns the number of writes that could not be read back.
async fn unreadable_writes(server: &Server) -> u64 {
    let text = server.metrics().await;
    let line = text.lines().find_map(|line| line.strip_prefix("caunoi_writes_unreadable_total "));
    line.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn write_is_acknowledged_only_after_read_back() {
    on_postgres(|settings: Settings| async move {
        let server = Server::start(settings.clone()).await;
        let writer = TestWriter::of(&server);
        let database = connect(&settings).await;
        // The read model cannot follow while this table is locked; drafts are written without it.
        let hold = "LOCK TABLE filing IN ACCESS EXCLUSIVE MODE";

        let holding = database.begin().await.expect("a transaction begins");
        run(&holding, hold).await;
        let created = writer.create("Read back").await.unwrap_or_else(|error| panic!("{error}"));
        holding.rollback().await.expect("the lock is given back");
        assert_eq!(writer.codes_of("Read back").await, [created.code]);
        assert_eq!(writer.unready_reason().await, None);

        let before = unreadable_writes(&server).await;
        run(
            &database,
            "CREATE POLICY hidden ON change AS RESTRICTIVE FOR SELECT TO caunoi_app USING (false)",
        )
        .await;
        let holding = database.begin().await.expect("a transaction begins");
        run(&holding, hold).await;
        assert_unavailable(&writer.create("Hidden").await.err().expect("it cannot be read back"));
        assert_eq!(writer.unready_reason().await.as_deref(), Some(UNREADABLE));
        assert!(unreadable_writes(&server).await > before);
        holding.rollback().await.expect("the lock is given back");
        run(&database, "DROP POLICY hidden ON change").await;

        writer.wait_until_unready_reason_is(None).await;
        let created = writer.create("Read again").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(writer.codes_of("Read again").await, [created.code]);
        database.close().await.expect("the database closes");
        server.stop().await;
    })
    .await;
}
