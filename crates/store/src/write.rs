//! Writes: rows, changes and heads of logs in one transaction.
//!
//! Invariant: every write to an entry or to the reference data goes through [`WriteTransaction`],
//! which appends a change for it and moves the head of its log at the end.

mod head;
mod version_row;

use crate::column::Table;
use crate::connect::Store;
use crate::entity::{EntryColumn, change, entry_source, search_word};
use crate::error::StoreError;
use crate::facts::packed;
use crate::insert::{TableRow, insert};
use crate::readback::ChangeRef;
use crate::search::document;
use crate::table::{EntryTables, StoredContent, optional_word, word};
use crate::transaction::Transaction;
use crate::{filing, installation};
use caunoi_domain::change::{Change, ChangeOperation, SharedChange, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content as _, Entry, EntryKind, EntryMeta, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;
use caunoi_domain::spelling::name_words;
use caunoi_domain::statistics::Filing;
use head::{LockedHead, lock_head};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

pub(crate) use head::lock;
pub(crate) use version_row::{canonical, entry_row, slot_of, source_rows, version_key};
use version_row::{delete_version, meta_columns};

/// A row whose change is appended by a load.
#[derive(Clone, Copy)]
pub(crate) struct LoadedRow<'a> {
    pub(crate) subject: Subject,
    pub(crate) log: Log,
    pub(crate) number: i32,
    pub(crate) code: &'a str,
}

/// A transaction that writes, with its queued rows.
#[derive(Debug)]
pub(crate) struct WriteTransaction {
    tx: Transaction,
    directory: Arc<Directory>,
    heads: BTreeMap<Log, LockedHead>,
    /// The queued rows, those of a table together.
    rows: Vec<Vec<TableRow>>,
    /// The filings of the changes, each with its position.
    filings: BTreeMap<(Log, Filing), i64>,
    /// The logs of the appended changes.
    appended: BTreeSet<Log>,
    /// The log of the last appended change.
    last_appended_log: Option<Log>,
    /// The bytes of the contents of the appended changes.
    appended_bytes: u64,
}

impl WriteTransaction {
    /// Locks the heads of these logs in the order of their numbers.
    pub(crate) async fn begin(tx: Transaction, logs: &[Log]) -> Result<Self, StoreError> {
        let mut heads = BTreeMap::new();
        for log in crate::table::unique(logs) {
            heads.insert(log, lock_head(&tx, log).await?);
        }
        Ok(Self {
            tx,
            directory: Arc::default(),
            heads,
            rows: Vec::new(),
            filings: BTreeMap::new(),
            appended: BTreeSet::new(),
            last_appended_log: None,
            appended_bytes: 0,
        })
    }

    /// Sets the reference data that names, countries and words of entries are derived from.
    pub(crate) fn set_directory(&mut self, directory: Arc<Directory>) {
        self.directory = directory;
    }

    /// Returns the reference data that was set last.
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Returns the transaction, for reads that the write depends on and for rows of reference
    /// tables.
    pub(crate) fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Advances the clock of a log to a write by a node whose clock shows `at_us`, and returns its
    /// time, in microseconds.
    pub(crate) fn advance_clock(&mut self, log: Log, at_us: i64) -> i64 {
        self.heads.get_mut(&log).map_or(at_us, |head| {
            head.clock = head.clock.advance(at_us);
            head.clock.time_us
        })
    }

    /// Returns the bytes of the contents of the appended changes.
    pub(crate) fn appended_bytes(&self) -> u64 {
        self.appended_bytes
    }

    /// Returns the next unused number of an entry in this log.
    pub(crate) fn allocate_number(&mut self, log: Log) -> i32 {
        self.heads.get_mut(&log).map_or(0, |head| {
            head.next_number += 1;
            head.next_number
        })
    }

    /// Saves one version of an entry; with `is_replacement` it replaces the one in its slot.
    pub(crate) async fn save<C: StoredContent>(
        &mut self,
        entry: &Entry<C>,
        is_replacement: bool,
    ) -> Result<(), StoreError> {
        let slot = slot_of(entry.meta.publication);
        if is_replacement {
            self.remove::<C>(entry, slot).await?;
        }
        self.add(entry_row(entry, slot, &self.directory)?);
        for child in entry.content.children(&self.directory) {
            self.add(child.with(version_key(&entry.meta, slot)));
        }
        for source in source_rows(entry, slot) {
            self.add(source);
        }
        if let Some(fact) = packed::row(entry, slot, &self.directory)? {
            self.add(fact);
        }
        self.add_search_rows(entry, slot)
    }

    /// Adds the search document and the words of a version.
    pub(crate) fn add_search_rows<C: StoredContent>(
        &mut self,
        entry: &Entry<C>,
        slot: &'static str,
    ) -> Result<(), StoreError> {
        self.add(document::row(entry, slot)?);
        let mut texts = entry.content.searchable(&self.directory);
        texts.extend(entry.codes_with_merged().map(str::to_owned));
        texts.extend(entry.content.common().summary.texts().map(str::to_owned));
        self.add_words(C::KIND, &entry.meta, slot, &texts);
        Ok(())
    }

    fn add_words(&mut self, kind: EntryKind, meta: &EntryMeta, slot: &'static str, texts: &[String]) {
        let words: HashSet<String> = texts.iter().flat_map(|text| name_words(text)).collect();
        for folded in words {
            self.add(TableRow::new(search_word::ActiveModel {
                kind: word(kind),
                word: Set(folded),
                province_id: Set(meta.log.number()),
                number: Set(meta.number),
                slot: word(slot),
            }));
        }
    }

    /// Removes the version in a slot, with its child rows, fact, search document and words.
    pub(crate) async fn remove<C: StoredContent>(
        &self,
        entry: &Entry<C>,
        slot: &str,
    ) -> Result<(), StoreError> {
        self.remove_version(&C::tables(), &entry.meta, slot).await
    }

    async fn remove_version(
        &self,
        tables: &EntryTables,
        meta: &EntryMeta,
        slot: &str,
    ) -> Result<(), StoreError> {
        let kind: &'static str = tables.kind.into();
        for of_every_kind in [Table::of(search_word::Entity), Table::of(entry_source::Entity)] {
            let mut rows = delete_version(of_every_kind, meta, slot);
            rows.and_where(Expr::col(search_word::Column::Kind).eq(kind));
            self.tx.execute(&rows).await?;
        }
        if tables.kind.is_counted() {
            self.tx.execute(&packed::remove(meta, slot)).await?;
        }
        self.tx.execute(&delete_version(document::table(), meta, slot)).await?;
        self.tx.execute(&delete_version(tables.entries, meta, slot)).await?;
        Ok(())
    }

    /// Updates the metadata of the version in a slot; its content stays.
    pub(crate) async fn update_meta<C: StoredContent>(
        &self,
        entry: &Entry<C>,
        slot: &str,
    ) -> Result<(), StoreError> {
        let meta = &entry.meta;
        let mut update = Query::update();
        update
            .table(C::tables().entries)
            .values(meta_columns(meta).map(|(name, value)| (name, Expr::val(value))))
            .and_where(Expr::col(EntryColumn::ProvinceId).eq(meta.log.number()))
            .and_where(Expr::col(EntryColumn::Number).eq(meta.number))
            .and_where(Expr::col(EntryColumn::Slot).eq(slot));
        self.tx.execute(&update).await?;
        if let Some(fact) = packed::update_meta(entry, slot, &self.directory)? {
            self.tx.execute(&fact).await?;
        }
        Ok(())
    }

    /// Locks the head of one more log, which this transaction moves.
    pub(crate) async fn lock_to_append(&mut self, log: Log) -> Result<(), StoreError> {
        self.heads.insert(log, lock_head(&self.tx, log).await?);
        Ok(())
    }

    /// Appends the change of a shared entry, which is the last one of its log, to the log of a
    /// further owner.
    pub(crate) fn append_shared(&mut self, kind: EntryKind, change: &Change, owner: Log) {
        let log = change.log;
        let shared = SharedChange { kind, log, position: self.position(log) };
        self.append(&shared.to_change(owner, change));
        self.last_appended_log = Some(log);
    }

    /// Sends the queued rows and moves the head of a log at once, which the commit then leaves: they
    /// need other rights than those of the commit, in the log `own`.
    pub(crate) async fn send_log(&mut self, log: Log, own: Log) -> Result<(), StoreError> {
        self.send().await?;
        self.last_appended_log = Some(own);
        match self.heads.remove(&log) {
            Some(head) => head::save(&self.tx, log, &head).await,
            None => Ok(()),
        }
    }

    /// Locks the head of one more log, which this transaction does not move: its writers wait.
    pub(crate) async fn lock_log(&self, log: Log) -> Result<(), StoreError> {
        lock(&self.tx, log).await
    }

    /// Returns the current position of each locked log.
    pub(crate) fn positions(&self) -> BTreeMap<Log, i64> {
        self.heads.iter().map(|(log, head)| (*log, head.position)).collect()
    }

    /// Returns the current position of each log that this transaction appended to.
    pub(crate) fn appended(&self) -> impl Iterator<Item = (Log, i64)> {
        self.appended.iter().map(|log| (*log, self.position(*log)))
    }

    /// Returns the current position of a log.
    pub(crate) fn position(&self, log: Log) -> i64 {
        self.heads.get(&log).map_or(0, |head| head.position)
    }

    /// Queues a row, to be sent with the others of its table.
    pub(crate) fn add(&mut self, row: TableRow) {
        let is_of_table =
            |rows: &&mut Vec<TableRow>| rows.first().is_some_and(|first| first.table == row.table);
        match self.rows.iter_mut().find(is_of_table) {
            Some(rows) => rows.push(row),
            None => self.rows.push(vec![row]),
        }
    }

    /// Appends a change to its log.
    pub(crate) fn append(&mut self, change: &Change) {
        let Some(head) = self.heads.get_mut(&change.log) else { return };
        self.last_appended_log = Some(change.log);
        self.appended.insert(change.log);
        let texts = [&change.before, &change.after];
        self.appended_bytes += texts.into_iter().flatten().map(|text| text.len() as u64).sum::<u64>();
        head.position += 1;
        if change.is_public {
            head.public_position = head.position;
        }
        head.link = change.chain_hash(head.position, &head.link);
        if let Some(filing) = Filing::of(change) {
            self.filings.entry((change.log, filing)).or_insert(head.position);
        }
        let row = TableRow::new(change::ActiveModel {
            province_id: Set(change.log.number()),
            position: Set(head.position),
            subject: word(change.subject.as_str()),
            number: Set(change.number),
            code: Set(change.code.clone()),
            version: Set(change.version),
            operation: word(change.operation),
            was: optional_word(change.was),
            publication: word(change.publication),
            is_public: Set(change.is_public),
            author: Set(change.author.clone()),
            at_us: Set(change.at_us),
            reason: Set(change.reason.clone()),
            before_text: Set(change.before.clone()),
            after_text: Set(change.after.clone()),
            idempotency_key: Set(change.idempotency_key.clone()),
            link: Set(head.link.to_vec()),
        });
        self.add(row);
    }

    /// Saves a published relation whose status follows from other entries, with a change of its
    /// own, so that readers of the log see it.
    pub(crate) async fn update_relation(
        &mut self,
        relation: Entry<Relation>,
        content: Relation,
        author: String,
        at_us: i64,
    ) -> Result<(), StoreError> {
        let version = relation.meta.last_version + 1;
        let code = relation.meta.code.clone();
        let change = Change {
            log: relation.meta.log,
            subject: Subject::Entry(Relation::KIND),
            number: relation.meta.number,
            code: code.clone(),
            version,
            operation: ChangeOperation::Updated,
            was: Some(Publication::Published),
            publication: Publication::Published,
            is_public: true,
            author,
            at_us,
            idempotency_key: None,
            reason: None,
            before: Some(canonical(&relation.content, &code)?),
            after: Some(canonical(&content, &code)?),
        };
        let meta = EntryMeta { version, last_version: version, updated_at_us: at_us, ..relation.meta };
        self.save(&Entry { meta, content }, true).await?;
        self.append(&change);
        Ok(())
    }

    /// Stores a shared value of the installation.
    pub(crate) async fn set_installation_value(&self, name: &str, value: &str) -> Result<(), StoreError> {
        installation::upsert_value(&self.tx, name, value).await
    }

    /// Sends all queued rows, table by table in the order in which the tables were first used.
    pub(crate) async fn send(&mut self) -> Result<(), StoreError> {
        for rows in std::mem::take(&mut self.rows) {
            insert(&self.tx, &rows, None).await?;
        }
        Ok(())
    }

    /// Rolls back.
    pub(crate) async fn rollback(self) {
        self.tx.rollback().await;
    }

    /// Returns the last change of a log, this transaction included.
    pub(crate) fn last_change(&self, log: Log) -> ChangeRef {
        let head = self.heads.get(&log);
        ChangeRef { log, position: head.map_or(0, |head| head.position), link: head.map(|head| head.link) }
    }

    /// Sends the queued rows, moves the heads and commits. If the COMMIT fails, the log is read to
    /// find out whether it happened.
    pub(crate) async fn commit(mut self, store: &Store) -> Result<(), StoreError> {
        self.send().await?;
        for ((log, filing), position) in std::mem::take(&mut self.filings) {
            filing::insert(&self.tx, log, filing, position).await?;
        }
        for (log, head) in &self.heads {
            head::save(&self.tx, *log, head).await?;
        }
        let has_head = |log: &Log| self.heads.contains_key(log);
        let proof = self.last_appended_log.filter(has_head);
        let proof = proof.or_else(|| self.appended.iter().copied().find(has_head));
        let (rights, change) = (self.tx.rights(), proof.map(|log| self.last_change(log)));
        let Err(error) = self.tx.commit().await else { return Ok(()) };
        let Some(change) = change else { return Err(error) };
        match store.is_committed(change, rights).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(error),
            Err(unknown) => {
                tracing::warn!(%unknown, log = change.log.number(), position = change.position,
                    "the outcome of a commit is unknown");
                Err(error)
            }
        }
    }
}
