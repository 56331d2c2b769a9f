//! Epochs of the database, and the positions of the logs at the start of each.

use crate::column::Table;
use crate::connect::Store;
use crate::entity::epoch::{self, Column};
use crate::entity::epoch_log;
use crate::error::StoreError;
use crate::heads;
use crate::insert::TableRow;
use crate::installation::{self, EPOCH};
use crate::pools::Rights;
use caunoi_domain::cursor::Epoch;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

impl Store {
    /// Begins a new epoch because the database lacks changes that were read in the epoch `known`,
    /// unless another node has begun a later one. Returns the current epoch: nodes that find the
    /// same loss get the same one.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn begin_or_adopt_epoch(
        &self,
        known: Epoch,
        fresh: Epoch,
        at_us: i64,
    ) -> Result<Epoch, StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        lock(&tx).await?;
        let current = current(&tx).await?;
        let is_known = number_of(&tx, known).await?.is_some();
        if current != known && is_known {
            tx.rollback().await;
            return Ok(current);
        }
        if !is_known {
            // The database has lost this epoch too. With its row, other nodes that were in it find
            // that a later one has begun.
            insert(&tx, known, at_us).await?;
        }
        installation::upsert_value(&tx, EPOCH, &installation::to_hex(fresh.bytes())).await?;
        record(&tx, fresh, at_us).await?;
        tx.commit().await?;
        Ok(fresh)
    }
}

/// Records the current epoch of the installation, unless it is recorded.
pub(crate) async fn record_current(tx: &DatabaseTransaction, at_us: i64) -> Result<(), StoreError> {
    lock(tx).await?;
    let current = current(tx).await?;
    if number_of(tx, current).await?.is_none() {
        record(tx, current, at_us).await?;
    }
    Ok(())
}

/// Parses an epoch from its text in the database.
pub(crate) fn read(value: &str) -> Result<Epoch, StoreError> {
    installation::from_hex(value)
        .map(Epoch::new)
        .ok_or_else(|| StoreError::corrupt(Column::Value, "the current epoch", "not 64 hexadecimal digits"))
}

/// Blocks other transactions that begin or record an epoch until the end of this one.
async fn lock(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    installation::lock_value(tx, EPOCH).await
}

fn table() -> Table {
    Table::of(epoch::Entity)
}

async fn current(tx: &DatabaseTransaction) -> Result<Epoch, StoreError> {
    read(&installation::find_value(tx, EPOCH).await?.unwrap_or_default())
}

async fn number_of(tx: &DatabaseTransaction, epoch: Epoch) -> Result<Option<i32>, StoreError> {
    let query = Query::select()
        .column(Column::Number)
        .from(table())
        .and_where(Expr::col(Column::Value).eq(installation::to_hex(epoch.bytes())))
        .to_owned();
    Ok(tx.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Inserts an epoch after all others and returns its number.
async fn insert(tx: &DatabaseTransaction, epoch: Epoch, at_us: i64) -> Result<i32, StoreError> {
    let last = Query::select().expr(Expr::col(Column::Number).max()).from(table()).to_owned();
    let last: Option<i32> = match tx.query_one(&last).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let number = last.unwrap_or(0) + 1;
    let row = TableRow::new(epoch::ActiveModel {
        number: Set(number),
        value: Set(installation::to_hex(epoch.bytes())),
        began_at_us: Set(at_us),
    });
    crate::insert::insert(tx, &[row], None).await?;
    Ok(number)
}

/// Inserts an epoch with the current position of each log.
async fn record(tx: &DatabaseTransaction, epoch: Epoch, at_us: i64) -> Result<(), StoreError> {
    let number = insert(tx, epoch, at_us).await?;
    let heads = heads::read(tx).await?;
    let mut rows = Vec::new();
    for (log, position) in &heads.all {
        let link = heads.links.get(log).copied().unwrap_or_default();
        rows.push(TableRow::new(epoch_log::ActiveModel {
            epoch: Set(number),
            province_id: Set(log.number()),
            position: Set(*position),
            link: Set(link.to_vec()),
        }));
    }
    crate::insert::insert(tx, &rows, None).await
}
