//! Whether this process should get questions now.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use caunoi_register::Register;
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
}

impl Readiness {
    /// Of a process whose database has just answered.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Known {
            answers: AtomicBool::new(true),
            follows: AtomicBool::new(true),
            drains: AtomicBool::new(false),
        }))
    }

    /// For the readiness probe.
    pub(crate) fn probe(&self) -> Ready {
        let known = Arc::clone(&self.0);
        Arc::new(move || {
            let is_fit = known.answers.load(Ordering::Relaxed) && known.follows.load(Ordering::Relaxed);
            is_fit && !known.drains.load(Ordering::Relaxed)
        })
    }

    /// Whether the replica has just read the logs on.
    pub(crate) fn note_following(&self, does: bool) {
        self.0.follows.store(does, Ordering::Relaxed);
    }

    /// From now on not ready: running requests are brought to their end.
    pub(crate) fn drain(&self) {
        self.0.drains.store(true, Ordering::Relaxed);
    }

    /// Asks the database now and then, one ping at a time, until `stopping` says so.
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

/// What is behind the error; its own text says no more than the log line.
fn reason(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ready_while_its_database_answers_and_it_does_not_drain() {
        let readiness = Readiness::new();
        let is_ready = readiness.probe();
        assert!(is_ready());
        readiness.note(Some("gone".to_owned()));
        assert!(!is_ready());
        readiness.note(None);
        assert!(is_ready());
        readiness.drain();
        assert!(!is_ready());
    }
}
