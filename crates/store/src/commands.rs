//! Commands on entries, each in one [`WriteTransaction`].
//!
//! The head of the log is locked first, which serializes the writers of a province. Then the
//! versions of the entry are read, the domain decides, and rows, change and head are written. A
//! refused command writes nothing.

mod confirmation;
mod duplicates;
mod idempotency;
mod relation_status;

pub use confirmation::{Confirmation, OtherInput};
pub use idempotency::IdempotencyKey;
pub(crate) use idempotency::{find_response, insert_response};

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::name_refresh::NameSource;
use crate::pools::Rights;
use crate::reference;
use crate::row;
use crate::statement::{self, literal};
use crate::table::StoredContent;
use crate::write::{self, WriteTransaction};
use caunoi_domain::change::{ChainHash, Change, Subject};
use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{Entry, EntryKind, EntryMeta, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Permit;
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::validation::ValidationError;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use std::sync::Arc;

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
    /// The key that signs the cursor.
    pub signing_key: &'a InstallationKey,
}

/// The result of a command that was executed.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandReceipt<C> {
    /// The entry as its author now sees it.
    pub entry: Entry<C>,
    /// The last position that the command wrote in its log.
    pub position: i64,
    /// The link of the change at `position`; `None` if the command was executed before.
    pub link: Option<ChainHash>,
    /// A signed cursor: the positions of all logs after the command.
    pub cursor: String,
}

/// The reason why a command was refused and nothing was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Objection<C> {
    /// The author sees no such entry.
    NotFound,
    /// The entry has another version than the author expected; contains the current one.
    Stale(Box<Entry<C>>),
    /// These entries are similar to the new one.
    Alike(Vec<Entry<C>>),
    /// The idempotency key was used for another request.
    OtherInput,
    /// The input is invalid.
    ValidationErrors(Vec<ValidationError>),
}

/// The outcome of a command: executed or refused.
pub type CommandOutcome<C> = Result<CommandReceipt<C>, Objection<C>>;

/// The versions to write, or the problems of the input.
pub type Decision<C> = Result<EntryWrite<C>, Vec<ValidationError>>;

impl Store {
    /// Creates a draft. `code` returns the code of the entry from its number. With
    /// `allow_duplicates`, similar entries do not refuse the command.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn create<C: StoredContent>(
        &self,
        context: &WriteContext<'_>,
        content: C,
        code: impl FnOnce(i32) -> String + Send,
        allow_duplicates: bool,
    ) -> Result<CommandOutcome<C>, StoreError> {
        let log = context.permit.log();
        let mut command = CommandTransaction::begin(self, context).await?;
        if let Some(outcome) = command.find_recorded_outcome().await? {
            return command.rollback_with(outcome).await;
        }
        if !allow_duplicates {
            let duplicates = duplicates::find(command.writing.tx(), log, &content).await?;
            if !duplicates.is_empty() {
                return command.rollback_with(Err(Objection::Alike(duplicates))).await;
            }
        }
        let number = command.writing.allocate_number(log);
        let meta = EntryMeta {
            log,
            number,
            code: code(number),
            version: 1,
            last_version: 1,
            publication: Publication::Draft,
            pending: None,
            published_at_us: None,
            updated_at_us: context.at_us,
        };
        let nothing = Versions { published: None, working: None };
        command.save_and_commit(&nothing, Versions::create(meta, content)).await
    }

    /// Returns the recorded outcome of this key; `None` if the request is new.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_recorded_outcome<C: StoredContent>(
        &self,
        permit: &Permit,
        idempotency_key: &IdempotencyKey,
    ) -> Result<Option<CommandOutcome<C>>, StoreError> {
        let tx = self.begin_snapshot(Rights::Province(permit.log())).await?;
        let outcome = idempotency::find(&tx, permit, idempotency_key).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Runs a command on the entry with this number; it is refused as stale unless the version that
    /// the author sees is `expected_version`.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn run_command<C: StoredContent>(
        &self,
        context: &WriteContext<'_>,
        number: i32,
        expected_version: i32,
        decide: impl FnOnce(Versions<C>, &Entry<C>, &Directory) -> Decision<C> + Send,
    ) -> Result<CommandOutcome<C>, StoreError> {
        let command = CommandTransaction::begin(self, context).await?;
        if let Some(outcome) = command.find_recorded_outcome().await? {
            return command.rollback_with(outcome).await;
        }
        let versions = command.load_versions::<C>(number).await?;
        let Some(shown) = versions.visible_to(context.permit.scope()).cloned() else {
            return command.rollback_with(Err(Objection::NotFound)).await;
        };
        if shown.meta.version != expected_version {
            return command.rollback_with(Err(Objection::Stale(Box::new(shown)))).await;
        }
        match decide(versions.clone(), &shown, command.writing.directory()) {
            Ok(written) => command.save_and_commit(&versions, written).await,
            Err(problems) => command.rollback_with(Err(Objection::ValidationErrors(problems))).await,
        }
    }
}

/// Reads the reference data if the ministry's log is ahead of `known`; `None` if it is not. A
/// command that waited for a lock while names changed would write the old names otherwise. A change
/// of names holds the heads of the logs whose entries it refreshes, so after locking the head the
/// names cannot change until this transaction ends.
async fn reference_since(
    writing: &WriteTransaction,
    known: &Positions,
) -> Result<Option<Reference>, StoreError> {
    let newest = Query::select()
        .column("position")
        .from("change")
        .and_where(Expr::col("province_id").eq(Log::MINISTRY.number()))
        .and_where(Expr::col("is_public").eq(literal(true)))
        .order_by("position", Order::Desc)
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

/// A transaction that executes a command on one entry.
struct CommandTransaction<'a> {
    store: &'a Store,
    writing: WriteTransaction,
    context: &'a WriteContext<'a>,
    log: Log,
}

impl<'a> CommandTransaction<'a> {
    async fn begin(store: &'a Store, context: &'a WriteContext<'a>) -> Result<Self, StoreError> {
        let log = context.permit.log();
        // The permit names the log, so the rights are those of that log, for every kind of author.
        let tx = store.begin_write(Rights::Province(log)).await?;
        let mut writing = WriteTransaction::begin(tx, &[log]).await?;
        let directory = match reference_since(&writing, &context.known).await? {
            Some(reference) => Arc::new(Directory::new(reference)),
            None => Arc::clone(&context.directory),
        };
        writing.set_directory(directory);
        Ok(Self { store, writing, context, log })
    }

    /// Rolls back and returns `outcome`.
    async fn rollback_with<C>(self, outcome: CommandOutcome<C>) -> Result<CommandOutcome<C>, StoreError> {
        self.writing.rollback().await;
        Ok(outcome)
    }

    async fn find_recorded_outcome<C: StoredContent>(&self) -> Result<Option<CommandOutcome<C>>, StoreError> {
        match &self.context.idempotency_key {
            Some(key) => idempotency::find(self.writing.tx(), self.context.permit, key).await,
            None => Ok(None),
        }
    }

    async fn load_versions<C: StoredContent>(&self, number: i32) -> Result<Versions<C>, StoreError> {
        let query = select_entries::<C>()
            .column((C::TABLE, "slot"))
            .and_where(Expr::col("province_id").eq(self.log.number()))
            .and_where(Expr::col("number").eq(number))
            .to_owned();
        let mut versions = Versions { published: None, working: None };
        for row in self.writing.tx().query_all(&query).await? {
            let slot: String = row.try_get("", "slot")?;
            let entry = Some(row::read(&row)?);
            if slot == PUBLISHED {
                versions.published = entry;
            } else {
                versions.working = entry;
            }
        }
        Ok(versions)
    }

    /// Saves the versions, their change and the dependent relations, then commits.
    async fn save_and_commit<C: StoredContent>(
        mut self,
        before: &Versions<C>,
        written: EntryWrite<C>,
    ) -> Result<CommandOutcome<C>, StoreError> {
        let written = self.with_activity_status(written).await?;
        self.save_versions(before, &written.versions).await?;
        self.append(&written)?;
        if written.is_public {
            self.update_relations(written.before.as_ref(), written.after.as_ref()).await?;
        }
        // The search words of agreements contain the names of their organizations.
        if written.is_public && C::KIND == EntryKind::Organization && written.before != written.after {
            let organization = NameSource::Organization(written.shown.meta.code.clone());
            self.store.refresh_names(&mut self.writing, &organization, self.log).await?;
        }
        let position = self.writing.position(self.log);
        let known = self.context.known.clone().with(self.log, position);
        let cursor = known.to_cursor(self.context.signing_key);
        let link = self.writing.last_change(self.log).link;
        let receipt = CommandReceipt { entry: written.shown, position, link, cursor };
        if let Some(key) = &self.context.idempotency_key {
            idempotency::insert(&mut self.writing, self.context, key, &receipt).await?;
        }
        self.writing.commit(self.store).await?;
        Ok(Ok(receipt))
    }

    fn append<C: StoredContent>(&mut self, written: &EntryWrite<C>) -> Result<(), StoreError> {
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
        Ok(())
    }

    /// Writes the differences between the versions in both slots before and after the command.
    async fn save_versions<C: StoredContent>(
        &mut self,
        before: &Versions<C>,
        versions: &Versions<C>,
    ) -> Result<(), StoreError> {
        let slots = [
            (PUBLISHED, &before.published, &versions.published),
            (WORKING, &before.working, &versions.working),
        ];
        for (slot, before, after) in slots {
            match (before, after) {
                (None, None) => {}
                (Some(before), Some(after)) if before == after => {}
                (Some(before), Some(after)) if before.content == after.content => {
                    self.writing.update_meta(after, slot).await?;
                }
                (Some(_), Some(after)) => self.writing.save(after, true).await?,
                (None, Some(after)) => self.writing.save(after, false).await?,
                (Some(before), None) => self.writing.remove(before, slot).await?,
            }
        }
        Ok(())
    }
}
