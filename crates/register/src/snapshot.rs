//! Consistent snapshots for scopes that see unpublished entries: the read model, and a view of the
//! database at the same positions.
//!
//! Numbers of such a scope combine published facts of the read model with unpublished facts and
//! rows of the database. If they were read at different positions, the sums would never have been
//! true. So views of the database are opened until one is at the positions of the read model.

use crate::error::Error;
use crate::{ReadModel, Register};
use caunoi_domain::feed;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_store::{LogHeads, ReadView, StoreError};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex as AsyncMutex;

/// Limit of the views that are opened before `Unavailable` is returned. A view fails only if a
/// change was committed between two statements.
const MAX_VIEWS: usize = 100;

/// A read model, and a view of the database at its positions.
#[derive(Debug)]
pub(crate) struct PinnedSnapshot {
    pub(crate) read_model: Arc<ReadModel>,
    pub(crate) view: ReadView,
}

/// A read model, and the model with the unpublished facts of a scope that was derived from it.
type ScopedModel = (Arc<ReadModel>, Arc<ReadModel>);

/// The last model of each scope. Concurrent requests of one scope share one load; scopes do not
/// wait for each other.
#[derive(Debug, Default)]
pub(crate) struct ScopedReadModels(Mutex<HashMap<Scope, Arc<AsyncMutex<Option<ScopedModel>>>>>);

impl ScopedReadModels {
    /// Drops all models; they would keep an earlier read model in memory.
    pub(crate) fn clear(&self) {
        self.0.lock().clear();
    }

    fn slot(&self, scope: Scope) -> Arc<AsyncMutex<Option<ScopedModel>>> {
        let mut all = self.0.lock();
        Arc::clone(all.entry(scope).or_default())
    }
}

impl Register {
    /// Opens views of the database until one is at the positions of the read model, which is
    /// updated in between.
    ///
    /// # Errors
    /// Returns an error if the database does not respond, or if the logs moved during every
    /// attempt.
    pub(crate) async fn pin(&self, scope: Scope) -> Result<PinnedSnapshot, Error> {
        for _ in 0..MAX_VIEWS {
            // Read before the view is opened: equal heads then prove that nothing changed in
            // between.
            let read_model = self.read_model();
            let view = self.store.read_view(scope).await?;
            if read_model.is_at(view.heads(), scope) {
                return Ok(PinnedSnapshot { read_model, view });
            }
            // The update of the read model may need the connection of the view.
            drop(view);
            self.catch_up().await?;
        }
        Err(Error::Unavailable(StoreError::Moving))
    }

    /// Returns the model of a scope: the read model of the snapshot, in which the unpublished facts
    /// that the scope sees replace the published ones.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub(crate) async fn load_scoped_model(
        &self,
        scope: Scope,
        state: &PinnedSnapshot,
    ) -> Result<Arc<ReadModel>, Error> {
        let last = self.scoped_models.slot(scope);
        let mut last = last.lock().await;
        if let Some((base, model)) = last.as_ref()
            && Arc::ptr_eq(base, &state.read_model)
        {
            return Ok(Arc::clone(model));
        }
        let (facts, documents) =
            (state.view.unpublished_facts().await?, state.view.unpublished_documents().await?);
        let model = Arc::new(state.read_model.with_unpublished(facts, documents));
        *last = Some((Arc::clone(&state.read_model), Arc::clone(&model)));
        Ok(model)
    }

    /// Returns the last model of a scope, if it was derived from this read model.
    pub(crate) async fn last_scoped_model(
        &self,
        scope: Scope,
        read_model: &Arc<ReadModel>,
    ) -> Option<Arc<ReadModel>> {
        let last = self.scoped_models.slot(scope);
        let last = last.lock().await;
        let (base, model) = last.as_ref()?;
        Arc::ptr_eq(base, read_model).then(|| Arc::clone(model))
    }
}

impl ReadModel {
    /// Returns whether this read model is at these heads, as far as a scope sees: drafts of one
    /// province do not matter to another.
    fn is_at(&self, heads: &LogHeads, scope: Scope) -> bool {
        let sees_all = |log| feed::sees_unpublished(scope, log) || scope.visibility() == Visibility::Ministry;
        self.epoch == heads.epoch
            && self.heads.len() == heads.all.len()
            && heads.all.iter().all(|(log, position)| {
                if sees_all(*log) {
                    self.heads.get(log) == Some(position) && self.links.get(log) == heads.links.get(log)
                } else {
                    self.public_heads.at(*log) == heads.public.at(*log)
                }
            })
    }
}
