//! The entries that a new one is compared with.

use super::CommandTransaction;
use crate::condition::{self, PUBLISHED, WORKING};
use crate::entity::{EntryColumn, VersionKey};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::search;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
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
        let tables = C::tables();
        let which =
            if C::FEW_PER_PROVINCE { Cond::all() } else { shares_partner(&tables, self.log, partners) };
        let query = select_entries(&tables)
            .and_where(tables.entries.expr(EntryColumn::ProvinceId).eq(self.log.number()))
            .and_where(tables.entries.expr(EntryColumn::Publication).ne(withdrawn))
            .cond_where(which)
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}

fn shares_partner(tables: &EntryTables, log: Log, partners: &[PartnerRef]) -> Condition {
    let localities: Vec<i32> = partners
        .iter()
        .filter_map(|partner| match partner {
            PartnerRef::Locality(id) => Some(id.number()),
            PartnerRef::Organization(_) | PartnerRef::Country(_) => None,
        })
        .collect();
    let has_body = partners.iter().any(|partner| matches!(partner, PartnerRef::Organization(_)));
    let Some(partner) = tables.partner else { return Cond::all().add(condition::nothing()) };
    let has_locality = partner.expr().is_in(localities);
    if partner.table == tables.entries {
        return Cond::all().add(has_locality);
    }
    let mut which = Cond::any().add(has_locality);
    if has_body {
        // Organizations are compared by their folded names in the domain, so rows without a
        // locality stay.
        which = which.add(partner.expr().is_null());
    }
    // Selects a few rows by key: SQLite would scan all rows of the locality for each entry.
    let keys = Query::select()
        .columns(search::KEY)
        .from(partner.table)
        .and_where(partner.table.expr(VersionKey::ProvinceId).eq(log.number()))
        .and_where(partner.table.expr(VersionKey::Slot).is_in([PUBLISHED, WORKING].map(literal)))
        .cond_where(which)
        .to_owned();
    Cond::all().add(search::key(tables).in_subquery(keys))
}
