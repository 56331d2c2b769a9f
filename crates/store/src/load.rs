//! The load of a data set: reference data and entries, in one [`WriteTransaction`]. Loading the
//! same data set twice changes nothing; a newer one updates rows of an older one and never touches
//! a row that a person changed.

mod merges;
mod tables;

use crate::column::column;
use crate::condition::PUBLISHED;
use crate::connect::{Engine, Store};
use crate::entity::change::{self, Column};
use crate::entity::relation;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::installation::{self, DATA_SET};
use crate::migrate::START_LOCK;
use crate::pools::Rights;
use crate::table::StoredContent;
use crate::write::{self, LoadedRow, WriteTransaction};
use crate::{activity, changes, name_refresh, reference, row};
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content, Entry, EntryMeta, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;
use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DerivePartialModel, FromQueryResult, IdenStatic};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The prefix of the author of data set changes; no person has it.
pub(crate) const AUTHOR_PREFIX: &str = "data-set:";

/// The state of the register that a data set was read against.
#[derive(Debug, Clone, Copy)]
pub struct LoadBase<'a> {
    /// The data set that was loaded last.
    pub data_set: Option<&'a str>,
    /// The position of the ministry's log; the keys of changes up to it are taken.
    pub position: i64,
}

/// The numbers of rows in a load, by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// New rows.
    pub added: u32,
    /// Rows that differ from an older data set.
    pub updated: u32,
    /// Rows without a difference.
    pub unchanged: u32,
    /// Rows that a person changed and that were therefore not updated.
    pub left_to_people: u32,
}

/// The last change of one subject in the log.
struct LastChange {
    log: Log,
    number: i32,
    version: i32,
    /// The time of the first public change.
    published_at_us: Option<i64>,
    /// Whether the subject is an entry that is merged into another one.
    is_merged: bool,
    author: String,
    after: Option<String>,
    /// Author and text of the last published version.
    published: Option<(String, Option<String>)>,
}

/// The columns of a change that a load reads, apart from the text after it: that is long, and read
/// only where it is needed.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "change::Entity")]
struct ChangeSummary {
    province_id: i16,
    number: i32,
    at_us: i64,
    subject: String,
    code: String,
    version: i32,
    author: String,
    operation: String,
    publication: String,
    is_public: bool,
}

/// The action for a row of the data set.
enum RowAction {
    Add,
    Update,
    Keep,
    Leave,
}

impl Store {
    /// Loads a data set that was read against the state `base`; its changes have the time `at_us`.
    /// Returns `None` and writes nothing if that state has changed meanwhile; the data set must
    /// then be read again.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn load(
        &self,
        data_set: &DataSet,
        base: LoadBase<'_>,
        at_us: i64,
    ) -> Result<Option<LoadReport>, StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        if self.engine() == Engine::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({START_LOCK})")).await?;
        }
        let provinces = data_set.reference.provinces.iter().map(|province| province.log);
        let logs: Vec<Log> = provinces.chain([Log::MINISTRY]).collect();
        let writing = WriteTransaction::begin(tx, &logs).await?;
        let has_other_data_set =
            installation::find_value(writing.tx(), DATA_SET).await?.as_deref() != base.data_set;
        if has_other_data_set || writing.position(Log::MINISTRY) != base.position {
            writing.rollback().await;
            return Ok(None);
        }
        let last = last_changes(&writing).await?;
        let author = format!("{AUTHOR_PREFIX}{}", data_set.version);
        let mut load = DataSetLoad { writing, last, author, at_us, loaded: LoadReport::default() };
        load.reference(&data_set.reference).await?;
        load.set_directory().await?;
        load.entries(&data_set.organizations).await?;
        // Read again after the organizations were saved: people may have renamed some.
        load.set_directory().await?;
        let names_moved = load.loaded.updated > 0;
        load.entries(&data_set.instruments).await?;
        load.entries(&data_set.relations).await?;
        Box::pin(load.merged_entries(&data_set.agreements, &data_set.merges)).await?;
        Box::pin(load.merged_entries(&data_set.events, &data_set.merges)).await?;
        load.entries(&data_set.programmes).await?;
        load.entries(&data_set.figures).await?;
        if names_moved {
            name_refresh::refresh_all(&mut load.writing).await?;
        }
        if !load.last.is_empty() && load.loaded.added + load.loaded.updated > 0 {
            load.update_relation_status().await?;
        }
        load.writing.set_installation_value(DATA_SET, &data_set.version).await?;
        let loaded = load.loaded;
        load.writing.commit(self).await?;
        Ok(Some(loaded))
    }
}

fn to_entry<C: Clone>(coded: &Coded<C>) -> Entry<C> {
    Entry {
        meta: EntryMeta {
            log: coded.parsed.log,
            number: 0,
            code: coded.code.clone(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        },
        content: coded.parsed.content.clone(),
    }
}

/// Reads the last change of every subject, by subject and code. Updates that followed from another
/// entry and discarded drafts keep the author and the text of the change before.
async fn last_changes(
    writing: &WriteTransaction,
) -> Result<HashMap<(String, String), LastChange>, StoreError> {
    let mut last: HashMap<(String, String), LastChange> = HashMap::new();
    let query = Query::select()
        .columns([
            Column::ProvinceId,
            Column::Number,
            Column::AtUs,
            Column::Subject,
            Column::Code,
            Column::Version,
            Column::Author,
            Column::AfterText,
            Column::Operation,
            Column::Publication,
            Column::IsPublic,
        ])
        .from(changes::table())
        .order_by(Column::ProvinceId, Order::Asc)
        .order_by(Column::Position, Order::Asc)
        .to_owned();
    for row in writing.tx().query_all(&query).await? {
        let change = ChangeSummary::from_query_result(&row, "")?;
        let ChangeSummary { subject, code, version, author, operation, publication, is_public, .. } = change;
        let followed = is_public && operation == ChangeOperation::Updated.to_string();
        let discarded = !is_public && publication == Publication::Published.to_string();
        let key = (subject, code);
        match last.get_mut(&key) {
            Some(current) if followed => current.version = version,
            // The author of the discarded draft was the last one; the author before is restored.
            Some(current) if discarded => {
                current.version = version;
                if let Some((author, after)) = current.published.clone() {
                    (current.author, current.after) = (author, after);
                }
            }
            _ => {
                let after: Option<String> = row.try_get("", Column::AfterText.as_str())?;
                let before = last.remove(&key);
                let first = before.as_ref().and_then(|before| before.published_at_us);
                let before = before.and_then(|before| before.published);
                let published = if is_public { Some((author.clone(), after.clone())) } else { before };
                let change = LastChange {
                    log: Log::new(change.province_id),
                    number: change.number,
                    version,
                    published_at_us: first.or(Some(change.at_us).filter(|_| is_public)),
                    is_merged: operation == ChangeOperation::Merged.to_string() && after.is_none(),
                    author,
                    after,
                    published,
                };
                last.insert(key, change);
            }
        }
    }
    Ok(last)
}

struct DataSetLoad {
    writing: WriteTransaction,
    last: HashMap<(String, String), LastChange>,
    author: String,
    at_us: i64,
    loaded: LoadReport,
}

impl DataSetLoad {
    /// Reads the current reference data into the write transaction.
    async fn set_directory(&mut self) -> Result<(), StoreError> {
        let reference = reference::read(self.writing.tx()).await?;
        self.writing.set_directory(Arc::new(Directory::new(reference)));
        Ok(())
    }

    /// Sets the status of all published relations from all activity: the data set contains only its
    /// own agreements and events, and people have published others.
    async fn update_relation_status(&mut self) -> Result<(), StoreError> {
        let published = select_entries(&Relation::tables())
            .and_where(column(relation::Column::Slot).eq(PUBLISHED))
            .to_owned();
        for row in self.writing.tx().query_all(&published).await? {
            let relation: Entry<Relation> = row::read(&row)?;
            let (log, code) = (relation.meta.log, relation.meta.code.as_str());
            let activity =
                activity::of_relation(self.writing.tx(), log, code, relation.content.partner).await?;
            let days = activity.days_of(relation.content.common.origin_unit, self.writing.directory());
            let content = relation.content.clone().with_activity(&days);
            if content != relation.content {
                self.writing.update_relation(relation, content, self.author.clone(), self.at_us).await?;
            }
        }
        self.writing.send().await
    }

    fn last(&self, subject: Subject, code: &str) -> Option<&LastChange> {
        self.last.get(&(subject.as_str().to_owned(), code.to_owned()))
    }

    fn row_action(&mut self, subject: Subject, code: &str, text: &str) -> RowAction {
        let row_action = match self.last(subject, code) {
            None => RowAction::Add,
            Some(last) if !last.author.starts_with(AUTHOR_PREFIX) => RowAction::Leave,
            Some(last) if last.after.as_deref() == Some(text) => RowAction::Keep,
            Some(_) => RowAction::Update,
        };
        let count = match row_action {
            RowAction::Add => &mut self.loaded.added,
            RowAction::Update => &mut self.loaded.updated,
            RowAction::Keep => &mut self.loaded.unchanged,
            RowAction::Leave => &mut self.loaded.left_to_people,
        };
        *count += 1;
        row_action
    }

    /// Appends the change of a new or updated row; its version is the last one plus 1.
    fn change(&mut self, row: LoadedRow<'_>, text: String) -> Change {
        let LoadedRow { subject, log, number, code } = row;
        let last = self.last(subject, code);
        let version = last.map_or(1, |last| last.version + 1);
        let (operation, was) = match last {
            None => (ChangeOperation::Published, None),
            Some(last) if last.is_merged => (ChangeOperation::Unmerged, Some(Publication::Withdrawn)),
            Some(_) => (ChangeOperation::Corrected, Some(Publication::Published)),
        };
        let change = Change {
            log,
            subject,
            number,
            code: code.to_owned(),
            version,
            operation,
            was,
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
        change
    }

    /// Appends the change of a new or updated entry, also to the logs of its further owners before
    /// and after it, and returns its version.
    fn change_entry<C: StoredContent>(&mut self, row: LoadedRow<'_>, content: &C, text: String) -> i32 {
        let last = self.last(row.subject, row.code);
        let before = last.and_then(|last| last.after.as_deref());
        let before: Option<C> = before.and_then(|before| serde_json::from_str(before).ok());
        let contents = before.iter().chain([content]);
        let directory = self.writing.directory();
        let owners: BTreeSet<Log> =
            contents.flat_map(|content| content.common().shared_logs(row.log, directory)).collect();
        let change = self.change(row, text);
        for owner in owners {
            self.writing.append_shared(C::KIND, &change, owner);
        }
        change.version
    }

    async fn entries<C: StoredContent>(&mut self, entries: &[Coded<C>]) -> Result<(), StoreError> {
        for coded in entries {
            self.entry(coded).await?;
        }
        self.writing.send().await
    }

    /// Writes an entry if it is new or differs; returns it as it is published now, `None` if it is
    /// left to people.
    async fn entry<C: StoredContent>(&mut self, coded: &Coded<C>) -> Result<Option<Entry<C>>, StoreError> {
        let subject = Subject::Entry(<C as Content>::KIND);
        let text = write::canonical(&coded.parsed.content, &coded.code)?;
        let row_action = self.row_action(subject, &coded.code, &text);
        let mut entry = to_entry(coded);
        if let Some(last) = self.last(subject, &coded.code) {
            // An entry never leaves its log: a data set that moves one contains another entry.
            entry.meta.log = last.log;
            entry.meta.number = last.number;
            entry.meta.published_at_us = last.published_at_us;
            (entry.meta.version, entry.meta.last_version) = (last.version, last.version);
        }
        let is_replacement = match row_action {
            RowAction::Keep => return Ok(Some(entry)),
            RowAction::Leave => return Ok(None),
            RowAction::Add => {
                entry.meta.number = self.writing.allocate_number(entry.meta.log);
                entry.meta.published_at_us = Some(self.at_us);
                false
            }
            // A merged entry has no row.
            RowAction::Update => self.last(subject, &coded.code).is_some_and(|last| !last.is_merged),
        };
        let (log, number) = (entry.meta.log, entry.meta.number);
        let row = LoadedRow { subject, log, number, code: &coded.code };
        let version = self.change_entry(row, &coded.parsed.content, text);
        (entry.meta.version, entry.meta.last_version) = (version, version);
        entry.meta.updated_at_us = self.at_us;
        self.writing.save(&entry, is_replacement).await?;
        Ok(Some(entry))
    }
}
