//! Loading a data set: reference data and entries, in one transaction, through the one way to
//! save. The same data set twice changes nothing; a newer one updates what an older one brought
//! and never touches what a person changed.

mod tables;

pub(crate) use tables::source_row;

use crate::activity;
use crate::condition::PUBLISHED;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::installation::{self, DATA_SET};
use crate::migrate::START_LOCK;
use crate::pools::Rights;
use crate::reference;
use crate::renaming;
use crate::row;
use crate::table::Stored;
use crate::write::{self, Writing};
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content, Entry, Publication, Stamp};
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;
use std::sync::Arc;

/// Who a change of a data set is by; people have other names.
pub(crate) const AUTHOR: &str = "data-set:";

/// The state that a data set was read over.
#[derive(Debug, Clone, Copy)]
pub struct Over<'a> {
    /// The data set that was loaded last.
    pub data_set: Option<&'a str>,
    /// How far the ministry's log had come: what it brought has keys that are taken.
    pub position: i64,
}

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Rows that are new.
    pub added: u32,
    /// Rows that an older data set had brought otherwise.
    pub updated: u32,
    /// Rows that stand as they were.
    pub unchanged: u32,
    /// Rows that a person changed, and that were left alone.
    pub left_to_people: u32,
}

/// The last change of one subject, as the log has it.
struct Last {
    version: i32,
    author: String,
    after: Option<String>,
    /// Author and text of the version that was published last.
    published: Option<(String, Option<String>)>,
}

/// What to do with a row of the data set.
enum Verdict {
    Add,
    Update,
    Keep,
    Leave,
}

impl Store {
    /// Loads a data set that was read over a state of the register; `at_us` is the time that its
    /// changes bear. None where that state has moved meanwhile: then nothing was written, and what
    /// to do has to be decided anew.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn load(
        &self,
        data_set: &DataSet,
        over: Over<'_>,
        at_us: i64,
    ) -> Result<Option<Loaded>, StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        if self.engine() == Engine::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({START_LOCK})")).await?;
        }
        let provinces = data_set.reference.provinces.iter().map(|province| province.log);
        let logs: Vec<Log> = provinces.chain([Log::MINISTRY]).collect();
        let writing = Writing::begin(tx, &logs).await?;
        let is_other = installation::held(writing.tx(), DATA_SET).await?.as_deref() != over.data_set;
        if is_other || writing.position(Log::MINISTRY) != over.position {
            writing.abandon().await;
            return Ok(None);
        }
        let last = last_changes(&writing).await?;
        let author = format!("{AUTHOR}{}", data_set.version);
        let mut loading = Loading { writing, last, author, at_us, loaded: Loaded::default() };
        loading.reference(&data_set.reference).await?;
        loading.know().await?;
        loading.entries(&data_set.organizations).await?;
        // With the bodies as they stand now: people may have renamed some.
        loading.know().await?;
        let names_moved = loading.loaded.updated > 0;
        loading.entries(&data_set.instruments).await?;
        loading.entries(&data_set.relations).await?;
        loading.entries(&data_set.agreements).await?;
        loading.entries(&data_set.events).await?;
        loading.entries(&data_set.programmes).await?;
        loading.entries(&data_set.figures).await?;
        if names_moved {
            renaming::all(&mut loading.writing).await?;
        }
        if !loading.last.is_empty() && loading.loaded.added + loading.loaded.updated > 0 {
            loading.settle_relations().await?;
        }
        loading.writing.keep(DATA_SET, &data_set.version).await?;
        let loaded = loading.loaded;
        loading.writing.commit(self).await?;
        Ok(Some(loaded))
    }
}

fn as_entry<C: Clone>(coded: &Coded<C>) -> Entry<C> {
    Entry {
        stamp: Stamp {
            log: coded.placed.log,
            number: 0,
            code: coded.code.clone(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        },
        content: coded.placed.content.clone(),
    }
}

/// The last change of everything that was ever written, by subject and code. A change that only
/// followed from another entry, and a draft that was thrown away, are nobody's words: they leave
/// the author and the text as they were.
async fn last_changes(writing: &Writing) -> Result<HashMap<(String, String), Last>, StoreError> {
    let mut last: HashMap<(String, String), Last> = HashMap::new();
    let query = Query::select()
        .columns([
            "subject",
            "code",
            "version",
            "author",
            "after_text",
            "operation",
            "publication",
            "is_public",
        ])
        .from("change")
        .order_by("province_id", Order::Asc)
        .order_by("position", Order::Asc)
        .to_owned();
    for row in writing.tx().query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let version = row.try_get_by_index(2)?;
        let (operation, publication): (String, String) = (row.try_get_by_index(5)?, row.try_get_by_index(6)?);
        let is_public: bool = row.try_get_by_index(7)?;
        let followed = is_public && operation == ChangeOperation::Updated.to_string();
        let discarded = !is_public && publication == Publication::Published.to_string();
        match last.get_mut(&key) {
            Some(standing) if followed => standing.version = version,
            // Whoever drafted it was the last author; the one before stands again.
            Some(standing) if discarded => {
                standing.version = version;
                if let Some((author, after)) = standing.published.clone() {
                    (standing.author, standing.after) = (author, after);
                }
            }
            _ => {
                let (author, after): (String, Option<String>) =
                    (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
                let before = last.remove(&key).and_then(|before| before.published);
                let published = if is_public { Some((author.clone(), after.clone())) } else { before };
                last.insert(key, Last { version, author, after, published });
            }
        }
    }
    Ok(last)
}

struct Loading {
    writing: Writing,
    last: HashMap<(String, String), Last>,
    author: String,
    at_us: i64,
    loaded: Loaded,
}

impl Loading {
    /// Takes over all reference data there is now.
    async fn know(&mut self) -> Result<(), StoreError> {
        let reference = reference::read(self.writing.tx()).await?;
        self.writing.know(Arc::new(Directory::new(reference)));
        Ok(())
    }

    /// Gives the published relations the status that all activity gives them: the data set knows
    /// its own agreements and events, people have published others.
    async fn settle_relations(&mut self) -> Result<(), StoreError> {
        let published =
            select_entries::<Relation>().and_where(column("relation", "slot").eq(PUBLISHED)).to_owned();
        for row in self.writing.tx().query_all(&published).await? {
            let relation: Entry<Relation> = row::read(&row)?;
            let (log, code) = (relation.stamp.log, relation.stamp.code.as_str());
            let days = activity::of_relation(self.writing.tx(), log, code, relation.content.partner).await?;
            let author = self.author.clone();
            self.writing.follow(relation, |content| content.with_activity(&days), author, self.at_us).await?;
        }
        self.writing.send().await
    }

    fn verdict(&mut self, subject: Subject, code: &str, text: &str) -> Verdict {
        let verdict = match self.last.get(&(subject.as_str().to_owned(), code.to_owned())) {
            None => Verdict::Add,
            Some(last) if !last.author.starts_with(AUTHOR) => Verdict::Leave,
            Some(last) if last.after.as_deref() == Some(text) => Verdict::Keep,
            Some(_) => Verdict::Update,
        };
        let count = match verdict {
            Verdict::Add => &mut self.loaded.added,
            Verdict::Update => &mut self.loaded.updated,
            Verdict::Keep => &mut self.loaded.unchanged,
            Verdict::Leave => &mut self.loaded.left_to_people,
        };
        *count += 1;
        verdict
    }

    /// Writes what is new or other, and appends its change. The version is one more than before.
    fn change(&mut self, (log, number): (Log, i32), subject: Subject, code: &str, text: String) -> i32 {
        let last = self.last.get(&(subject.as_str().to_owned(), code.to_owned()));
        let version = last.map_or(1, |last| last.version + 1);
        let change = Change {
            log,
            subject,
            number,
            code: code.to_owned(),
            version,
            operation: if version == 1 { ChangeOperation::Published } else { ChangeOperation::Corrected },
            was: last.map(|_| Publication::Published),
            publication: Publication::Published,
            is_public: true,
            author: self.author.clone(),
            at_us: self.at_us,
            idempotency_key: None,
            reason: None,
            before: last.and_then(|last| last.after.clone()),
            after: Some(text),
        };
        self.writing.append(&change);
        version
    }

    async fn entries<C: Stored>(&mut self, entries: &[Coded<C>]) -> Result<(), StoreError> {
        let subject = Subject::Entry(<C as Content>::KIND);
        for coded in entries {
            let text = write::canonical(&coded.placed.content, &coded.code)?;
            let replaces = match self.verdict(subject, &coded.code, &text) {
                Verdict::Add => false,
                Verdict::Update => true,
                Verdict::Keep | Verdict::Leave => continue,
            };
            let stands = if replaces { self.standing::<C>(&coded.code).await? } else { None };
            // An entry never leaves its log: a data set that moves one has another entry.
            let (log, number, published_at_us) = match stands {
                Some(standing) => standing,
                None => (coded.placed.log, self.writing.take_number(coded.placed.log), Some(self.at_us)),
            };
            let version = self.change((log, number), subject, &coded.code, text);
            let mut entry = as_entry(coded);
            entry.stamp = Stamp {
                log,
                number,
                version,
                last_version: version,
                published_at_us,
                updated_at_us: self.at_us,
                ..entry.stamp
            };
            self.writing.save(&entry, replaces).await?;
        }
        self.writing.send().await
    }

    /// The log and number of the entry that bears this code already, and when it was published.
    async fn standing<C: Stored>(&self, code: &str) -> Result<Option<(Log, i32, Option<i64>)>, StoreError> {
        let query = Query::select()
            .columns(["province_id", "number", "published_at_us"])
            .from(C::TABLE)
            .and_where(Expr::col("code").eq(code))
            .and_where(Expr::col("slot").eq(PUBLISHED))
            .to_owned();
        let row = self.writing.tx().query_one(&query).await?;
        let read = |row: QueryResult| {
            Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?, row.try_get_by_index(2)?))
        };
        row.map(read).transpose()
    }
}
