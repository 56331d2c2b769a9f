//! The register as one request reads it.

use crate::error::Error;
use crate::pinned::PinnedState;
use crate::{
    Counted, Feed, Latest, Parent, ProposalList, Proposed, Register, Replica, Selection, Since, Stored,
};
use arc_swap::ArcSwap;
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::answer::{Basis, Reads, Standing};
use caunoi_domain::cursor::{Epoch, SealingKey};
use caunoi_domain::date::Day;
use caunoi_domain::entry::Entry;
use caunoi_domain::feed::Interest;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Page};
use caunoi_domain::policy::{Scope, Sees};
use caunoi_store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::OnceCell;

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
    /// The epoch of the database that it is of.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.replica.epoch
    }

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
///
/// For a scope that sees unpublished entries, all rows and numbers of a query come from one state,
/// which is pinned when it is needed first (`pinned.rs`).
#[derive(Clone)]
pub struct Reading {
    register: Arc<Register>,
    moment: Moment,
    reads: Arc<Reads>,
    pins: bool,
    state: Arc<ArcSwap<ReadState>>,
}

/// The one state that a reading is of, once it was needed.
#[derive(Debug, Default)]
struct ReadState {
    pinned: OnceCell<PinnedState>,
    counted: OnceCell<Arc<Replica>>,
    /// Whether the database did not answer when a state was to be pinned: then all fields that need
    /// one fail at once, instead of waiting one after another.
    is_away: AtomicBool,
}

impl Reading {
    /// A reading that begins now, for a query or an event of a subscription.
    #[must_use]
    pub fn new(register: Arc<Register>, scope: Scope) -> Self {
        let pins = scope.sees() != Sees::Published;
        Self { pins, ..Self::for_mutation(register, scope) }
    }

    /// The same for a mutation, which reads what it depends on as it is now. Its numbers are of one
    /// state all the same.
    #[must_use]
    pub fn for_mutation(register: Arc<Register>, scope: Scope) -> Self {
        let moment = register.moment(scope);
        Self { register, moment, reads: Arc::default(), pins: false, state: Arc::default() }
    }

    /// Pins the state that all of a query is to be of, where the scope needs that. A database that
    /// does not answer is not told here, but by the fields that need it.
    ///
    /// # Errors
    /// The logs moved each time that a state was to be pinned.
    pub async fn pin(&self) -> Result<(), Error> {
        if !self.pins {
            return Ok(());
        }
        match self.state.load_full().pinned(self).await {
            Err(error @ Error::Unavailable(StoreError::Moving)) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// The read model that the query is of: the pinned one, else that of the beginning.
    #[must_use]
    pub fn replica(&self) -> Arc<Replica> {
        let state = self.state.load();
        let pinned = state.pinned.get().map(|pinned| &pinned.replica);
        Arc::clone(pinned.unwrap_or(&self.moment.replica))
    }

    /// Lets what is read from now on be of a later state: something was written.
    pub fn renew(&self) {
        self.state.store(Arc::default());
    }

    /// Where rows are read: in the pinned state, if the reading pins one.
    pub(crate) async fn rows(&self) -> Result<Store, Error> {
        if !self.pins {
            return Ok(self.register.store.clone());
        }
        Ok(self.state.load_full().pinned(self).await?.view.store().clone())
    }

    /// What the scope counts: the published facts of this read model; where the scope sees
    /// unpublished entries, those of the pinned state and the unpublished ones in their place.
    ///
    /// # Errors
    /// The database does not answer; the logs moved each time that a state was to be pinned.
    pub async fn counted(&self, replica: &Arc<Replica>) -> Result<Arc<Replica>, Error> {
        if self.scope().sees() == Sees::Published {
            return Ok(Arc::clone(replica));
        }
        let state = self.state.load_full();
        let counted = state.counted.get_or_try_init(|| self.count_in(&state)).await;
        match counted {
            Ok(counted) => Ok(Arc::clone(counted)),
            // What was counted last is of one state too.
            Err(error @ Error::Unavailable(_)) => {
                self.register.last_counted_by(self.scope(), replica).await.ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn count_in(&self, state: &ReadState) -> Result<Arc<Replica>, Error> {
        let scope = self.scope();
        if self.pins {
            return self.register.counted_by(scope, state.pinned(self).await?).await;
        }
        let pinned = self.register.pin(scope).await?;
        self.register.counted_by(scope, &pinned).await
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

    /// What seals log cursors: nothing that could move.
    #[must_use]
    pub fn cursor_key(&self) -> &SealingKey {
        self.register.sealing_key()
    }

    /// What seals page cursors: nothing that could move within an epoch.
    #[must_use]
    pub fn sealing_key(&self) -> &SealingKey {
        &self.moment.replica.page_key
    }

    /// One page of a list, in one statement.
    ///
    /// # Errors
    /// A cursor of another list; the database does not answer.
    pub async fn list<C: Stored>(&self, ask: &Ask) -> Result<Page<Entry<C>>, Error> {
        self.reads.note_filter(&ask.filter);
        Ok(self.rows().await?.list(self.scope(), ask, self.sealing_key()).await?)
    }

    /// One page under each of these parents, which are all of one kind, in one statement.
    ///
    /// # Errors
    /// A cursor of another list; the database does not answer.
    pub async fn list_under<C: Stored>(
        &self,
        parents: &[Parent],
        ask: &Ask,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, Error> {
        for parent in parents {
            self.reads.note_filter(&parent.filter().and(ask.filter.clone()));
        }
        Ok(self.rows().await?.list_under(self.scope(), parents, ask, self.sealing_key()).await?)
    }

    /// How many entries a list has, for the kinds that have no facts in memory.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count<C: Stored>(&self, ask: &Ask) -> Result<u64, Error> {
        self.reads.note_filter(&ask.filter);
        Ok(self.rows().await?.count::<C>(self.scope(), ask).await?)
    }

    /// The entries with these codes, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_by_codes<C: Stored>(&self, codes: &[String]) -> Result<Vec<Entry<C>>, Error> {
        let found = self.rows().await?.find_by_codes::<C>(self.scope(), codes).await?;
        for entry in &found {
            self.reads.note(entry.stamp.log);
        }
        // A code that nobody bears may be given in any log.
        if codes.iter().any(|code| !found.iter().any(|entry| entry.stamp.code == *code)) {
            self.reads.note_all();
        }
        Ok(found)
    }

    /// The entries with these numbers in their logs, in one statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_by_keys<C: Stored>(&self, keys: &[(Log, i32)]) -> Result<Vec<Entry<C>>, Error> {
        for (log, _) in keys {
            self.reads.note(*log);
        }
        Ok(self.rows().await?.find_by_keys(self.scope(), keys).await?)
    }

    /// The agreements that name an entry with one of these codes, in one statement: of each code
    /// the newest 100, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_linked(
        &self,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, Error> {
        // Any province may name an entry of any other.
        self.reads.note_all();
        Ok(self.rows().await?.find_linked(self.scope(), link, codes).await?)
    }

    /// See [`Register::changes`].
    ///
    /// # Errors
    /// Those of it.
    pub async fn changes(&self, since: &Since) -> Result<Feed, Error> {
        self.reads.note_all();
        let rows = self.rows().await?;
        self.register.feed_reader(&rows, self.scope()).changes(since).await
    }

    /// The newest changes in the sight of the scope, at most `first`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn latest(&self, interest: &Interest, first: usize) -> Result<Latest, Error> {
        self.reads.note_all();
        let rows = self.rows().await?;
        self.register.feed_reader(&rows, self.scope()).latest(interest, first).await
    }

    /// The proposals that the scope sees, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn proposals(&self, list: &ProposalList) -> Result<Vec<Proposed>, Error> {
        match self.scope().sees() {
            Sees::Province(log) => self.reads.note(log),
            Sees::Ministry => self.reads.note_all(),
            Sees::Published => {
                self.reads.note_all();
                return Ok(Vec::new());
            }
        }
        Ok(self.rows().await?.proposals(self.scope(), list).await?)
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
        Ok(self.counted(replica).await?.select::<C>(filter).await)
    }
}

impl ReadState {
    async fn pinned(&self, reading: &Reading) -> Result<&PinnedState, Error> {
        let pin = || async {
            if self.is_away.load(Ordering::Relaxed) {
                return Err(Error::Unavailable(StoreError::Away));
            }
            let pinned = reading.register.pin(reading.scope()).await;
            self.is_away.store(matches!(pinned, Err(Error::Unavailable(_))), Ordering::Relaxed);
            pinned
        };
        self.pinned.get_or_try_init(pin).await
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("reads", &self.reads).finish_non_exhaustive()
    }
}
