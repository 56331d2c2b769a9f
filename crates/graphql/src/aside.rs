//! Work that waits until the execution of its request can go no further: batches.
//!
//! A batch is whole when no resolver can add to it any more. On a task of its own it would start
//! whenever another thread gets to it, with the keys that happen to be there.

use caunoi_register::Cancellation;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use tokio::task::unconstrained;

/// Where the work of one request is put; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Aside {
    waiting: Arc<Mutex<Vec<BoxFuture<'static, ()>>>>,
    cancellation: Cancellation,
}

impl Aside {
    /// Of a request that can be cancelled.
    pub(crate) fn within(cancellation: Cancellation) -> Self {
        Self { waiting: Arc::default(), cancellation }
    }

    /// Whether the request is still wanted.
    pub(crate) fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// Puts work aside; it begins when the execution waits.
    pub(crate) fn put(&self, work: BoxFuture<'static, ()>) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs an execution and the work that it puts aside, in one task. Invariant: work goes on
    /// only after every resolver has gone as far as it can.
    pub(crate) async fn run<T>(self, execution: impl Future<Output = T>) -> T {
        // Constrained, it would break off in the middle of a level after so many steps.
        let mut execution = pin!(unconstrained(execution));
        let mut working = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                if let Poll::Ready(outcome) = execution.as_mut().poll(context) {
                    return Poll::Ready(outcome);
                }
                working.extend(self.take());
                match working.poll_next_unpin(context) {
                    // Somebody may have waited for it.
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
    async fn work_begins_when_all_have_gone_as_far_as_they_can() {
        let aside = Aside::default();
        let steps = Arc::new(Mutex::new(Vec::new()));
        // More than one turn of a constrained task would bring.
        let gate = Semaphore::new(1_000);
        let one = async |number: usize| {
            let (tell, told) = oneshot::channel();
            let _permit = gate.acquire().await;
            steps.lock().unwrap().push("asked");
            if number == 0 {
                let steps = Arc::clone(&steps);
                aside.put(Box::pin(async move {
                    steps.lock().unwrap().push("worked");
                    tell.send(()).unwrap();
                }));
                told.await.unwrap();
            }
        };
        let execution = join_all((0..500).map(one));
        aside.clone().run(execution).await;
        let steps = steps.lock().unwrap();
        assert_eq!((steps.len(), steps.last()), (501, Some(&"worked")));
    }
}
