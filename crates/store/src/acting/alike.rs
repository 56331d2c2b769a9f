//! Finding entries that look like a new one.

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::search;
use crate::statement::literal;
use crate::table::Stored;
use caunoi_domain::entry::{Entry, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::likeness::Partner;
use sea_orm::sea_query::{Cond, Condition, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::BTreeMap;

/// The entries of the same log and kind that look like this content; of each its working version
/// where there is one. Withdrawn entries are not looked at.
pub(super) async fn find<C: Stored>(
    tx: &DatabaseTransaction,
    log: Log,
    content: &C,
) -> Result<Vec<Entry<C>>, StoreError> {
    let Some(likeness) = content.likeness().filter(|likeness| !likeness.partners().is_empty()) else {
        return Ok(Vec::new());
    };
    let withdrawn: &'static str = Publication::Withdrawn.into();
    let query = select_entries::<C>()
        .and_where(column(C::TABLE, "province_id").eq(log.number()))
        .and_where(column(C::TABLE, "publication").ne(withdrawn))
        .cond_where(shares_partner::<C>(log, likeness.partners()))
        .to_owned();
    let mut alike: BTreeMap<i32, Entry<C>> = BTreeMap::new();
    for row in tx.query_all(&query).await? {
        let entry: Entry<C> = row::read(&row)?;
        let is_working = entry.stamp.publication != Publication::Published;
        if entry.content.likeness().is_some_and(|other| likeness.is_like(&other))
            && (is_working || !alike.contains_key(&entry.stamp.number))
        {
            alike.insert(entry.stamp.number, entry);
        }
    }
    Ok(alike.into_values().collect())
}

fn shares_partner<C: Stored>(log: Log, partners: &[Partner]) -> Condition {
    if C::ARE_FEW {
        return Cond::all();
    }
    let localities: Vec<i32> = partners
        .iter()
        .filter_map(|partner| match partner {
            Partner::Locality(id) => Some(id.number()),
            Partner::Body(_) | Partner::Country(_) => None,
        })
        .collect();
    let has_body = partners.iter().any(|partner| matches!(partner, Partner::Body(_)));
    let Some(child) = C::LOCALITIES else {
        return Cond::all().add(column(C::TABLE, "partner_id").is_in(localities));
    };
    let mut which = Cond::any().add(column(child, "locality_id").is_in(localities));
    if has_body {
        // Bodies are compared by folded names, which the domain does.
        which = which.add(column(child, "locality_id").is_null());
    }
    // By the keys of few rows: SQLite would look for each entry through all that have the locality.
    let keys = Query::select()
        .columns(search::KEY)
        .from(child)
        .and_where(column(child, "province_id").eq(log.number()))
        .and_where(column(child, "slot").is_in([PUBLISHED, WORKING].map(literal)))
        .cond_where(which)
        .to_owned();
    Cond::all().add(search::key::<C>().in_subquery(keys))
}
