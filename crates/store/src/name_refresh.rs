//! Updates the columns of entries that are derived from reference data: sort keys, countries,
//! search words. The content does not change, so no change is appended.

use crate::column::column;
use crate::condition::{self, PUBLISHED, WORKING};
use crate::connect::Store;
use crate::entity::{EntryColumn, VersionKey, agreement_party};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
use crate::write::WriteTransaction;
use crate::{reference, row, search};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::{Directory, NameSource};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, ExprTrait, Query};
use std::sync::Arc;

/// Updates all entries of all logs.
pub(crate) async fn refresh_all(writing: &mut WriteTransaction) -> Result<(), StoreError> {
    refresh_matching::<Relation>(writing, Condition::all()).await?;
    refresh_matching::<Agreement>(writing, Condition::all()).await?;
    refresh_matching::<Event>(writing, Condition::all()).await?;
    refresh_matching::<Organization>(writing, Condition::all()).await?;
    refresh_matching::<Programme>(writing, Condition::all()).await?;
    refresh_matching::<Figure>(writing, Condition::all()).await?;
    refresh_matching::<Instrument>(writing, Condition::all()).await?;
    Ok(())
}

impl Store {
    /// Updates the entries that use this name, log by log with the rights of each, in the order in
    /// which every transaction locks the logs. At the end the rights are those of `own`.
    pub(crate) async fn refresh_names(
        &self,
        writing: &mut WriteTransaction,
        source: &NameSource,
        own: Log,
    ) -> Result<(), StoreError> {
        writing.send().await?;
        let directory = Arc::new(Directory::new(reference::read(writing.tx()).await?));
        let provinces: Vec<Log> = directory.provinces().iter().map(|province| province.log).collect();
        writing.set_directory(directory);
        // A transaction that holds the head of a province locks no other one: two could deadlock.
        let others = if own.is_province() { Vec::new() } else { provinces };
        for log in [own].into_iter().chain(others) {
            self.set_province(writing.tx(), Rights::Province(log)).await?;
            refresh_log(writing, log, source).await?;
        }
        // The commit updates the head of `own` alone.
        self.set_province(writing.tx(), Rights::Province(own)).await
    }
}

/// Locks the head of the log first: a concurrent writer of such an entry commits before, or reads
/// the new names after.
async fn refresh_log(
    writing: &mut WriteTransaction,
    log: Log,
    source: &NameSource,
) -> Result<(), StoreError> {
    writing.lock_log(log).await?;
    for kind in source.used_by() {
        match kind {
            EntryKind::Relation => refresh_kind::<Relation>(writing, log, source).await?,
            EntryKind::Agreement => refresh_kind::<Agreement>(writing, log, source).await?,
            EntryKind::Event => refresh_kind::<Event>(writing, log, source).await?,
            EntryKind::Organization => refresh_kind::<Organization>(writing, log, source).await?,
            EntryKind::Programme => refresh_kind::<Programme>(writing, log, source).await?,
            EntryKind::Figure => refresh_kind::<Figure>(writing, log, source).await?,
            EntryKind::Instrument => refresh_kind::<Instrument>(writing, log, source).await?,
        }
    }
    Ok(())
}

async fn refresh_kind<C: StoredContent>(
    writing: &mut WriteTransaction,
    log: Log,
    source: &NameSource,
) -> Result<(), StoreError> {
    refresh_matching::<C>(writing, uses_name(&C::tables(), log, source)).await
}

async fn refresh_matching<C: StoredContent>(
    writing: &mut WriteTransaction,
    which: Condition,
) -> Result<(), StoreError> {
    let query = select_entries(&C::tables()).cond_where(which).to_owned();
    for row in writing.tx().query_all(&query).await? {
        writing.save::<C>(&row::read(&row)?, true).await?;
    }
    writing.send().await
}

fn uses_name(tables: &EntryTables, log: Log, source: &NameSource) -> Condition {
    let own = Condition::all().add(tables.entries.expr(EntryColumn::ProvinceId).eq(log.number()));
    let Some(partner) = tables.partner else { return own.add(condition::nothing()) };
    let is_named = match source {
        NameSource::Locality(id) => partner.expr().eq(id.number()),
        NameSource::Organization(_) if partner.table == tables.entries => condition::nothing(),
        NameSource::Organization(code) => column(agreement_party::Column::OrganizationCode).eq(code.as_str()),
    };
    if partner.table == tables.entries {
        return own.add(is_named);
    }
    let keys = Query::select()
        .columns(search::KEY)
        .from(partner.table)
        .and_where(partner.table.expr(VersionKey::ProvinceId).eq(log.number()))
        .and_where(partner.table.expr(VersionKey::Slot).is_in([PUBLISHED, WORKING].map(literal)))
        .and_where(is_named)
        .to_owned();
    own.add(search::key(tables).in_subquery(keys))
}
