//! The one way to save: rows, changes and heads of logs in one transaction.
//!
//! Invariant: whatever is written to an entry or to the reference data passes through
//! [`Writing`], which appends a change for each and moves the head of its log at the end. There
//! is no other way to save.

mod head;

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::error::StoreError;
use crate::facts::packed;
use crate::filing;
use crate::insert::insert;
use crate::installation;
use crate::readback::ChangeRef;
use crate::search;
use crate::table::{Child, Columns, Stored};
use crate::transaction::Transaction;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::collation;
use caunoi_domain::date::UNDATED_FIRST;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content as _, Entry, Publication, Stamp};
use caunoi_domain::fact::Period;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::Filing;
use caunoi_domain::text;
use head::{Head, lock_head};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub(crate) use head::lock;

/// A transaction that writes, with the rows that wait to be sent together.
pub(crate) struct Writing {
    tx: Transaction,
    directory: Arc<Directory>,
    heads: BTreeMap<Log, Head>,
    rows: Vec<(&'static str, Vec<Columns>)>,
    /// What the changes file, each with its position.
    filings: BTreeMap<(Log, Filing), i64>,
    /// A log that a change was appended to.
    appended: Option<Log>,
}

impl Writing {
    /// Locks the heads of these logs, in the order of their numbers, within a transaction.
    pub(crate) async fn begin(tx: Transaction, logs: &[Log]) -> Result<Self, StoreError> {
        let mut heads = BTreeMap::new();
        for log in crate::table::unique(logs) {
            heads.insert(log, lock_head(&tx, log).await?);
        }
        let (rows, filings) = (Vec::new(), BTreeMap::new());
        Ok(Self { tx, directory: Arc::default(), heads, rows, filings, appended: None })
    }

    /// Takes over the reference data that names, countries and words of entries come from.
    pub(crate) fn know(&mut self, directory: Arc<Directory>) {
        self.directory = directory;
    }

    /// The reference data that was taken over last.
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The transaction, for reads that the write depends on and for rows of reference tables.
    pub(crate) fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The next unused number of an entry in this log.
    pub(crate) fn take_number(&mut self, log: Log) -> i32 {
        self.heads.get_mut(&log).map_or(0, |head| {
            head.next_number += 1;
            head.next_number
        })
    }

    /// Saves one version of an entry in place of the one that stands in its slot.
    pub(crate) async fn save<C: Stored>(
        &mut self,
        entry: &Entry<C>,
        replaces: bool,
    ) -> Result<(), StoreError> {
        let slot = slot_of(entry.stamp.publication);
        if replaces {
            self.remove::<C>(entry, slot).await?;
        }
        let row = entry_columns(entry, slot, &self.directory)?;
        self.add(C::TABLE, row);
        let key = [
            ("province_id", Value::from(entry.stamp.log.number())),
            ("number", entry.stamp.number.into()),
            ("slot", slot.into()),
        ];
        for Child { table, columns } in entry.content.children(&self.directory) {
            self.add(table, key.iter().cloned().chain(columns).collect());
        }
        if let Some(fact) = packed::row(entry, slot, &self.directory)? {
            self.add(packed::TABLE, fact);
        }
        let mut texts = entry.content.searchable(&self.directory);
        texts.push(entry.stamp.code.clone());
        let kind: &'static str = C::KIND.into();
        let words: HashSet<String> = texts.iter().flat_map(|text| text::words(text)).collect();
        for word in words {
            let own = [("kind", Value::from(kind)), ("word", word.into())];
            self.add(search::TABLE, key.iter().cloned().chain(own).collect());
        }
        Ok(())
    }

    /// Removes the version that stands in a slot, with its child rows, fact and words.
    pub(crate) async fn remove<C: Stored>(&self, entry: &Entry<C>, slot: &str) -> Result<(), StoreError> {
        let version = |table: &'static str| {
            let mut delete = Query::delete();
            delete
                .from_table(table)
                .and_where(Expr::col("province_id").eq(entry.stamp.log.number()))
                .and_where(Expr::col("number").eq(entry.stamp.number))
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

    /// Writes another stamp on the version that stands in a slot; its content stays.
    pub(crate) async fn restamp<C: Stored>(&self, entry: &Entry<C>, slot: &str) -> Result<(), StoreError> {
        let stamp = &entry.stamp;
        let update = Query::update()
            .table(C::TABLE)
            .values(stamp_columns(stamp).into_iter().map(|(name, value)| (name, Expr::val(value))))
            .and_where(Expr::col("province_id").eq(stamp.log.number()))
            .and_where(Expr::col("number").eq(stamp.number))
            .and_where(Expr::col("slot").eq(slot))
            .to_owned();
        self.tx.execute(&update).await?;
        if let Some(fact) = packed::restamp(entry, slot, &self.directory)? {
            self.tx.execute(&fact).await?;
        }
        Ok(())
    }

    /// Locks the head of one more log, which does not move: its writers wait until the end.
    pub(crate) async fn hold(&self, log: Log) -> Result<(), StoreError> {
        lock(&self.tx, log).await
    }

    /// The last position of each locked log so far.
    pub(crate) fn positions(&self) -> BTreeMap<Log, i64> {
        self.heads.iter().map(|(log, head)| (*log, head.position)).collect()
    }

    /// The last position of a log so far.
    pub(crate) fn position(&self, log: Log) -> i64 {
        self.heads.get(&log).map_or(0, |head| head.position)
    }

    /// Adds a row that is sent with the others of its table.
    pub(crate) fn add(&mut self, table: &'static str, columns: Columns) {
        match self.rows.iter_mut().find(|(of, _)| *of == table) {
            Some((_, rows)) => rows.push(columns),
            None => self.rows.push((table, vec![columns])),
        }
    }

    /// Appends a change to its log, in the place after the last one.
    pub(crate) fn append(&mut self, change: &Change) {
        let Some(head) = self.heads.get_mut(&change.log) else { return };
        self.appended = Some(change.log);
        head.position += 1;
        if change.is_public {
            head.public_position = head.position;
        }
        head.link = change.link(head.position, &head.link);
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

    /// Saves a published relation whose status follows anew from other entries, with a change of
    /// its own, so that whoever follows the relation learns it; nothing where it stays.
    pub(crate) async fn follow(
        &mut self,
        relation: Entry<Relation>,
        anew: impl FnOnce(Relation) -> Relation,
        author: String,
        at_us: i64,
    ) -> Result<(), StoreError> {
        let content = anew(relation.content.clone());
        if content == relation.content {
            return Ok(());
        }
        let version = relation.stamp.last_version + 1;
        let code = relation.stamp.code.clone();
        let change = Change {
            log: relation.stamp.log,
            subject: Subject::Entry(Relation::KIND),
            number: relation.stamp.number,
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
        let stamp = Stamp { version, last_version: version, updated_at_us: at_us, ..relation.stamp };
        self.save(&Entry { stamp, content }, true).await?;
        self.append(&change);
        Ok(())
    }

    /// Keeps a shared value of the installation.
    pub(crate) async fn keep(&self, name: &str, value: &str) -> Result<(), StoreError> {
        installation::keep(&self.tx, name, value).await
    }

    /// Sends every waiting row, table by table in the order in which they were first added.
    pub(crate) async fn send(&mut self) -> Result<(), StoreError> {
        for (table, rows) in std::mem::take(&mut self.rows) {
            insert(&self.tx, table, rows, None).await?;
        }
        Ok(())
    }

    /// Ends the transaction without a trace.
    pub(crate) async fn abandon(self) {
        self.tx.rollback().await;
    }

    /// The last change of a log so far.
    pub(crate) fn last_change(&self, log: Log) -> ChangeRef {
        let head = self.heads.get(&log);
        ChangeRef { log, position: head.map_or(0, |head| head.position), link: head.map(|head| head.link) }
    }

    /// Sends what waits, moves the heads and commits. Where the COMMIT fails, the log says whether it
    /// happened.
    pub(crate) async fn commit(mut self, store: &Store) -> Result<(), StoreError> {
        self.send().await?;
        for ((log, filing), position) in std::mem::take(&mut self.filings) {
            filing::keep(&self.tx, log, filing, position).await?;
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
        let (rights, change) = (self.tx.rights(), self.appended.map(|log| self.last_change(log)));
        let Err(error) = self.tx.commit().await else { return Ok(()) };
        let Some(change) = change else { return Err(error) };
        match store.is_committed(change, rights).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(error),
            Err(unknown) => {
                tracing::warn!(%unknown, log = change.log.number(), position = change.position,
                    "whether a commit happened is unknown");
                Err(error)
            }
        }
    }
}

/// Where a version stands.
pub(crate) fn slot_of(publication: Publication) -> &'static str {
    match publication {
        Publication::Published => PUBLISHED,
        Publication::Draft | Publication::Submitted | Publication::Withdrawn => WORKING,
    }
}

pub(crate) fn entry_columns<C: Stored>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<Columns, StoreError> {
    let (stamp, content) = (&entry.stamp, &entry.content);
    let common = content.common();
    let first = Period::of(content.first());
    let name = |locale| {
        let parts = content.name_parts(stamp.log, directory, locale);
        collation::joined(&parts.iter().map(String::as_str).collect::<Vec<_>>(), locale)
    };
    let mut columns: Columns = vec![
        ("province_id", stamp.log.number().into()),
        ("number", stamp.number.into()),
        ("slot", slot.into()),
        ("code", stamp.code.clone().into()),
        ("origin_unit_id", crate::table::optional_id(common.origin_unit)),
        ("pillar", crate::table::optional_word(common.pillar)),
        ("counts_from", common.counts_from.unwrap_or(UNDATED_FIRST).into()),
        ("first_text", crate::table::edtf(content.first())),
        ("first_earliest", first.earliest.into()),
        ("first_latest", first.latest.into()),
        ("name_vi", name(Locale::Vi).into()),
        ("name_en", name(Locale::En).into()),
        ("content", canonical(content, &stamp.code)?.into()),
    ];
    columns.extend(stamp_columns(stamp));
    columns.extend(content.own_columns(directory));
    Ok(columns)
}

/// The columns that a move of an entry changes.
fn stamp_columns(stamp: &Stamp) -> Columns {
    vec![
        ("version", stamp.version.into()),
        ("last_version", stamp.last_version.into()),
        ("publication", crate::table::word(stamp.publication)),
        ("pending", crate::table::optional_word(stamp.pending)),
        ("published_at_us", stamp.published_at_us.into()),
        ("updated_at_us", stamp.updated_at_us.into()),
    ]
}

/// The canonical JSON text of a content: the fields in their declared order, nothing else.
pub(crate) fn canonical<C: Stored>(content: &C, code: &str) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::Corrupt {
        table: C::TABLE,
        column: "content",
        id: code.to_owned(),
        why: error.to_string(),
    })
}
