//! Rows of the tables of entries as domain values.

use crate::error::StoreError;
use crate::table::StoredContent;
use caunoi_domain::entry::{Entry, EntryMeta, Publication};
use caunoi_domain::id::Log;
use sea_orm::QueryResult;
use std::str::FromStr;

/// The columns of an entry, in the order that [`read`] expects.
pub(crate) const ENTRY_COLUMNS: [&str; 10] = [
    "province_id",
    "number",
    "code",
    "version",
    "publication",
    "published_at_us",
    "updated_at_us",
    "pending",
    "last_version",
    "content",
];

/// Reads an entry from the first columns of a row.
pub(crate) fn read<C: StoredContent>(row: &QueryResult) -> Result<Entry<C>, StoreError> {
    let code: String = row.try_get_by_index(2)?;
    let publication: String = row.try_get_by_index(4)?;
    let content: String = row.try_get_by_index(9)?;
    let pending: Option<String> = row.try_get_by_index(7)?;
    let corrupt =
        |column, why: String| StoreError::Corrupt { table: C::TABLE, column, id: code.clone(), why };
    let publication = Publication::from_str(&publication)
        .map_err(|_| corrupt("publication", format!("\"{publication}\"")))?;
    let pending = pending.map(|word| Publication::from_str(&word)).transpose();
    let pending = pending.map_err(|_| corrupt("pending", "not a state of publication".to_owned()))?;
    let content = serde_json::from_str(&content).map_err(|error| corrupt("content", error.to_string()))?;
    Ok(Entry {
        meta: EntryMeta {
            log: Log::new(row.try_get_by_index(0)?),
            number: row.try_get_by_index(1)?,
            version: row.try_get_by_index(3)?,
            published_at_us: row.try_get_by_index(5)?,
            updated_at_us: row.try_get_by_index(6)?,
            last_version: row.try_get_by_index(8)?,
            publication,
            pending,
            code,
        },
        content,
    })
}
