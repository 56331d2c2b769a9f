//! Answers that the nodes of one register share, in Redis.
//!
//! What comes from there is believed only if this register has encrypted it for this very question,
//! and handed out only while it holds, like an answer of this process. So Redis may be away, slow,
//! full, emptied or full of junk: answers are made anew, and that is all.

mod sealed;

use crate::kept::Kept;
use crate::link::{Link, Unusable};
use caunoi_domain::answer::AnswerKey;
use caunoi_domain::cursor::SealingKey;
use caunoi_metrics::Visit;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, RedisError, SetExpiry, SetOptions};
use sealed::Cipher;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{self, Instant};

/// After a failure nobody asks for so long: while Redis is away, few pay for it.
const PAUSE: Duration = Duration::from_secs(1);
/// How long an answer lies there, in seconds. It says nothing of how long it holds; it only lets
/// go of what nobody can ask for any more.
const EXPIRY: u64 = 24 * 3_600;
/// Larger answers are not shared: to carry them would take longer than Redis may.
const LARGEST: usize = 1_024 * 1_024;
/// The last byte that is read of one: the largest answer has room, with all that stands around it.
const MOST_READ: isize = 1_200_000;

/// The shared answers of one register.
pub struct SharedAnswers {
    link: Link,
    connection: ConnectionManager,
    cipher: Cipher,
    /// How long one command may take.
    within: Duration,
    paused_until: Mutex<Option<Instant>>,
}

impl SharedAnswers {
    /// Answers in this Redis, encrypted with a key of the register; each command has so long.
    ///
    /// # Errors
    /// The URL is none of Redis. Whether Redis answers is not asked.
    pub fn new(link: &Link, key: &SealingKey, within: Duration) -> Result<Self, Unusable> {
        let connection = link.connect(within)?;
        let (link, cipher) = (link.clone(), Cipher::new(key));
        Ok(Self { link, connection, cipher, within, paused_until: Mutex::default() })
    }

    /// The answer to a question, whether it holds or not.
    pub async fn find(&self, key: &AnswerKey) -> Option<Kept> {
        let mut connection = self.connection.clone();
        // A range, because what somebody else put there may have any length; nothing is empty.
        let found: Vec<u8> = self.run(connection.getrange(self.name(key), 0, MOST_READ)).await?;
        if found.is_empty() {
            caunoi_metrics::visit(Visit::Absent);
            return None;
        }
        let opened = self.cipher.open(key, found);
        caunoi_metrics::visit(if opened.is_some() { Visit::Found } else { Visit::Unusable });
        opened
    }

    /// Shares an answer.
    pub async fn keep(&self, key: &AnswerKey, kept: &Kept) {
        if kept.body.len() > LARGEST {
            return;
        }
        let Some(sealed) = self.cipher.seal(key, kept) else { return };
        let mut connection = self.connection.clone();
        let options = SetOptions::default().with_expiration(SetExpiry::EX(EXPIRY));
        let kept: Option<()> = self.run(connection.set_options(self.name(key), sealed, options)).await;
        if kept.is_some() {
            caunoi_metrics::visit(Visit::Kept);
        }
    }

    /// The name of an answer. Whoever writes answers in another form takes another number.
    fn name(&self, key: &AnswerKey) -> Vec<u8> {
        let mut name = self.link.name("answer:2:").into_bytes();
        name.extend_from_slice(key.bytes());
        name
    }

    /// Runs a command within its time, unless one failed a moment ago.
    async fn run<T>(&self, command: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        if self.paused().is_some_and(|until| Instant::now() < until) {
            caunoi_metrics::visit(Visit::Skipped);
            return None;
        }
        let late = || Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
        match time::timeout(self.within, command).await.unwrap_or_else(|_| late()) {
            Ok(value) => {
                self.link.note_answer();
                Some(value)
            }
            Err(error) => {
                caunoi_metrics::visit(Visit::Failed);
                // One that says no, because it is full or holds something else, is there.
                if error.is_io_error() || error.is_timeout() || error.is_connection_dropped() {
                    *self.lock() = Some(Instant::now() + PAUSE);
                    self.link.note_away(&error);
                }
                None
            }
        }
    }

    fn paused(&self) -> Option<Instant> {
        *self.lock()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        // An instant is never half written, so a poisoned lock is as good as any.
        self.paused_until.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SharedAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedAnswers").field("link", &self.link).finish_non_exhaustive()
    }
}
