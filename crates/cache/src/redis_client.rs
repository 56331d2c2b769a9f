//! The client of Redis, which may fail at any moment, and its health as this process has observed
//! it.

use parking_lot::Mutex;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(200);
/// A Redis that fails now and then counts as recovered only after this time without a failure:
/// otherwise a slow one would fill the log.
const STABLE_AFTER: Duration = Duration::from_secs(5);

/// The error of a URL that is not one of Redis: the one error of this crate. All later failures of
/// Redis only make responses slower, so no caller sees them.
#[derive(Debug, thiserror::Error)]
#[error("not a URL of Redis")]
pub struct RedisUrlError(#[from] RedisError);

/// The Redis that the nodes of one register share. Clones share its health.
#[derive(Clone)]
pub struct RedisClient {
    client: Client,
    register: Arc<str>,
    health: Arc<Mutex<RedisHealth>>,
}

/// The last results of commands, and which of them were logged.
#[derive(Default)]
struct RedisHealth {
    /// The last failure, unless Redis has recovered since.
    failed_at: Option<Instant>,
    /// Whether the failure was logged and the recovery was not yet.
    is_failure_logged: bool,
    /// When the recovery was logged.
    recovered_at: Option<Instant>,
}

impl RedisClient {
    /// Creates a client of the Redis at `url`; nodes with the same `register` share keys and
    /// channels.
    ///
    /// # Errors
    /// Returns `RedisUrlError` if the URL is invalid. No connection is made here.
    pub fn new(url: &str, register: &str) -> Result<Self, RedisUrlError> {
        Ok(Self { client: Client::open(url)?, register: register.into(), health: Arc::default() })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the name of a key or channel of this register.
    pub(crate) fn key_for(&self, kind: &str) -> String {
        format!("caunoi:{}:{kind}", self.register)
    }

    /// Returns a connection that is opened on first use, so that a start never waits for Redis.
    ///
    /// # Errors
    /// Returns [`RedisUrlError`] if the connection cannot be configured.
    pub(crate) fn connect(&self, response_timeout: Duration) -> Result<ConnectionManager, RedisUrlError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(CONNECT_TIMEOUT.max(response_timeout)))
            .set_response_timeout(Some(response_timeout));
        Ok(ConnectionManager::new_lazy_with_config(self.client.clone(), config)?)
    }

    /// Records a failure and logs the first one until Redis recovers. Right after a recovery each
    /// other connection still has to fail once to notice that it was closed: those failures are not
    /// logged.
    pub(crate) fn record_failure(&self, error: &RedisError) {
        caunoi_metrics::set_redis_up(false);
        let mut health = self.health.lock();
        health.failed_at = Some(Instant::now());
        if !health.is_failure_logged
            && health.recovered_at.is_none_or(|recovered_at| recovered_at.elapsed() >= STABLE_AFTER)
        {
            health.is_failure_logged = true;
            tracing::warn!(
                %error,
                "Redis does not answer: changes of other nodes are found by polling alone, and responses are not shared"
            );
        }
    }

    /// Records that Redis responds, and logs it if its failure was logged.
    pub(crate) fn record_recovery(&self) {
        caunoi_metrics::set_redis_up(true);
        let mut health = self.health.lock();
        health.failed_at = None;
        if std::mem::take(&mut health.is_failure_logged) {
            health.recovered_at = Some(Instant::now());
            tracing::info!("Redis answers again");
        }
    }

    /// Records one successful command; it counts as a recovery when no command has failed for
    /// [`STABLE_AFTER`].
    pub(crate) fn record_success(&self) {
        let is_quiet = self.health.lock().failed_at.is_some_and(|at| at.elapsed() >= STABLE_AFTER);
        if is_quiet {
            self.record_recovery();
        }
    }
}

impl std::fmt::Debug for RedisClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisClient").field("register", &self.register).finish_non_exhaustive()
    }
}
