//! What one operation may still do: whether its result is wanted, and how many statements it sends
//! at the same time.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Statements that one operation runs at the same time: half of the connections that read for the
/// public, so that no document keeps all others waiting.
const STATEMENTS: usize = 4;

/// The work of one operation. Clones are one.
#[derive(Debug, Clone)]
pub struct Cancellation(Arc<State>);

#[derive(Debug)]
struct State {
    is_cancelled: AtomicBool,
    deadline: Option<Instant>,
    statements: Semaphore,
}

impl Cancellation {
    /// Work that is cancelled at this time at the latest.
    #[must_use]
    pub fn at(deadline: Instant) -> Self {
        Self::new(Some(deadline))
    }

    fn new(deadline: Option<Instant>) -> Self {
        let (is_cancelled, statements) = (AtomicBool::new(false), Semaphore::new(STATEMENTS));
        Self(Arc::new(State { is_cancelled, deadline, statements }))
    }

    /// Says that nobody waits for the result any more.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop. Long loops ask now and then; what they return then is not used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
            || self.0.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Returns at once while the work is wanted, and never after that: the operation is dropped
    /// where it waits. Without such a point a task that computes cannot be stopped.
    pub async fn checkpoint(&self) {
        if self.is_cancelled() {
            pending::<()>().await;
        }
    }

    /// Waits until the operation may send one more statement; it may until the permit is dropped.
    pub(crate) async fn statement(&self) -> Option<SemaphorePermit<'_>> {
        self.checkpoint().await;
        // The semaphore is never closed.
        let permit = self.0.statements.acquire().await.ok();
        self.checkpoint().await;
        permit
    }
}

/// Work that is never cancelled: a write, or what no request asked for.
impl Default for Cancellation {
    fn default() -> Self {
        Self::new(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    fn poll<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_stops_at_its_deadline_or_when_it_is_cancelled() {
        let bounded = Cancellation::at(Instant::now() + Duration::from_secs(10));
        assert_eq!(poll(pin!(bounded.checkpoint())), Some(()));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert!(bounded.is_cancelled());
        assert_eq!(poll(pin!(bounded.checkpoint())), None);
        let endless = Cancellation::default();
        assert_eq!(poll(pin!(endless.checkpoint())), Some(()));
        endless.clone().cancel();
        assert_eq!(poll(pin!(endless.checkpoint())), None);
    }

    #[tokio::test]
    async fn an_operation_sends_four_statements_at_the_same_time() {
        let work = Cancellation::default();
        let permits: Vec<_> = (0..STATEMENTS).map(|_| poll(pin!(work.statement())).flatten()).collect();
        assert!(permits.iter().all(Option::is_some));
        let mut next = pin!(work.statement());
        assert!(poll(next.as_mut()).is_none());
        drop(permits);
        assert!(poll(next).is_some());
        work.cancel();
        assert!(poll(pin!(work.statement())).is_none());
    }
}
