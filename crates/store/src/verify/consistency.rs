//! Statements that find a row only if it is what its log says.

use crate::column::Table;
use crate::entity::{EntryColumn, VersionKey, entry_source};
use crate::error::StoreError;
use crate::facts::packed;
use crate::insert::TableRow;
use crate::search::document;
use crate::table::StoredContent;
use crate::write;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Entry;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{IdenStatic, Value};
use std::collections::BTreeMap;

/// Returns a select that finds the row only if it and its child rows are those of the content.
pub(super) fn select_if_consistent<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<SelectStatement, StoreError> {
    let mut row = write::entry_row(entry, slot, directory)?;
    // Sort keys are also derived from names of reference data, which may have changed since.
    let sort_keys = [EntryColumn::NameVi, EntryColumn::NameEn].map(|column| column.as_str());
    row.values.retain(|(name, _)| !sort_keys.contains(name));
    let mut query = select_equal(row);
    let key = || write::version_key(&entry.meta, slot);
    let mut counts: BTreeMap<Table, i64> = C::child_tables().into_iter().map(|child| (child, 0)).collect();
    for child in entry.content.children(directory) {
        *counts.entry(child.table).or_default() += 1;
        query.and_where(Expr::exists(select_equal(child.with(key()))));
    }
    counts.insert(Table::of(entry_source::Entity), 0);
    for source in write::source_rows(entry, slot) {
        *counts.entry(source.table).or_default() += 1;
        query.and_where(Expr::exists(select_equal(source)));
    }
    if let Some(fact) = packed::row(entry, slot, directory)? {
        query.and_where(Expr::exists(select_equal(fact)));
    }
    query.and_where(Expr::exists(select_equal(document::row(entry, slot)?)));
    for (table, count) in counts {
        query.and_where(count_versions(table, key()).eq(count));
    }
    Ok(query)
}

/// Selects 1 if the table has this row.
fn select_equal(row: TableRow) -> SelectStatement {
    let mut select = Query::select().expr(Expr::val(1)).from(row.table).to_owned();
    for (name, value) in row.values {
        let column = Expr::col((row.table, name));
        select.and_where(if value == value.as_null() { column.is_null() } else { column.eq(value) });
    }
    select
}

/// Counts the rows of a version.
fn count_versions(table: Table, key: [(VersionKey, Value); 3]) -> Expr {
    let mut count = Query::select().expr(Expr::col(Asterisk).count()).from(table).to_owned();
    for (name, value) in key {
        count.and_where(table.expr(name).eq(value));
    }
    Expr::from(count)
}
