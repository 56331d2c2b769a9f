//! Values that are sent again when they may have changed.

use super::super::asking::Asking;
use super::super::fault::Fault;
use caunoi_domain::date::Day;
use caunoi_domain::refusal::Refusal;
use caunoi_register::Register;
use futures_util::stream::{self, Stream};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// How long a caller may ask to be left alone.
const INTERVAL_MS: RangeInclusive<i32> = 100..=3_600_000;
/// How soon a new day is noticed.
const DAY_CHECK: Duration = Duration::from_mins(1);

/// The moves of the register, and the days: whatever makes a number another one.
pub(super) struct Moves {
    register: Arc<Register>,
    told: watch::Receiver<u64>,
    least: Duration,
}

impl Moves {
    /// Those that lie so far apart at least.
    ///
    /// # Errors
    /// No such interval is offered.
    pub(super) fn new(asking: &Asking, least_ms: i32) -> Result<Self, Fault> {
        if !INTERVAL_MS.contains(&least_ms) {
            let why = format!("{} to {} milliseconds", INTERVAL_MS.start(), INTERVAL_MS.end());
            return Err(Fault::argument("minIntervalMs", &Refusal::Invalid(why)));
        }
        let least = Duration::from_millis(u64::from(least_ms.unsigned_abs()));
        let register = Arc::clone(asking.register());
        Ok(Self { told: register.moves(), register, least })
    }

    /// A value at once, and one after each of them.
    pub(super) fn each<T>(self, value: impl Fn() -> T) -> impl Stream<Item = T> {
        stream::unfold((self, value, None), |(mut moves, value, last)| async move {
            if let Some(last) = last {
                moves.wait(last).await;
            }
            let now = (Instant::now(), moves.register.today());
            Some((value(), (moves, value, Some(now))))
        })
    }

    async fn wait(&mut self, (last, day): (Instant, Day)) {
        sleep_until(last + self.least).await;
        while self.register.today() == day {
            tokio::select! {
                // The register lives as long as this does, so there is always somebody to move.
                _ = self.told.changed() => return,
                () = sleep(DAY_CHECK) => {}
            }
        }
    }
}
