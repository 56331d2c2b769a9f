//! The transaction of one command.
//!
//! [`CommandTransaction::begin`] locks the head of the log, which serializes the writers of a
//! province. Its methods read what a decision needs and write what was decided; the decisions are
//! made by the caller. A transaction that is not committed writes nothing.

mod confirmation;
mod idempotency;
mod merged;
mod named;
mod quota;
mod relation_status;
mod similar;

pub use idempotency::{ContentPlace, RecordedResponse};

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::entity::{EntryColumn, change};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::readback::ChangeRef;
use crate::statement::{self, literal};
use crate::table::StoredContent;
use crate::write::{self, WriteTransaction};
use crate::{changes, reference, row};
use caunoi_domain::change::{Change, Subject};
use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::directory::{Directory, NameSource, Reference};
use caunoi_domain::entry::{Entry, EntryKind};
use caunoi_domain::id::Log;
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::policy::Permit;
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::quota::WriteLimits;
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The prefix of the author of changes that follow from an entry of another province.
const SHARED_AUTHOR_PREFIX: &str = "shared:";

/// Author, time and reason of a command, and the state of the node that runs it.
#[derive(Debug)]
pub struct WriteContext<'a> {
    /// The author's permission to run this command in this log.
    pub permit: &'a Permit,
    /// The time of the command, in microseconds since 1970.
    pub at_us: i64,
    /// Names and relations in the read model of this node; columns are derived from them.
    pub directory: Arc<Directory>,
    /// The author's reason, as canonical JSON text; `None` if none was given.
    pub reason: Option<String>,
    /// The key under which the author may repeat the request.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The positions of the read model; with the new position they form the cursor of the receipt.
    pub known: Positions,
    /// How much the author and the province may write.
    pub limits: WriteLimits,
    /// The key that signs the cursor.
    pub signing_key: &'a InstallationKey,
}

/// The place of a command in the logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandPosition {
    /// The last change that the command wrote in its log.
    pub change: ChangeRef,
    /// A signed cursor: the positions of all logs after the command.
    pub cursor: String,
}

/// A transaction that executes one command in the log of its permit. A merge also writes to the logs
/// of the merged entries, one after the other.
#[derive(Debug)]
pub struct CommandTransaction<'a> {
    store: &'a Store,
    pub(crate) writing: WriteTransaction,
    pub(crate) context: &'a WriteContext<'a>,
    pub(crate) log: Log,
    /// The contents after the changes of this command, each with the position of its change; only
    /// if its response is recorded.
    logged_contents: Vec<(i64, String)>,
    /// The size of the largest content that this command writes, in bytes.
    largest_content: usize,
}

impl<'a> CommandTransaction<'a> {
    /// Begins the transaction and locks the head of the log.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn begin(store: &'a Store, context: &'a WriteContext<'a>) -> Result<Self, StoreError> {
        Self::begin_with_owners(store, context, &BTreeSet::new()).await
    }

    /// Begins the transaction and locks the heads of the log and of these further logs, all in the
    /// order of their numbers: so two transactions that share entries with each other's logs cannot
    /// deadlock.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn begin_with_owners(
        store: &'a Store,
        context: &'a WriteContext<'a>,
        owners: &BTreeSet<Log>,
    ) -> Result<Self, StoreError> {
        let log = context.permit.log();
        // The permit names the log, so the rights are those of that log, for every kind of author.
        let tx = store.begin_write(Rights::Province(log)).await?;
        let writing = if owners.is_empty() {
            WriteTransaction::begin(tx, &[log]).await?
        } else {
            let mut writing = WriteTransaction::begin(tx, &[]).await?;
            let mut logs = owners.clone();
            logs.insert(log);
            for log in logs {
                store.set_province(writing.tx(), Rights::Province(log)).await?;
                writing.lock_to_append(log).await?;
            }
            store.set_province(writing.tx(), Rights::Province(log)).await?;
            writing
        };
        let mut transaction =
            Self { store, writing, context, log, logged_contents: Vec::new(), largest_content: 0 };
        transaction.writing.set_directory(Arc::clone(&context.directory));
        Ok(transaction)
    }

    /// Reads the reference data again if it changed since the read model of this node. A command
    /// that waited for a lock while names changed would write the old names otherwise. A change of
    /// names holds the heads of the logs whose entries it refreshes, so the names cannot change
    /// until this transaction ends.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn update_directory(&mut self) -> Result<(), StoreError> {
        if let Some(reference) = reference_since(&self.writing, &self.context.known).await? {
            self.writing.set_directory(Arc::new(Directory::new(reference)));
        }
        Ok(())
    }

    /// Returns the names and relations from which columns are derived.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        self.writing.directory()
    }

    /// Returns the current reference data; a transaction in the log of the ministry keeps others
    /// from changing it.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_directory(&self) -> Result<Directory, StoreError> {
        Ok(Directory::new(reference::read(self.writing.tx()).await?))
    }

    /// Returns the versions of the entry with this number; none if there is no such entry.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_versions<C: StoredContent>(&self, number: i32) -> Result<Versions<C>, StoreError> {
        let tables = C::tables();
        let query = select_entries(&tables)
            .column((tables.entries, EntryColumn::Slot))
            .and_where(Expr::col(EntryColumn::ProvinceId).eq(self.log.number()))
            .and_where(Expr::col(EntryColumn::Number).eq(number))
            .to_owned();
        let mut versions = Versions { published: None, working: None };
        for row in self.writing.tx().query_all(&query).await? {
            let slot: String = row.try_get_by_index(row::ENTRY_COLUMNS.len())?;
            let entry = Some(row::read(&row)?);
            if slot == PUBLISHED {
                versions.published = entry;
            } else {
                versions.working = entry;
            }
        }
        Ok(versions)
    }

    /// Returns the log that is read and written now.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log
    }

    /// Returns a number of the log that was never used.
    pub fn allocate_number(&mut self) -> i32 {
        self.writing.allocate_number(self.log)
    }

    /// Writes the differences from the versions before, and appends the change, also to the logs of
    /// the further owners if the public sees it.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn save_entry<C: StoredContent>(
        &mut self,
        before: &Versions<C>,
        written: &EntryWrite<C>,
    ) -> Result<(), StoreError> {
        self.save_versions(before, &written.versions).await?;
        let change = self.append(written)?;
        let owners = written.owner_logs(self.directory());
        self.share(C::KIND, &change, owners).await
    }

    /// Appends the change to the logs of the further owners, whose heads this transaction holds,
    /// with the rights of each. The commit moves their heads.
    async fn share(
        &mut self,
        kind: EntryKind,
        change: &Change,
        owners: BTreeSet<Log>,
    ) -> Result<(), StoreError> {
        let log = self.log;
        for owner in owners {
            self.enter(owner).await?;
            self.writing.append_shared(kind, change, owner);
        }
        self.enter(log).await
    }

    /// Continues in another log, whose head this transaction holds: reads and writes it with the
    /// rights of its province.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn enter(&mut self, log: Log) -> Result<(), StoreError> {
        if log == self.log {
            return Ok(());
        }
        // The queued rows need the rights of the log that they belong to.
        self.writing.send().await?;
        self.store.set_province(self.writing.tx(), Rights::Province(log)).await?;
        self.log = log;
        Ok(())
    }

    /// Saves published relations of a further owner with other contents and appends their changes,
    /// with its rights. The author of these changes is the entry with the code `cause`: no person of
    /// the owner made them, so they are no filing.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn settle_owner(
        &mut self,
        owner: Log,
        relations: Vec<(Entry<Relation>, Relation)>,
        cause: &str,
    ) -> Result<(), StoreError> {
        let own = self.log;
        self.enter(owner).await?;
        for (relation, content) in relations {
            let author = format!("{SHARED_AUTHOR_PREFIX}{cause}");
            self.writing.update_relation(relation, content, author, self.context.at_us).await?;
        }
        self.enter(own).await
    }

    /// Updates the columns of the entries that use a name that this command changed.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn refresh_names(&mut self, source: &NameSource) -> Result<(), StoreError> {
        self.store.refresh_names(&mut self.writing, source, self.log).await
    }

    /// Returns the place of the changes appended so far.
    #[must_use]
    pub fn position(&self) -> CommandPosition {
        let change = self.writing.last_change(self.log);
        let known = self.context.known.clone().with(self.log, change.position);
        let known = self.writing.appended().fold(known, |known, (log, position)| known.with(log, position));
        CommandPosition { change, cursor: known.to_cursor(self.context.signing_key) }
    }

    /// Commits the transaction.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let own = self.context.permit.log();
        let others: Vec<Log> = self.writing.positions().into_keys().filter(|log| *log != own).collect();
        for log in others {
            self.enter(log).await?;
            self.writing.send_log(log, own).await?;
        }
        self.enter(own).await?;
        self.writing.commit(self.store).await
    }

    /// Ends the transaction without writing anything.
    pub async fn rollback(self) {
        self.writing.rollback().await;
    }

    fn append<C: StoredContent>(&mut self, written: &EntryWrite<C>) -> Result<Change, StoreError> {
        let meta = &written.shown.meta;
        let text = |content: &Option<C>| {
            content.as_ref().map(|content| write::canonical(content, &meta.code)).transpose()
        };
        let change = Change {
            log: self.log,
            subject: Subject::Entry(C::KIND),
            number: meta.number,
            code: meta.code.clone(),
            version: meta.last_version,
            operation: written.operation,
            was: written.was,
            publication: meta.publication,
            is_public: written.is_public,
            author: self.context.permit.author(),
            at_us: self.context.at_us,
            idempotency_key: self.context.idempotency_key.as_ref().map(|key| key.key.clone()),
            reason: self.context.reason.clone(),
            before: text(&written.before)?,
            after: text(&written.after)?,
        };
        self.writing.append(&change);
        self.largest_content = self.largest_content.max(change.after.as_ref().map_or(0, String::len));
        let is_own = self.log == self.context.permit.log() && self.context.idempotency_key.is_some();
        if let (true, Some(after)) = (is_own, &change.after) {
            self.logged_contents.push((self.writing.position(self.log), after.clone()));
        }
        Ok(change)
    }

    /// Writes the differences between the versions in both slots before and after the command.
    async fn save_versions<C: StoredContent>(
        &mut self,
        before: &Versions<C>,
        versions: &Versions<C>,
    ) -> Result<(), StoreError> {
        self.save_slot(PUBLISHED, before.published.as_ref(), versions.published.as_ref()).await?;
        self.save_slot(WORKING, before.working.as_ref(), versions.working.as_ref()).await
    }

    async fn save_slot<C: StoredContent>(
        &mut self,
        slot: &'static str,
        before: Option<&Entry<C>>,
        after: Option<&Entry<C>>,
    ) -> Result<(), StoreError> {
        match (before, after) {
            (None, None) => Ok(()),
            (Some(before), Some(after)) if before == after => Ok(()),
            (Some(before), Some(after)) if before.content == after.content => {
                self.writing.update_meta(after, slot).await
            }
            (Some(_), Some(after)) => self.writing.save(after, true).await,
            (None, Some(after)) => self.writing.save(after, false).await,
            (Some(before), None) => self.writing.remove(before, slot).await,
        }
    }
}

/// Reads the reference data if the ministry's log is ahead of `known`; `None` if it is not.
async fn reference_since(
    writing: &WriteTransaction,
    known: &Positions,
) -> Result<Option<Reference>, StoreError> {
    let newest = Query::select()
        .column(change::Column::Position)
        .from(changes::table())
        .and_where(Expr::col(change::Column::ProvinceId).eq(Log::MINISTRY.number()))
        .and_where(Expr::col(change::Column::IsPublic).eq(literal(true)))
        .order_by(change::Column::Position, Order::Desc)
        .limit(1)
        .to_owned();
    let newest = statement::build(writing.tx().get_database_backend(), &newest);
    let row = writing.tx().query_one_raw(newest).await?;
    let position: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    if position <= known.at(Log::MINISTRY) {
        return Ok(None);
    }
    reference::read(writing.tx()).await.map(Some)
}
