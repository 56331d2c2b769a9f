//! Heads of logs, and their locks.

use crate::error::StoreError;
use caunoi_domain::change::ChainHash;
use caunoi_domain::id::Log;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The head of one log within a transaction.
#[derive(Debug, Clone)]
pub(super) struct LockedHead {
    /// The last position.
    pub(super) position: i64,
    /// The last public position.
    pub(super) public_position: i64,
    /// The last allocated number.
    pub(super) next_number: i32,
    /// The link of the last change.
    pub(super) link: ChainHash,
}

/// Locks the head of a log until the end of the transaction; other writers of the log wait.
pub(crate) async fn lock(tx: &DatabaseTransaction, log: Log) -> Result<(), StoreError> {
    lock_head(tx, log).await.map(drop)
}

/// Locks the head of a log until the end of the transaction, and creates it if it is missing.
pub(super) async fn lock_head(tx: &DatabaseTransaction, log: Log) -> Result<LockedHead, StoreError> {
    let lock = Query::update()
        .table("province_head")
        .value("position", Expr::col("position"))
        .and_where(Expr::col("province_id").eq(log.number()))
        .returning(Query::returning().columns(["position", "public_position", "next_number", "link"]))
        .to_owned();
    if let Some(row) = tx.query_one(&lock).await? {
        return read_head(&row, log);
    }
    let make = Query::insert()
        .into_table("province_head")
        .columns(["province_id", "position", "public_position", "next_number", "link"])
        .values_panic([log.number().into(), 0_i64.into(), 0_i64.into(), 0_i32.into(), vec![0_u8; 32].into()])
        .on_conflict(OnConflict::column("province_id").do_nothing().to_owned())
        .to_owned();
    tx.execute(&make).await?;
    let row = tx.query_one(&lock).await?.ok_or_else(|| corrupt_head(log, "the head vanished"))?;
    read_head(&row, log)
}

fn read_head(row: &QueryResult, log: Log) -> Result<LockedHead, StoreError> {
    let link: Vec<u8> = row.try_get_by_index(3)?;
    Ok(LockedHead {
        position: row.try_get_by_index(0)?,
        public_position: row.try_get_by_index(1)?,
        next_number: row.try_get_by_index(2)?,
        link: link.try_into().map_err(|_| corrupt_head(log, "not 32 bytes"))?,
    })
}

fn corrupt_head(log: Log, why: &str) -> StoreError {
    let id = log.number().to_string();
    StoreError::Corrupt { table: "province_head", column: "link", id, why: why.to_owned() }
}
