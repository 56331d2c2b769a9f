//! The way to Redis, which may break at any moment.

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(200);
/// A Redis that answers now and then counts as back only when it has not failed for so long: else
/// one that is slow would fill the log.
const QUIET: Duration = Duration::from_secs(5);

/// The address is none that Redis can be had at.
#[derive(Debug, thiserror::Error)]
#[error("not an address of Redis")]
pub struct Unusable(#[from] RedisError);

/// The Redis that the nodes of one register share. Clones know the same of its state.
#[derive(Clone)]
pub struct Link {
    client: Client,
    register: Arc<str>,
    state: Arc<Mutex<State>>,
}

/// What is known of Redis, and what was told of it.
#[derive(Default)]
struct State {
    /// When it failed last, unless it has answered since.
    failed: Option<Instant>,
    /// Whether its failing was told, and not yet that it is back.
    is_told: bool,
    /// When it was told that it is back.
    back: Option<Instant>,
}

impl Link {
    /// The Redis at this URL, for the nodes that name the register alike.
    ///
    /// # Errors
    /// The URL is none of Redis. Whether Redis answers is not asked.
    pub fn new(url: &str, register: &str) -> Result<Self, Unusable> {
        Ok(Self { client: Client::open(url)?, register: register.into(), state: Arc::default() })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What the nodes of this register alone share.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("caunoi:{}:{what}", self.register)
    }

    /// A connection that is made when it is first used, so that a start never waits for Redis.
    pub(crate) fn connect(&self, response: Duration) -> Result<ConnectionManager, Unusable> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(CONNECT_TIMEOUT.max(response)))
            .set_response_timeout(Some(response));
        Ok(ConnectionManager::new_lazy_with_config(self.client.clone(), config)?)
    }

    /// Says once that Redis is away, until it answers again. Of the connections to one that is just
    /// back each has to find out by itself that it was cut: that is no news.
    pub(crate) fn note_away(&self, error: &RedisError) {
        caunoi_metrics::note_redis(false);
        let mut state = self.state();
        state.failed = Some(Instant::now());
        if !state.is_told && state.back.is_none_or(|back| back.elapsed() >= QUIET) {
            state.is_told = true;
            tracing::warn!(
                %error,
                "Redis does not answer: other nodes are heard by the clock alone, and answers are not shared"
            );
        }
    }

    /// Says once that it has been reached again.
    pub(crate) fn note_back(&self) {
        caunoi_metrics::note_redis(true);
        let mut state = self.state();
        state.failed = None;
        if std::mem::take(&mut state.is_told) {
            state.back = Some(Instant::now());
            tracing::info!("Redis answers again");
        }
    }

    /// One answer of many: the same when it has not failed for a while.
    pub(crate) fn note_answer(&self) {
        let is_quiet = self.state().failed.is_some_and(|at| at.elapsed() >= QUIET);
        if is_quiet {
            self.note_back();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing here can panic half way, so a poisoned lock is as good as any.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("register", &self.register).finish_non_exhaustive()
    }
}
