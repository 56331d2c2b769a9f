//! The activity with the partner of a relation: the dates of published agreements and events that
//! the same province owns, alone or with others, with the same partner.

use crate::column::{TableColumn, column};
use crate::condition::PUBLISHED;
use crate::entity::{EntryColumn, OwnerColumn, VersionKey, agreement, event, relation};
use crate::error::StoreError;
use crate::search;
use crate::table::{EntryTables, StoredContent};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::entry::UnitId;
use caunoi_domain::event::Event;
use caunoi_domain::id::{Id, Log};
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::PartnerActivity;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Keyword, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

/// Returns the activity with the partner of the relation with this code. Reads only dates and units,
/// each pair once, however many entries have it.
pub(crate) async fn of_relation(
    tx: &DatabaseTransaction,
    log: Log,
    code: &str,
    partner: LocalityId,
) -> Result<PartnerActivity, StoreError> {
    let relation = RelationRef { log, code, partner };
    let mut activity =
        PartnerActivity { other_units: other_units(tx, relation).await?, ..PartnerActivity::default() };
    let agreements = agreement::Column::RelationCode;
    add_activity(tx, &Agreement::tables(), agreements, relation, &mut activity).await?;
    add_activity(tx, &Event::tables(), event::Column::RelationCode, relation, &mut activity).await?;
    Ok(activity)
}

/// Reads the units of the other published relations with the partner.
async fn other_units(
    tx: &DatabaseTransaction,
    RelationRef { log, code, partner }: RelationRef<'_>,
) -> Result<Vec<Option<UnitId>>, StoreError> {
    let query = Query::select()
        .distinct()
        .expr(column(relation::Column::OriginUnitId))
        .from(relation::Entity)
        .and_where(column(relation::Column::ProvinceId).eq(log.number()))
        .and_where(column(relation::Column::Slot).eq(PUBLISHED))
        .and_where(column(relation::Column::PartnerId).eq(partner.number()))
        .and_where(column(relation::Column::Code).ne(code))
        .to_owned();
    let rows = tx.query_all(&query).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<Option<i32>>(0)?.map(Id::new))).collect()
}

/// A relation, and its partner.
#[derive(Clone, Copy)]
struct RelationRef<'a> {
    log: Log,
    code: &'a str,
    partner: LocalityId,
}

/// Adds [`caunoi_domain::entry::LinkedActivity`] from the columns of a kind: the first date of
/// entries that name the relation, of those with its partner that name none, and of those with its
/// partner that the province owns with others.
async fn add_activity(
    tx: &DatabaseTransaction,
    tables: &EntryTables,
    relation_code: impl Into<TableColumn>,
    RelationRef { log, code, partner }: RelationRef<'_>,
    activity: &mut PartnerActivity,
) -> Result<(), StoreError> {
    let (entries, relation_code) = (tables.entries, relation_code.into());
    let (Some(of_partner), Some(owners)) = (tables.child_partner(), tables.owners) else { return Ok(()) };
    let dated = |unit: Expr, named: Expr| {
        Query::select()
            .column((entries, EntryColumn::FirstText))
            .expr(unit)
            .expr(named)
            .from(entries)
            .and_where(entries.expr(EntryColumn::Slot).eq(PUBLISHED))
            .and_where(entries.expr(EntryColumn::FirstText).is_not_null())
            .to_owned()
    };
    let own = || {
        dated(entries.expr(EntryColumn::OriginUnitId), relation_code.expr())
            .and_where(entries.expr(EntryColumn::ProvinceId).eq(log.number()))
            .to_owned()
    };
    let with_partner = |mut entries_of: SelectStatement| {
        entries_of
            .join(JoinType::Join, of_partner.table, search::is_same_version(of_partner.table, entries))
            .and_where(of_partner.expr().eq(partner.number()))
            .to_owned()
    };
    let unnamed = with_partner(own()).and_where(relation_code.expr().is_null()).to_owned();
    // The relation that a shared entry names is one of the unit of origin.
    let shared = dated(owners.expr(OwnerColumn::UnitId), Keyword::Null.into())
        .join(JoinType::Join, owners, search::is_same_version(owners, entries))
        .and_where(owners.expr(VersionKey::Slot).eq(PUBLISHED))
        .and_where(owners.expr(OwnerColumn::OwnerId).eq(log.number()))
        .to_owned();
    // A union of selects that each have an index; one condition with OR would have none.
    let query = own()
        .and_where(relation_code.expr().eq(code))
        .union(UnionType::Distinct, unnamed)
        .union(UnionType::Distinct, with_partner(shared))
        .to_owned();
    for row in tx.query_all(&query).await? {
        let text: String = row.try_get_by_index(0)?;
        let unit: Option<i32> = row.try_get_by_index(1)?;
        let named: Option<String> = row.try_get_by_index(2)?;
        let date = FuzzyDate::parse(&text).map_err(|refusal| {
            StoreError::corrupt(entries.column(EntryColumn::FirstText), code, refusal.to_string())
        })?;
        match named {
            Some(_) => activity.named.extend(date.first_latest()),
            None => activity.unnamed.extend(date.first_latest().map(|on| (unit.map(Id::new), on))),
        }
    }
    Ok(())
}
