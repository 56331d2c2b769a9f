//! The entries that a new one is compared with.

use super::CommandTransaction;
use crate::condition::{PUBLISHED, WORKING};
use crate::connect::column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::search;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::entry::{Entry, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::similarity::PartnerRef;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Cond, Condition, ExprTrait, Query};

impl CommandTransaction<'_> {
    /// Returns the versions of entries of this log and kind that share one of these partners,
    /// without the withdrawn ones.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_entries_with_partners<C: StoredContent>(
        &self,
        partners: &[PartnerRef],
    ) -> Result<Vec<Entry<C>>, StoreError> {
        let withdrawn: &'static str = Publication::Withdrawn.into();
        let query = select_entries::<C>()
            .and_where(column(C::TABLE, "province_id").eq(self.log.number()))
            .and_where(column(C::TABLE, "publication").ne(withdrawn))
            .cond_where(shares_partner::<C>(self.log, partners))
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}

fn shares_partner<C: StoredContent>(log: Log, partners: &[PartnerRef]) -> Condition {
    if C::FEW_PER_PROVINCE {
        return Cond::all();
    }
    let localities: Vec<i32> = partners
        .iter()
        .filter_map(|partner| match partner {
            PartnerRef::Locality(id) => Some(id.number()),
            PartnerRef::Organization(_) | PartnerRef::Country(_) => None,
        })
        .collect();
    let has_body = partners.iter().any(|partner| matches!(partner, PartnerRef::Organization(_)));
    let Some(child) = C::LOCALITIES else {
        return Cond::all().add(column(C::TABLE, "partner_id").is_in(localities));
    };
    let mut which = Cond::any().add(column(child, "locality_id").is_in(localities));
    if has_body {
        // Organizations are compared by their folded names in the domain, so rows without a
        // locality stay.
        which = which.add(column(child, "locality_id").is_null());
    }
    // Selects a few rows by key: SQLite would scan all rows of the locality for each entry.
    let keys = Query::select()
        .columns(search::KEY)
        .from(child)
        .and_where(column(child, "province_id").eq(log.number()))
        .and_where(column(child, "slot").is_in([PUBLISHED, WORKING].map(literal)))
        .cond_where(which)
        .to_owned();
    Cond::all().add(search::key::<C>().in_subquery(keys))
}
