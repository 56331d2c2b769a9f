//! The register as one request reads it.

use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::{
    Counted, Feed, Hit, Latest, Parent, ProposalList, Proposed, Register, Replica, Selection, Since, Stored,
};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::answer::{Basis, Reads, Standing};
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Entry;
use caunoi_domain::feed::Interest;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::policy::{Scope, Sees};
use caunoi_domain::search::Words;
use std::collections::HashMap;
use std::sync::Arc;

/// Where the register stood when a request arrived, in the sight of its scope.
#[derive(Debug, Clone)]
pub struct Moment {
    replica: Arc<Replica>,
    scope: Scope,
    today: Day,
}

impl Register {
    /// Where the register stands now, in the sight of a scope.
    #[must_use]
    pub fn moment(&self, scope: Scope) -> Moment {
        Moment { replica: self.replica(), scope, today: self.today() }
    }
}

impl Moment {
    /// What the node had in memory. Who hands out anything of it notes that.
    #[must_use]
    pub fn replica(&self) -> &Arc<Replica> {
        &self.replica
    }
}

/// The positions are those that move when anything does that the scope sees: drafts move them for
/// their own province, what is handed to the ministry for the ministry, the rest for all.
impl Standing for Moment {
    fn logs(&self) -> impl Iterator<Item = Log> {
        self.replica.heads.keys().copied()
    }

    fn at(&self, log: Log) -> i64 {
        let sees_all = match self.scope.sees() {
            Sees::Published => false,
            Sees::Province(own) => own == log,
            Sees::Ministry => true,
        };
        if sees_all {
            self.replica.heads.get(&log).copied().unwrap_or(0)
        } else {
            self.replica.positions.at(log)
        }
    }

    fn today(&self) -> Day {
        self.today
    }
}

/// The register as one request reads it: whatever is read through it is noted, so that the answer
/// can be given again as long as nothing of it has moved. Clones note in the same place.
///
/// What no rule confines to named logs is noted as all of them. So a way around the narrow ones
/// ([`Reading::register`]) costs answers that are made anew more often, and
/// never a stale one.
#[derive(Clone)]
pub struct Reading {
    register: Arc<Register>,
    moment: Moment,
    reads: Arc<Reads>,
    cancellation: Cancellation,
}

impl Reading {
    /// A reading that begins now.
    #[must_use]
    pub fn new(register: Arc<Register>, scope: Scope) -> Self {
        let moment = register.moment(scope);
        Self { register, moment, reads: Arc::default(), cancellation: Cancellation::default() }
    }

    /// The same for an operation that can be cancelled.
    #[must_use]
    pub fn within(self, cancellation: Cancellation) -> Self {
        Self { cancellation, ..self }
    }

    /// Returns while the operation is wanted; see [`Cancellation::checkpoint`].
    pub async fn checkpoint(&self) {
        self.cancellation.checkpoint().await;
    }

    /// Where the register stood before anything was read.
    #[must_use]
    pub fn moment(&self) -> &Moment {
        &self.moment
    }

    /// What the answer stands on, once it is made; none where it is one person's alone.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        Basis::of(&self.reads, &self.moment)
    }

    /// Where the request notes what it reads.
    #[must_use]
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Whose sight it is.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.moment.scope
    }

    /// The day.
    #[must_use]
    pub fn today(&self) -> Day {
        self.reads.note_day();
        self.moment.today
    }

    /// The register itself: to write, or for what is not offered here.
    #[must_use]
    pub fn register(&self) -> &Arc<Register> {
        self.reads.note_all();
        &self.register
    }

    /// What seals cursors: nothing that could move.
    #[must_use]
    pub fn sealing_key(&self) -> &SealingKey {
        self.register.sealing_key()
    }

    /// See [`Register::list`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn list<C: Stored>(&self, ask: &Ask) -> Result<Page<Entry<C>>, Error> {
        self.reads.note_filter(&ask.filter);
        let _permit = self.cancellation.statement().await;
        self.register.list(self.scope(), ask).await
    }

    /// See [`Register::list_under`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn list_under<C: Stored>(
        &self,
        parents: &[Parent],
        ask: &Ask,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, Error> {
        for parent in parents {
            self.reads.note_filter(&parent.filter().and(ask.filter.clone()));
        }
        let _permit = self.cancellation.statement().await;
        self.register.list_under(self.scope(), parents, ask).await
    }

    /// See [`Register::count`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn count<C: Stored>(&self, ask: &Ask) -> Result<u64, Error> {
        self.reads.note_filter(&ask.filter);
        let _permit = self.cancellation.statement().await;
        self.register.count::<C>(self.scope(), ask).await
    }

    /// See [`Register::find_by_codes`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn find_by_codes<C: Stored>(&self, codes: &[String]) -> Result<Vec<Entry<C>>, Error> {
        let _permit = self.cancellation.statement().await;
        let found = self.register.find_by_codes::<C>(self.scope(), codes).await?;
        for entry in &found {
            self.reads.note(entry.stamp.log);
        }
        // A code that nobody bears may be given in any log.
        if codes.iter().any(|code| !found.iter().any(|entry| entry.stamp.code == *code)) {
            self.reads.note_all();
        }
        Ok(found)
    }

    /// See [`Register::find_by_keys`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn find_by_keys<C: Stored>(&self, keys: &[(Log, i32)]) -> Result<Vec<Entry<C>>, Error> {
        for (log, _) in keys {
            self.reads.note(*log);
        }
        let _permit = self.cancellation.statement().await;
        self.register.find_by_keys(self.scope(), keys).await
    }

    /// See [`Register::find_linked`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn find_linked(
        &self,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, Error> {
        // Any province may name an entry of any other.
        self.reads.note_all();
        let _permit = self.cancellation.statement().await;
        self.register.find_linked(self.scope(), link, codes).await
    }

    /// See [`Register::find_words`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn find_words<C: Counted>(&self, words: &Words) -> Result<Predicate, Error> {
        self.reads.note_all();
        let _permit = self.cancellation.statement().await;
        self.register.find_words::<C>(self.scope(), words).await
    }

    /// See [`Register::search`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn search(&self, directory: &Directory, words: &Words) -> Result<(Vec<Hit>, bool), Error> {
        self.reads.note_all();
        let _permit = self.cancellation.statement().await;
        self.register.search(self.scope(), directory, words).await
    }

    /// See [`Register::changes`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn changes(&self, since: &Since) -> Result<Feed, Error> {
        self.reads.note_all();
        let _permit = self.cancellation.statement().await;
        self.register.changes(self.scope(), since).await
    }

    /// See [`Register::latest`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn latest(&self, interest: &Interest, first: usize) -> Result<Latest, Error> {
        self.reads.note_all();
        let _permit = self.cancellation.statement().await;
        self.register.latest(self.scope(), interest, first).await
    }

    /// See [`Register::proposals`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn proposals(&self, list: &ProposalList) -> Result<Vec<Proposed>, Error> {
        match self.scope().sees() {
            Sees::Province(log) => self.reads.note(log),
            Sees::Published | Sees::Ministry => self.reads.note_all(),
        }
        let _permit = self.cancellation.statement().await;
        self.register.proposals(self.scope(), list).await
    }

    /// What the scope counts of the entries that pass a filter, its searches replaced by what they
    /// found: in this state of the register, with what the scope sees beside the published.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn select<C: Counted>(
        &self,
        replica: &Arc<Replica>,
        filter: Filter,
    ) -> Result<Selection, Error> {
        self.reads.note_filter(&filter);
        self.checkpoint().await;
        let seen = self.register.seen_by(self.scope(), replica).await?;
        let selection = seen.select::<C>(filter, &self.cancellation).await;
        // Of work that was stopped the selection is a part.
        self.checkpoint().await;
        Ok(selection)
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("reads", &self.reads).finish_non_exhaustive()
    }
}
