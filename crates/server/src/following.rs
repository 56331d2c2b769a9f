//! Keeping this process with the logs: what other processes write is read here soon after.

use std::{sync::Arc, time::Duration};

use caunoi_register::{Error, Register};
use tokio::{sync::watch, time};

/// How long what another process wrote goes unread at most.
const INTERVAL: Duration = Duration::from_secs(1);

/// Reads the logs on again and again, until `stopping` says so.
pub(crate) async fn follow(register: Arc<Register>, mut stopping: watch::Receiver<()>) {
    let mut follows = true;
    loop {
        tokio::select! {
            _ = stopping.changed() => return,
            () = time::sleep(INTERVAL) => {}
        }
        let outcome = tokio::select! {
            _ = stopping.changed() => return,
            outcome = register.follow() => outcome,
        };
        note(&outcome, follows);
        follows = outcome.is_ok();
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
