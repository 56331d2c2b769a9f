//! Heads of logs, and their locks.

use crate::column::Table;
use crate::entity::province_head::{self, Column};
use crate::error::StoreError;
use crate::insert::{TableRow, insert_absent};
use caunoi_domain::change::ChainHash;
use caunoi_domain::id::Log;
use caunoi_domain::log_clock::LogClock;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DerivePartialModel, FromQueryResult};

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
    /// The clock of the log.
    pub(super) clock: LogClock,
}

/// The columns of a head that are not its key.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "province_head::Entity")]
struct HeadRow {
    position: i64,
    public_position: i64,
    next_number: i32,
    link: Vec<u8>,
    clock_us: i64,
    node_us: i64,
}

/// Locks the head of a log until the end of the transaction; other writers of the log wait.
pub(crate) async fn lock(tx: &DatabaseTransaction, log: Log) -> Result<(), StoreError> {
    lock_head(tx, log).await.map(drop)
}

/// Locks the head of a log until the end of the transaction, and creates it if it is missing.
pub(super) async fn lock_head(tx: &DatabaseTransaction, log: Log) -> Result<LockedHead, StoreError> {
    if let Some(head) = find_locked(tx, log).await? {
        return Ok(head);
    }
    let first = TableRow::new(province_head::ActiveModel {
        province_id: Set(log.number()),
        position: Set(0),
        public_position: Set(0),
        next_number: Set(0),
        link: Set(vec![0; 32]),
        clock_us: Set(0),
        node_us: Set(0),
    });
    insert_absent(tx, &[first], OnConflict::column(Column::ProvinceId)).await?;
    find_locked(tx, log).await?.ok_or_else(|| corrupt_head(log, "the head vanished"))
}

/// Saves the moved head of a log.
pub(super) async fn save(tx: &DatabaseTransaction, log: Log, head: &LockedHead) -> Result<(), StoreError> {
    let row = TableRow::new(province_head::ActiveModel {
        position: Set(head.position),
        public_position: Set(head.public_position),
        next_number: Set(head.next_number),
        link: Set(head.link.to_vec()),
        clock_us: Set(head.clock.time_us),
        node_us: Set(head.clock.node_us),
        ..Default::default()
    });
    let update = Query::update()
        .table(row.table)
        .values(row.into_updates())
        .and_where(Expr::col(Column::ProvinceId).eq(log.number()))
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}

/// An update that changes nothing locks the row on both engines.
async fn find_locked(tx: &DatabaseTransaction, log: Log) -> Result<Option<LockedHead>, StoreError> {
    let columns = [
        Column::Position,
        Column::PublicPosition,
        Column::NextNumber,
        Column::Link,
        Column::ClockUs,
        Column::NodeUs,
    ];
    let lock = Query::update()
        .table(Table::of(province_head::Entity))
        .value(Column::Position, Expr::col(Column::Position))
        .and_where(Expr::col(Column::ProvinceId).eq(log.number()))
        .returning(Query::returning().columns(columns))
        .to_owned();
    let Some(row) = tx.query_one(&lock).await? else { return Ok(None) };
    let HeadRow { position, public_position, next_number, link, clock_us, node_us } =
        HeadRow::from_query_result(&row, "")?;
    let link = link.try_into().map_err(|_| corrupt_head(log, "not 32 bytes"))?;
    let clock = LogClock { time_us: clock_us, node_us };
    Ok(Some(LockedHead { position, public_position, next_number, link, clock }))
}

fn corrupt_head(log: Log, why: &str) -> StoreError {
    StoreError::corrupt(Column::Link, log.number().to_string(), why)
}
