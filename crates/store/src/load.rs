//! Loading a data set: reference data and entries, in one transaction, through the one way to
//! save. The same data set twice changes nothing; a newer one updates what an older one brought
//! and never touches what a person changed.

mod reference;

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::installation::DATA_SET;
use crate::migrate::START_LOCK;
use crate::table::Stored;
use crate::write::{self, Writing};
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content, Entry, Publication, Stamp};
use caunoi_domain::id::Log;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use std::collections::HashMap;

/// Who a change of a data set is by; people have other names.
pub(crate) const AUTHOR: &str = "data-set:";

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
}

/// What to do with a row of the data set.
enum Verdict {
    Add,
    Update,
    Keep,
    Leave,
}

impl Store {
    /// Loads a data set; `at_us` is the time that its changes bear.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn load(&self, data_set: &DataSet, at_us: i64) -> Result<Loaded, StoreError> {
        let mut reference = data_set.reference.clone();
        reference.organizations = data_set.organizations.iter().map(as_entry).collect();
        let directory = Directory::new(reference);
        let tx = self.begin_write().await?;
        if self.engine() == Engine::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({START_LOCK})")).await?;
        }
        let logs: Vec<Log> =
            directory.provinces().iter().map(|province| province.log).chain([Log::MINISTRY]).collect();
        let writing = Writing::begin(tx, &directory, &logs).await?;
        let last = last_changes(&writing).await?;
        let author = format!("{AUTHOR}{}", data_set.version);
        let mut loading = Loading { writing, last, author, at_us, loaded: Loaded::default() };
        loading.reference(&data_set.reference).await?;
        loading.entries(&data_set.organizations).await?;
        loading.entries(&data_set.instruments).await?;
        loading.entries(&data_set.relations).await?;
        loading.entries(&data_set.agreements).await?;
        loading.entries(&data_set.events).await?;
        loading.entries(&data_set.programmes).await?;
        loading.entries(&data_set.figures).await?;
        loading.writing.keep(DATA_SET, &data_set.version).await?;
        let loaded = loading.loaded;
        loading.writing.commit().await?;
        Ok(loaded)
    }
}

fn as_entry<C: Clone>(coded: &Coded<C>) -> Entry<C> {
    Entry {
        stamp: Stamp {
            log: coded.placed.log,
            number: 0,
            code: coded.code.clone(),
            version: 1,
            publication: Publication::Published,
            published_at_us: None,
            updated_at_us: 0,
        },
        content: coded.placed.content.clone(),
    }
}

/// The last change of everything that was ever written, by subject and code.
async fn last_changes(writing: &Writing<'_>) -> Result<HashMap<(String, String), Last>, StoreError> {
    let mut last = HashMap::new();
    let query = Query::select()
        .columns(["subject", "code", "version", "author", "after_text"])
        .from("change")
        .order_by("province_id", Order::Asc)
        .order_by("position", Order::Asc)
        .to_owned();
    for row in writing.tx().query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let change = Last {
            version: row.try_get_by_index(2)?,
            author: row.try_get_by_index(3)?,
            after: row.try_get_by_index(4)?,
        };
        last.insert(key, change);
    }
    Ok(last)
}

struct Loading<'a> {
    writing: Writing<'a>,
    last: HashMap<(String, String), Last>,
    author: String,
    at_us: i64,
    loaded: Loaded,
}

impl Loading<'_> {
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
    fn change(&mut self, log: Log, subject: Subject, code: &str, text: String) -> i32 {
        let last = self.last.get(&(subject.as_str().to_owned(), code.to_owned()));
        let version = last.map_or(1, |last| last.version + 1);
        let change = Change {
            log,
            subject,
            code: code.to_owned(),
            version,
            operation: if version == 1 { ChangeOperation::Published } else { ChangeOperation::Corrected },
            is_public: true,
            author: self.author.clone(),
            at_us: self.at_us,
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
            let (log, number) = match stands {
                Some(place) => place,
                None => (coded.placed.log, self.writing.take_number(coded.placed.log)),
            };
            let version = self.change(log, subject, &coded.code, text);
            let mut entry = as_entry(coded);
            entry.stamp = Stamp {
                log,
                number,
                version,
                published_at_us: Some(self.at_us),
                updated_at_us: self.at_us,
                ..entry.stamp
            };
            self.writing.save(&entry, replaces).await?;
        }
        self.writing.send().await
    }

    /// The log and number of the entry that bears this code already.
    async fn standing<C: Stored>(&self, code: &str) -> Result<Option<(Log, i32)>, StoreError> {
        let query = Query::select()
            .columns(["province_id", "number"])
            .from(C::TABLE)
            .and_where(Expr::col("code").eq(code))
            .to_owned();
        let row = self.writing.tx().query_one(&query).await?;
        row.map(|row| Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).transpose()
    }
}
