//! What people do to entries: draft, change, hand on, publish, take back.
//!
//! Each act asks for a permit, lets the domain read and decide, and hands one transaction to
//! `store`. It is answered when this node has read the log up to what was written, so that the
//! next question of the same caller sees it.

use crate::error::Error;
use crate::{Register, Replica, Stored};
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{Draft, MINISTRY, Placed};
use caunoi_domain::entry::{Content, Entry, EntryKey};
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Permit, Scope};
use caunoi_domain::publication::Versions;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_store::{Acted, ChangeRef, Intent, Objection, Repeat, StoreError};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// Who asks for an act, and under which key.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub actor: Actor,
    /// The key under which the same request gets the same answer.
    pub repeat: Option<Repeat>,
}

/// Which version of which entry an act is for.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The entry.
    pub key: EntryKey,
    /// The version that the caller read.
    pub expected_version: i32,
}

impl Register {
    /// Drafts a new entry. `is_sure` says that it is wanted even where others look like it.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn create<D>(&self, asked: Asked, draft: &D, is_sure: bool) -> Result<Acted<D::Content>, Error>
    where
        D: Draft,
        D::Content: Stored,
    {
        asked.actor.known()?;
        let replica = self.replica();
        let directory = &replica.directory;
        if let Some(log) = home_of(directory, &draft.common().unit) {
            asked.actor.permit(Action::Create, log)?;
        }
        // A repeated request is answered as before, even where its input would be refused by now.
        if let Some(log) = home_of(directory, &draft.common().unit)
            && let Some(repeat) = &asked.repeat
        {
            let permit = asked.actor.permit(Action::Create, log)?;
            if let Some(acted) = self.store.answered(&permit, repeat).await? {
                return self.told(log, acted).await;
            }
        }
        let Placed { log, content } = match draft.read(directory, self.today()) {
            Ok(placed) => placed,
            Err(problems) => return Ok(Err(Objection::Problems(problems))),
        };
        let permit = asked.actor.permit(Action::Create, log)?;
        let province = slug_of(directory, log);
        let code = move |number: i32| format!("{}-{province}-{number:04}", D::Content::KIND.prefix());
        let intent = self.intent(&permit, &replica, asked.repeat, None);
        // Boxed here and below, because a transaction is a large future.
        let acting = Box::pin(self.store.create(&intent, content, code, is_sure));
        self.carry_out(Action::Create, log, acting).await
    }

    /// Changes the version that the caller sees: `amend` changes the draft that its content would
    /// have come from. Of a published entry it opens a working version.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn revise<D>(
        &self,
        asked: Asked,
        target: Target,
        action: Action,
        amend: impl FnOnce(&mut D) + Send,
    ) -> Result<Acted<D::Content>, Error>
    where
        D: Draft,
        D::Content: Stored,
    {
        let Some(permit) = self.permit::<D::Content>(&asked.actor, action, target.key).await? else {
            return Ok(Err(Objection::NotFound));
        };
        let today = self.today();
        let intent = self.intent(&permit, &self.replica(), asked.repeat, None);
        let at_us = intent.at_us;
        let (log, number) = (target.key.log, target.key.number);
        let revised = |stands: Versions<D::Content>, shown: &Entry<D::Content>, directory: &Directory| {
            let mut draft = D::of(&shown.content, log, directory);
            amend(&mut draft);
            let brought_on = brought_on(&shown.content, today);
            let placed = draft.read(directory, brought_on)?;
            if placed.log != log {
                let why = "an entry never leaves its province".to_owned();
                return Err(vec![problem("province", Refusal::Invalid(why))]);
            }
            stands
                .revise(shown, action, placed.content.restated(&shown.content, today), at_us)
                .map_err(|refusal| vec![problem("id", refusal)])
        };
        let acting = self.store.act(&intent, number, target.expected_version, revised);
        self.carry_out(action, log, Box::pin(acting)).await
    }

    /// Moves the version that the caller sees: submit, return, publish, withdraw.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn go<C: Stored>(
        &self,
        asked: Asked,
        target: Target,
        action: Action,
        reason: Option<&Bilingual>,
    ) -> Result<Acted<C>, Error> {
        let Some(permit) = self.permit::<C>(&asked.actor, action, target.key).await? else {
            return Ok(Err(Objection::NotFound));
        };
        let reason = reason.and_then(|reason| serde_json::to_string(reason).ok());
        let intent = self.intent(&permit, &self.replica(), asked.repeat, reason);
        let at_us = intent.at_us;
        let number = target.key.number;
        let acting = self.store.act::<C>(&intent, number, target.expected_version, |stands, shown, _| {
            stands.go(shown, action, at_us).map_err(|refusal| vec![problem("id", refusal)])
        });
        self.carry_out(action, target.key.log, Box::pin(acting)).await
    }

    /// The permit to act on an entry; none where the caller sees no such entry.
    async fn permit<C: Stored>(
        &self,
        actor: &Actor,
        action: Action,
        key: EntryKey,
    ) -> Result<Option<Permit>, Error> {
        match actor.permit(action, key.log) {
            Ok(permit) => Ok(Some(permit)),
            Err(denied) => {
                actor.known()?;
                let found = self.store.find_by_keys::<C>(Scope::of(actor), &[(key.log, key.number)]).await?;
                if found.is_empty() { Ok(None) } else { Err(denied.into()) }
            }
        }
    }

    pub(crate) fn intent<'a>(
        &'a self,
        permit: &'a Permit,
        replica: &Replica,
        repeat: Option<Repeat>,
        reason: Option<String>,
    ) -> Intent<'a> {
        Intent {
            permit,
            at_us: self.clock.now_us(),
            directory: Arc::clone(&replica.directory),
            reason,
            repeat,
            known: replica.positions.clone(),
            sealing_key: &self.sealing_key,
        }
    }

    /// Sees a transaction through, and counts and times it.
    async fn carry_out<C>(
        &self,
        action: Action,
        log: Log,
        acting: impl Future<Output = Result<Acted<C>, StoreError>> + Send,
    ) -> Result<Acted<C>, Error> {
        let begun = Instant::now();
        let acted = acting.instrument(tracing::debug_span!("act", ?action, log = log.number())).await;
        let outcome = match &acted {
            Ok(Ok(_)) => "done",
            Ok(Err(_)) => "refused",
            Err(_) => "failed",
        };
        let told = match self.written(acted) {
            Ok(acted) => self.told(log, acted).await,
            Err(error) => Err(error),
        };
        caunoi_metrics::write(action.into(), outcome, begun.elapsed());
        told
    }

    /// Answers once this node has read the change, or another connection than the one that wrote it.
    async fn told<C>(&self, log: Log, acted: Acted<C>) -> Result<Acted<C>, Error> {
        if let Ok(receipt) = &acted {
            self.reach(ChangeRef { log, position: receipt.position, link: receipt.link }).await?;
        }
        Ok(acted)
    }

    /// What came of a write; what a failure tells of the database is noted.
    pub(crate) fn written<T>(&self, outcome: Result<T, StoreError>) -> Result<T, Error> {
        outcome.map_err(|error| {
            self.store.note_failed_write(&error);
            error.into()
        })
    }
}

/// The log of a unit that bore this slug, or of the ministry.
pub(crate) fn home_of(directory: &Directory, slug: &str) -> Option<Log> {
    if slug == MINISTRY {
        return Some(Log::MINISTRY);
    }
    let unit = *directory.units_by_slug(slug).first()?;
    directory.province_of(unit).map(|province| province.log)
}

/// The slug of the province that a log belongs to.
fn slug_of(directory: &Directory, log: Log) -> String {
    let unit = directory.province(log).and_then(|province| directory.unit(province.unit));
    unit.map_or_else(|| MINISTRY.to_owned(), |unit| unit.slug.clone())
}

/// The day that stands in where nothing dates a content: the one that it was first brought on, as
/// far as it tells it; a date that it bore says nothing of that day.
fn brought_on<C: Stored>(content: &C, today: Day) -> Day {
    let undated = content.common().counts_from.filter(|_| content.first().is_none());
    content.stated_on().or(undated).unwrap_or(today)
}

pub(crate) fn problem(path: &str, refusal: Refusal) -> Problem {
    Problem { path: vec![path.to_owned()], refusal }
}
