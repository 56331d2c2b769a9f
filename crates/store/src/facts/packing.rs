//! Packs the facts of all entries: in a database that is older than the table of facts, and after
//! the packed format, or the derivation of a packed value, has changed.

use super::{key_ranges, packed};
use crate::connect::Store;
use crate::entity::agreement;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::installation::{self, FACTS};
use crate::pools::Rights;
use crate::reference;
use crate::row;
use crate::table::{StoredContent, bounds};
use crate::write::{WriteTransaction, slot_of};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::event::Event;
use caunoi_domain::fact::FORMAT;
use caunoi_domain::id::Log;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait as _, ConnectionTrait};
use std::sync::Arc;

/// Entry numbers read at once, with their contents.
const KEYS_PER_RANGE: i64 = 2_000;

impl Store {
    /// Packs all facts unless they have the format of this program; writers wait meanwhile.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt; nothing is changed then.
    pub async fn pack_facts(&self) -> Result<(), StoreError> {
        if installation::find_value(self.owner(), FACTS).await?.as_deref() == Some(FORMAT) {
            return Ok(());
        }
        let logs: Vec<Log> = self.probe_heads().await?.all.into_keys().collect();
        let mut writing = WriteTransaction::begin(self.begin_write(Rights::Owner).await?, &logs).await?;
        // Another node may have packed them before this transaction got the locks.
        if installation::find_value(writing.tx(), FACTS).await?.as_deref() == Some(FORMAT) {
            writing.rollback().await;
            return Ok(());
        }
        writing.tx().execute(&Query::delete().from_table(packed::table()).to_owned()).await?;
        writing.set_directory(Arc::new(Directory::new(reference::read(writing.tx()).await?)));
        pack::<Relation>(&mut writing).await?;
        pack::<Agreement>(&mut writing).await?;
        pack::<Event>(&mut writing).await?;
        pack::<Organization>(&mut writing).await?;
        refresh_terms(&mut writing).await?;
        writing.set_installation_value(FACTS, FORMAT).await?;
        writing.commit(self).await
    }
}

/// Writes the last day of the term into the rows of extended and renewed agreements. Programs with
/// another format of facts wrote the term as first agreed.
async fn refresh_terms(writing: &mut WriteTransaction) -> Result<(), StoreError> {
    let tables = Agreement::tables();
    for range in key_ranges(&writing.positions(), KEYS_PER_RANGE) {
        let query = select_entries(&tables).and_where(range.condition(tables.entries)).to_owned();
        for entry in writing.tx().query_all(&query).await? {
            let entry = row::read::<Agreement>(&entry)?;
            let term = entry.content.term();
            if term == entry.content.expires.as_ref() {
                continue;
            }
            let (earliest, latest) = bounds(term);
            let update = Query::update()
                .table(agreement::Entity)
                .value(agreement::Column::ExpiresText, term.map(|term| term.edtf().to_owned()))
                .value(agreement::Column::ExpiresEarliest, earliest)
                .value(agreement::Column::ExpiresLatest, latest)
                .and_where(agreement::Column::ProvinceId.eq(entry.meta.log.number()))
                .and_where(agreement::Column::Number.eq(entry.meta.number))
                .and_where(agreement::Column::Slot.eq(slot_of(entry.meta.publication)))
                .to_owned();
            writing.tx().execute(&update).await?;
        }
    }
    Ok(())
}

async fn pack<C: StoredContent>(writing: &mut WriteTransaction) -> Result<(), StoreError> {
    let tables = C::tables();
    for range in key_ranges(&writing.positions(), KEYS_PER_RANGE) {
        let query = select_entries(&tables).and_where(range.condition(tables.entries)).to_owned();
        for entry in writing.tx().query_all(&query).await? {
            let entry = row::read::<C>(&entry)?;
            let slot = slot_of(entry.meta.publication);
            if let Some(row) = packed::row(&entry, slot, writing.directory())? {
                writing.add(row);
            }
        }
        writing.send().await?;
    }
    Ok(())
}
