//! Packing the facts of all entries anew: once in a database that is older than the table of facts,
//! and wherever a program packs them in another way than the one before it.

use super::{packed, stretches};
use crate::connect::Store;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::installation::{self, FACTS};
use crate::pools::Rights;
use crate::reference;
use crate::row;
use crate::table::Stored;
use crate::write::{Writing, slot_of};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::event::Event;
use caunoi_domain::fact::FORMAT;
use caunoi_domain::id::Log;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;
use std::sync::Arc;

/// Numbers of entries that are read at once, whole as they are.
const STRETCH: i64 = 2_000;

impl Store {
    /// Packs all facts where they are not packed the way of this program; writers wait meanwhile.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt; then nothing was changed.
    pub async fn pack_facts(&self) -> Result<(), StoreError> {
        if installation::held(self.owner(), FACTS).await?.as_deref() == Some(FORMAT) {
            return Ok(());
        }
        let logs: Vec<Log> = self.ends().await?.all.into_keys().collect();
        let mut writing = Writing::begin(self.begin_write(Rights::Owner).await?, &logs).await?;
        // Another node may have been quicker.
        if installation::held(writing.tx(), FACTS).await?.as_deref() == Some(FORMAT) {
            writing.abandon().await;
            return Ok(());
        }
        writing.tx().execute(&Query::delete().from_table(packed::TABLE).to_owned()).await?;
        writing.know(Arc::new(Directory::new(reference::read(writing.tx()).await?)));
        pack::<Relation>(&mut writing).await?;
        pack::<Agreement>(&mut writing).await?;
        pack::<Event>(&mut writing).await?;
        pack::<Organization>(&mut writing).await?;
        writing.keep(FACTS, FORMAT).await?;
        writing.commit(self).await
    }
}

async fn pack<C: Stored>(writing: &mut Writing) -> Result<(), StoreError> {
    for stretch in stretches(&writing.positions(), STRETCH) {
        let query = select_entries::<C>().and_where(stretch.condition(C::TABLE)).to_owned();
        for entry in writing.tx().query_all(&query).await? {
            let entry = row::read::<C>(&entry)?;
            let slot = slot_of(entry.stamp.publication);
            if let Some(row) = packed::row(&entry, slot, writing.directory())? {
                writing.add(packed::TABLE, row);
            }
        }
        writing.send().await?;
    }
    Ok(())
}
