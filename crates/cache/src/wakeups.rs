//! Wake-ups: after a write, a node notifies the others through Redis that a log has grown.

use crate::redis_client::{RedisClient, RedisUrlError};
use caunoi_domain::id::Log;
use caunoi_metrics::WakeDirection;
use futures_util::StreamExt as _;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, RedisError};
use std::time::Duration;
use tokio::time;

const TIMEOUT: Duration = Duration::from_millis(200);
/// Delay before another attempt while Redis is unreachable.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// The wake-ups of one register. They are hints: a lost one costs a moment, because every node also
/// polls the logs.
pub struct WakeupChannel {
    redis: RedisClient,
    publisher: ConnectionManager,
    channel: String,
}

impl WakeupChannel {
    /// Creates the channel of this register.
    ///
    /// # Errors
    /// Returns `RedisUrlError` if the connection cannot be configured. No connection is made here.
    pub fn new(redis: &RedisClient) -> Result<Self, RedisUrlError> {
        Ok(Self { redis: redis.clone(), publisher: redis.connect(TIMEOUT)?, channel: redis.key_for("moves") })
    }

    /// Notifies the other nodes that a log has reached this position.
    pub async fn publish(&self, log: Log, position: i64) {
        let text = format!("{} {position}", log.number());
        let published: Result<(), RedisError> = self.publisher.clone().publish(&self.channel, text).await;
        // Success is not recorded here: `listen` records the recovery, and this connection may
        // still fail a moment longer.
        match published {
            Ok(()) => caunoi_metrics::count_wakeup(WakeDirection::Sent),
            Err(error) => self.redis.record_failure(&error),
        }
    }

    /// Calls `on_wakeup` for each message, and after each reconnection, because messages may have
    /// been missed. Runs until dropped.
    pub async fn listen(&self, on_wakeup: impl Fn()) {
        loop {
            if let Err(error) = self.receive(&on_wakeup).await {
                self.redis.record_failure(&error);
            }
            time::sleep(RECONNECT_DELAY).await;
        }
    }

    /// Receives messages until the connection is lost.
    async fn receive(&self, on_wakeup: &impl Fn()) -> Result<(), RedisError> {
        let connect = time::timeout(TIMEOUT, self.redis.client().get_async_pubsub());
        let mut connection = connect.await.map_err(|_| timed_out())??;
        connection.subscribe(&self.channel).await?;
        self.redis.record_recovery();
        on_wakeup();
        let mut messages = connection.into_on_message();
        while messages.next().await.is_some() {
            caunoi_metrics::count_wakeup(WakeDirection::Heard);
            on_wakeup();
        }
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
    }
}

fn timed_out() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

impl std::fmt::Debug for WakeupChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WakeupChannel").field("channel", &self.channel).finish_non_exhaustive()
    }
}
