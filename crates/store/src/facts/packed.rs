//! The table of packed facts, with a row for each version of an entry that statistics count.

use crate::column::{Table, column};
use crate::entity::fact;
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::packed_rows::PackedRows;
use crate::table::{StoredContent, word};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryKind, EntryMeta};
use caunoi_domain::fact::{Fact, PackedFactError};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Asterisk, DeleteStatement, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(fact::Entity)
}

/// Returns the row of a version; `None` if statistics do not count its kind.
pub(crate) fn row<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<Option<TableRow>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    Ok(Some(TableRow::new(fact::ActiveModel {
        province_id: Set(entry.meta.log.number()),
        number: Set(entry.meta.number),
        slot: word(slot),
        kind: word(C::KIND),
        content: Set(content),
    })))
}

/// Updates the row of a version to its metadata; `None` if statistics do not count its kind.
pub(crate) fn update_meta<C: StoredContent>(
    entry: &Entry<C>,
    slot: &str,
    directory: &Directory,
) -> Result<Option<UpdateStatement>, StoreError> {
    let Some(content) = packed(entry, directory)? else { return Ok(None) };
    let mut update = Query::update();
    update.table(table()).value(fact::Column::Content, content).and_where(key(&entry.meta, slot));
    Ok(Some(update))
}

/// Deletes the row of a version.
pub(crate) fn remove(meta: &EntryMeta, slot: &str) -> DeleteStatement {
    Query::delete().from_table(table()).and_where(key(meta, slot)).to_owned()
}

/// Returns the number of rows of a kind.
pub(crate) async fn count(tx: &DatabaseTransaction, of: EntryKind) -> Result<usize, StoreError> {
    let query =
        Query::select().expr(Expr::col(Asterisk).count()).from(table()).and_where(is_of_kind(of)).to_owned();
    let count: Option<i64> = tx.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}

fn key(meta: &EntryMeta, slot: &str) -> Expr {
    column(fact::Column::ProvinceId)
        .eq(meta.log.number())
        .and(column(fact::Column::Number).eq(meta.number))
        .and(column(fact::Column::Slot).eq(slot))
}

fn packed<C: StoredContent>(entry: &Entry<C>, directory: &Directory) -> Result<Option<Vec<u8>>, StoreError> {
    let packed = Fact::from_entry(entry, directory).map(|fact| fact.to_bytes()).transpose();
    packed.map_err(|error| corrupt(format!("{} {}", C::tables().entries.name(), entry.meta.code), &error))
}

/// Returns the condition that a row is of a kind.
pub(super) fn is_of_kind(kind: EntryKind) -> Expr {
    let kind: &'static str = kind.into();
    column(fact::Column::Kind).eq(kind)
}

/// Calls `take` with each fact, in the order of their keys.
pub(super) fn each(packed: &PackedRows, mut take: impl FnMut(Fact)) -> Result<(), StoreError> {
    packed.each(|key, content| {
        let fact = Fact::from_bytes(content);
        take(fact.map_err(|error| corrupt(format!("{key:?}"), &error))?);
        Ok(())
    })
}

fn corrupt(id: String, error: &PackedFactError) -> StoreError {
    StoreError::corrupt(fact::Column::Content, id, error.to_string())
}
