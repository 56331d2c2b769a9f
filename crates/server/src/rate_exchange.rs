//! Exchanges the debts of rate-limited holders with the other nodes.

use std::{sync::Arc, time::Duration};

use caunoi_cache::SharedBuckets;
use caunoi_graphql::execution::RateLimiter;
use tokio::{
    sync::{Mutex, watch},
    time::sleep,
};

/// Time between two exchanges: how long a holder can spend on one node what it has spent on another.
const INTERVAL: Duration = Duration::from_millis(200);

/// The rate limiter of a node, and its exchange with other nodes through Redis.
#[derive(Clone)]
pub(crate) struct RateExchange {
    limiter: Arc<RateLimiter>,
    shared: Arc<SharedBuckets>,
    /// One exchange at a time: one that was called for waits for the running one.
    running: Arc<Mutex<()>>,
}

impl RateExchange {
    pub(crate) fn new(limiter: &Arc<RateLimiter>, shared: SharedBuckets) -> Self {
        Self { limiter: Arc::clone(limiter), shared: Arc::new(shared), running: Arc::default() }
    }

    /// Exchanges every `INTERVAL` until `stopping` fires.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<()>) {
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                () = sleep(INTERVAL) => {}
            }
            self.exchange().await;
        }
    }

    /// Sends what the holders of this node have spent since the last exchange and takes over what
    /// they have spent on all nodes. What cannot be sent is kept for the next exchange.
    pub(crate) async fn exchange(&self) {
        let _running = self.running.lock().await;
        let debts = self.limiter.take_unshared();
        if debts.is_empty() {
            return;
        }
        let sums = self.shared.exchange(&debts).await;
        for (debt, sum) in debts.iter().zip(sums) {
            match sum {
                Some(debt_us) => self.limiter.set_shared(&debt.holder, debt_us),
                None => self.limiter.put_back(debt),
            }
        }
    }
}

impl std::fmt::Debug for RateExchange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RateExchange").field("shared", &self.shared).finish_non_exhaustive()
    }
}
