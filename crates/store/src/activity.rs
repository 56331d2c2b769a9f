//! The days of activity of a relation: the dates of published agreements and events of the same
//! province with the same partner.

use crate::condition::PUBLISHED;
use crate::connect::column;
use crate::error::StoreError;
use crate::table::{StoredContent, unique};
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
    let mut days = days_in::<Agreement>(tx, log, code, partner).await?;
    days.extend(days_in::<Event>(tx, log, code, partner).await?);
    Ok(unique(&days).collect())
}

/// Reads the days of [`caunoi_domain::entry::LinkedActivity`] from the columns of a kind: the first
/// date of an entry counts to the relation that it names, else to those with its partners.
async fn days_in<C: StoredContent>(
    tx: &DatabaseTransaction,
    log: Log,
    code: &str,
    partner: LocalityId,
) -> Result<Vec<Day>, StoreError> {
    let Some(child) = C::LOCALITIES else { return Ok(Vec::new()) };
    let dated = || {
        Query::select()
            .column((C::TABLE, "first_text"))
            .from(C::TABLE)
            .and_where(column(C::TABLE, "province_id").eq(log.number()))
            .and_where(column(C::TABLE, "slot").eq(PUBLISHED))
            .and_where(column(C::TABLE, "first_text").is_not_null())
            .to_owned()
    };
    let same = |name: &'static str| column(child, name).equals((C::TABLE, name));
    let with_partner = dated()
        .join(JoinType::Join, child, same("province_id").and(same("number")).and(same("slot")))
        .and_where(column(child, "locality_id").eq(partner.number()))
        .and_where(column(C::TABLE, "relation_code").is_null())
        .to_owned();
    // A union of two selects that each have an index; one condition with OR would have none.
    let query = dated()
        .and_where(column(C::TABLE, "relation_code").eq(code))
        .union(UnionType::Distinct, with_partner)
        .to_owned();
    let mut days = Vec::new();
    for row in tx.query_all(&query).await? {
        let text: String = row.try_get_by_index(0)?;
        let date = FuzzyDate::parse(&text).map_err(|refusal| StoreError::Corrupt {
            table: C::TABLE,
            column: "first_text",
            id: code.to_owned(),
            why: refusal.to_string(),
        })?;
        days.extend(date.first_latest());
    }
    Ok(days)
}
