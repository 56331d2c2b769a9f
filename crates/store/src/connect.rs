//! The connection to the database: an SQLite file or a PostgreSQL server.

use crate::error::StoreError;
use crate::heads::LogHeads;
use crate::pools::{Pools, Rights};
use crate::read_view::ViewTransaction;
use crate::readback::WriteFault;
use crate::statement::{self, ObserverSlot, StatementObserver};
use crate::transaction::Eviction;
use caunoi_metrics::{Stage, StageTimer};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, QueryResult, Statement, TransactionOptions,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tracing::Instrument as _;

/// Time-out of a probe; as long as a request waits for a connection.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The SQL dialect of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

/// The location of the database.
#[derive(Debug, Clone)]
pub enum DatabaseLocation {
    /// A file; created if it is missing.
    File(PathBuf),
    /// A `postgres://` URL.
    Server(String),
}

/// The open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    pools: Arc<Pools>,
    eviction: Arc<Eviction>,
    statements: Arc<AtomicU64>,
    observer: Arc<ObserverSlot>,
    /// Whether the last probe of the server failed.
    is_away: Arc<AtomicBool>,
    /// The reason why writes of this node cannot be guaranteed; `None` if there is none.
    write_fault: watch::Sender<Option<WriteFault>>,
    /// The transaction of a view, if this is its store: reads with the same rights run in it.
    view: Option<Arc<ViewTransaction>>,
}

impl Store {
    /// Opens the database. Nothing is read or created except an empty SQLite file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be opened or the server does not respond.
    pub async fn open(location: &DatabaseLocation) -> Result<Self, StoreError> {
        let eviction = Arc::new(Eviction::new());
        let (engine, pools) = match location {
            DatabaseLocation::File(path) => (Engine::Sqlite, Pools::file(path, &eviction).await?),
            DatabaseLocation::Server(url) => (Engine::Postgres, Pools::server(url, &eviction).await?),
        };
        Ok(Self {
            engine,
            pools: Arc::new(pools),
            eviction,
            statements: Arc::default(),
            observer: Arc::default(),
            is_away: Arc::default(),
            write_fault: watch::Sender::new(None),
            view: None,
        })
    }

    /// Returns a store of the same database whose reads run in the transaction of a view.
    pub(crate) fn with_view(&self, view: Arc<ViewTransaction>) -> Self {
        Self { view: Some(view), ..self.clone() }
    }

    /// Returns the SQL dialect of the database.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Returns the number of transactions of provinces that should write at once: on SQLite one, on
    /// PostgreSQL some fewer than there are connections, so that webhooks find one.
    #[must_use]
    pub fn concurrent_writes(&self) -> usize {
        self.pools.concurrent_writes()
    }

    /// Returns the number of read statements since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Sets the observer of read statements, which is called before each is sent; a later observer
    /// is ignored.
    pub fn observe_statements(&self, observer: StatementObserver) {
        self.observer.set(observer);
    }

    /// Returns the number of reads that were cancelled since the start because their callers had
    /// left.
    #[must_use]
    pub fn cancelled(&self) -> u64 {
        self.pools.cancelled()
    }

    /// Records the current connections of each pool in the metrics.
    pub fn record_pool_metrics(&self) {
        self.pools.record_metrics();
    }

    /// Closes every connection.
    pub async fn close(&self) {
        for pool in self.pools.each() {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "a connection pool did not close cleanly");
            }
        }
    }

    /// Runs a probe in the pool of the read model, which no load of requests can exhaust. If it
    /// fails with a transient error on PostgreSQL, the server counts as unreachable until a probe
    /// succeeds.
    pub(crate) async fn probe<T>(
        &self,
        query: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let result = tokio::time::timeout(PROBE_TIMEOUT, query).await.unwrap_or(Err(StoreError::Away));
        let is_away = result.as_ref().is_err_and(StoreError::is_transient);
        self.is_away.store(is_away && self.engine == Engine::Postgres, Ordering::Relaxed);
        result
    }

    /// Returns `Away` while the server is unreachable, so that requests do not wait for a
    /// connection in vain and do not pile up.
    pub(crate) fn reachable(&self) -> Result<(), StoreError> {
        if self.is_away.load(Ordering::Relaxed) { Err(StoreError::Away) } else { Ok(()) }
    }

    /// Returns the rows of one read statement, which is counted.
    pub(crate) async fn all(
        &self,
        rights: impl Into<Rights>,
        select: &SelectStatement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.reachable()?;
        let rights = rights.into();
        let _timer = StageTimer::begin(Stage::Sql);
        let span = tracing::debug_span!("sql", pool = ?self.pools.reader_name(rights));
        self.read(rights, select).instrument(span).await
    }

    async fn read(&self, rights: Rights, select: &SelectStatement) -> Result<Vec<QueryResult>, StoreError> {
        if let Some(view) = self.view.as_ref().filter(|view| view.serves(self.engine, rights)) {
            return view.query_all(self.build(rights, select)).await;
        }
        let Some(pool) = self.pools.request_reader(rights) else {
            return self.read_on(self.pools.reader(rights), rights, select).await;
        };
        // Dropped before the statement ends, the connection cancels it.
        let connection = pool.acquire().await?;
        let read = self.read_on(&connection, rights, select).await;
        connection.release();
        read
    }

    async fn read_on(
        &self,
        pool: &DatabaseConnection,
        rights: Rights,
        select: &SelectStatement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.build(rights, select);
        if self.engine == Engine::Sqlite || !matches!(rights, Rights::Province(_)) {
            return Ok(pool.query_all_raw(statement).await?);
        }
        let tx = self.begin_read_on(pool, rights, TransactionOptions::default()).await?;
        let rows = tx.query_all_raw(statement).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Builds a statement that is about to be sent, counts it and passes it to the observer.
    fn build(&self, rights: Rights, select: &SelectStatement) -> Statement {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = statement::build(self.pools.reader(rights).get_database_backend(), select);
        self.observer.notify(&statement);
        statement
    }

    /// Returns the pool that migrates and reads the values of the installation.
    pub(crate) fn owner(&self) -> &DatabaseConnection {
        self.pools.writer(Rights::Owner)
    }

    /// Returns the eviction of connections that must not serve another request.
    pub(crate) fn eviction(&self) -> &Arc<Eviction> {
        &self.eviction
    }

    /// Closes every open connection when it is next used: a transaction that is stuck on one ends,
    /// and new connections may lead to another server.
    pub(crate) fn evict(&self) {
        self.eviction.evict();
    }

    /// Returns the reason why writes of this node cannot be guaranteed; its value is `None` if
    /// there is none.
    #[must_use]
    pub fn write_fault(&self) -> &watch::Sender<Option<WriteFault>> {
        &self.write_fault
    }

    /// Returns the heads of the view, if this is the store of a view.
    pub(crate) fn heads_of_view(&self) -> Option<&LogHeads> {
        self.view.as_ref().map(|view| &view.heads)
    }

    /// Returns the pools.
    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    /// Sets the province whose rights a transaction has, until its end. Other rights belong to the
    /// connection.
    pub(crate) async fn set_province(
        &self,
        tx: &DatabaseTransaction,
        rights: Rights,
    ) -> Result<(), StoreError> {
        if let (Engine::Postgres, Rights::Province(log)) = (self.engine, rights) {
            tx.execute_unprepared(&format!("SET LOCAL app.province = {}", log.number())).await?;
        }
        Ok(())
    }
}
