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
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::id::Log;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::BTreeMap;

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

/// The epochs of a database in order, each with the positions of the logs at its beginning.
type EpochStarts = Vec<(Epoch, BTreeMap<Log, i64>)>;

impl Store {
    /// Returns positions of any epoch as positions of the current one. Up to the beginning of every
    /// later epoch the logs are the same. `None` if the database has lost a change up to these
    /// positions, or does not know their epoch.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn to_current_epoch(&self, positions: &Positions) -> Result<Option<Positions>, StoreError> {
        let epochs = Query::select()
            .columns([Column::Number, Column::Value])
            .from(table())
            .order_by(Column::Number, Order::Asc)
            .to_owned();
        let starts = Query::select()
            .columns([epoch_log::Column::Epoch, epoch_log::Column::ProvinceId, epoch_log::Column::Position])
            .from(Table::of(epoch_log::Entity))
            .to_owned();
        let mut by_number: BTreeMap<i32, BTreeMap<Log, i64>> = BTreeMap::new();
        for row in self.all(Rights::ReadModel, &starts).await? {
            let (number, log, position): (i32, i16, i64) = row.try_get_many_by_index()?;
            by_number.entry(number).or_default().insert(Log::new(log), position);
        }
        let mut known = EpochStarts::new();
        for row in self.all(Rights::ReadModel, &epochs).await? {
            let (number, value): (i32, String) = row.try_get_many_by_index()?;
            known.push((read(&value)?, by_number.remove(&number).unwrap_or_default()));
        }
        Ok(rebase(positions, &known))
    }
}

/// Implements [`Store::to_current_epoch`].
fn rebase(positions: &Positions, known: &EpochStarts) -> Option<Positions> {
    let at = known.iter().position(|(epoch, _)| epoch.tag() == positions.epoch())?;
    let (current, _) = known.last()?;
    // Only the first epoch may begin without a log. Another one without positions was itself lost:
    // where it began is not known.
    let is_lost =
        |(index, (_, starts)): (usize, &(Epoch, BTreeMap<Log, i64>))| index > 0 && starts.is_empty();
    if is_lost((at, &known[at])) {
        return None;
    }
    let later = known.iter().enumerate().skip(at + 1).filter(|epoch| !is_lost(*epoch));
    let is_kept = later.into_iter().all(|(_, (_, starts))| {
        positions.iter().all(|(log, position)| position <= starts.get(&log).copied().unwrap_or(0))
    });
    is_kept.then(|| Positions::new(current.tag(), positions.iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(byte: u8) -> Epoch {
        Epoch::new([byte; 32])
    }

    fn positions(byte: u8, first: i64) -> Positions {
        Positions::new(epoch(byte).tag(), [(Log::new(1), first)].into())
    }

    #[test]
    fn positions_are_kept_up_to_the_fork() {
        let begun = |byte, at: &[i64]| (epoch(byte), at.iter().map(|at| (Log::new(1), *at)).collect());
        let known = vec![begun(1, &[]), begun(2, &[7]), begun(3, &[]), begun(4, &[5])];
        assert_eq!(rebase(&positions(1, 5), &known), Some(positions(4, 5)));
        assert_eq!(rebase(&positions(1, 6), &known), None, "the fourth epoch lost it");
        assert_eq!(rebase(&positions(2, 5), &known), Some(positions(4, 5)));
        assert_eq!(rebase(&positions(2, 8), &known), None);
        assert_eq!(rebase(&positions(3, 1), &known), None, "the third epoch was lost as a whole");
        assert_eq!(rebase(&positions(4, 90), &known), Some(positions(4, 90)));
        assert_eq!(rebase(&positions(9, 1), &known), None);
        let unknown_log = Positions::new(epoch(1).tag(), [(Log::new(2), 1)].into());
        assert_eq!(rebase(&unknown_log, &known), None);
    }
}
