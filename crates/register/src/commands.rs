//! Commands on entries: create, update, submit, return, publish, withdraw.
//!
//! Each command obtains a permit, lets the domain parse and decide, and passes one transaction to
//! `store`. It returns once this node has applied the change, so that the next request of the same
//! caller sees it.

mod chain;
mod entry_transaction;
mod merge;
mod merge_transaction;
mod outcome;
pub(crate) mod recorded;
mod relation_link;
mod writable;

pub use outcome::{CommandOutcome, CommandReceipt, CommandRefusal, Outcome, ReferenceOutcome};
use writable::CommandFuture;
pub use writable::{MergeableContent, WritableContent};

use crate::error::Error;
use crate::{ReadModel, Register};
use caunoi_domain::date::{Day, UNDATED_LAST};
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{Draft, MINISTRY, ParsedDraft};
use caunoi_domain::entry::{Content, Entry, EntryKey};
use caunoi_domain::id::Log;
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Permit, Scope};
use caunoi_domain::publication::{self, Versions};
use caunoi_domain::rules::{self, RuleContext};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use caunoi_store::{ChangeRef, CommandTransaction, ContentPlace, StoreError, WriteContext};
use entry_transaction::{EntryVersion, NewEntry};
use recorded::{StoredEntry, replay};
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The caller of a command, and the idempotency key of the request.
#[derive(Debug, Clone)]
pub struct CommandContext {
    /// The caller.
    pub actor: Actor,
    /// A request that repeats the key gets the outcome of the first one.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// The entry and the version of it that a command changes.
#[derive(Debug, Clone, Copy)]
pub struct CommandTarget {
    /// The entry.
    pub key: EntryKey,
    /// The version that the caller read.
    pub expected_version: i32,
}

/// An update of the version that the caller sees.
#[derive(Debug, Clone)]
pub struct EntryUpdate {
    /// The action: update, or record, amend or void an act.
    pub action: Action,
    /// The reason that the caller gives.
    pub reason: Option<Bilingual>,
}

impl From<Action> for EntryUpdate {
    fn from(action: Action) -> Self {
        Self { action, reason: None }
    }
}

impl Register {
    /// Creates a draft of a new entry. `is_sure` skips the check for duplicate candidates.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not create entries there, or an error if the database
    /// does not respond.
    pub async fn create<D>(
        &self,
        context: CommandContext,
        draft: &D,
        is_sure: bool,
    ) -> Result<CommandOutcome<D::Content>, Error>
    where
        D: Draft,
        D::Content: WritableContent,
    {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let directory = &read_model.directory;
        if let Some(log) = log_of_slug(directory, &draft.common().unit) {
            context.actor.permit(Action::Create, log)?;
        }
        // A repeated request returns the first outcome, even if its input would be refused now.
        if let Some(log) = log_of_slug(directory, &draft.common().unit)
            && let Some(idempotency_key) = &context.idempotency_key
        {
            let permit = context.actor.permit(Action::Create, log)?;
            if let Some(recorded) = self.store.find_response(&permit, idempotency_key).await? {
                let outcome = replay::<StoredEntry<D::Content>, _>(idempotency_key, &recorded)?;
                return self.finish(log, outcome).await;
            }
        }
        let ParsedDraft { log, content } = match draft.to_content(directory, self.today()) {
            Ok(parsed) => parsed,
            Err(problems) => return Ok(Err(CommandRefusal::Invalid(problems))),
        };
        let rules = RuleContext { directory, today: self.today() };
        if let Err(problems) = rules::check_draft(&content, None, rules) {
            return Ok(Err(CommandRefusal::Invalid(problems)));
        }
        let permit = context.actor.permit(Action::Create, log)?;
        let province = slug_of_log(directory, log);
        let write_context = self.write_context(&permit, &read_model, context.idempotency_key, None);
        let new = NewEntry { content, province, allows_duplicates: is_sure };
        let transaction = D::Content::create(&self.store, &write_context, new);
        self.run_transaction(&permit, transaction).await
    }

    /// Updates the version that the caller sees: `amend` changes a draft made from its content. An
    /// update of a published entry starts a working version.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not update the entry, or an error if the database does
    /// not respond.
    pub async fn update<D>(
        &self,
        context: CommandContext,
        target: CommandTarget,
        update: impl Into<EntryUpdate>,
        amend: impl FnOnce(&mut D) + Send,
    ) -> Result<CommandOutcome<D::Content>, Error>
    where
        D: Draft,
        D::Content: WritableContent,
    {
        let EntryUpdate { action, reason } = update.into();
        let Some(permit) = self.permit::<D::Content>(&context.actor, action, target.key).await? else {
            return Ok(Err(CommandRefusal::NotFound));
        };
        let today = self.today();
        let reason = reason.and_then(|reason| serde_json::to_string(&reason).ok());
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, reason);
        let at_us = write_context.at_us;
        let (log, number) = (target.key.log, target.key.number);
        let decide = |versions: Versions<D::Content>, visible: &Entry<D::Content>, directory: &Directory| {
            let mut draft = D::from_content(&visible.content, log, directory);
            amend(&mut draft);
            let stated_day = stated_day(&visible.content, today);
            let parsed = draft.to_content(directory, stated_day)?;
            if parsed.log != log {
                return Err(vec![problem_at("province", InvalidReason::ProvinceChanged.into())]);
            }
            let rules = RuleContext { directory, today };
            rules::check_draft(&parsed.content, Some(&visible.content), rules)?;
            versions
                .update(visible, action, parsed.content.with_statement_day(&visible.content, today), at_us)
                .map_err(|refusal| vec![problem_at("id", refusal)])
        };
        let version = EntryVersion { number, expected: target.expected_version };
        let transaction = D::Content::change(&self.store, &write_context, version, Box::new(decide));
        self.run_transaction(&permit, transaction).await
    }

    /// Moves the version that the caller sees to another state: submit, return, publish, withdraw,
    /// discard. A withdrawal of a published version requires a reason.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not do this, or an error if the database does not
    /// respond.
    pub async fn transition<C: WritableContent>(
        &self,
        context: CommandContext,
        target: CommandTarget,
        action: Action,
        reason: Option<&Bilingual>,
    ) -> Result<CommandOutcome<C>, Error> {
        let Some(permit) = self.permit::<C>(&context.actor, action, target.key).await? else {
            return Ok(Err(CommandRefusal::NotFound));
        };
        let logged = reason.and_then(|reason| serde_json::to_string(reason).ok());
        let write_context = self.write_context(&permit, &self.read_model(), context.idempotency_key, logged);
        let (at_us, today) = (write_context.at_us, self.today());
        let version = EntryVersion { number: target.key.number, expected: target.expected_version };
        let decide = |versions: Versions<C>, visible: &Entry<C>, directory: &Directory| {
            publication::check_reason(visible.meta.publication, action, reason)
                .map_err(|refusal| vec![problem_at("reason", refusal)])?;
            if action == Action::Publish {
                let published = versions.published.as_ref().map(|published| &published.content);
                rules::check_publishing(&visible.content, published, RuleContext { directory, today })?;
            }
            versions.transition(visible, action, at_us).map_err(|refusal| vec![problem_at("id", refusal)])
        };
        let transaction = C::change(&self.store, &write_context, version, Box::new(decide));
        self.run_transaction(&permit, transaction).await
    }

    /// Returns the permit for an action on an entry; `None` if the caller sees no such entry.
    async fn permit<C: WritableContent>(
        &self,
        actor: &Actor,
        action: Action,
        key: EntryKey,
    ) -> Result<Option<Permit>, Error> {
        match actor.permit(action, key.log) {
            Ok(permit) => Ok(Some(permit)),
            Err(denied) => {
                actor.require_token()?;
                let found = self.store.find_by_keys::<C>(Scope::of(actor), &[(key.log, key.number)]).await?;
                if found.is_empty() { Ok(None) } else { Err(denied.into()) }
            }
        }
    }

    pub(crate) fn write_context<'a>(
        &'a self,
        permit: &'a Permit,
        read_model: &ReadModel,
        idempotency_key: Option<IdempotencyKey>,
        reason: Option<String>,
    ) -> WriteContext<'a> {
        WriteContext {
            permit,
            at_us: self.clock.now_us(),
            directory: Arc::clone(&read_model.directory),
            reason,
            idempotency_key,
            known: read_model.public_heads.clone(),
            limits: self.write_limits,
            signing_key: &self.signing_key,
        }
    }

    /// Runs a transaction in the turn of its log, and counts and times it.
    async fn run_transaction<C>(
        &self,
        permit: &Permit,
        transaction: CommandFuture<'_, C>,
    ) -> Result<CommandOutcome<C>, Error> {
        let (action, log) = (permit.action(), permit.log());
        let begun = Instant::now();
        let span = tracing::debug_span!("act", ?action, log = log.number());
        let result = self.write_in_turn(permit, transaction.instrument(span)).await;
        let outcome = match &result {
            Ok(Ok(_)) => "done",
            Ok(Err(_)) => "refused",
            // No transaction began.
            Err(Error::Overloaded) => return result,
            Err(_) => "failed",
        };
        let finished = match result {
            Ok(outcome) => self.finish(log, outcome).await,
            Err(error) => Err(error),
        };
        caunoi_metrics::record_write(action.into(), outcome, begun.elapsed());
        finished
    }

    /// Announces the change and returns the outcome once the change is visible; see
    /// [`Self::wait_until_visible`].
    pub(crate) async fn finish<T, E>(
        &self,
        log: Log,
        outcome: Outcome<T, E>,
    ) -> Result<Outcome<T, E>, Error> {
        if let Ok(receipt) = &outcome {
            let CommandReceipt { position, link, .. } = *receipt;
            self.announce_write(log, position);
            self.wait_until_visible(ChangeRef { log, position, link }).await?;
        }
        Ok(outcome)
    }

    /// Converts the result of a write, and records a write fault if the database is read-only.
    pub(crate) fn check_write<T>(&self, result: Result<T, StoreError>) -> Result<T, Error> {
        result.map_err(|error| {
            self.store.record_write_failure(&error);
            error.into()
        })
    }
}

/// Returns the log of the province that has or had this slug or name or succeeded a unit with it, or
/// of the ministry.
pub(crate) fn log_of_slug(directory: &Directory, slug: &str) -> Option<Log> {
    if slug == MINISTRY {
        return Some(Log::MINISTRY);
    }
    let unit = *directory.units_by_slug(directory.find_unit_slug(slug)?).first()?;
    directory.province_of(unit).map(|province| province.log)
}

/// Returns the slug of the province that a log belongs to.
pub(crate) fn slug_of_log(directory: &Directory, log: Log) -> String {
    let unit = directory.province(log).and_then(|province| directory.unit(province.unit));
    unit.map_or_else(|| MINISTRY.to_owned(), |unit| unit.slug.clone())
}

/// Returns the day for which an undated content was first stated, or `today` if it is unknown.
/// `counts_from` of a dated content is not that day.
fn stated_day<C: WritableContent>(content: &C, today: Day) -> Day {
    let is_counted = |day: &Day| *day < UNDATED_LAST;
    let undated = content.common().counts_from.filter(|_| content.first().is_none()).filter(is_counted);
    content.stated_on().or(undated).unwrap_or(today)
}

/// Returns the problem of an argument `province` that names none.
pub(crate) fn unknown_province(directory: &Directory, given: &str) -> ValidationError {
    let unknown = directory.require_unit_slug(ReferenceKind::Unit, given).err();
    problem_at("province", unknown.unwrap_or_else(|| Reason::unknown(ReferenceKind::Unit, given)))
}

/// Charges the command to the quotas of its author and province, records its response and commits;
/// beyond a quota it rolls back. `content` is that of the entry in the receipt.
pub(crate) async fn commit<T, E, S>(
    mut transaction: CommandTransaction<'_>,
    content: Option<&str>,
    receipt: CommandReceipt<T>,
    stored: impl FnOnce(&CommandReceipt<T>, ContentPlace) -> Result<S, StoreError> + Send,
) -> Result<Outcome<T, E>, StoreError>
where
    T: Sync,
    S: Serialize,
{
    if let Err(reason) = transaction.charge().await? {
        transaction.rollback().await;
        return Ok(Err(CommandRefusal::Invalid(vec![ValidationError { path: Vec::new(), reason }])));
    }
    transaction.record_response(content, |place| stored(&receipt, place)).await?;
    transaction.commit().await?;
    Ok(Ok(receipt))
}

pub(crate) fn problem_at(path: &str, reason: Reason) -> ValidationError {
    ValidationError { path: vec![path.to_owned()], reason }
}
