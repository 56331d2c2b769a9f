//! One state of the register for scopes that see unpublished entries: the read model, and a view of
//! the database at the same positions.
//!
//! Numbers of such a scope come from the published facts of the read model and from unpublished
//! facts and rows of the database. Read at different times, these would add up to numbers that were
//! never true. So a view of the database is taken, and taken again, until it is at the positions of
//! the read model.

use crate::error::Error;
use crate::{Register, Replica};
use caunoi_domain::feed;
use caunoi_domain::policy::{Scope, Sees};
use caunoi_store::{LogHeads, ReadView, StoreError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

/// How many views are taken at most before the request is answered as unavailable. Each one fails
/// only where something was committed between two statements.
const MOST_VIEWS: usize = 100;

/// A state of the read model, and a view of the database at its positions.
#[derive(Debug)]
pub(crate) struct PinnedState {
    pub(crate) replica: Arc<Replica>,
    pub(crate) view: ReadView,
}

/// What a scope counts, and the read model that it was made from.
type Counted = (Arc<Replica>, Arc<Replica>);

/// What each scope counts, as it was made last. A scope is read once for all requests that wait for
/// it; scopes do not wait for each other.
#[derive(Debug, Default)]
pub(crate) struct CountedByScope(Mutex<HashMap<Scope, Arc<AsyncMutex<Option<Counted>>>>>);

impl CountedByScope {
    /// Forgets what was made from an earlier read model, which would stay in memory with it.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn of(&self, scope: Scope) -> Arc<AsyncMutex<Option<Counted>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(scope).or_default())
    }
}

impl Register {
    /// Takes views of the database until one is at the positions of the read model, which follows
    /// the logs meanwhile.
    ///
    /// # Errors
    /// The database does not answer; the logs moved each time.
    pub(crate) async fn pin(&self, scope: Scope) -> Result<PinnedState, Error> {
        for _ in 0..MOST_VIEWS {
            // Before the view, so that equal heads say that nothing moved between.
            let replica = self.replica();
            let view = self.store.read_view(scope).await?;
            if replica.is_at(view.heads(), scope) {
                return Ok(PinnedState { replica, view });
            }
            // Its connection may be the one that following waits for.
            drop(view);
            self.follow().await?;
        }
        Err(Error::Unavailable(StoreError::Moving))
    }

    /// What a scope counts in a pinned state: the published facts, and in their place the
    /// unpublished ones that the scope sees.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn counted_by(&self, scope: Scope, state: &PinnedState) -> Result<Arc<Replica>, Error> {
        let last = self.counted.of(scope);
        let mut last = last.lock().await;
        if let Some((base, counted)) = last.as_ref()
            && Arc::ptr_eq(base, &state.replica)
        {
            return Ok(Arc::clone(counted));
        }
        let counted = Arc::new(state.replica.with_unpublished(state.view.unpublished_facts().await?));
        *last = Some((Arc::clone(&state.replica), Arc::clone(&counted)));
        Ok(counted)
    }

    /// What a scope counted last, if it was made from this read model.
    pub(crate) async fn last_counted_by(&self, scope: Scope, replica: &Arc<Replica>) -> Option<Arc<Replica>> {
        let last = self.counted.of(scope);
        let last = last.lock().await;
        let (base, counted) = last.as_ref()?;
        Arc::ptr_eq(base, replica).then(|| Arc::clone(counted))
    }
}

impl Replica {
    /// Whether it is the state at these heads, as far as a scope sees: drafts of one province change
    /// nothing for another.
    fn is_at(&self, heads: &LogHeads, scope: Scope) -> bool {
        let sees_all = |log| feed::is_inside(scope, log) || scope.sees() == Sees::Ministry;
        self.epoch == heads.epoch
            && self.heads.len() == heads.all.len()
            && heads.all.iter().all(|(log, position)| {
                if sees_all(*log) {
                    self.heads.get(log) == Some(position) && self.links.get(log) == heads.links.get(log)
                } else {
                    self.positions.at(*log) == heads.public.at(*log)
                }
            })
    }
}
