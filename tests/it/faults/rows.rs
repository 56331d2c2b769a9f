//! A failure at each row that a write changes, raised by triggers. On SQLite it ends the
//! transaction, as a full disk does; on PostgreSQL the error is that of a full disk.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{Ledger, TestWriter, assert_unavailable};
use crate::harness::{Server, connect, on_both_databases};

/// Tables with other writers than the one of the test.
const LEFT_OUT: [&str; 5] = ["fault", "seaql_migrations", "installation", "webhook", "webhook_delivery"];

const SERVER_FAULT: &str =
    "CREATE FUNCTION raise_fault() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE
        rows_left BIGINT;
    BEGIN
        UPDATE fault SET remaining = remaining - 1 RETURNING remaining INTO rows_left;
        IF rows_left = 0 THEN
            RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NULL;
    END $$";

pub(super) async fn run(database: &DatabaseConnection, sql: &str) {
    database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn tables(database: &DatabaseConnection) -> Vec<String> {
    let backend = database.get_database_backend();
    let query = if backend == DbBackend::Sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = current_schema()"
    };
    let rows = database.query_all_raw(Statement::from_string(backend, query)).await.expect("the tables");
    let names = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a name"));
    names.filter(|name| !LEFT_OUT.contains(&name.as_str())).collect()
}

/// Makes the row fail that decrements `fault.remaining` to 0.
pub(super) async fn prepare(database: &DatabaseConnection) {
    run(database, "CREATE TABLE fault (remaining BIGINT NOT NULL)").await;
    run(database, "INSERT INTO fault VALUES (0)").await;
    if database.get_database_backend() == DbBackend::Postgres {
        run(database, SERVER_FAULT).await;
    }
    for table in tables(database).await {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            raise_at(database, &table, event).await;
        }
    }
}

/// Counts the rows of one table that an event changes.
pub(super) async fn raise_at(database: &DatabaseConnection, table: &str, event: &str) {
    let what = if database.get_database_backend() == DbBackend::Sqlite {
        "BEGIN UPDATE fault SET remaining = remaining - 1;
            SELECT RAISE(ROLLBACK, 'fault') FROM fault WHERE remaining = 0; END"
    } else {
        "FOR EACH ROW EXECUTE FUNCTION raise_fault()"
    };
    run(database, &format!("CREATE TRIGGER fault_{table}_{event} AFTER {event} ON {table} {what}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_at_any_row_keeps_writes_exactly_once() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let writer = TestWriter::of(&server);
        let database = connect(&settings).await;
        prepare(&database).await;
        let is_server = database.get_database_backend() == DbBackend::Postgres;
        let target = writer.create("Faulty target").await.unwrap_or_else(|error| panic!("{error}"));
        let mut ledger = Ledger::default();
        let mut row = 1;
        loop {
            run(&database, &format!("UPDATE fault SET remaining = {row}")).await;
            let error = ledger.attempt(&writer, &format!("Faulty row {row}")).await;
            run(&database, "UPDATE fault SET remaining = 0").await;
            let Some(error) = error else { break };
            if is_server {
                assert_unavailable(&error);
            }
            assert_eq!(writer.unready_reason().await, None);
            ledger.write_after(&writer, &target.id, &format!("Faulty after row {row}")).await;
            row += 1;
        }
        assert!(row > 10, "a write touches more than {row} rows");
        database.close().await.expect("the database closes");
        server.stop().await;

        let server = Server::start(settings).await;
        ledger.check(&TestWriter::of(&server)).await;
        server.stop().await;
    })
    .await;
}
