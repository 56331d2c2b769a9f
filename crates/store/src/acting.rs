//! What people do to entries: one transaction for each act, through the one way to save.
//!
//! The head of the log is locked first, which orders the writers of a province; what stands of
//! the entry is read, the domain decides, and rows, change and head are written. What is refused
//! leaves nothing behind.

mod alike;
mod confirming;
mod repeat;
mod signs;

pub use confirming::{Confirmation, OtherInput};
pub use repeat::Repeat;
pub(crate) use repeat::{find_answer, keep_answer};

use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::reference;
use crate::renaming::Named;
use crate::row;
use crate::statement::{self, literal};
use crate::table::Stored;
use crate::write::{self, Writing};
use caunoi_domain::change::{Change, Link, Subject};
use caunoi_domain::cursor::{Positions, SealingKey};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{Entry, EntryKind, Publication, Stamp};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Permit;
use caunoi_domain::publication::{Versions, Written};
use caunoi_domain::refusal::Problem;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use std::sync::Arc;

/// Who acts, when, and what this node knows.
#[derive(Debug)]
pub struct Intent<'a> {
    /// That the author may do this in this log.
    pub permit: &'a Permit,
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// Names and links as this node knows them, for the columns that come from them.
    pub directory: Arc<Directory>,
    /// Why, as canonical JSON text.
    pub reason: Option<String>,
    /// The key under which the author may repeat the request.
    pub repeat: Option<Repeat>,
    /// How far this node has read the logs: with the new position, the cursor of the answer.
    pub known: Positions,
    /// What the cursor is sealed with.
    pub sealing_key: &'a SealingKey,
}

/// What an act left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt<C> {
    /// The entry as its author sees it now.
    pub entry: Entry<C>,
    /// The last position that was written in its log.
    pub position: i64,
    /// The link of that change; none where the act was answered before.
    pub link: Option<Link>,
    /// Where every log stood after it, sealed.
    pub cursor: String,
}

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Objection<C> {
    /// The author sees no such entry.
    NotFound,
    /// The entry was written since the author read it.
    Stale(Box<Entry<C>>),
    /// These entries look like the new one.
    Alike(Vec<Entry<C>>),
    /// The key stands for another request.
    OtherInput,
    /// What the input has wrong.
    Problems(Vec<Problem>),
}

/// What came of an act.
pub type Acted<C> = Result<Receipt<C>, Objection<C>>;

/// What an act makes of the version that is shown.
pub type Decision<C> = Result<Written<C>, Vec<Problem>>;

impl Store {
    /// Drafts a new entry; `code` makes its code from its number. `is_sure` says that it is
    /// wanted even where others look like it.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn create<C: Stored>(
        &self,
        intent: &Intent<'_>,
        content: C,
        code: impl FnOnce(i32) -> String + Send,
        is_sure: bool,
    ) -> Result<Acted<C>, StoreError> {
        let log = intent.permit.log();
        let mut acting = Acting::begin(self, intent).await?;
        if let Some(acted) = acting.repeated().await? {
            return acting.leave(acted).await;
        }
        if !is_sure {
            let alike = alike::find(acting.writing.tx(), log, &content).await?;
            if !alike.is_empty() {
                return acting.leave(Err(Objection::Alike(alike))).await;
            }
        }
        let number = acting.writing.take_number(log);
        let stamp = Stamp {
            log,
            number,
            code: code(number),
            version: 1,
            last_version: 1,
            publication: Publication::Draft,
            pending: None,
            published_at_us: None,
            updated_at_us: intent.at_us,
        };
        let nothing = Versions { published: None, working: None };
        acting.finish(&nothing, Versions::create(stamp, content)).await
    }

    /// What the author was answered under this key; none where the request is new.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn answered<C: Stored>(
        &self,
        permit: &Permit,
        repeat: &Repeat,
    ) -> Result<Option<Acted<C>>, StoreError> {
        let tx = self.begin_snapshot(Rights::Province(permit.log())).await?;
        let acted = repeat::find(&tx, permit, repeat).await?;
        tx.commit().await?;
        Ok(acted)
    }

    /// Acts on the entry with this number, of which the author saw this version.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn act<C: Stored>(
        &self,
        intent: &Intent<'_>,
        number: i32,
        expected_version: i32,
        decide: impl FnOnce(Versions<C>, &Entry<C>, &Directory) -> Decision<C> + Send,
    ) -> Result<Acted<C>, StoreError> {
        let acting = Acting::begin(self, intent).await?;
        if let Some(acted) = acting.repeated().await? {
            return acting.leave(acted).await;
        }
        let stands = acting.standing::<C>(number).await?;
        let Some(shown) = stands.seen_by(intent.permit.scope()).cloned() else {
            return acting.leave(Err(Objection::NotFound)).await;
        };
        if shown.stamp.version != expected_version {
            return acting.leave(Err(Objection::Stale(Box::new(shown)))).await;
        }
        match decide(stands.clone(), &shown, acting.writing.directory()) {
            Ok(written) => acting.finish(&stands, written).await,
            Err(problems) => acting.leave(Err(Objection::Problems(problems))).await,
        }
    }
}

/// The reference data anew, where the ministry's log has moved beyond what the node knows: whoever
/// waited behind a change of names would write the old ones after it. Whatever renames entries holds
/// the heads of their logs, so what stands once the head is ours stays until we are done.
async fn names_since(writing: &Writing, known: &Positions) -> Result<Option<Reference>, StoreError> {
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

/// A transaction that acts on one entry.
struct Acting<'a> {
    store: &'a Store,
    writing: Writing,
    intent: &'a Intent<'a>,
    log: Log,
}

impl<'a> Acting<'a> {
    async fn begin(store: &'a Store, intent: &'a Intent<'a>) -> Result<Self, StoreError> {
        let log = intent.permit.log();
        // The permit names the log, so its rights are those of the log, whoever bears it.
        let tx = store.begin_write(Rights::Province(log)).await?;
        let mut writing = Writing::begin(tx, &[log]).await?;
        let directory = match names_since(&writing, &intent.known).await? {
            Some(reference) => Arc::new(Directory::new(reference)),
            None => Arc::clone(&intent.directory),
        };
        writing.know(directory);
        Ok(Self { store, writing, intent, log })
    }

    /// Ends without a trace.
    async fn leave<C>(self, acted: Acted<C>) -> Result<Acted<C>, StoreError> {
        self.writing.abandon().await;
        Ok(acted)
    }

    async fn repeated<C: Stored>(&self) -> Result<Option<Acted<C>>, StoreError> {
        match &self.intent.repeat {
            Some(repeat) => repeat::find(self.writing.tx(), self.intent.permit, repeat).await,
            None => Ok(None),
        }
    }

    async fn standing<C: Stored>(&self, number: i32) -> Result<Versions<C>, StoreError> {
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

    /// Saves what the act made, its change, and what follows for relations; then commits.
    async fn finish<C: Stored>(
        mut self,
        stood: &Versions<C>,
        written: Written<C>,
    ) -> Result<Acted<C>, StoreError> {
        let written = self.with_signs(written).await?;
        self.put(stood, &written.versions).await?;
        self.append(&written)?;
        if written.is_public {
            self.move_relations(written.before.as_ref(), written.after.as_ref()).await?;
        }
        // Agreements with a body are found by its name.
        if written.is_public && C::KIND == EntryKind::Organization && written.before != written.after {
            let body = Named::Body(written.shown.stamp.code.clone());
            self.store.rename(&mut self.writing, &body, self.log).await?;
        }
        let position = self.writing.position(self.log);
        let known = self.intent.known.clone().with(self.log, position);
        let cursor = known.seal(self.intent.sealing_key);
        let link = self.writing.last_change(self.log).link;
        let receipt = Receipt { entry: written.shown, position, link, cursor };
        if let Some(repeat) = &self.intent.repeat {
            repeat::keep(&mut self.writing, self.intent, repeat, &receipt).await?;
        }
        self.writing.commit(self.store).await?;
        Ok(Ok(receipt))
    }

    fn append<C: Stored>(&mut self, written: &Written<C>) -> Result<(), StoreError> {
        let stamp = &written.shown.stamp;
        let text = |content: &Option<C>| {
            content.as_ref().map(|content| write::canonical(content, &stamp.code)).transpose()
        };
        let change = Change {
            log: self.log,
            subject: Subject::Entry(C::KIND),
            number: stamp.number,
            code: stamp.code.clone(),
            version: stamp.last_version,
            operation: written.operation,
            was: written.was,
            publication: stamp.publication,
            is_public: written.is_public,
            author: self.intent.permit.author(),
            at_us: self.intent.at_us,
            idempotency_key: self.intent.repeat.as_ref().map(|repeat| repeat.key.clone()),
            reason: self.intent.reason.clone(),
            before: text(&written.before)?,
            after: text(&written.after)?,
        };
        self.writing.append(&change);
        Ok(())
    }

    /// Brings the rows of both slots to what is to stand.
    async fn put<C: Stored>(&mut self, stood: &Versions<C>, stands: &Versions<C>) -> Result<(), StoreError> {
        let slots =
            [(PUBLISHED, &stood.published, &stands.published), (WORKING, &stood.working, &stands.working)];
        for (slot, before, after) in slots {
            match (before, after) {
                (None, None) => {}
                (Some(before), Some(after)) if before == after => {}
                (Some(before), Some(after)) if before.content == after.content => {
                    self.writing.restamp(after, slot).await?;
                }
                (Some(_), Some(after)) => self.writing.save(after, true).await?,
                (None, Some(after)) => self.writing.save(after, false).await?,
                (Some(before), None) => self.writing.remove(before, slot).await?,
            }
        }
        Ok(())
    }
}
