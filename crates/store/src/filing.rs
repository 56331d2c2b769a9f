//! Filings: which change was the first to file something for its province.
//!
//! Invariant: the table holds what [`Filing::of`] says of the changes of each log, each filing
//! once, at the first position that made it. [`crate::write`] keeps it with every change.

use crate::error::StoreError;
use crate::table::Columns;
use caunoi_domain::date::Day;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The table.
pub(crate) const TABLE: &str = "filing";
/// What [`read`] takes from a row, in this order.
pub(crate) const COLUMNS: [&str; 4] = ["kind", "from_on", "to_on", "filed_on"];

const PUBLISHED: &str = "PUBLISHED";
const CONFIRMED: &str = "CONFIRMED";

/// The row of a filing.
fn columns(log: Log, filing: Filing, position: i64) -> Columns {
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

/// Keeps a filing, unless the same stands already.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    log: Log,
    filing: Filing,
    position: i64,
) -> Result<(), StoreError> {
    let (names, values): (Vec<_>, Vec<_>) = columns(log, filing, position).into_iter().unzip();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(names)
        .values_panic(values.into_iter().map(Expr::val))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    tx.execute(&insert).await?;
    Ok(())
}

/// Every filing, log by log.
pub(crate) async fn all(tx: &DatabaseTransaction) -> Result<Vec<(Log, Filing)>, StoreError> {
    let query = Query::select().columns(COLUMNS).column("province_id").from(TABLE).to_owned();
    let mut filings = Vec::new();
    for row in tx.query_all(&query).await? {
        let log = Log::new(row.try_get_by_index(COLUMNS.len())?);
        filings.extend(read(&row, 0, log)?.map(|filing| (log, filing)));
    }
    Ok(filings)
}

/// The filing in the columns from this one on; none where they are null.
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
