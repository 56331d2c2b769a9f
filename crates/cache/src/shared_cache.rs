//! Responses that the nodes of one register share, in Redis.
//!
//! A response from Redis is used only if this register encrypted it for the same cache key, and
//! only while its dependencies hold, like a local one. So Redis may be unreachable, slow, full or
//! emptied, or return forged bytes: the response is then computed.

mod encryption;

use crate::cached_response::CachedResponse;
use crate::redis_client::{RedisClient, RedisUrlError};
use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::cursor::InstallationKey;
use caunoi_metrics::RedisAccess;
use encryption::ResponseCipher;
use parking_lot::Mutex;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, RedisError, SetExpiry, SetOptions};
use std::time::Duration;
use tokio::time::{self, Instant};

/// How long commands are skipped after a failure, so that few requests wait for an unreachable
/// Redis.
const OPEN_DURATION: Duration = Duration::from_secs(1);
/// Time to live of a response in Redis, in seconds. It only frees memory: validity depends on the
/// dependencies.
const EXPIRY_SECONDS: u64 = 24 * 3_600;
/// Larger bodies are not shared: their transfer would exceed the time-out of a command.
const MAX_BODY_BYTES: usize = 1_024 * 1_024;
/// Index of the last byte that is read: room for the largest response with its nonce, tag,
/// dependencies and MAC.
const LAST_BYTE_READ: isize = 1_200_000;

/// The shared responses of one register.
pub struct SharedCache {
    redis: RedisClient,
    connection: ConnectionManager,
    cipher: ResponseCipher,
    /// Time-out of one command.
    timeout: Duration,
    circuit_breaker: CircuitBreaker,
}

impl SharedCache {
    /// Creates a cache in this Redis. Responses are encrypted with a key derived from `key`; each
    /// command has `timeout`.
    ///
    /// # Errors
    /// Returns `RedisUrlError` if the connection cannot be configured. No connection is made here.
    pub fn new(redis: &RedisClient, key: &InstallationKey, timeout: Duration) -> Result<Self, RedisUrlError> {
        let connection = redis.connect(timeout)?;
        let (redis, cipher) = (redis.clone(), ResponseCipher::new(key));
        Ok(Self { redis, connection, cipher, timeout, circuit_breaker: CircuitBreaker::default() })
    }

    /// Returns the response of a key, valid or not; `None` if it is absent, cannot be decrypted or
    /// the command fails.
    pub async fn find(&self, key: &CacheKey) -> Option<CachedResponse> {
        let mut connection = self.connection.clone();
        // GETRANGE limits the bytes read, because another program may have stored a value of any
        // length; an absent key returns no bytes.
        let found: Vec<u8> = self.run(connection.getrange(self.redis_key(key), 0, LAST_BYTE_READ)).await?;
        if found.is_empty() {
            caunoi_metrics::count_redis_access(RedisAccess::Absent);
            return None;
        }
        let decrypted = self.cipher.decrypt(key, found);
        caunoi_metrics::count_redis_access(if decrypted.is_some() {
            RedisAccess::Found
        } else {
            RedisAccess::Unusable
        });
        decrypted
    }

    /// Stores a response, unless its body is too large.
    pub async fn insert(&self, key: &CacheKey, response: &CachedResponse) {
        if response.body.len() > MAX_BODY_BYTES {
            return;
        }
        let Some(ciphertext) = self.cipher.encrypt(key, response) else { return };
        let mut connection = self.connection.clone();
        let options = SetOptions::default().with_expiration(SetExpiry::EX(EXPIRY_SECONDS));
        let stored: Option<()> =
            self.run(connection.set_options(self.redis_key(key), ciphertext, options)).await;
        if stored.is_some() {
            caunoi_metrics::count_redis_access(RedisAccess::Kept);
        }
    }

    /// Returns the name of a response in Redis. The number is the version of the stored format.
    fn redis_key(&self, key: &CacheKey) -> Vec<u8> {
        let mut redis_key = self.redis.key_for("answer:2:").into_bytes();
        redis_key.extend_from_slice(key.bytes());
        redis_key
    }

    /// Runs a command within the time-out; returns `None` if it fails or the circuit breaker is
    /// open.
    async fn run<T>(&self, command: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        if self.circuit_breaker.is_open() {
            caunoi_metrics::count_redis_access(RedisAccess::Skipped);
            return None;
        }
        let late = || Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
        match time::timeout(self.timeout, command).await.unwrap_or_else(|_| late()) {
            Ok(value) => {
                self.redis.record_success();
                Some(value)
            }
            Err(error) => {
                caunoi_metrics::count_redis_access(RedisAccess::Failed);
                // Only a connection failure opens the breaker: an error reply (out of memory, wrong
                // type) shows that Redis is reachable.
                if error.is_io_error() || error.is_timeout() || error.is_connection_dropped() {
                    self.circuit_breaker.open();
                    self.redis.record_failure(&error);
                }
                None
            }
        }
    }
}

/// Skips commands for [`OPEN_DURATION`] after a failure.
#[derive(Default)]
struct CircuitBreaker {
    open_until: Mutex<Option<Instant>>,
}

impl CircuitBreaker {
    fn is_open(&self) -> bool {
        self.open_until.lock().is_some_and(|until| Instant::now() < until)
    }

    fn open(&self) {
        *self.open_until.lock() = Some(Instant::now() + OPEN_DURATION);
    }
}

impl std::fmt::Debug for SharedCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedCache").field("redis", &self.redis).finish_non_exhaustive()
    }
}
