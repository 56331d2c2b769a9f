//! Opening the database: one file, or a server.

use crate::error::StoreError;
use crate::pools::{Pools, Rights};
use caunoi_metrics::{Pool, Stage, Timer};
use sea_orm::sea_query::Expr;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel, QueryResult,
    SqliteTransactionMode, StatementBuilder, TransactionOptions, TransactionTrait,
};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// How long the answer to a probe may take; as long as a request waits for a connection.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

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
    pools: Pools,
    statements: AtomicU64,
    /// Whether the server did not answer when it was probed last.
    is_away: AtomicBool,
}

impl Store {
    /// Opens the database; nothing is read or made yet but an empty file.
    ///
    /// # Errors
    /// The file cannot be opened, the server does not answer.
    pub async fn open(place: &Place) -> Result<Self, StoreError> {
        let (engine, pools) = match place {
            Place::File(path) => (Engine::Sqlite, Pools::file(path).await?),
            Place::Server(url) => (Engine::Postgres, Pools::server(url).await?),
        };
        Ok(Self { engine, pools, statements: AtomicU64::new(0), is_away: AtomicBool::new(false) })
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

    /// Tells the metrics how many connections there are at this moment.
    pub fn note_pools(&self) {
        self.pools.note();
    }

    /// Closes every connection.
    pub async fn close(&self) {
        for pool in self.pools.each() {
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
        let pool = self.pools.reader(Rights::Replica);
        self.probe(async { Ok(pool.ping().await?) }).await
    }

    /// Asks the database whether it is there. A probe asks in the pool of the replica, which no rush
    /// of requests can empty; one that gets no answer at all says that it is away.
    pub(crate) async fn probe<T>(
        &self,
        asked: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let told = tokio::time::timeout(PROBE_TIMEOUT, asked).await.unwrap_or(Err(StoreError::Away));
        let is_away = told.as_ref().is_err_and(StoreError::is_passing);
        self.is_away.store(is_away && self.engine == Engine::Postgres, Ordering::Relaxed);
        told
    }

    /// Refuses at once while the server is known to be away: nobody waits for a connection that
    /// cannot be had, and those who wait do not pile up.
    fn reachable(&self) -> Result<(), StoreError> {
        if self.is_away.load(Ordering::Relaxed) { Err(StoreError::Away) } else { Ok(()) }
    }

    /// The rows of one read, counted as one statement.
    pub(crate) async fn all<S: StatementBuilder + Sync>(
        &self,
        rights: impl Into<Rights>,
        statement: &S,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.reachable()?;
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rights = rights.into();
        let _timer = Timer::begin(Stage::Sql);
        let span = tracing::debug_span!("sql", pool = ?self.pools.reader_name(rights));
        self.read(rights, statement).instrument(span).await
    }

    async fn read<S: StatementBuilder + Sync>(
        &self,
        rights: Rights,
        statement: &S,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let pool = self.pools.reader(rights);
        if self.engine == Engine::Sqlite || !matches!(rights, Rights::Province(_)) {
            return Ok(pool.query_all(statement).await?);
        }
        let tx = self.begin(pool, self.pools.reader_name(rights), TransactionOptions::default()).await?;
        self.take(&tx, rights).await?;
        let rows = tx.query_all(statement).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// The pool that migrates and keeps what the installation is.
    pub(crate) fn owner(&self) -> &DatabaseConnection {
        self.pools.writer(Rights::Owner)
    }

    /// The pools.
    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    /// A transaction that writes; on SQLite it takes the write lock at once.
    pub(crate) async fn begin_write(&self, rights: Rights) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.begin(self.pools.writer(rights), self.pools.writer_name(rights), options).await?;
        self.take(&tx, rights).await?;
        Ok(tx)
    }

    /// A transaction that sees one state of the database and writes nothing.
    pub(crate) async fn begin_snapshot(
        &self,
        rights: impl Into<Rights>,
    ) -> Result<DatabaseTransaction, StoreError> {
        let options = match self.engine {
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            Engine::Sqlite => TransactionOptions::default(),
        };
        let rights = rights.into();
        let tx = self.begin(self.pools.reader(rights), self.pools.reader_name(rights), options).await?;
        self.take(&tx, rights).await?;
        Ok(tx)
    }

    /// Begins in a task of its own, because the driver forgets a beginning that is cut off and would
    /// hand its connection on with the transaction open.
    async fn begin(
        &self,
        pool: &DatabaseConnection,
        name: Pool,
        options: TransactionOptions,
    ) -> Result<DatabaseTransaction, StoreError> {
        self.reachable()?;
        let pool = pool.clone();
        let waited = Instant::now();
        match tokio::spawn(async move { pool.begin_with_options(options).await }).await {
            Ok(begun) => {
                caunoi_metrics::begin(name, waited.elapsed());
                Ok(begun?)
            }
            // A panic goes on where it would have gone without the task.
            Err(failure) => std::panic::resume_unwind(failure.into_panic()),
        }
    }

    /// Says for the length of a transaction which province's rights it has; other rights lie in
    /// the connection.
    pub(crate) async fn take(&self, tx: &DatabaseTransaction, rights: Rights) -> Result<(), StoreError> {
        if let (Engine::Postgres, Rights::Province(log)) = (self.engine, rights) {
            tx.execute_unprepared(&format!("SET LOCAL app.province = {}", log.number())).await?;
        }
        Ok(())
    }
}

/// A column of a table, written with its table so that nested questions cannot confuse it.
pub(crate) fn column(table: &'static str, name: &'static str) -> Expr {
    Expr::col((table, name))
}
