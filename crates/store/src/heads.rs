//! The heads of all logs, and the epoch of the database.

use crate::connect::column;
use crate::epoch;
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

/// Selects the current epoch with each head; one row without a head if there are no logs.
pub(crate) fn select() -> SelectStatement {
    let last = Query::select().expr(Expr::col("number").max()).from(epoch::TABLE).to_owned();
    Query::select()
        .column((epoch::TABLE, "value"))
        .columns(["province_id", "public_position", "position", "link"].map(|name| ("province_head", name)))
        .from(epoch::TABLE)
        .left_join("province_head", Expr::val(1).eq(1))
        .and_where(column(epoch::TABLE, "number").in_subquery(last))
        .to_owned()
}

/// Reads the heads.
pub(crate) async fn read(database: &impl ConnectionTrait) -> Result<LogHeads, StoreError> {
    from_rows(&database.query_all(&select()).await?)
}

/// Reads the rows of [`select`].
pub(crate) fn from_rows(rows: &[sea_orm::QueryResult]) -> Result<LogHeads, StoreError> {
    let value: String = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let epoch = epoch::read(&value)?;
    let (mut public, mut all, mut links) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let Some(log) = row.try_get_by_index::<Option<i16>>(1)?.map(Log::new) else { continue };
        let link: Vec<u8> = row.try_get_by_index(4)?;
        public.insert(log, row.try_get_by_index(2)?);
        all.insert(log, row.try_get_by_index(3)?);
        links.insert(log, link_from_bytes(link, "province_head", log)?);
    }
    Ok(LogHeads { epoch, public: Positions::new(epoch.tag(), public), all, links })
}

/// Returns the link in the bytes of a column.
pub(crate) fn link_from_bytes(
    bytes: Vec<u8>,
    table: &'static str,
    log: Log,
) -> Result<ChainHash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        table,
        column: "link",
        id: log.number().to_string(),
        why: "not 32 bytes".to_owned(),
    })
}
