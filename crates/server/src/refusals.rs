//! Writes the counts of refused requests to the database, and removes old ones.

use std::{num::NonZeroU16, sync::Arc, time::Duration};

use caunoi_register::Register;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval_at},
};

/// Writes between two removals; with the default interval an hour.
const WRITES_PER_REMOVAL: u32 = 360;
const DEFAULT_DAYS: NonZeroU16 = NonZeroU16::MIN.saturating_add(29);
const DAY_US: i64 = 24 * 3_600_000_000;

/// How counts of refused requests are kept.
#[derive(Debug, Clone, Copy)]
pub struct RefusalKeeping {
    /// Days after which they are removed.
    pub days: NonZeroU16,
    /// Time between two writes. A crash loses the counts since the last one.
    pub interval: Duration,
}

impl Default for RefusalKeeping {
    fn default() -> Self {
        Self { days: DEFAULT_DAYS, interval: Duration::from_secs(10) }
    }
}

/// Writes counts until the server stops, the last ones then, and removes old ones.
pub(crate) async fn run(
    register: Arc<Register>,
    RefusalKeeping { days, interval }: RefusalKeeping,
    mut stopping: watch::Receiver<()>,
) {
    let retention_us = i64::from(days.get()) * DAY_US;
    remove_old(&register, retention_us).await;
    let mut ticks = interval_at(Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut writes = 0_u32;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.changed() => break,
        }
        flush(&register).await;
        writes = writes.wrapping_add(1);
        if writes.is_multiple_of(WRITES_PER_REMOVAL) {
            remove_old(&register, retention_us).await;
        }
    }
    flush(&register).await;
}

async fn remove_old(register: &Register, retention_us: i64) {
    if let Err(error) = register.remove_old_refusals(retention_us).await {
        tracing::warn!(%error, "old refusals could not be removed");
    }
}

async fn flush(register: &Register) {
    if let Err(error) = register.flush_refusals().await {
        tracing::warn!(%error, "counts of refused requests wait to be written");
    }
}
