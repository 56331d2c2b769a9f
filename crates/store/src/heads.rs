//! The heads of all logs, and the epoch of the database.

use crate::column::{Table, TableColumn, column};
use crate::entity::{epoch, province_head};
use crate::error::StoreError;
use caunoi_domain::change::ChainHash;
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::id::Log;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use std::collections::BTreeMap;

/// The heads of all logs in one state of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHeads {
    /// The epoch of the database.
    pub epoch: Epoch,
    /// The last public position of each log.
    pub public: Positions,
    /// The last position of each log, drafts included.
    pub all: BTreeMap<Log, i64>,
    /// The link of the last change of each log.
    pub links: BTreeMap<Log, ChainHash>,
}

/// The columns of a head, in the order that [`from_rows`] expects after the epoch.
const HEAD_COLUMNS: [province_head::Column; 4] = [
    province_head::Column::ProvinceId,
    province_head::Column::PublicPosition,
    province_head::Column::Position,
    province_head::Column::Link,
];

/// Selects the current epoch with each head; one row without a head if there are no logs.
pub(crate) fn select() -> SelectStatement {
    let (epochs, heads) = (Table::of(epoch::Entity), Table::of(province_head::Entity));
    let last = Query::select().expr(Expr::col(epoch::Column::Number).max()).from(epochs).to_owned();
    Query::select()
        .column((epochs, epoch::Column::Value))
        .columns(HEAD_COLUMNS.map(|name| (heads, name)))
        .from(epochs)
        .left_join(heads, Expr::val(1).eq(1))
        .and_where(column(epoch::Column::Number).in_subquery(last))
        .to_owned()
}

/// Reads the heads.
pub(crate) async fn read(database: &impl ConnectionTrait) -> Result<LogHeads, StoreError> {
    from_rows(&database.query_all(&select()).await?)
}

/// Reads the rows of [`select`].
pub(crate) fn from_rows(rows: &[sea_orm::QueryResult]) -> Result<LogHeads, StoreError> {
    let value: String = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let epoch = crate::epoch::read(&value)?;
    let (mut public, mut all, mut links) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let Some(log) = row.try_get_by_index::<Option<i16>>(1)?.map(Log::new) else { continue };
        let link: Vec<u8> = row.try_get_by_index(4)?;
        public.insert(log, row.try_get_by_index(2)?);
        all.insert(log, row.try_get_by_index(3)?);
        links.insert(log, link_from_bytes(link, province_head::Column::Link, log)?);
    }
    Ok(LogHeads { epoch, public: Positions::new(epoch.tag(), public), all, links })
}

/// Returns the link in the bytes of a column.
pub(crate) fn link_from_bytes(
    bytes: Vec<u8>,
    column: impl Into<TableColumn>,
    log: Log,
) -> Result<ChainHash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt(column, log.number().to_string(), "not 32 bytes"))
}
