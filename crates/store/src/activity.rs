//! The days of activity of a relation: the dates of published agreements and events of the same
//! province with the same partner.

use crate::column::TableColumn;
use crate::condition::PUBLISHED;
use crate::entity::{EntryColumn, agreement, event};
use crate::error::StoreError;
use crate::search;
use crate::table::{EntryTables, StoredContent, unique};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::{Day, FuzzyDate};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use sea_orm::sea_query::{ExprTrait, JoinType, Query, UnionType};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

/// Returns the days of activity of the relation with this code and partner, ascending. Reads only
/// dates, each once, however many entries have it.
pub(crate) async fn of_relation(
    tx: &DatabaseTransaction,
    log: Log,
    code: &str,
    partner: LocalityId,
) -> Result<Vec<Day>, StoreError> {
    let relation = RelationRef { log, code, partner };
    let mut days = days_in(tx, &Agreement::tables(), agreement::Column::RelationCode, relation).await?;
    days.extend(days_in(tx, &Event::tables(), event::Column::RelationCode, relation).await?);
    Ok(unique(&days).collect())
}

/// A relation, and its partner.
#[derive(Clone, Copy)]
struct RelationRef<'a> {
    log: Log,
    code: &'a str,
    partner: LocalityId,
}

/// Reads the days of [`caunoi_domain::entry::LinkedActivity`] from the columns of a kind: the first
/// date of an entry counts to the relation that it names, else to those with its partners.
async fn days_in(
    tx: &DatabaseTransaction,
    tables: &EntryTables,
    relation_code: impl Into<TableColumn>,
    RelationRef { log, code, partner }: RelationRef<'_>,
) -> Result<Vec<Day>, StoreError> {
    let (entries, relation_code) = (tables.entries, relation_code.into());
    let Some(of_partner) = tables.child_partner() else { return Ok(Vec::new()) };
    let dated = || {
        Query::select()
            .column((entries, EntryColumn::FirstText))
            .from(entries)
            .and_where(entries.expr(EntryColumn::ProvinceId).eq(log.number()))
            .and_where(entries.expr(EntryColumn::Slot).eq(PUBLISHED))
            .and_where(entries.expr(EntryColumn::FirstText).is_not_null())
            .to_owned()
    };
    let with_partner = dated()
        .join(JoinType::Join, of_partner.table, search::is_same_version(of_partner.table, entries))
        .and_where(of_partner.expr().eq(partner.number()))
        .and_where(relation_code.expr().is_null())
        .to_owned();
    // A union of two selects that each have an index; one condition with OR would have none.
    let query =
        dated().and_where(relation_code.expr().eq(code)).union(UnionType::Distinct, with_partner).to_owned();
    let mut days = Vec::new();
    for row in tx.query_all(&query).await? {
        let text: String = row.try_get_by_index(0)?;
        let date = FuzzyDate::parse(&text).map_err(|refusal| {
            StoreError::corrupt(entries.column(EntryColumn::FirstText), code, refusal.to_string())
        })?;
        days.extend(date.first_latest());
    }
    Ok(days)
}
