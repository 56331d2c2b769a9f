//! Limits of one operation: cancellation, deadline and concurrent statements; and its measured work.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Limit of the concurrent statements of one operation: half of the connections for public reads,
/// so that one document does not block all others.
const MAX_STATEMENTS: usize = 4;

/// The cancellation of one operation. Clones share their state.
#[derive(Debug, Clone)]
pub struct Cancellation(Arc<CancellationState>);

#[derive(Debug)]
struct CancellationState {
    is_cancelled: AtomicBool,
    deadline: Option<Instant>,
    statements: Semaphore,
    sent_statements: AtomicU64,
    read_rows: AtomicU64,
}

/// The work of an operation for the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DatabaseWork {
    /// The statements that read.
    pub statements: u64,
    /// The entries that they returned.
    pub rows: u64,
}

impl Cancellation {
    /// Returns a cancellation with a deadline.
    #[must_use]
    pub fn at(deadline: Instant) -> Self {
        Self::new(Some(deadline))
    }

    fn new(deadline: Option<Instant>) -> Self {
        let (is_cancelled, statements) = (AtomicBool::new(false), Semaphore::new(MAX_STATEMENTS));
        let (sent_statements, read_rows) = (AtomicU64::new(0), AtomicU64::new(0));
        let state = CancellationState { is_cancelled, deadline, statements, sent_statements, read_rows };
        Self(Arc::new(state))
    }

    /// Cancels the operation: its result is no longer wanted.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work should stop. Long loops check this regularly; the result of a
    /// stopped loop must not be used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
            || self.0.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Returns at once while the operation is wanted, and never returns after it was cancelled: the
    /// caller drops the future. Without such a point a task that computes cannot be stopped.
    pub async fn checkpoint(&self) {
        if self.is_cancelled() {
            pending::<()>().await;
        }
    }

    /// Waits until the operation may send another statement. Dropping the permit releases it.
    pub(crate) async fn acquire_statement(&self) -> Option<SemaphorePermit<'_>> {
        self.checkpoint().await;
        // The semaphore is never closed.
        let permit = self.0.statements.acquire().await.ok();
        self.checkpoint().await;
        self.0.sent_statements.fetch_add(1, Ordering::Relaxed);
        permit
    }

    /// Records that a statement returned these entries.
    pub(crate) fn add_rows(&self, rows: usize) {
        self.0.read_rows.fetch_add(u64::try_from(rows).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Returns the work so far.
    #[must_use]
    pub fn database_work(&self) -> DatabaseWork {
        DatabaseWork {
            statements: self.0.sent_statements.load(Ordering::Relaxed),
            rows: self.0.read_rows.load(Ordering::Relaxed),
        }
    }
}

/// The default is never cancelled, for writes and for work without a request.
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
    async fn work_stops_at_deadline_or_cancellation() {
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
    async fn operation_runs_four_statements_concurrently() {
        let work = Cancellation::default();
        let permits: Vec<_> =
            (0..MAX_STATEMENTS).map(|_| poll(pin!(work.acquire_statement())).flatten()).collect();
        assert!(permits.iter().all(Option::is_some));
        let mut next = pin!(work.acquire_statement());
        assert!(poll(next.as_mut()).is_none());
        drop(permits);
        assert!(poll(next).is_some());
        work.add_rows(20);
        let statements = u64::try_from(MAX_STATEMENTS).unwrap() + 1;
        assert_eq!(work.database_work(), DatabaseWork { statements, rows: 20 });
        work.cancel();
        assert!(poll(pin!(work.acquire_statement())).is_none());
    }
}
