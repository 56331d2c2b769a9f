//! Read-back verification of committed writes.
//!
//! A write is acknowledged only after another connection than the one that wrote it can read it. A
//! node that has failed to read back a write, or whose database is read-only, is not ready until it
//! has written a value and read it back.

use crate::changes;
use crate::connect::{Engine, Store};
use crate::entity::change::Column;
use crate::error::StoreError;
use crate::installation;
use crate::pools::Rights;
use crate::transaction::Transaction;
use caunoi_domain::change::ChainHash;
use caunoi_domain::id::Log;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The name of the value in `installation` that is written and read back.
const WRITE_PROOF: &str = "write_proof";

/// Identifies one change of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRef {
    /// The log.
    pub log: Log,
    /// The position in the log.
    pub position: i64,
    /// The link, which distinguishes the change from another one at the same position; `None` if
    /// only the position is known.
    pub link: Option<ChainHash>,
}

/// The reason why writes of this node cannot be guaranteed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// A committed write could not be read back.
    Unreadable,
    /// The database is read-only.
    ReadOnly,
}

impl WriteFault {
    /// Returns the reason, for `/readyz` and the log.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unreadable => "a committed write cannot be read back",
            Self::ReadOnly => "the database is read-only",
        }
    }
}

impl Store {
    /// Checks that the database responds. A server in recovery accepts no writes and is recorded as
    /// read-only.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let pool = self.pools().reader(Rights::ReadModel);
        if self.engine() == Engine::Sqlite {
            return self.probe(async { Ok(pool.ping().await?) }).await;
        }
        let is_in_recovery = self.probe(async {
            let statement = Statement::from_string(DbBackend::Postgres, "SELECT pg_is_in_recovery()");
            let row = pool.query_one_raw(statement).await?;
            Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
        });
        if is_in_recovery.await? {
            self.set_write_fault(WriteFault::ReadOnly);
        }
        Ok(())
    }

    /// Reads a committed change back on another connection than the one that wrote it.
    ///
    /// # Errors
    /// Returns `Unreadable`, and records the fault, if the change is missing; returns an error if
    /// the database fails.
    pub async fn read_back(&self, change: ChangeRef) -> Result<(), StoreError> {
        let rows = self.all(Rights::Province(change.log), &select(change)).await?;
        if !rows.is_empty() {
            return Ok(());
        }
        Err(self.record_unreadable(format!("position {} of log {}", change.position, change.log.number())))
    }

    /// Records that a committed write cannot be read back, and returns the error for the caller.
    /// All connections are evicted, so that a write that exists on one of them alone ends with it.
    pub(crate) fn record_unreadable(&self, what: String) -> StoreError {
        caunoi_metrics::count_unreadable_write();
        self.set_write_fault(WriteFault::Unreadable);
        let error = StoreError::Unreadable { what };
        tracing::error!(%error, "a committed write cannot be read back: this node is not ready until a write can be");
        error
    }

    /// Records the fault if this error of a write shows that the database is read-only.
    pub fn record_write_failure(&self, error: &StoreError) {
        if error.is_read_only() {
            self.set_write_fault(WriteFault::ReadOnly);
        }
    }

    /// Records that a write of this node was read back.
    pub fn record_readable(&self) {
        if self.write_fault().borrow().is_none() {
            return;
        }
        // Other connections may still lead to the server that failed.
        self.evict();
        if self.write_fault().send_if_modified(|fault| fault.take().is_some()) {
            tracing::info!("writes can be read back again");
        }
    }

    fn set_write_fault(&self, fault: WriteFault) {
        let before = self.write_fault().send_replace(Some(fault));
        if before != Some(fault) {
            tracing::error!(reason = fault.reason(), "writes of this node cannot be guaranteed");
        }
        // A lost write ends with its connection, and new connections may lead to another server.
        // But repeated refused writes must not close all connections again and again.
        if fault == WriteFault::Unreadable || before != Some(fault) {
            self.evict();
        }
    }

    /// Writes a fresh value and reads it back on another connection; success clears the write
    /// fault.
    ///
    /// # Errors
    /// Returns an error if the value cannot be written or read back.
    pub async fn check_writes(&self, fresh: [u8; 32]) -> Result<(), StoreError> {
        let proven = self.write_and_read_back(&installation::to_hex(&fresh)).await;
        match &proven {
            Ok(()) => self.record_readable(),
            Err(error) => {
                self.record_write_failure(error);
                self.evict();
            }
        }
        proven
    }

    async fn write_and_read_back(&self, value: &str) -> Result<(), StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        installation::upsert_value(&tx, WRITE_PROOF, value).await?;
        tx.commit().await?;
        let read = installation::find_value(self.pools().reader(Rights::Owner), WRITE_PROOF).await?;
        if read.as_deref() == Some(value) {
            Ok(())
        } else {
            Err(StoreError::Unreadable { what: WRITE_PROOF.to_owned() })
        }
    }

    /// Returns whether a transaction whose COMMIT failed is committed: the server may have executed
    /// it. On PostgreSQL this waits for the lock of the log that the transaction held, so that a
    /// missing change cannot appear later.
    ///
    /// # Errors
    /// Returns an error if the database fails: the outcome stays unknown.
    pub(crate) async fn is_committed(&self, change: ChangeRef, rights: Rights) -> Result<bool, StoreError> {
        let tx = match self.engine() {
            Engine::Sqlite => self.begin_snapshot(rights).await?,
            Engine::Postgres => self.begin_write(rights).await?,
        };
        let exists = self.exists(&tx, change).await;
        tx.rollback().await;
        exists
    }

    async fn exists(&self, tx: &Transaction, change: ChangeRef) -> Result<bool, StoreError> {
        if self.engine() == Engine::Postgres {
            crate::write::lock(tx, change.log).await?;
        }
        Ok(tx.query_one(&select(change)).await?.is_some())
    }
}

fn select(change: ChangeRef) -> SelectStatement {
    let mut query = Query::select();
    query
        .column(Column::Position)
        .from(changes::table())
        .and_where(Expr::col(Column::ProvinceId).eq(change.log.number()))
        .and_where(Expr::col(Column::Position).eq(change.position));
    if let Some(link) = change.link {
        query.and_where(Expr::col(Column::Link).eq(link.to_vec()));
    }
    query
}
