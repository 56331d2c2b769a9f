//! Work that several want at the same time and that is done once.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Work<T> = BoxFuture<'static, T>;

/// The work that is under way, by key. It goes on as long as anybody waits for it: who leaves
/// takes nothing from the others, and when all have left it is dropped.
pub struct Flights<K, T: Clone>(Arc<Mutex<HashMap<K, Flight<T>>>>);

struct Flight<T: Clone> {
    number: u64,
    work: WeakShared<Work<T>>,
}

/// A place in a flight.
pub enum Seat<T: Clone> {
    /// Of who began it.
    First(Shared<Work<T>>),
    /// Of who came while it was under way, and the work that they came with.
    Later(Shared<Work<T>>, Work<T>),
}

impl<K, T> Flights<K, T>
where
    K: Hash + Eq + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// A seat in the flight of a key; where there is none, one begins with this work.
    #[must_use]
    pub fn board(&self, key: K, own: Work<T>) -> Seat<T> {
        let mut flights = lock(&self.0);
        let before = flights.get(&key);
        // Work that has ended is nobody's to join: whoever comes now asks for what is now.
        if let Some(work) = before.and_then(|flight| flight.work.upgrade())
            && work.peek().is_none()
        {
            return Seat::Later(work, own);
        }
        let number = before.map_or(0, |flight| flight.number + 1);
        let landing = Landing { flights: Arc::clone(&self.0), key: key.clone(), number };
        let work = async move {
            let _landing = landing;
            own.await
        };
        let work = work.boxed().shared();
        if let Some(weak) = work.downgrade() {
            flights.insert(key, Flight { number, work: weak });
        }
        Seat::First(work)
    }
}

/// Takes a flight off the board when its work has ended or was dropped.
struct Landing<K: Hash + Eq, T: Clone> {
    flights: Arc<Mutex<HashMap<K, Flight<T>>>>,
    key: K,
    number: u64,
}

impl<K: Hash + Eq, T: Clone> Drop for Landing<K, T> {
    fn drop(&mut self) {
        let mut flights = lock(&self.flights);
        if flights.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            flights.remove(&self.key);
        }
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    // The map is never half changed, so a poisoned lock is as good as any.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, T: Clone> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, T: Clone> fmt::Debug for Flights<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::oneshot;

    /// Work that ends when it is told to, and counts itself when it begins.
    fn work(count: &Arc<AtomicUsize>) -> (oneshot::Sender<u32>, Work<u32>) {
        let (tell, told) = oneshot::channel();
        let count = Arc::clone(count);
        let work = async move {
            count.fetch_add(1, Ordering::SeqCst);
            told.await.unwrap_or(0)
        };
        (tell, work.boxed())
    }

    fn seat(seat: Seat<u32>) -> (bool, Shared<Work<u32>>) {
        match seat {
            Seat::First(work) => (true, work),
            Seat::Later(work, _) => (false, work),
        }
    }

    #[tokio::test]
    async fn what_several_want_is_done_once_and_who_leaves_does_not_end_it() {
        let (flights, count) = (Flights::default(), Arc::default());
        let (tell, own) = work(&count);
        let (is_first, first) = seat(flights.board("a", own));
        let (is_other_first, other) = seat(flights.board("a", work(&count).1));
        assert_eq!((is_first, is_other_first), (true, false));
        // The first has begun to wait, and leaves.
        assert_eq!(first.clone().now_or_never(), None);
        drop(first);
        tell.send(7).unwrap();
        assert_eq!(other.await, 7);
        assert_eq!(count.load(Ordering::SeqCst), 1);
        let (is_first, _) = seat(flights.board("a", work(&count).1));
        assert!(is_first, "what has ended is not joined");
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_dropped() {
        let (flights, count) = (Flights::default(), Arc::default());
        let (tell, own) = work(&count);
        let (_, first) = seat(flights.board("a", own));
        drop(first);
        assert!(tell.is_closed());
        assert!(lock(&flights.0).is_empty());
    }
}
