//! The table of packed search documents, with a row for each version of an entry.

use crate::column::Table;
use crate::condition::{self, PUBLISHED, WORKING};
use crate::entity::{EntryColumn, PackedColumn, VersionKey, search_document};
use crate::error::StoreError;
use crate::facts::{KEYS_PER_RANGE, KeyRange, key_ranges};
use crate::find::has_key;
use crate::insert::TableRow;
use crate::packed_rows::PackedRows;
use crate::table::{EntryTables, StoredContent, word};
use crate::task::join_task;
use caunoi_domain::entry::{Entry, EntryKind};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::search_index::{EntryIndex, SearchDocument};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, HashSet};
use tokio::sync::mpsc;

/// Most entries of one statement; SQLite accepts 32,766 values.
const MAX_KEYS: usize = 5_000;
/// Batches of packed documents that may wait to be unpacked.
const MAX_QUEUED_BATCHES: usize = 2;

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(search_document::Entity)
}

/// Returns the row of a version.
pub(crate) fn row<C: StoredContent>(entry: &Entry<C>, slot: &'static str) -> Result<TableRow, StoreError> {
    let content = SearchDocument::from_entry(entry).to_bytes().map_err(|error| {
        let id = format!("{} {}", C::tables().entries.name(), entry.meta.code);
        StoreError::corrupt(search_document::Column::Content, id, error.to_string())
    })?;
    Ok(TableRow::new(search_document::ActiveModel {
        province_id: Set(entry.meta.log.number()),
        number: Set(entry.meta.number),
        slot: word(slot),
        kind: word(C::KIND),
        content: Set(content),
    }))
}

/// Returns the number of rows of a kind.
pub(crate) async fn count(tx: &DatabaseTransaction, of: EntryKind) -> Result<usize, StoreError> {
    let count = Expr::col(sea_orm::sea_query::Asterisk).count();
    let query = Query::select().expr(count).from(table()).and_where(is_of_kind(of)).to_owned();
    let count: Option<i64> = tx.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}

/// Reads the published documents of all entries of logs with these heads. Documents are read by key
/// range, and another thread adds them to the index meanwhile.
pub(crate) async fn read_published(
    tx: &DatabaseTransaction,
    heads: &BTreeMap<Log, i64>,
) -> Result<EntryIndex, StoreError> {
    let (sender, mut receiver) = mpsc::channel::<PackedRows>(MAX_QUEUED_BATCHES);
    let building = tokio::task::spawn_blocking(move || {
        let mut index = EntryIndex::default();
        while let Some(packed) = receiver.blocking_recv() {
            index = index.with(&HashSet::new(), unpack(&packed)?);
        }
        Ok(index)
    });
    for range in key_ranges(heads, KEYS_PER_RANGE) {
        let packed = PackedRows::read(tx, table(), published(range)).await?;
        if sender.send(packed).await.is_err() {
            // The other thread failed on a corrupt row and returns the error below.
            break;
        }
    }
    drop(sender);
    join_task(building).await
}

/// Reads the published documents of these entries.
pub(crate) async fn read_keys(
    tx: &DatabaseTransaction,
    keys: impl IntoIterator<Item = (Log, i32)>,
) -> Result<Vec<SearchDocument>, StoreError> {
    let keys: Vec<(Log, i32)> = keys.into_iter().collect();
    let mut documents = Vec::new();
    for chunk in keys.chunks(MAX_KEYS) {
        let rows = in_slot(PUBLISHED).and(has_key(table(), chunk.iter().copied()));
        documents.extend(unpack(&PackedRows::read(tx, table(), rows).await?)?);
    }
    Ok(documents)
}

/// Reads the documents of the unpublished versions of one kind that a scope sees.
pub(crate) async fn read_unpublished(
    tx: &DatabaseTransaction,
    tables: &EntryTables,
    scope: Scope,
) -> Result<Vec<SearchDocument>, StoreError> {
    let entries = tables.entries;
    let seen = Query::select()
        .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (entries, name)))
        .from(entries)
        .and_where(entries.expr(EntryColumn::Slot).eq(WORKING))
        .and_where(condition::of_scope(tables, scope))
        .to_owned();
    let key = Expr::tuple([VersionKey::ProvinceId, VersionKey::Number].map(|name| table().expr(name)));
    let rows = is_of_kind(tables.kind).and(in_slot(WORKING)).and(key.in_subquery(seen));
    unpack(&PackedRows::read(tx, table(), rows).await?)
}

fn published(range: KeyRange) -> Expr {
    range.condition(table()).and(in_slot(PUBLISHED))
}

fn in_slot(slot: &str) -> Expr {
    table().expr(VersionKey::Slot).eq(slot)
}

fn is_of_kind(kind: EntryKind) -> Expr {
    let kind: &'static str = kind.into();
    table().expr(PackedColumn::Kind).eq(kind)
}

fn unpack(packed: &PackedRows) -> Result<Vec<SearchDocument>, StoreError> {
    let mut documents = Vec::new();
    packed.each(|key, content| {
        documents.push(SearchDocument::from_bytes(content).map_err(|error| {
            StoreError::corrupt(search_document::Column::Content, format!("{key:?}"), error.to_string())
        })?);
        Ok(())
    })?;
    Ok(documents)
}
