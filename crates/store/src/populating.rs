//! Populating a register with entries that nobody wrote, many at once, through the one way to save.
//!
//! All of it is one transaction, so that what breaks off leaves nothing. Indexes that no key needs
//! are set aside while the rows come and made again at the end, in the words in which they were
//! made first: a row then costs a fraction.

mod indexes;

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::facts::packed;
use crate::insert::insert;
use crate::load;
use crate::pools::Rights;
use crate::reference;
use crate::search;
use crate::table::Stored;
use crate::write::{self, Writing};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Batch, Coded};
use caunoi_domain::directory::{Directory, next_id};
use caunoi_domain::entry::{Content, Entry, Publication, Stamp};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::reference::Source;
use caunoi_domain::refusal::Refusal;
use caunoi_domain::relation::Relation;
use indexes::SetAside;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;

/// A transaction that fills.
pub struct Populating {
    writing: Writing,
    engine: Engine,
    author: String,
    at_us: i64,
    directory: Arc<Directory>,
    set_aside: SetAside,
}

impl Store {
    /// Begins to fill as this author at this time, with a source for all of it. Whoever else works
    /// with the tables waits until the end.
    ///
    /// # Errors
    /// Somebody has written into the register, people or an earlier run: refused. The database
    /// does not answer.
    pub async fn begin_populating(
        &self,
        author: &str,
        at_us: i64,
        source: Source,
    ) -> Result<Populating, StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        let known = reference::read(&tx).await?;
        let logs: Vec<Log> =
            known.provinces.iter().map(|province| province.log).chain([Log::MINISTRY]).collect();
        let writing = Writing::begin(tx, &logs).await?;
        if let Some(other) = other_author(writing.tx()).await? {
            writing.abandon().await;
            let why = format!(
                "it holds what {other} wrote already; only a register that nobody wrote in is filled"
            );
            return Err(Refusal::Invalid(why).into());
        }
        let set_aside = SetAside::drop(writing.tx(), self.engine(), &tables()).await?;
        let (author, directory) = (author.to_owned(), Arc::default());
        let mut populating =
            Populating { writing, engine: self.engine(), author, at_us, directory, set_aside };
        let id = next_id(known.sources.iter().map(|source| source.id));
        populating.add_source(Source { id, ..source }).await?;
        populating.directory = Arc::new(Directory::new(reference::read(populating.writing.tx()).await?));
        populating.writing.know(Arc::clone(&populating.directory));
        Ok(populating)
    }
}

impl Populating {
    /// The reference data that entries may name, the source of all this among it.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory)
    }

    /// Saves these entries.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn add(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.save(&batch.relations, Publication::Published).await?;
        self.save(&batch.agreements, Publication::Published).await?;
        self.save(&batch.drafts, Publication::Draft).await?;
        self.save(&batch.events, Publication::Published).await?;
        self.writing.send().await
    }

    /// Makes the indexes again and commits.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn commit(self, store: &Store) -> Result<(), StoreError> {
        self.set_aside.make(self.writing.tx(), self.engine).await?;
        if self.engine == Engine::Postgres {
            // Plans that were made for an almost empty register would be kept for long.
            for table in tables() {
                self.writing.tx().execute_unprepared(&format!("ANALYZE {table}")).await?;
            }
        }
        self.writing.commit(store).await
    }

    async fn add_source(&mut self, source: Source) -> Result<(), StoreError> {
        let code = format!("source:{}", source.code);
        let text = serde_json::to_string(&source).map_err(|error| StoreError::Corrupt {
            table: "source",
            column: "content",
            id: code.clone(),
            why: error.to_string(),
        })?;
        self.append(Subject::Reference, (Log::MINISTRY, 0, &code), Publication::Published, text);
        insert(self.writing.tx(), "source", vec![load::source_row(&source)], None).await
    }

    async fn save<C: Stored>(
        &mut self,
        entries: &[Coded<C>],
        publication: Publication,
    ) -> Result<(), StoreError> {
        let is_public = publication == Publication::Published;
        for Coded { code, placed } in entries {
            let number = self.writing.take_number(placed.log);
            let text = write::canonical(&placed.content, code)?;
            let subject = Subject::Entry(<C as Content>::KIND);
            self.append(subject, (placed.log, number, code), publication, text);
            let stamp = Stamp {
                log: placed.log,
                number,
                code: code.clone(),
                version: 1,
                last_version: 1,
                publication,
                pending: None,
                published_at_us: is_public.then_some(self.at_us),
                updated_at_us: self.at_us,
            };
            self.writing.save(&Entry { stamp, content: placed.content.clone() }, false).await?;
        }
        Ok(())
    }

    fn append(
        &mut self,
        subject: Subject,
        (log, number, code): (Log, i32, &str),
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

/// The tables that are filled, those of entries before their children.
fn tables() -> Vec<&'static str> {
    let own = [Relation::TABLE, Agreement::TABLE, Event::TABLE, search::TABLE, packed::TABLE, "change"];
    let children = [Relation::CHILDREN, Agreement::CHILDREN, Event::CHILDREN].concat();
    own.into_iter().chain(children).collect()
}

/// Somebody who wrote here and is no data set.
async fn other_author(tx: &DatabaseTransaction) -> Result<Option<String>, StoreError> {
    let query = Query::select()
        .column("author")
        .from("change")
        .and_where(Expr::col("author").not_like(format!("{}%", load::AUTHOR)))
        .limit(1)
        .to_owned();
    let row = tx.query_one(&query).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}
