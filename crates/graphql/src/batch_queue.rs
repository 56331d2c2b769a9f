//! The queue of batched loads of one request, which start when its execution is blocked.
//!
//! A batch is complete when no resolver can add a key to it. In a task of its own it would start on
//! another thread at any time, with the keys that were added until then.

use caunoi_register::Cancellation;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use parking_lot::Mutex;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::task::unconstrained;

/// The queue of one request; clones share it.
#[derive(Clone, Default)]
pub(crate) struct BatchQueue {
    waiting: Arc<Mutex<Vec<BoxFuture<'static, ()>>>>,
    cancellation: Cancellation,
}

impl BatchQueue {
    /// Creates the queue of a request that can be cancelled.
    pub(crate) fn with_cancellation(cancellation: Cancellation) -> Self {
        Self { waiting: Arc::default(), cancellation }
    }

    /// Returns the cancellation of the request.
    pub(crate) fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// Queues a batch; it starts when the execution waits.
    pub(crate) fn push(&self, batch: BoxFuture<'static, ()>) {
        self.waiting.lock().push(batch);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.waiting.lock())
    }

    /// Runs an execution and the batches that it queues, in one task. Invariant: a batch is polled
    /// only after every resolver has run until it waits.
    pub(crate) async fn run<T>(self, execution: impl Future<Output = T>) -> T {
        // With the cooperative budget of tokio it would yield before all resolvers have run.
        let mut execution = pin!(unconstrained(execution));
        let mut running = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                if let Poll::Ready(outcome) = execution.as_mut().poll(context) {
                    return Poll::Ready(outcome);
                }
                running.extend(self.take());
                match running.poll_next_unpin(context) {
                    // A resolver may have waited for this batch.
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) | Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use tokio::sync::{Semaphore, oneshot};

    #[tokio::test(flavor = "multi_thread")]
    async fn batch_starts_after_all_resolvers_wait() {
        let queue = BatchQueue::default();
        let steps = Arc::new(Mutex::new(Vec::new()));
        // More permits than the cooperative budget of one poll.
        let gate = Semaphore::new(1_000);
        let one = async |number: usize| {
            let (sender, receiver) = oneshot::channel();
            let _permit = gate.acquire().await;
            steps.lock().push("requested");
            if number == 0 {
                let steps = Arc::clone(&steps);
                queue.push(Box::pin(async move {
                    steps.lock().push("loaded");
                    sender.send(()).unwrap();
                }));
                receiver.await.unwrap();
            }
        };
        let execution = join_all((0..500).map(one));
        queue.clone().run(execution).await;
        let steps = steps.lock();
        assert_eq!((steps.len(), steps.last()), (501, Some(&"loaded")));
    }
}
