//! Wake-ups: a node that has written tells the others that it is time to read the logs.

use crate::link::{Link, Unusable};
use caunoi_domain::id::Log;
use caunoi_metrics::Way;
use futures_util::StreamExt as _;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, RedisError};
use std::time::Duration;
use tokio::time;

const TIMEOUT: Duration = Duration::from_millis(200);
/// Between two tries while Redis is away.
const PAUSE: Duration = Duration::from_secs(1);

/// Wake-ups of one register, told and heard by Redis. They are hints: one that is lost costs a
/// moment, because every node also reads the logs by the clock.
pub struct Wakes {
    link: Link,
    speaker: ConnectionManager,
    channel: String,
}

impl Wakes {
    /// Wake-ups by this Redis.
    ///
    /// # Errors
    /// The URL is none of Redis. Whether Redis answers is not asked.
    pub fn new(link: &Link) -> Result<Self, Unusable> {
        Ok(Self { link: link.clone(), speaker: link.connect(TIMEOUT)?, channel: link.name("moves") })
    }

    /// Tells the other nodes that a log has come to this position.
    pub async fn publish(&self, log: Log, position: i64) {
        let text = format!("{} {position}", log.number());
        let told: Result<(), RedisError> = self.speaker.clone().publish(&self.channel, text).await;
        // Listening says when Redis is back: what speaks may find it away a moment longer.
        match told {
            Ok(()) => caunoi_metrics::wake(Way::Sent),
            Err(error) => self.link.note_away(&error),
        }
    }

    /// Calls `wake` whenever a node has told something, and whenever something may have been
    /// missed. Ends only when dropped.
    pub async fn listen(&self, wake: impl Fn()) {
        loop {
            if let Err(error) = self.hear(&wake).await {
                self.link.note_away(&error);
            }
            time::sleep(PAUSE).await;
        }
    }

    /// Hears until the connection is lost.
    async fn hear(&self, wake: &impl Fn()) -> Result<(), RedisError> {
        let connect = time::timeout(TIMEOUT, self.link.client().get_async_pubsub());
        let mut connection = connect.await.map_err(|_| timed_out())??;
        connection.subscribe(&self.channel).await?;
        self.link.note_back();
        wake();
        let mut messages = connection.into_on_message();
        while messages.next().await.is_some() {
            caunoi_metrics::wake(Way::Heard);
            wake();
        }
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
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
