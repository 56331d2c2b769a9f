//! Follows the logs: applies the writes of other processes to the read model.

use std::{sync::Arc, time::Duration};

use caunoi_cache::WakeupChannel;
use caunoi_register::{Error, Register};
use tokio::{
    sync::{Notify, broadcast::error::RecvError, watch},
    time,
};

use crate::readiness::Readiness;

/// Longest time before a write of another process is read.
const INTERVAL: Duration = Duration::from_secs(1);

/// Timeout of one catch-up. If a locality changes its country, all facts are read again.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(30);

/// Catches up with the logs until `stopping` fires: at every wake-up, otherwise every `INTERVAL`.
/// Publishes the writes of this node through `wakeups`. A node that cannot catch up is not ready.
pub(crate) async fn run(
    register: Arc<Register>,
    wakeups: Option<WakeupChannel>,
    readiness: Readiness,
    mut stopping: watch::Receiver<()>,
) {
    let wakeup = Notify::new();
    let share = async {
        match &wakeups {
            Some(wakeups) => {
                tokio::join!(wakeups.listen(|| wakeup.notify_one()), publish_writes(&register, wakeups));
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = stopping.changed() => {}
        () = catch_up_repeatedly(&register, &readiness, &wakeup) => {}
        () = share => {}
    }
}

async fn catch_up_repeatedly(register: &Register, readiness: &Readiness, wakeup: &Notify) {
    let mut follows = true;
    loop {
        // Both a wake-up and the interval start a catch-up.
        let _ = time::timeout(INTERVAL, wakeup.notified()).await;
        // A catch-up on a dead connection is cancelled and repeated on another one.
        let does = if let Ok(outcome) = time::timeout(CATCH_UP_TIMEOUT, register.catch_up()).await {
            log_change(&outcome, follows);
            outcome.is_ok()
        } else {
            tracing::warn!(timeout_ms = CATCH_UP_TIMEOUT.as_millis(), "catching up with the logs timed out");
            false
        };
        follows = does;
        readiness.record_catch_up(follows);
    }
}

/// Publishes every write of this node to the others.
async fn publish_writes(register: &Register, wakeups: &WakeupChannel) {
    let mut writes = register.writes();
    loop {
        match writes.recv().await {
            Ok((log, position)) => wakeups.publish(log, position).await,
            // The wake-up of a later write also covers the skipped ones.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Logs only the transitions between success and failure.
fn log_change(outcome: &Result<(), Error>, did_follow: bool) {
    match outcome {
        Ok(()) if !did_follow => tracing::info!("the logs are followed again"),
        Err(error @ Error::Broken(source)) if did_follow => {
            tracing::error!(%error, %source, "the logs cannot be followed");
        }
        Err(error) if did_follow => tracing::warn!(%error, "the logs cannot be followed now"),
        Ok(()) | Err(_) => {}
    }
}
