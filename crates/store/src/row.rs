//! Rows of the tables of entries as domain values.

use crate::column::Table;
use crate::entity::EntryColumn;
use crate::error::StoreError;
use crate::table::StoredContent;
use caunoi_domain::entry::{Entry, EntryMeta, Publication};
use caunoi_domain::id::Log;
use sea_orm::QueryResult;
use std::str::FromStr;

/// The columns of an entry, in the order that [`read`] expects.
pub(crate) const ENTRY_COLUMNS: [EntryColumn; 10] = [
    EntryColumn::ProvinceId,
    EntryColumn::Number,
    EntryColumn::Code,
    EntryColumn::Version,
    EntryColumn::Publication,
    EntryColumn::PublishedAtUs,
    EntryColumn::UpdatedAtUs,
    EntryColumn::Pending,
    EntryColumn::LastVersion,
    EntryColumn::Content,
];

/// Reads an entry from the first columns of a row.
pub(crate) fn read<C: StoredContent>(row: &QueryResult) -> Result<Entry<C>, StoreError> {
    let entries = || C::tables().entries;
    let (meta, content) = read_parts(entries, row)?;
    match serde_json::from_str(&content) {
        Ok(content) => Ok(Entry { meta, content }),
        Err(error) => {
            Err(StoreError::corrupt(entries().column(EntryColumn::Content), meta.code, error.to_string()))
        }
    }
}

/// Reads the metadata and the text of the content. By index: lists read many rows.
fn read_parts(entries: fn() -> Table, row: &QueryResult) -> Result<(EntryMeta, String), StoreError> {
    let code: String = row.try_get_by_index(2)?;
    let publication: String = row.try_get_by_index(4)?;
    let pending: Option<String> = row.try_get_by_index(7)?;
    let content: String = row.try_get_by_index(9)?;
    let publication = Publication::from_str(&publication).map_err(|_| {
        let why = format!("\"{publication}\"");
        StoreError::corrupt(entries().column(EntryColumn::Publication), code.as_str(), why)
    })?;
    let pending = pending.map(|word| Publication::from_str(&word)).transpose().map_err(|_| {
        let why = "not a state of publication";
        StoreError::corrupt(entries().column(EntryColumn::Pending), code.as_str(), why)
    })?;
    let meta = EntryMeta {
        log: Log::new(row.try_get_by_index(0)?),
        number: row.try_get_by_index(1)?,
        version: row.try_get_by_index(3)?,
        published_at_us: row.try_get_by_index(5)?,
        updated_at_us: row.try_get_by_index(6)?,
        last_version: row.try_get_by_index(8)?,
        publication,
        pending,
        code,
    };
    Ok((meta, content))
}
