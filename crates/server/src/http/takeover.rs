//! A connection that stops speaking HTTP: what it turns into goes on in its task, so it keeps its
//! seat and is drained like every other one.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// Stands in the extensions of each request; clones share it.
#[derive(Clone)]
pub(super) struct Takeover {
    stopping: watch::Receiver<()>,
    successor: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

impl Takeover {
    /// Nobody has taken over yet.
    pub(super) fn new(stopping: watch::Receiver<()>) -> Self {
        Self { stopping, successor: Arc::default() }
    }

    /// Runs after the last answer of the connection, until it ends by itself or the drain is over.
    pub(super) fn succeed(&self, successor: impl Future<Output = ()> + Send + 'static) {
        *self.successor.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::pin(successor));
    }

    /// What runs next.
    pub(super) fn successor(&self) -> Option<BoxFuture<'static, ()>> {
        self.successor.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends with the order to stop.
    pub(super) fn stopping(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.clone();
        async move {
            // The order is that the sender is dropped: an error.
            let _ = stopping.changed().await;
        }
    }
}

impl fmt::Debug for Takeover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Takeover").finish_non_exhaustive()
    }
}
