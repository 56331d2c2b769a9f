//! Whether this process should receive requests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use caunoi_register::Register;
use caunoi_store::WriteFault;
use tokio::{sync::watch, time};

use crate::http::Ready;

const INTERVAL: Duration = Duration::from_secs(2);
/// The same as the time that a request waits for a connection of the pool.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The readiness of the process; cheap to read for every probe.
#[derive(Debug, Clone)]
pub(crate) struct Readiness(Arc<ReadinessState>);

#[derive(Debug)]
struct ReadinessState {
    database_answers: AtomicBool,
    /// Whether the last catch-up with the logs succeeded; otherwise the read model becomes stale.
    catches_up: AtomicBool,
    is_draining: AtomicBool,
    /// The reason why this node does not guarantee its writes; None if it does.
    write_fault: watch::Receiver<Option<WriteFault>>,
}

impl Readiness {
    /// Returns the readiness of a process whose database has just answered.
    pub(crate) fn new(write_fault: watch::Receiver<Option<WriteFault>>) -> Self {
        Self(Arc::new(ReadinessState {
            database_answers: AtomicBool::new(true),
            catches_up: AtomicBool::new(true),
            is_draining: AtomicBool::new(false),
            write_fault,
        }))
    }

    /// Returns the function behind `/readyz`.
    pub(crate) fn probe(&self) -> Ready {
        let state = Arc::clone(&self.0);
        Arc::new(move || state.not_ready_reason().map_or(Ok(()), Err))
    }

    /// Records whether the last catch-up of the read model succeeded.
    pub(crate) fn record_catch_up(&self, does: bool) {
        self.0.catches_up.store(does, Ordering::Relaxed);
    }

    /// Makes the process not ready while running requests complete.
    pub(crate) fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Relaxed);
    }

    /// Pings the database every `INTERVAL` until `stopping` fires. While a write fault is set, it
    /// also writes a value and reads it back: without traffic, nothing else would clear the fault.
    pub(crate) async fn watch(self, register: Arc<Register>, mut stopping: watch::Receiver<()>) {
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                () = time::sleep(INTERVAL) => {}
            }
            let ping = tokio::select! {
                _ = stopping.changed() => return,
                ping = time::timeout(TIMEOUT, register.ping()) => ping,
            };
            let why = match ping {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(reason(&error)),
                Err(_) => Some("no answer in time".to_owned()),
            };
            self.record_ping(why);
            if self.0.write_fault.borrow().is_some() {
                self.check_writes(&register).await;
            }
        }
    }

    async fn check_writes(&self, register: &Register) {
        // A test write on a dead connection is cancelled and repeated on another one.
        match time::timeout(TIMEOUT, register.check_writes()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(why = reason(&error), "writes cannot be proven now"),
            Err(_) => tracing::warn!(why = "no answer in time", "writes cannot be proven now"),
        }
    }

    fn record_ping(&self, why: Option<String>) {
        let did_answer = self.0.database_answers.swap(why.is_none(), Ordering::Relaxed);
        match why {
            Some(why) if did_answer => tracing::warn!(why, "the database does not answer"),
            None if !did_answer => tracing::info!("the database answers again"),
            Some(_) | None => {}
        }
    }
}

impl ReadinessState {
    /// Returns the reason why the process is not ready; None if it is ready.
    fn not_ready_reason(&self) -> Option<&'static str> {
        if self.is_draining.load(Ordering::Relaxed) {
            Some("the server is stopping")
        } else if !self.database_answers.load(Ordering::Relaxed) {
            Some("the database does not answer")
        } else if let Some(fault) = *self.write_fault.borrow() {
            Some(fault.reason())
        } else if !self.catches_up.load(Ordering::Relaxed) {
            Some("the logs cannot be followed")
        } else {
            None
        }
    }
}

/// Returns the message of the error's source, because that of the error repeats the log line.
fn reason(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_follows_database_write_fault_and_drain() {
        let (fault, faults) = watch::channel(None);
        let readiness = Readiness::new(faults);
        let ready = readiness.probe();
        assert_eq!(ready(), Ok(()));
        readiness.record_ping(Some("gone".to_owned()));
        assert_eq!(ready(), Err("the database does not answer"));
        readiness.record_ping(None);
        assert_eq!(ready(), Ok(()));
        fault.send_replace(Some(WriteFault::Unreadable));
        assert_eq!(ready(), Err("a committed write cannot be read back"));
        fault.send_replace(None);
        assert_eq!(ready(), Ok(()));
        readiness.drain();
        assert_eq!(ready(), Err("the server is stopping"));
    }
}
