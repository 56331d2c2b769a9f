//! Opening the database: one file, or a server.

use crate::error::StoreError;
use crate::pools::{Pools, Rights};
use sea_orm::sea_query::Expr;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel, QueryResult,
    SqliteTransactionMode, StatementBuilder, TransactionOptions, TransactionTrait,
};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::Instrument as _;

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
        Ok(Self { engine, pools, statements: AtomicU64::new(0) })
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

    /// Tells the figures how many connections there are at this moment.
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
        Ok(self.pools.reader(Rights::Public).ping().await?)
    }

    /// The rows of one read, counted as one statement.
    pub(crate) async fn all<S: StatementBuilder + Sync>(
        &self,
        rights: impl Into<Rights>,
        statement: &S,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rights = rights.into();
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
        let begun = Instant::now();
        let tx = pool.begin().await?;
        caunoi_figures::begin(self.pools.reader_name(rights), begun.elapsed());
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
        let begun = Instant::now();
        let tx = self.pools.writer(rights).begin_with_options(options).await?;
        caunoi_figures::begin(self.pools.writer_name(rights), begun.elapsed());
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
        let begun = Instant::now();
        let tx = self.pools.reader(rights).begin_with_options(options).await?;
        caunoi_figures::begin(self.pools.reader_name(rights), begun.elapsed());
        self.take(&tx, rights).await?;
        Ok(tx)
    }

    /// Says for the length of a transaction which province's rights it has; other rights lie in
    /// the connection.
    async fn take(&self, tx: &DatabaseTransaction, rights: Rights) -> Result<(), StoreError> {
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
