//! Opening the database: one file, or a server.

use crate::error::StoreError;
use sea_orm::sea_query::Expr;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    IsolationLevel, QueryResult, SqliteTransactionMode, StatementBuilder, TransactionOptions,
    TransactionTrait,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Which SQL the database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file, made where it is missing.
    File(PathBuf),
    /// A `postgres://` address.
    Server(String),
}

/// The open database. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    statements: AtomicU64,
}

const READERS: u32 = 8;
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_CHECK: Duration = Duration::from_secs(30);

impl Store {
    /// Opens the database; nothing is read or made yet but an empty file.
    ///
    /// # Errors
    /// The file cannot be opened, the server does not answer.
    pub async fn open(place: &Place) -> Result<Self, StoreError> {
        let (engine, readers, writer) = match place {
            Place::File(path) => {
                // SQLite has one writer: a pool of one makes writers queue here, not in the file.
                let writer = Database::connect(sqlite(path, 1)).await?;
                (Engine::Sqlite, Database::connect(sqlite(path, READERS)).await?, writer)
            }
            Place::Server(url) => {
                let writer = Database::connect(postgres(url, READERS, false)).await?;
                (Engine::Postgres, Database::connect(postgres(url, READERS, true)).await?, writer)
            }
        };
        Ok(Self { engine, readers, writer, statements: AtomicU64::new(0) })
    }

    /// Which SQL the database speaks.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// How many statements were sent for reads since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        for pool in [&self.readers, &self.writer] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "a connection pool did not close cleanly");
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.readers.ping().await?)
    }

    /// The rows of one read, counted as one statement.
    pub(crate) async fn all<S: StatementBuilder + Sync>(
        &self,
        statement: &S,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.readers.query_all(statement).await?)
    }

    /// The pool that reads, for what is no part of an answer.
    pub(crate) fn readers(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The pool that writes and migrates.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// A transaction that writes; on SQLite it takes the write lock at once.
    pub(crate) async fn begin_write(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// A transaction that sees one state of the database and writes nothing.
    pub(crate) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = match self.engine {
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            Engine::Sqlite => TransactionOptions::default(),
        };
        Ok(self.readers.begin_with_options(options).await?)
    }
}

fn sqlite(path: &Path, connections: u32) -> ConnectOptions {
    // The file is named apart from the URL, where signs such as `%` and `?` would mean something.
    let mut options = pool("sqlite://", connections);
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&path)
            .create_if_missing(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
            .busy_timeout(ACQUIRE_TIMEOUT)
    });
    options
}

fn postgres(url: &str, connections: u32, reads: bool) -> ConnectOptions {
    let mut options = pool(url, connections);
    options.set_application_name("caunoi");
    if reads {
        // Writers wait for each other and steps of the schema take their time; reads do not.
        options.statement_timeout(STATEMENT_TIMEOUT);
        // A bound LIMIT makes PostgreSQL plan anew at every execution unless told not to.
        options
            .map_sqlx_postgres_opts(|options| options.options([("plan_cache_mode", "force_generic_plan")]));
    }
    options
}

fn pool(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(IDLE_CHECK)
        .sqlx_logging(false);
    options
}

/// A column of a table, written with its table so that nested questions cannot confuse it.
pub(crate) fn column(table: &'static str, name: &'static str) -> Expr {
    Expr::col((table, name))
}
