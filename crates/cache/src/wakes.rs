//! Wake-ups: a node that has written tells the others that it is time to read the logs.

use caunoi_domain::id::Log;
use caunoi_figures::Way;
use futures_util::StreamExt as _;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client, RedisError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(200);
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(200);
/// Between two tries while Redis is away.
const PAUSE: Duration = Duration::from_secs(1);

/// The address is none that Redis can be had at.
#[derive(Debug, thiserror::Error)]
#[error("not an address of Redis")]
pub struct Unusable(#[from] RedisError);

/// Wake-ups of one register, told and heard by Redis. They are hints: one that is lost costs a
/// moment, because every node also reads the logs by the clock.
pub struct Wakes {
    client: Client,
    /// Connects when it is first used, so a start never waits for Redis.
    speaker: ConnectionManager,
    channel: String,
    is_away: AtomicBool,
}

impl Wakes {
    /// Wake-ups by the Redis at this URL, for the nodes that name the register alike.
    ///
    /// # Errors
    /// The URL is none of Redis. Whether Redis answers is not asked.
    pub fn new(url: &str, register: &str) -> Result<Self, Unusable> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT));
        let speaker = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        let channel = format!("caunoi:{register}:moves");
        Ok(Self { client, speaker, channel, is_away: AtomicBool::new(false) })
    }

    /// Tells the other nodes that a log has come to this position.
    pub async fn publish(&self, log: Log, position: i64) {
        let text = format!("{} {position}", log.number());
        let told: Result<(), RedisError> = self.speaker.clone().publish(&self.channel, text).await;
        // Listening says when Redis is back: what speaks may find it away a moment longer.
        match told {
            Ok(()) => caunoi_figures::wake(Way::Sent),
            Err(error) => self.note_away(&error),
        }
    }

    /// Calls `wake` whenever a node has told something, and whenever something may have been
    /// missed. Ends only when dropped.
    pub async fn listen(&self, wake: impl Fn()) {
        loop {
            if let Err(error) = self.hear(&wake).await {
                self.note_away(&error);
            }
            time::sleep(PAUSE).await;
        }
    }

    /// Hears until the connection is lost.
    async fn hear(&self, wake: &impl Fn()) -> Result<(), RedisError> {
        let connect = time::timeout(CONNECT_TIMEOUT, self.client.get_async_pubsub());
        let mut connection = connect.await.map_err(|_| timed_out())??;
        connection.subscribe(&self.channel).await?;
        if self.is_away.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis answers again");
        }
        caunoi_figures::note_redis(true);
        wake();
        let mut messages = connection.into_on_message();
        while messages.next().await.is_some() {
            caunoi_figures::wake(Way::Heard);
            wake();
        }
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
    }

    /// Says it once, until Redis answers again.
    fn note_away(&self, error: &RedisError) {
        caunoi_figures::note_redis(false);
        if !self.is_away.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "Redis does not answer: other nodes are heard by the clock alone");
        }
    }
}

fn timed_out() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

impl std::fmt::Debug for Wakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wakes").field("channel", &self.channel).finish_non_exhaustive()
    }
}
