//! Whether what this node commits can be read back.
//!
//! A write is acknowledged when another connection than the one that wrote it can read it. A node
//! that has failed to read back a write, or whose database takes no writes, is not ready until it has
//! written a value and read it back.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::installation;
use crate::pools::Rights;
use crate::transaction::Transaction;
use caunoi_domain::change::Link;
use caunoi_domain::id::Log;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The value of `installation` that proves that writes can be read back.
const WRITE_PROOF: &str = "write_proof";

/// Names one change of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRef {
    /// The log.
    pub log: Log,
    /// Its position in the log.
    pub position: i64,
    /// Its link, which tells it from another change at the same position; none where only the
    /// position is known.
    pub link: Option<Link>,
}

/// Why a node cannot vouch for its writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// A committed write could not be read back.
    Unreadable,
    /// The database is read-only.
    ReadOnly,
}

impl WriteFault {
    /// The reason, for `/readyz` and the log.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unreadable => "a committed write cannot be read back",
            Self::ReadOnly => "the database is read-only",
        }
    }
}

impl Store {
    /// Whether the database answers. A server that is in recovery takes no writes: it is noted as
    /// read-only.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let pool = self.pools().reader(Rights::Replica);
        if self.engine() == Engine::Sqlite {
            return self.probe(async { Ok(pool.ping().await?) }).await;
        }
        let is_in_recovery = self.probe(async {
            let ask = Statement::from_string(DbBackend::Postgres, "SELECT pg_is_in_recovery()");
            let row = pool.query_one_raw(ask).await?;
            Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
        });
        if is_in_recovery.await? {
            self.note_write_fault(WriteFault::ReadOnly);
        }
        Ok(())
    }

    /// Reads a committed change back, on another connection than the one that wrote it. Where it is
    /// not there, the fault is noted.
    ///
    /// # Errors
    /// `Unreadable` if it is not there; the database does not answer.
    pub async fn read_back(&self, change: ChangeRef) -> Result<(), StoreError> {
        let rows = self.all(Rights::Province(change.log), &select(change)).await?;
        if !rows.is_empty() {
            return Ok(());
        }
        Err(self.note_unreadable(format!("position {} of log {}", change.position, change.log.number())))
    }

    /// Notes that something committed cannot be read back, and gives the error for its caller. The
    /// connections are evicted, so that what was written on them ends with them.
    pub(crate) fn note_unreadable(&self, what: String) -> StoreError {
        caunoi_metrics::unreadable_write();
        self.note_write_fault(WriteFault::Unreadable);
        let error = StoreError::Unreadable { what };
        tracing::error!(%error, "a write is lost: this node takes no traffic until a write can be read back");
        error
    }

    /// Notes what an error of a write tells of the database.
    pub fn note_failed_write(&self, error: &StoreError) {
        if error.is_read_only() {
            self.note_write_fault(WriteFault::ReadOnly);
        }
    }

    /// Notes that a write of this node was read back.
    pub fn note_readable(&self) {
        if self.write_fault().borrow().is_none() {
            return;
        }
        // Others may still lead to the server that was at fault.
        self.evict();
        if self.write_fault().send_if_modified(|fault| fault.take().is_some()) {
            tracing::info!("writes can be read back again");
        }
    }

    fn note_write_fault(&self, fault: WriteFault) {
        let before = self.write_fault().send_replace(Some(fault));
        if before != Some(fault) {
            tracing::error!(why = fault.reason(), "this node cannot vouch for its writes");
        }
        // A lost write ends with its connection. The next connections may lead to another server, but a
        // rush of refused writes must not make all others connect again and again.
        if fault == WriteFault::Unreadable || before != Some(fault) {
            self.evict();
        }
    }

    /// Writes a fresh value and reads it back on another connection; where that succeeds, the fault
    /// of writes is over.
    ///
    /// # Errors
    /// The value cannot be written or read back.
    pub async fn prove_writes(&self, fresh: [u8; 32]) -> Result<(), StoreError> {
        let proven = self.write_and_read_back(&installation::to_hex(&fresh)).await;
        match &proven {
            Ok(()) => self.note_readable(),
            Err(error) => {
                self.note_failed_write(error);
                self.evict();
            }
        }
        proven
    }

    async fn write_and_read_back(&self, value: &str) -> Result<(), StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        installation::keep(&tx, WRITE_PROOF, value).await?;
        tx.commit().await?;
        let read = installation::held(self.pools().reader(Rights::Owner), WRITE_PROOF).await?;
        if read.as_deref() == Some(value) {
            Ok(())
        } else {
            Err(StoreError::Unreadable { what: WRITE_PROOF.to_owned() })
        }
    }

    /// Finds out whether a transaction is committed whose COMMIT has failed: the server may have
    /// carried it out all the same. On PostgreSQL it waits for the lock of the log that the
    /// transaction held, so that what is not there will not appear later.
    ///
    /// # Errors
    /// The database does not answer: the outcome stays unknown.
    pub(crate) async fn is_committed(&self, change: ChangeRef, rights: Rights) -> Result<bool, StoreError> {
        let tx = match self.engine() {
            Engine::Sqlite => self.begin_snapshot(rights).await?,
            Engine::Postgres => self.begin_write(rights).await?,
        };
        let is_there = self.is_there(&tx, change).await;
        tx.rollback().await;
        is_there
    }

    async fn is_there(&self, tx: &Transaction, change: ChangeRef) -> Result<bool, StoreError> {
        if self.engine() == Engine::Postgres {
            crate::write::lock(tx, change.log).await?;
        }
        Ok(tx.query_one(&select(change)).await?.is_some())
    }
}

fn select(change: ChangeRef) -> SelectStatement {
    let mut query = Query::select();
    query
        .column("position")
        .from("change")
        .and_where(Expr::col("province_id").eq(change.log.number()))
        .and_where(Expr::col("position").eq(change.position));
    if let Some(link) = change.link {
        query.and_where(Expr::col("link").eq(link.to_vec()));
    }
    query
}
