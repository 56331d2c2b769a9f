//! Transactions, and the state of their connections afterwards.
//!
//! Invariant: a connection serves another request only if no transaction is open on it and no
//! transaction has failed to end since it was opened. SQLite ends a transaction by itself when the
//! disk is full, a file cannot be written or memory runs out. The driver does not notice, so its
//! next transaction would be a savepoint inside another one, and its commits would not be durable.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::pools::Rights;
use crate::task::join_task;
use caunoi_metrics::Pool;
use sea_orm::sqlx::{self, Connection};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// The eviction of connections from their pools: those that were opened before the last eviction
/// are closed when they are next acquired or returned.
#[derive(Debug)]
pub(crate) struct Eviction {
    since: Instant,
    /// The time of the last eviction, in nanoseconds after `since`; 0 if there was none.
    last_ns: AtomicU64,
}

impl Eviction {
    /// Creates the state before any eviction.
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), last_ns: AtomicU64::new(0) }
    }

    /// Evicts all connections that are open now.
    pub(crate) fn evict(&self) {
        self.last_ns.fetch_max(nanoseconds(self.since.elapsed()), Ordering::AcqRel);
    }

    /// Returns whether a connection of this age was opened after the last eviction.
    fn is_newer_than_eviction(&self, age: Duration) -> bool {
        let last_ns = self.last_ns.load(Ordering::Acquire);
        last_ns == 0 || nanoseconds(self.since.elapsed().saturating_sub(age)) >= last_ns
    }

    /// Returns whether a connection of this age may serve another request. Waits for a rollback
    /// that a dropped transaction has queued.
    ///
    /// # Errors
    /// Returns an error if the connection is broken.
    pub(crate) async fn accepts<C: Connection>(
        &self,
        connection: &mut C,
        age: Duration,
    ) -> Result<bool, sqlx::Error> {
        if connection.is_in_transaction() {
            connection.ping().await?;
        }
        Ok(!connection.is_in_transaction() && self.is_newer_than_eviction(age))
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A transaction; it is rolled back when dropped.
#[derive(Debug)]
pub(crate) struct Transaction {
    inner: DatabaseTransaction,
    eviction: Arc<Eviction>,
    rights: Rights,
}

impl Deref for Transaction {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Transaction {
    /// Returns the rights of the transaction.
    pub(crate) fn rights(&self) -> Rights {
        self.rights
    }

    /// Commits. After an error all open connections are evicted, and it is unknown whether the
    /// commit happened.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let committed = self.inner.commit().await;
        if committed.is_err() {
            self.eviction.evict();
        }
        Ok(committed?)
    }

    /// Rolls back. If that fails, all open connections are evicted and the transaction ends with
    /// its own.
    pub(crate) async fn rollback(self) {
        if let Err(error) = self.inner.rollback().await {
            self.eviction.evict();
            tracing::warn!(%error, "a rollback failed: open connections are closed");
        }
    }
}

impl Store {
    /// Begins a transaction that writes; on SQLite it takes the write lock at once.
    pub(crate) async fn begin_write(&self, rights: Rights) -> Result<Transaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.begin(self.pools().writer(rights), self.pools().writer_name(rights), rights, options).await
    }

    /// Begins a read-only transaction that sees one state of the database.
    pub(crate) async fn begin_snapshot(&self, rights: impl Into<Rights>) -> Result<Transaction, StoreError> {
        let rights = rights.into();
        self.begin_snapshot_on(self.pools().reader(rights), rights).await
    }

    /// Begins such a transaction in a pool that reads with these rights.
    pub(crate) async fn begin_snapshot_on(
        &self,
        pool: &DatabaseConnection,
        rights: Rights,
    ) -> Result<Transaction, StoreError> {
        let options = match self.engine() {
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            Engine::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
        };
        self.begin_read_on(pool, rights, options).await
    }

    /// Begins a transaction that reads, in a pool that reads with these rights.
    pub(crate) async fn begin_read_on(
        &self,
        pool: &DatabaseConnection,
        rights: Rights,
        options: TransactionOptions,
    ) -> Result<Transaction, StoreError> {
        self.begin(pool, self.pools().reader_name(rights), rights, options).await
    }

    /// Begins in a task of its own, because the driver forgets a cancelled BEGIN and would reuse
    /// its connection with the transaction open. The BEGIN names its mode, so that the driver
    /// checks that a transaction is open after it, and SQLite refuses it inside another one.
    async fn begin(
        &self,
        pool: &DatabaseConnection,
        name: Pool,
        rights: Rights,
        options: TransactionOptions,
    ) -> Result<Transaction, StoreError> {
        self.reachable()?;
        let pool = pool.clone();
        let wait_start = Instant::now();
        let beginning = async move { pool.begin_with_options(options).await }.in_current_span();
        let begin_result = join_task(tokio::spawn(beginning)).await.map_err(StoreError::from);
        caunoi_metrics::record_transaction_start(name, wait_start.elapsed());
        // If the database is busy or unreachable, the connections are not at fault.
        if begin_result.as_ref().is_err_and(|error| !error.is_transient()) {
            self.evict();
        }
        let tx = Transaction { inner: begin_result?, eviction: Arc::clone(self.eviction()), rights };
        self.set_province(&tx, rights).await?;
        Ok(tx)
    }
}

#[cfg(test)]
mod tests;
