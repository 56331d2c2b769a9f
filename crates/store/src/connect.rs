//! Opening the database: one file, or a server.

use crate::error::StoreError;
use crate::heads::LogHeads;
use crate::pools::{Pools, Rights};
use crate::read_view::ViewTransaction;
use crate::readback::WriteFault;
use crate::statement::{self, Observed, StatementObserver};
use crate::transaction::Eviction;
use caunoi_metrics::{Stage, Timer};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, QueryResult, TransactionOptions};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
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

/// The open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    pools: Arc<Pools>,
    eviction: Arc<Eviction>,
    statements: Arc<AtomicU64>,
    observed: Arc<Observed>,
    /// Whether the server did not answer when it was probed last.
    is_away: Arc<AtomicBool>,
    /// Why this node cannot vouch for its writes, if it cannot.
    write_fault: watch::Sender<Option<WriteFault>>,
    /// The transaction that reads with its rights run in, where this is the store of a view.
    view: Option<Arc<ViewTransaction>>,
}

impl Store {
    /// Opens the database; nothing is read or made yet but an empty file.
    ///
    /// # Errors
    /// The file cannot be opened, the server does not answer.
    pub async fn open(place: &Place) -> Result<Self, StoreError> {
        let eviction = Arc::new(Eviction::new());
        let (engine, pools) = match place {
            Place::File(path) => (Engine::Sqlite, Pools::file(path, &eviction).await?),
            Place::Server(url) => (Engine::Postgres, Pools::server(url, &eviction).await?),
        };
        Ok(Self {
            engine,
            pools: Arc::new(pools),
            eviction,
            statements: Arc::default(),
            observed: Arc::default(),
            is_away: Arc::default(),
            write_fault: watch::Sender::new(None),
            view: None,
        })
    }

    /// The same database, read within the transaction of a view.
    pub(crate) fn within(&self, view: Arc<ViewTransaction>) -> Self {
        Self { view: Some(view), ..self.clone() }
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

    /// Sets what receives every read that is counted, before it is sent; a later observer is
    /// ignored.
    pub fn observe_statements(&self, observer: StatementObserver) {
        self.observed.set(observer);
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
    pub(crate) fn reachable(&self) -> Result<(), StoreError> {
        if self.is_away.load(Ordering::Relaxed) { Err(StoreError::Away) } else { Ok(()) }
    }

    /// The rows of one read, counted as one statement.
    pub(crate) async fn all(
        &self,
        rights: impl Into<Rights>,
        select: &SelectStatement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.reachable()?;
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rights = rights.into();
        let _timer = Timer::begin(Stage::Sql);
        let span = tracing::debug_span!("sql", pool = ?self.pools.reader_name(rights));
        self.read(rights, select).instrument(span).await
    }

    async fn read(&self, rights: Rights, select: &SelectStatement) -> Result<Vec<QueryResult>, StoreError> {
        let statement = statement::build(self.pools.reader(rights).get_database_backend(), select);
        self.observed.note(&statement);
        if let Some(view) = self.view.as_ref().filter(|view| view.serves(self.engine, rights)) {
            return Ok(view.tx.query_all_raw(statement).await?);
        }
        let pool = self.pools.reader(rights);
        if self.engine == Engine::Sqlite || !matches!(rights, Rights::Province(_)) {
            return Ok(pool.query_all_raw(statement).await?);
        }
        let tx = self.begin_read(rights, TransactionOptions::default()).await?;
        let rows = tx.query_all_raw(statement).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// The pool that migrates and keeps what the installation is.
    pub(crate) fn owner(&self) -> &DatabaseConnection {
        self.pools.writer(Rights::Owner)
    }

    /// What closes connections that must not serve another request.
    pub(crate) fn eviction(&self) -> &Arc<Eviction> {
        &self.eviction
    }

    /// Closes every connection that is open now when it is next used: a transaction that is stuck on
    /// one ends, and new ones may lead to another server.
    pub(crate) fn evict(&self) {
        self.eviction.evict();
    }

    /// Why this node cannot vouch for its writes, if it cannot.
    #[must_use]
    pub fn write_fault(&self) -> &watch::Sender<Option<WriteFault>> {
        &self.write_fault
    }

    /// The heads of the view, where this is the store of one.
    pub(crate) fn heads_of_view(&self) -> Option<&LogHeads> {
        self.view.as_ref().map(|view| &view.heads)
    }

    /// The pools.
    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
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
