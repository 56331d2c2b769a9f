//! Streams of values that are computed again when they may have changed.

use super::super::api_error::ApiError;
use super::super::request_context::RequestContext;
use caunoi_domain::date::Day;
use caunoi_domain::validation::InvalidReason;
use caunoi_register::Register;
use futures_util::stream::{self, Stream};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// The allowed minimum intervals, in milliseconds.
const INTERVAL_MS: RangeInclusive<i32> = 100..=3_600_000;
/// The interval at which a new day is detected.
const DAY_CHECK: Duration = Duration::from_mins(1);

/// The events after which a value may have changed: a new position of a log, or a new day.
pub(super) struct ValueUpdates {
    register: Arc<Register>,
    log_updates: watch::Receiver<u64>,
    min_interval: Duration,
}

impl ValueUpdates {
    /// Observes them at intervals of at least `min_interval_ms` milliseconds.
    ///
    /// # Errors
    /// Returns an error if the interval is outside `INTERVAL_MS`.
    pub(super) fn new(request: &RequestContext, min_interval_ms: i32) -> Result<Self, ApiError> {
        if !INTERVAL_MS.contains(&min_interval_ms) {
            let (least, most) = ((*INTERVAL_MS.start()).into(), (*INTERVAL_MS.end()).into());
            let reason = InvalidReason::OutOfRange { least, most, given: min_interval_ms.into() };
            return Err(ApiError::argument("minIntervalMs", reason.into()));
        }
        let min_interval = Duration::from_millis(u64::from(min_interval_ms.unsigned_abs()));
        let register = Arc::clone(request.register());
        Ok(Self { log_updates: register.updates(), register, min_interval })
    }

    /// Returns a stream of one value at once and one after each event.
    pub(super) fn values<T>(self, value: impl Fn() -> T) -> impl Stream<Item = T> {
        stream::unfold((self, value, None), |(mut updates, value, last)| async move {
            if let Some((last, day)) = last {
                updates.wait(last, day).await;
            }
            let now = (Instant::now(), updates.register.today());
            Some((value(), (updates, value, Some(now))))
        })
    }

    async fn wait(&mut self, last: Instant, day: Day) {
        sleep_until(last + self.min_interval).await;
        while self.register.today() == day {
            tokio::select! {
                // `changed` cannot fail: `self.register` keeps the sender alive.
                _ = self.log_updates.changed() => return,
                () = sleep(DAY_CHECK) => {}
            }
        }
    }
}
