//! The row of a version of an entry: its key, its columns and its content.

use crate::column::Table;
use crate::condition::{PUBLISHED, WORKING};
use crate::entity::{EntryColumn, VersionKey, entry_source};
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::table::{self, StoredContent};
use caunoi_domain::collation;
use caunoi_domain::date::{FuzzyDate, UNDATED_FIRST};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryMeta, Publication};
use caunoi_domain::fact::DateBounds;
use caunoi_domain::id::Id;
use caunoi_domain::locale::Locale;
use sea_orm::Value;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, Query};

/// Returns the slot of a version.
pub(crate) fn slot_of(publication: Publication) -> &'static str {
    match publication {
        Publication::Published => PUBLISHED,
        Publication::Draft | Publication::Submitted | Publication::Withdrawn => WORKING,
    }
}

/// Returns the row of a version.
pub(crate) fn entry_row<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<TableRow, StoreError> {
    let (meta, content) = (&entry.meta, &entry.content);
    let common = content.common();
    let pillar: Option<&'static str> = common.pillar.map(Into::into);
    let first = DateBounds::from_date(content.first());
    let name = |locale| {
        let parts = content.name_parts(meta.log, directory, locale);
        collation::joined(&parts.iter().map(String::as_str).collect::<Vec<_>>(), locale)
    };
    let shared: [(EntryColumn, Value); 13] = [
        (EntryColumn::ProvinceId, meta.log.number().into()),
        (EntryColumn::Number, meta.number.into()),
        (EntryColumn::Slot, slot.into()),
        (EntryColumn::Code, meta.code.clone().into()),
        (EntryColumn::OriginUnitId, common.origin_unit.map(Id::number).into()),
        (EntryColumn::Pillar, pillar.into()),
        (EntryColumn::CountsFrom, common.counts_from.unwrap_or(UNDATED_FIRST).into()),
        (EntryColumn::FirstText, content.first().map(FuzzyDate::edtf).into()),
        (EntryColumn::FirstEarliest, first.earliest.into()),
        (EntryColumn::FirstLatest, first.latest.into()),
        (EntryColumn::NameVi, name(Locale::Vi).into()),
        (EntryColumn::NameEn, name(Locale::En).into()),
        (EntryColumn::Content, canonical(content, &meta.code)?.into()),
    ];
    Ok(content.own_columns(directory).with(shared).with(meta_columns(meta)))
}

/// Returns the key of a version, for the rows that belong to it.
pub(crate) fn version_key(meta: &EntryMeta, slot: &'static str) -> [(VersionKey, Value); 3] {
    [
        (VersionKey::ProvinceId, meta.log.number().into()),
        (VersionKey::Number, meta.number.into()),
        (VersionKey::Slot, slot.into()),
    ]
}

/// Returns the rows of the sources of a version, each once.
pub(crate) fn source_rows<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
) -> impl Iterator<Item = TableRow> {
    table::unique(&entry.content.common().sources).map(move |source| {
        TableRow::new(entry_source::ActiveModel {
            source_id: table::id(source),
            kind: table::word(C::KIND),
            ..Default::default()
        })
        .with(version_key(&entry.meta, slot))
    })
}

/// Returns the deletion of the rows of a version from a table.
pub(super) fn delete_version(table: Table, meta: &EntryMeta, slot: &str) -> DeleteStatement {
    Query::delete()
        .from_table(table)
        .and_where(Expr::col(VersionKey::ProvinceId).eq(meta.log.number()))
        .and_where(Expr::col(VersionKey::Number).eq(meta.number))
        .and_where(Expr::col(VersionKey::Slot).eq(slot))
        .to_owned()
}

/// Returns the columns that a transition of an entry changes.
pub(super) fn meta_columns(meta: &EntryMeta) -> impl Iterator<Item = (EntryColumn, Value)> {
    let publication: &'static str = meta.publication.into();
    let pending: Option<&'static str> = meta.pending.map(Into::into);
    let columns: [(EntryColumn, Value); 6] = [
        (EntryColumn::Version, meta.version.into()),
        (EntryColumn::LastVersion, meta.last_version.into()),
        (EntryColumn::Publication, publication.into()),
        (EntryColumn::Pending, pending.into()),
        (EntryColumn::PublishedAtUs, meta.published_at_us.into()),
        (EntryColumn::UpdatedAtUs, meta.updated_at_us.into()),
    ];
    columns.into_iter()
}

/// Returns the canonical JSON text of a content: its fields in their declared order.
pub(crate) fn canonical<C: StoredContent>(content: &C, code: &str) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| {
        StoreError::corrupt(C::tables().entries.column(EntryColumn::Content), code, error.to_string())
    })
}
