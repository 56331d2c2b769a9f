//! Filings: the first change by which a province published or confirmed something on a day.
//!
//! Invariant: the table contains each [`Filing::of`] a change of a log once, at the first
//! position that made it. [`crate::write`] maintains it with every change.

use crate::error::StoreError;
use crate::table::ColumnValues;
use caunoi_domain::date::Day;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The name of the table.
pub(crate) const TABLE: &str = "filing";
/// The columns that [`read`] expects, in this order.
pub(crate) const COLUMNS: [&str; 4] = ["kind", "from_on", "to_on", "filed_on"];

const PUBLISHED: &str = "PUBLISHED";
const CONFIRMED: &str = "CONFIRMED";

/// Returns the row of a filing.
fn columns(log: Log, filing: Filing, position: i64) -> ColumnValues {
    let (kind, from, to) = match filing {
        Filing::Published(on) => (PUBLISHED, on, on),
        Filing::Confirmed(period, _) => (CONFIRMED, period.first(), period.last()),
    };
    vec![
        ("province_id", log.number().into()),
        ("kind", kind.into()),
        ("from_on", from.into()),
        ("to_on", to.into()),
        ("filed_on", filing.on().into()),
        ("position", position.into()),
    ]
}

/// Inserts a filing unless it exists.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    log: Log,
    filing: Filing,
    position: i64,
) -> Result<(), StoreError> {
    let (names, values): (Vec<_>, Vec<_>) = columns(log, filing, position).into_iter().unzip();
    let statement = Query::insert()
        .into_table(TABLE)
        .columns(names)
        .values_panic(values.into_iter().map(Expr::val))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    tx.execute(&statement).await?;
    Ok(())
}

/// Reads all filings.
pub(crate) async fn read_all(tx: &DatabaseTransaction) -> Result<Vec<(Log, Filing)>, StoreError> {
    let query = Query::select().columns(COLUMNS).column("province_id").from(TABLE).to_owned();
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
    let corrupt = |why: String| StoreError::Corrupt {
        table: TABLE,
        column: "kind",
        id: format!("{}/{from}", log.number()),
        why,
    };
    match kind.as_str() {
        PUBLISHED => Ok(Some(Filing::Published(on))),
        CONFIRMED => {
            let period = CalendarPeriod::between(from, to).map_err(|why| corrupt(why.to_string()))?;
            Ok(Some(Filing::Confirmed(period, on)))
        }
        other => Err(corrupt(format!("\"{other}\""))),
    }
}
