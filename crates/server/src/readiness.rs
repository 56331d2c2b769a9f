//! Whether this process should get questions now.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use caunoi_register::{Register, WriteFault};
use tokio::{sync::watch, time};

use crate::http::Ready;

const INTERVAL: Duration = Duration::from_secs(2);
/// As long as a question of a client waits for a connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known about the process; cheap to read for every probe.
#[derive(Debug, Clone)]
pub(crate) struct Readiness(Arc<Known>);

#[derive(Debug)]
struct Known {
    answers: AtomicBool,
    /// Whether the logs can be followed; where they cannot, what is in memory grows old.
    follows: AtomicBool,
    drains: AtomicBool,
    /// Why the node cannot vouch for its writes, if it cannot.
    write_fault: watch::Receiver<Option<WriteFault>>,
}

impl Readiness {
    /// Of a process whose database has just answered.
    pub(crate) fn new(write_fault: watch::Receiver<Option<WriteFault>>) -> Self {
        Self(Arc::new(Known {
            answers: AtomicBool::new(true),
            follows: AtomicBool::new(true),
            drains: AtomicBool::new(false),
            write_fault,
        }))
    }

    /// For the readiness probe.
    pub(crate) fn probe(&self) -> Ready {
        let known = Arc::clone(&self.0);
        Arc::new(move || known.obstacle().map_or(Ok(()), Err))
    }

    /// Whether the replica has just read the logs on.
    pub(crate) fn note_following(&self, does: bool) {
        self.0.follows.store(does, Ordering::Relaxed);
    }

    /// From now on not ready: running requests are brought to their end.
    pub(crate) fn drain(&self) {
        self.0.drains.store(true, Ordering::Relaxed);
    }

    /// Asks the database now and then, one ping at a time, until `stopping` says so. While the node
    /// cannot vouch for its writes, it also tries to write a value and to read it back: without
    /// traffic, nothing else would end that state.
    pub(crate) async fn watch(self, register: Arc<Register>, mut stopping: watch::Receiver<()>) {
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                () = time::sleep(INTERVAL) => {}
            }
            let ping = tokio::select! {
                _ = stopping.changed() => return,
                ping = time::timeout(PATIENCE, register.ping()) => ping,
            };
            let why = match ping {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(reason(&error)),
                Err(_) => Some("no answer in time".to_owned()),
            };
            self.note(why);
            if self.0.write_fault.borrow().is_some() {
                self.prove_writes(&register).await;
            }
        }
    }

    async fn prove_writes(&self, register: &Register) {
        // What hangs on a dead connection is tried again on another one; the fault stays meanwhile.
        match time::timeout(PATIENCE, register.prove_writes()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(why = reason(&error), "writes cannot be proven now"),
            Err(_) => tracing::warn!(why = "no answer in time", "writes cannot be proven now"),
        }
    }

    fn note(&self, why: Option<String>) {
        let did_answer = self.0.answers.swap(why.is_none(), Ordering::Relaxed);
        match why {
            Some(why) if did_answer => tracing::warn!(why, "the database does not answer"),
            None if !did_answer => tracing::info!("the database answers again"),
            Some(_) | None => {}
        }
    }
}

impl Known {
    /// Why the process should get no questions now, if so.
    fn obstacle(&self) -> Option<&'static str> {
        if self.drains.load(Ordering::Relaxed) {
            Some("the server is stopping")
        } else if !self.answers.load(Ordering::Relaxed) {
            Some("the database does not answer")
        } else if let Some(fault) = *self.write_fault.borrow() {
            Some(fault.reason())
        } else if !self.follows.load(Ordering::Relaxed) {
            Some("the logs cannot be followed")
        } else {
            None
        }
    }
}

/// What is behind the error; its own text says no more than the log line.
fn reason(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ready_while_its_database_answers_and_it_does_not_drain() {
        let (fault, faults) = watch::channel(None);
        let readiness = Readiness::new(faults);
        let ready = readiness.probe();
        assert_eq!(ready(), Ok(()));
        readiness.note(Some("gone".to_owned()));
        assert_eq!(ready(), Err("the database does not answer"));
        readiness.note(None);
        assert_eq!(ready(), Ok(()));
        fault.send_replace(Some(WriteFault::Unreadable));
        assert_eq!(ready(), Err("a committed write cannot be read back"));
        fault.send_replace(None);
        assert_eq!(ready(), Ok(()));
        readiness.drain();
        assert_eq!(ready(), Err("the server is stopping"));
    }
}
