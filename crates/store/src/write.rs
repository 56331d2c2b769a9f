//! Writes: rows, changes and heads of logs in one transaction.
//!
//! Invariant: every write to an entry or to the reference data goes through [`WriteTransaction`],
//! which appends a change for it and moves the head of its log at the end.

mod head;

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::error::StoreError;
use crate::facts::packed;
use crate::insert::insert;
use crate::readback::ChangeRef;
use crate::table::{ChildRow, ColumnValues, StoredContent};
use crate::transaction::Transaction;
use crate::{filing, installation, search};
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::date::UNDATED_FIRST;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content as _, Entry, EntryMeta, Publication};
use caunoi_domain::fact::DateBounds;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::Filing;
use caunoi_domain::{collation, text};
use head::{LockedHead, lock_head};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub(crate) use head::lock;

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
    rows: Vec<(&'static str, Vec<ColumnValues>)>,
    /// The filings of the changes, each with its position.
    filings: BTreeMap<(Log, Filing), i64>,
    /// The log of the last appended change.
    last_appended_log: Option<Log>,
}

impl WriteTransaction {
    /// Locks the heads of these logs in the order of their numbers.
    pub(crate) async fn begin(tx: Transaction, logs: &[Log]) -> Result<Self, StoreError> {
        let mut heads = BTreeMap::new();
        for log in crate::table::unique(logs) {
            heads.insert(log, lock_head(&tx, log).await?);
        }
        let (rows, filings) = (Vec::new(), BTreeMap::new());
        Ok(Self { tx, directory: Arc::default(), heads, rows, filings, last_appended_log: None })
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
        let row = entry_columns(entry, slot, &self.directory)?;
        self.add(C::TABLE, row);
        let key = [
            ("province_id", Value::from(entry.meta.log.number())),
            ("number", entry.meta.number.into()),
            ("slot", slot.into()),
        ];
        for ChildRow { table, columns } in entry.content.children(&self.directory) {
            self.add(table, key.iter().cloned().chain(columns).collect());
        }
        if let Some(fact) = packed::row(entry, slot, &self.directory)? {
            self.add(packed::TABLE, fact);
        }
        let mut texts = entry.content.searchable(&self.directory);
        texts.push(entry.meta.code.clone());
        let kind: &'static str = C::KIND.into();
        let words: HashSet<String> = texts.iter().flat_map(|text| text::words(text)).collect();
        for word in words {
            let own = [("kind", Value::from(kind)), ("word", word.into())];
            self.add(search::TABLE, key.iter().cloned().chain(own).collect());
        }
        Ok(())
    }

    /// Removes the version in a slot, with its child rows, fact and words.
    pub(crate) async fn remove<C: StoredContent>(
        &self,
        entry: &Entry<C>,
        slot: &str,
    ) -> Result<(), StoreError> {
        let version = |table: &'static str| {
            let mut delete = Query::delete();
            delete
                .from_table(table)
                .and_where(Expr::col("province_id").eq(entry.meta.log.number()))
                .and_where(Expr::col("number").eq(entry.meta.number))
                .and_where(Expr::col("slot").eq(slot));
            delete
        };
        let kind: &'static str = C::KIND.into();
        self.tx.execute(version(search::TABLE).and_where(Expr::col("kind").eq(kind))).await?;
        if C::KIND.is_counted() {
            self.tx.execute(&packed::remove(entry, slot)).await?;
        }
        self.tx.execute(&version(C::TABLE)).await?;
        Ok(())
    }

    /// Updates the metadata of the version in a slot; its content stays.
    pub(crate) async fn update_meta<C: StoredContent>(
        &self,
        entry: &Entry<C>,
        slot: &str,
    ) -> Result<(), StoreError> {
        let meta = &entry.meta;
        let update = Query::update()
            .table(C::TABLE)
            .values(meta_columns(meta).into_iter().map(|(name, value)| (name, Expr::val(value))))
            .and_where(Expr::col("province_id").eq(meta.log.number()))
            .and_where(Expr::col("number").eq(meta.number))
            .and_where(Expr::col("slot").eq(slot))
            .to_owned();
        self.tx.execute(&update).await?;
        if let Some(fact) = packed::update_meta(entry, slot, &self.directory)? {
            self.tx.execute(&fact).await?;
        }
        Ok(())
    }

    /// Locks the head of one more log, which this transaction does not move: its writers wait.
    pub(crate) async fn lock_log(&self, log: Log) -> Result<(), StoreError> {
        lock(&self.tx, log).await
    }

    /// Returns the current position of each locked log.
    pub(crate) fn positions(&self) -> BTreeMap<Log, i64> {
        self.heads.iter().map(|(log, head)| (*log, head.position)).collect()
    }

    /// Returns the current position of a log.
    pub(crate) fn position(&self, log: Log) -> i64 {
        self.heads.get(&log).map_or(0, |head| head.position)
    }

    /// Queues a row, to be sent with the others of its table.
    pub(crate) fn add(&mut self, table: &'static str, columns: ColumnValues) {
        match self.rows.iter_mut().find(|(of, _)| *of == table) {
            Some((_, rows)) => rows.push(columns),
            None => self.rows.push((table, vec![columns])),
        }
    }

    /// Appends a change to its log.
    pub(crate) fn append(&mut self, change: &Change) {
        let Some(head) = self.heads.get_mut(&change.log) else { return };
        self.last_appended_log = Some(change.log);
        head.position += 1;
        if change.is_public {
            head.public_position = head.position;
        }
        head.link = change.chain_hash(head.position, &head.link);
        if let Some(filing) = Filing::of(change) {
            self.filings.entry((change.log, filing)).or_insert(head.position);
        }
        let operation: &'static str = change.operation.into();
        let publication: &'static str = change.publication.into();
        let columns = vec![
            ("province_id", change.log.number().into()),
            ("position", head.position.into()),
            ("subject", change.subject.as_str().into()),
            ("number", change.number.into()),
            ("code", change.code.clone().into()),
            ("version", change.version.into()),
            ("operation", operation.into()),
            ("was", crate::table::optional_word(change.was)),
            ("publication", publication.into()),
            ("is_public", change.is_public.into()),
            ("author", change.author.clone().into()),
            ("at_us", change.at_us.into()),
            ("reason", change.reason.clone().into()),
            ("before_text", change.before.clone().into()),
            ("after_text", change.after.clone().into()),
            ("idempotency_key", change.idempotency_key.clone().into()),
            ("link", head.link.to_vec().into()),
        ];
        self.add("change", columns);
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
        for (table, rows) in std::mem::take(&mut self.rows) {
            insert(&self.tx, table, rows, None).await?;
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
            let update = Query::update()
                .table("province_head")
                .value("position", head.position)
                .value("public_position", head.public_position)
                .value("next_number", head.next_number)
                .value("link", head.link.to_vec())
                .and_where(Expr::col("province_id").eq(log.number()))
                .to_owned();
            self.tx.execute(&update).await?;
        }
        let (rights, change) = (self.tx.rights(), self.last_appended_log.map(|log| self.last_change(log)));
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

/// Returns the slot of a version.
pub(crate) fn slot_of(publication: Publication) -> &'static str {
    match publication {
        Publication::Published => PUBLISHED,
        Publication::Draft | Publication::Submitted | Publication::Withdrawn => WORKING,
    }
}

pub(crate) fn entry_columns<C: StoredContent>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<ColumnValues, StoreError> {
    let (meta, content) = (&entry.meta, &entry.content);
    let common = content.common();
    let first = DateBounds::from_date(content.first());
    let name = |locale| {
        let parts = content.name_parts(meta.log, directory, locale);
        collation::joined(&parts.iter().map(String::as_str).collect::<Vec<_>>(), locale)
    };
    let mut columns: ColumnValues = vec![
        ("province_id", meta.log.number().into()),
        ("number", meta.number.into()),
        ("slot", slot.into()),
        ("code", meta.code.clone().into()),
        ("origin_unit_id", crate::table::optional_id(common.origin_unit)),
        ("pillar", crate::table::optional_word(common.pillar)),
        ("counts_from", common.counts_from.unwrap_or(UNDATED_FIRST).into()),
        ("first_text", crate::table::edtf(content.first())),
        ("first_earliest", first.earliest.into()),
        ("first_latest", first.latest.into()),
        ("name_vi", name(Locale::Vi).into()),
        ("name_en", name(Locale::En).into()),
        ("content", canonical(content, &meta.code)?.into()),
    ];
    columns.extend(meta_columns(meta));
    columns.extend(content.own_columns(directory));
    Ok(columns)
}

/// Returns the columns that a transition of an entry changes.
fn meta_columns(meta: &EntryMeta) -> ColumnValues {
    vec![
        ("version", meta.version.into()),
        ("last_version", meta.last_version.into()),
        ("publication", crate::table::word(meta.publication)),
        ("pending", crate::table::optional_word(meta.pending)),
        ("published_at_us", meta.published_at_us.into()),
        ("updated_at_us", meta.updated_at_us.into()),
    ]
}

/// Returns the canonical JSON text of a content: its fields in their declared order.
pub(crate) fn canonical<C: StoredContent>(content: &C, code: &str) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::Corrupt {
        table: C::TABLE,
        column: "content",
        id: code.to_owned(),
        why: error.to_string(),
    })
}
