//! A connection after its upgrade from HTTP. The upgraded protocol runs in the task of the
//! connection, so it keeps its permits and is drained like other connections.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::watch;

/// The upgrade of one connection, an extension of each of its requests. Clones share the state.
#[derive(Clone)]
pub(super) struct ConnectionUpgrade {
    stopping: watch::Receiver<()>,
    continuation: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

impl ConnectionUpgrade {
    /// Creates the state of a connection without an upgrade.
    pub(super) fn new(stopping: watch::Receiver<()>) -> Self {
        Self { stopping, continuation: Arc::default() }
    }

    /// Sets the future that runs after the last response of the connection, until it completes or
    /// the drain timeout ends.
    pub(super) fn continue_with(&self, continuation: impl Future<Output = ()> + Send + 'static) {
        *self.continuation.lock() = Some(Box::pin(continuation));
    }

    /// Takes the future that was set; None if the connection was not upgraded.
    pub(super) fn take_continuation(&self) -> Option<BoxFuture<'static, ()>> {
        self.continuation.lock().take()
    }

    /// Waits until the server stops.
    pub(super) fn stopping(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.clone();
        async move {
            // The server stops by dropping the sender, which is an error here.
            let _ = stopping.changed().await;
        }
    }
}

impl fmt::Debug for ConnectionUpgrade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ConnectionUpgrade").finish_non_exhaustive()
    }
}
