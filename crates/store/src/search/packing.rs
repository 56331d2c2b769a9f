//! Packs the search documents and writes the words of all entries: in a database that is older than
//! the table of documents, and after the packed format, or the spelling of words, has changed.

use super::document;
use crate::column::Table;
use crate::connect::Store;
use crate::entity::search_word;
use crate::error::StoreError;
use crate::facts::key_ranges;
use crate::find::select_entries;
use crate::installation::{self, SEARCH_DOCUMENTS};
use crate::pools::Rights;
use crate::table::StoredContent;
use crate::write::{WriteTransaction, slot_of};
use crate::{reference, row};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search_index::DOCUMENT_FORMAT;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;
use std::sync::Arc;

/// Entry numbers read at once, with their contents.
const KEYS_PER_RANGE: i64 = 2_000;

impl Store {
    /// Packs all search documents unless they have the format of this program; writers wait
    /// meanwhile.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt; nothing is changed then.
    pub async fn pack_search_documents(&self) -> Result<(), StoreError> {
        if installation::find_value(self.owner(), SEARCH_DOCUMENTS).await?.as_deref() == Some(DOCUMENT_FORMAT)
        {
            return Ok(());
        }
        let logs: Vec<Log> = self.probe_heads().await?.all.into_keys().collect();
        let mut writing = WriteTransaction::begin(self.begin_write(Rights::Owner).await?, &logs).await?;
        // Another node may have packed them before this transaction got the locks.
        if installation::find_value(writing.tx(), SEARCH_DOCUMENTS).await?.as_deref() == Some(DOCUMENT_FORMAT)
        {
            writing.rollback().await;
            return Ok(());
        }
        for table in [document::table(), Table::of(search_word::Entity)] {
            writing.tx().execute(&Query::delete().from_table(table).to_owned()).await?;
        }
        writing.set_directory(Arc::new(Directory::new(reference::read(writing.tx()).await?)));
        pack::<Relation>(&mut writing).await?;
        pack::<Agreement>(&mut writing).await?;
        pack::<Event>(&mut writing).await?;
        pack::<Organization>(&mut writing).await?;
        pack::<Programme>(&mut writing).await?;
        pack::<Figure>(&mut writing).await?;
        pack::<Instrument>(&mut writing).await?;
        writing.set_installation_value(SEARCH_DOCUMENTS, DOCUMENT_FORMAT).await?;
        writing.commit(self).await
    }
}

async fn pack<C: StoredContent>(writing: &mut WriteTransaction) -> Result<(), StoreError> {
    let tables = C::tables();
    for range in key_ranges(&writing.positions(), KEYS_PER_RANGE) {
        let query = select_entries(&tables).and_where(range.condition(tables.entries)).to_owned();
        for entry in writing.tx().query_all(&query).await? {
            let entry = row::read::<C>(&entry)?;
            writing.add_search_rows(&entry, slot_of(entry.meta.publication))?;
        }
        writing.send().await?;
    }
    Ok(())
}
