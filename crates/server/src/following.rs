//! Keeping this process with the logs: what other processes write is read here soon after.

use std::{sync::Arc, time::Duration};

use caunoi_cache::Wakes;
use caunoi_register::{Error, Register};
use tokio::{
    sync::{Notify, broadcast::error::RecvError, watch},
    time,
};

use crate::readiness::Readiness;

/// How long what another process wrote goes unread at most.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long reading on may take: a locality that changes its country lets all facts be read anew.
const LONGEST: Duration = Duration::from_secs(30);

/// Reads the logs on again and again, until `stopping` says so; a process that cannot is not ready. With wake-ups at once, and other
/// nodes hear of what this one writes; without them by the clock alone.
pub(crate) async fn follow(
    register: Arc<Register>,
    wakes: Option<Wakes>,
    readiness: Readiness,
    mut stopping: watch::Receiver<()>,
) {
    let told = Notify::new();
    let share = async {
        match &wakes {
            Some(wakes) => {
                tokio::join!(wakes.listen(|| told.notify_one()), pass_on(&register, wakes));
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = stopping.changed() => {}
        () = read_on(&register, &readiness, &told) => {}
        () = share => {}
    }
}

async fn read_on(register: &Register, readiness: &Readiness, told: &Notify) {
    let mut follows = true;
    loop {
        // Either of them is reason enough.
        let _ = time::timeout(INTERVAL, told.notified()).await;
        // What hangs on a dead connection is begun anew on another one.
        let does = if let Ok(outcome) = time::timeout(LONGEST, register.follow()).await {
            note(&outcome, follows);
            outcome.is_ok()
        } else {
            tracing::warn!(longest_ms = LONGEST.as_millis(), "reading the logs on took too long");
            false
        };
        follows = does;
        readiness.note_following(follows);
    }
}

/// Tells the other nodes of every write of this one.
async fn pass_on(register: &Register, wakes: &Wakes) {
    let mut writes = register.writes();
    loop {
        match writes.recv().await {
            Ok((log, position)) => wakes.publish(log, position).await,
            // A later write makes the others read what was passed over.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Says once that the logs cannot be followed, and once that they can be again.
fn note(outcome: &Result<(), Error>, did_follow: bool) {
    match outcome {
        Ok(()) if !did_follow => tracing::info!("the logs are followed again"),
        Err(error @ Error::Broken(source)) if did_follow => {
            tracing::error!(%error, %source, "the logs cannot be followed");
        }
        Err(error) if did_follow => tracing::warn!(%error, "the logs cannot be followed now"),
        Ok(()) | Err(_) => {}
    }
}
