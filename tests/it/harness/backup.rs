//! A backup of a database that is restored under running servers, as after a failover to a standby
//! that lacks commits.

use std::sync::atomic::{AtomicU32, Ordering};

use caunoi_server::Settings;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::connect;

/// All rows of a database at one time.
pub(crate) struct DatabaseBackup {
    database: DatabaseConnection,
    /// The schema with the copies.
    name: String,
    tables: Vec<String>,
}

/// Distinguishes the backups of one database.
static NEXT: AtomicU32 = AtomicU32::new(1);

impl DatabaseBackup {
    /// Copies the current state.
    pub(crate) async fn take(settings: &Settings) -> Self {
        let database = connect(settings).await;
        let backend = database.get_database_backend();
        let name = format!("past_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (list, begin) = if backend == DbBackend::Postgres {
            (
                "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'",
                format!("CREATE SCHEMA {name}"),
            )
        } else {
            let file = settings.data_dir.join(format!("{name}.db"));
            // The connection may open files but not create them.
            std::fs::write(&file, []).expect("the data folder takes a file");
            (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                format!("ATTACH DATABASE '{}' AS {name}", file.display()),
            )
        };
        let rows = database.query_all_raw(Statement::from_string(backend, list)).await;
        let rows = rows.unwrap_or_else(|error| panic!("{list}: {error}"));
        let tables: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
        let tables: Vec<String> = tables.into_iter().filter(|name| !name.starts_with("seaql")).collect();
        let backup = Self { database, name, tables };
        backup.run(&begin).await;
        let copies: Vec<String> = backup
            .tables
            .iter()
            .map(|table| format!("CREATE TABLE {}.{table} AS SELECT * FROM {table}", backup.name))
            .collect();
        backup.run(&format!("BEGIN; {}; COMMIT", copies.join("; "))).await;
        backup
    }

    /// Restores all tables in one transaction.
    pub(crate) async fn restore(self) {
        let is_postgres = self.database.get_database_backend() == DbBackend::Postgres;
        // Without foreign key checks, as a copy of the files would be.
        let unchecked =
            if is_postgres { "SET session_replication_role = replica" } else { "PRAGMA foreign_keys = OFF" };
        self.run(unchecked).await;
        let main = if is_postgres { "public" } else { "main" };
        let replace = |table: &String| {
            format!(
                "DELETE FROM {main}.{table}; INSERT INTO {main}.{table} SELECT * FROM {}.{table}",
                self.name
            )
        };
        let all: Vec<String> = self.tables.iter().map(replace).collect();
        let begin = if is_postgres { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.run(&format!("{begin}; {}; COMMIT", all.join("; "))).await;
        self.database.close().await.expect("it closes");
    }

    async fn run(&self, sql: &str) {
        self.database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
