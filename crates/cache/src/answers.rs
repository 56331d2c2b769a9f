//! Answers that were given and may be given again, in this process and in Redis.

use crate::kept::Kept;
use crate::memo::Memo;
use crate::shared::SharedAnswers;
use caunoi_domain::answer::{AnswerKey, Basis};
use caunoi_metrics::{Level, Source};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;

/// What an answer takes in memory usually; a guess that sizes tables and nothing else.
const USUAL_BYTES: u64 = 4 * 1_024;
/// How much of the memory is for the words of questions, whose keys lead to those of their answers.
const WORDS: u64 = 16;

/// How answers are kept.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    /// Bytes in this process; 0 keeps nothing here.
    pub bytes: u64,
    /// Answers that took at least so long to make are shared. Asking Redis costs about a fifth of
    /// a millisecond of this process's time and a way over the network, so sharing pays for what
    /// counts and searches; a list by a key is made as fast as it is fetched.
    pub shared_from: Duration,
    /// How long Redis may take for one command. What takes longer is made anew meanwhile.
    pub shared_within: Duration,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            bytes: 64 * 1_024 * 1_024,
            shared_from: Duration::from_millis(1),
            shared_within: Duration::from_millis(50),
        }
    }
}

/// The answers that were given. What comes from here holds still: that is asked of every answer
/// before it is handed out, whoever made it.
#[derive(Debug)]
pub struct Answers {
    keeping: Keeping,
    near: Option<Near>,
    shared: Option<Arc<SharedAnswers>>,
}

#[derive(Debug)]
struct Near {
    answers: Memo<AnswerKey, Arc<Kept>>,
    /// The keys of answers by the keys of the very words that asked for them.
    words: Memo<AnswerKey, AnswerKey>,
}

impl Answers {
    /// Kept so, and shared where there is a Redis.
    #[must_use]
    pub fn new(keeping: Keeping, shared: Option<SharedAnswers>) -> Self {
        let words = keeping.bytes / WORDS;
        let near = (keeping.bytes > 0).then(|| Near {
            answers: Memo::new(keeping.bytes - words, USUAL_BYTES),
            words: Memo::new(words, 128),
        });
        Self { keeping, near, shared: shared.map(Arc::new) }
    }

    /// The answer to the very words that asked for it before, if it holds.
    #[must_use]
    pub fn find_by_words(&self, words: &AnswerKey, holds: impl FnOnce(&Basis) -> bool) -> Option<Arc<Kept>> {
        let near = self.near.as_ref()?;
        let kept = near.answers.find(&near.words.find(words)?)?;
        // One that does not hold is counted when it is asked for by its key.
        holds(&kept.basis).then(|| {
            caunoi_metrics::answer(Source::Process);
            kept
        })
    }

    /// The answer that this process has, if it holds.
    #[must_use]
    pub fn find(&self, key: &AnswerKey, holds: impl FnOnce(&Basis) -> bool) -> Option<Arc<Kept>> {
        let kept = self.near.as_ref()?.answers.find(key)?;
        if holds(&kept.basis) {
            caunoi_metrics::answer(Source::Process);
            return Some(kept);
        }
        caunoi_metrics::stale(Level::Process);
        None
    }

    /// The answer that the nodes share, if it holds; from then on this process has it too.
    pub async fn find_shared(
        &self,
        key: &AnswerKey,
        holds: impl FnOnce(&Basis) -> bool,
    ) -> Option<Arc<Kept>> {
        let kept = self.shared.as_ref()?.find(key).await?;
        if holds(&kept.basis) {
            caunoi_metrics::answer(Source::Redis);
            let kept = Arc::new(kept);
            self.keep_near(*key, &kept);
            return Some(kept);
        }
        caunoi_metrics::stale(Level::Redis);
        None
    }

    /// Whether it pays to ask Redis for what took so long to make the last time, or to hand it
    /// over; where nobody knows yet, asking does.
    #[must_use]
    pub fn is_worth_sharing(&self, took: Option<Duration>) -> bool {
        self.shared.is_some() && took.is_none_or(|took| took >= self.keeping.shared_from)
    }

    /// Keeps an answer that took so long to make.
    pub fn keep(&self, key: AnswerKey, kept: &Arc<Kept>, took: Duration) {
        self.keep_near(key, kept);
        if self.is_worth_sharing(Some(took))
            && let Some(shared) = &self.shared
        {
            let (shared, kept) = (Arc::clone(shared), Arc::clone(kept));
            // Nobody waits for it: the answer goes out meanwhile.
            tokio::spawn(async move { shared.keep(&key, &kept).await }.in_current_span());
        }
    }

    /// Remembers in which words the question of an answer was asked.
    pub fn keep_words(&self, words: AnswerKey, key: AnswerKey) {
        if let Some(near) = &self.near {
            near.words.keep(words, key);
        }
    }

    fn keep_near(&self, key: AnswerKey, kept: &Arc<Kept>) {
        let Some(near) = &self.near else { return };
        near.answers.keep(key, Arc::clone(kept));
        let (entries, bytes) = near.answers.size();
        caunoi_metrics::keep(entries, bytes);
    }
}
