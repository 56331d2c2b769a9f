//! The state that a reader reads from: the current one of the database, or one that is pinned at its
//! first use, so that all rows and numbers of a query agree.

use super::RegisterReader;
use crate::ReadModel;
use crate::error::Error;
use crate::snapshot::PinnedSnapshot;
use caunoi_domain::policy::Visibility;
use caunoi_store::{Store, StoreError};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{OnceCell, SemaphorePermit};

/// The state that all reads of a query come from, once it was needed.
#[derive(Debug, Default)]
pub(super) struct ReadState {
    pub(super) pinned: OnceCell<PinnedSnapshot>,
    scoped_model: OnceCell<Arc<ReadModel>>,
    /// Whether the database did not respond when a state was to be pinned: then all fields that
    /// need one fail at once, instead of waiting one after another.
    is_unavailable: AtomicBool,
}

impl ReadState {
    async fn pinned(&self, reader: &RegisterReader) -> Result<&PinnedSnapshot, Error> {
        let pin = || async {
            if self.is_unavailable.load(Ordering::Relaxed) {
                return Err(Error::Unavailable(StoreError::Away));
            }
            let pinned = reader.register.pin(reader.scope()).await;
            self.is_unavailable.store(matches!(pinned, Err(Error::Unavailable(_))), Ordering::Relaxed);
            pinned
        };
        self.pinned.get_or_try_init(pin).await
    }
}

impl RegisterReader {
    /// Pins the state that a query reads from, if the scope needs one. If the database does not
    /// respond, this returns `Ok`, and the fields that need the state fail.
    ///
    /// # Errors
    /// Returns `Unavailable` if the logs moved during every attempt.
    pub async fn pin(&self) -> Result<(), Error> {
        if !self.pins_snapshot {
            return Ok(());
        }
        match self.state.load_full().pinned(self).await {
            Err(error @ Error::Unavailable(StoreError::Moving)) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Discards the pinned state after a write, so that later reads see the write; the state that
    /// dependencies count from stays that of the arrival.
    pub fn discard_read_state(&self) {
        self.state.store(Arc::default());
    }

    /// Returns the store to read from: the view of the pinned snapshot, if this reader pins one.
    /// Waits until the operation may send another statement.
    ///
    /// # Errors
    /// Returns an error if the snapshot cannot be pinned.
    pub(crate) async fn acquire_store(&self) -> Result<StoreGuard<'_>, Error> {
        let permit = self.cancellation.acquire_statement().await;
        let store = if self.pins_snapshot {
            self.state.load_full().pinned(self).await?.view.store().clone()
        } else {
            self.register.store.clone()
        };
        Ok(StoreGuard { store, _permit: permit })
    }

    /// Returns the read model that the scope counts: the published facts, and for a scope that sees
    /// unpublished entries, the pinned state in which unpublished facts replace the published ones.
    ///
    /// # Errors
    /// Returns an error if the database does not respond, or if the logs moved during every attempt
    /// to pin a state.
    pub async fn scoped_model(&self, read_model: &Arc<ReadModel>) -> Result<Arc<ReadModel>, Error> {
        if self.scope().visibility() == Visibility::Published {
            return Ok(Arc::clone(read_model));
        }
        let state = self.state.load_full();
        let model = state.scoped_model.get_or_try_init(|| self.load_scoped_model_in(&state)).await;
        match model {
            Ok(model) => Ok(Arc::clone(model)),
            // The last scoped model is consistent in itself too.
            Err(error @ Error::Unavailable(_)) => {
                self.register.last_scoped_model(self.scope(), read_model).await.ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn load_scoped_model_in(&self, state: &ReadState) -> Result<Arc<ReadModel>, Error> {
        let scope = self.scope();
        if self.pins_snapshot {
            return self.register.load_scoped_model(scope, state.pinned(self).await?).await;
        }
        let pinned = self.register.pin(scope).await?;
        self.register.load_scoped_model(scope, &pinned).await
    }
}

/// A store to read from, with the permit to send one statement at a time.
pub(crate) struct StoreGuard<'a> {
    store: Store,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Deref for StoreGuard<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}
