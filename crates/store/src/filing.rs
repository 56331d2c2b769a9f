//! Filings: the first change by which a province published or confirmed something on a day.
//!
//! Invariant: the table contains each [`Filing::of`] a change of a log once, at the first
//! position that made it. [`crate::write`] maintains it with every change.

use crate::column::Table;
use crate::entity::filing::{self, Column};
use crate::error::StoreError;
use crate::insert::{TableRow, insert_absent};
use crate::table::word;
use caunoi_domain::date::Day;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The columns that [`read`] expects, in this order.
pub(crate) const COLUMNS: [Column; 4] = [Column::Kind, Column::FromOn, Column::ToOn, Column::FiledOn];

const PUBLISHED: &str = "PUBLISHED";
const CONFIRMED: &str = "CONFIRMED";

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(filing::Entity)
}

/// Returns the row of a filing.
fn row(log: Log, filing: Filing, position: i64) -> TableRow {
    let (kind, from, to) = match filing {
        Filing::Published(on) => (PUBLISHED, on, on),
        Filing::Confirmed(period, _) => (CONFIRMED, period.first(), period.last()),
    };
    TableRow::new(filing::ActiveModel {
        province_id: Set(log.number()),
        kind: word(kind),
        from_on: Set(from),
        to_on: Set(to),
        filed_on: Set(filing.on()),
        position: Set(position),
    })
}

/// Inserts a filing unless it exists.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    log: Log,
    filing: Filing,
    position: i64,
) -> Result<(), StoreError> {
    insert_absent(tx, &[row(log, filing, position)], OnConflict::new()).await?;
    Ok(())
}

/// Reads all filings.
pub(crate) async fn read_all(tx: &DatabaseTransaction) -> Result<Vec<(Log, Filing)>, StoreError> {
    let query = Query::select().columns(COLUMNS).column(Column::ProvinceId).from(table()).to_owned();
    let mut filings = Vec::new();
    for row in tx.query_all(&query).await? {
        let log = Log::new(row.try_get_by_index(COLUMNS.len())?);
        filings.extend(read(&row, 0, log)?.map(|filing| (log, filing)));
    }
    Ok(filings)
}

/// Reads the filing in the columns that begin at index `at`; `None` if they are null.
pub(crate) fn read(row: &QueryResult, at: usize, log: Log) -> Result<Option<Filing>, StoreError> {
    let Some(kind) = row.try_get_by_index::<Option<String>>(at)? else { return Ok(None) };
    let (from, to): (Day, Day) = (row.try_get_by_index(at + 1)?, row.try_get_by_index(at + 2)?);
    let on: Day = row.try_get_by_index(at + 3)?;
    let corrupt = |why: String| StoreError::corrupt(Column::Kind, format!("{}/{from}", log.number()), why);
    match kind.as_str() {
        PUBLISHED => Ok(Some(Filing::Published(on))),
        CONFIRMED => {
            let period = CalendarPeriod::between(from, to).map_err(|why| corrupt(why.to_string()))?;
            Ok(Some(Filing::Confirmed(period, on)))
        }
        other => Err(corrupt(format!("\"{other}\""))),
    }
}
