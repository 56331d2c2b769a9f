//! The bulk load of synthetic entries, through [`WriteTransaction`].
//!
//! It is one transaction, so that an interrupted load leaves nothing. Indexes that no constraint
//! needs are dropped first and recreated at the end from their original definitions, which makes
//! each insert much cheaper.

mod indexes;

use crate::column::Table;
use crate::connect::{Engine, Store};
use crate::entity::change::Column;
use crate::entity::{entry_source, search_word};
use crate::error::StoreError;
use crate::facts::packed;
use crate::insert::insert;
use crate::pools::Rights;
use crate::reference::ReferenceRow as _;
use crate::search::document;
use crate::table::StoredContent;
use crate::write::{self, LoadedRow, WriteTransaction};
use crate::{changes, load, reference};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Batch, Coded};
use caunoi_domain::directory::{Directory, next_id};
use caunoi_domain::entry::{Content, Entry, EntryMeta, Publication};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::reference::Source;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::{InvalidReason, Reason};
use indexes::DroppedIndexes;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;

/// The transaction of a bulk load.
pub struct BulkLoad {
    writing: WriteTransaction,
    engine: Engine,
    author: String,
    at_us: i64,
    directory: Arc<Directory>,
    dropped_indexes: DroppedIndexes,
}

impl Store {
    /// Begins a bulk load with this author and time, and one source for all entries. Other writers
    /// wait until its end.
    ///
    /// # Errors
    /// Returns `Refused` if anything but a data set has written to the register, and an error if
    /// the database fails.
    pub async fn begin_bulk_load(
        &self,
        author: &str,
        at_us: i64,
        source: Source,
    ) -> Result<BulkLoad, StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        let known = reference::read(&tx).await?;
        let logs: Vec<Log> =
            known.provinces.iter().map(|province| province.log).chain([Log::MINISTRY]).collect();
        let writing = WriteTransaction::begin(tx, &logs).await?;
        if let Some(other) = other_author(writing.tx()).await? {
            writing.rollback().await;
            return Err(Reason::from(InvalidReason::ContainsChanges { author: other }).into());
        }
        let dropped_indexes =
            DroppedIndexes::drop(writing.tx(), self.engine(), &bulk_loaded_tables()).await?;
        let (author, directory) = (author.to_owned(), Arc::default());
        let mut bulk_load =
            BulkLoad { writing, engine: self.engine(), author, at_us, directory, dropped_indexes };
        let id = next_id(known.sources.iter().map(|source| source.id).filter(|id| id.is_of_data_set()));
        bulk_load.add_source(Source { id, ..source }).await?;
        bulk_load.directory = Arc::new(Directory::new(reference::read(bulk_load.writing.tx()).await?));
        bulk_load.writing.set_directory(Arc::clone(&bulk_load.directory));
        Ok(bulk_load)
    }
}

impl BulkLoad {
    /// Returns the reference data that entries may name, including the source of the load.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory)
    }

    /// Saves these entries.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn add(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.save(&batch.relations, Publication::Published).await?;
        self.save(&batch.agreements, Publication::Published).await?;
        self.save(&batch.drafts, Publication::Draft).await?;
        self.save(&batch.events, Publication::Published).await?;
        self.writing.send().await
    }

    /// Recreates the indexes and commits.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn commit(self, store: &Store) -> Result<(), StoreError> {
        self.dropped_indexes.recreate(self.writing.tx(), self.engine).await?;
        if self.engine == Engine::Postgres {
            // Plans made for an almost empty register would stay in use for long.
            for table in bulk_loaded_tables() {
                self.writing.tx().execute_unprepared(&format!("ANALYZE {}", table.name())).await?;
            }
        }
        self.writing.commit(store).await
    }

    async fn add_source(&mut self, source: Source) -> Result<(), StoreError> {
        let code = format!("source:{}", source.code);
        let text = serde_json::to_string(&source)
            .map_err(|error| StoreError::corrupt(Column::AfterText, code.as_str(), error.to_string()))?;
        let row = LoadedRow { subject: Subject::Reference, log: Log::MINISTRY, number: 0, code: &code };
        self.append(row, Publication::Published, text);
        insert(self.writing.tx(), &[source.row()], None).await
    }

    async fn save<C: StoredContent>(
        &mut self,
        entries: &[Coded<C>],
        publication: Publication,
    ) -> Result<(), StoreError> {
        let is_public = publication == Publication::Published;
        for Coded { code, parsed } in entries {
            let number = self.writing.allocate_number(parsed.log);
            let text = write::canonical(&parsed.content, code)?;
            let subject = Subject::Entry(<C as Content>::KIND);
            self.append(LoadedRow { subject, log: parsed.log, number, code }, publication, text);
            let meta = EntryMeta {
                log: parsed.log,
                number,
                code: code.clone(),
                version: 1,
                last_version: 1,
                publication,
                pending: None,
                published_at_us: is_public.then_some(self.at_us),
                updated_at_us: self.at_us,
            };
            self.writing.save(&Entry { meta, content: parsed.content.clone() }, false).await?;
        }
        Ok(())
    }

    fn append(
        &mut self,
        LoadedRow { subject, log, number, code }: LoadedRow<'_>,
        publication: Publication,
        text: String,
    ) {
        let is_public = publication == Publication::Published;
        self.writing.append(&Change {
            log,
            subject,
            number,
            code: code.to_owned(),
            version: 1,
            operation: if is_public { ChangeOperation::Published } else { ChangeOperation::Created },
            was: None,
            publication,
            is_public,
            author: self.author.clone(),
            at_us: self.at_us,
            idempotency_key: None,
            reason: None,
            before: None,
            after: Some(text),
        });
    }
}

/// Returns the tables that a bulk load fills, those of entries before their children.
fn bulk_loaded_tables() -> Vec<Table> {
    let entries = [Relation::tables(), Agreement::tables(), Event::tables()].map(|tables| tables.entries);
    let versions =
        [Table::of(search_word::Entity), Table::of(entry_source::Entity), packed::table(), document::table()];
    let children = [Relation::child_tables(), Agreement::child_tables(), Event::child_tables()].concat();
    entries.into_iter().chain(versions).chain([changes::table()]).chain(children).collect()
}

/// Returns an author of a change that is not a data set.
async fn other_author(tx: &DatabaseTransaction) -> Result<Option<String>, StoreError> {
    let query = Query::select()
        .column(Column::Author)
        .from(changes::table())
        .and_where(Expr::col(Column::Author).not_like(format!("{}%", load::AUTHOR_PREFIX)))
        .limit(1)
        .to_owned();
    let row = tx.query_one(&query).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}
