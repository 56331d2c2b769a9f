//! Lets concurrent callers with equal keys share one execution.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

type BoxedWork<T> = BoxFuture<'static, T>;

/// The work in progress, by key. It exists while at least one caller holds it: a caller that leaves
/// does not cancel it for the others, and the last one to leave drops it.
pub struct SingleFlight<K, T: Clone>(Arc<Mutex<HashMap<K, Flight<T>>>>);

struct Flight<T: Clone> {
    /// Distinguishes this flight from an earlier one with its key whose guard has not run yet.
    generation: u64,
    work: WeakShared<BoxedWork<T>>,
}

/// The role of a caller in a flight.
pub enum FlightRole<T: Clone> {
    /// The first caller with this key. The work starts when any caller of the flight polls it.
    Leader(Shared<BoxedWork<T>>),
    /// A caller that joined, with its own work, which was not started: the caller can run it if the
    /// shared result does not suit.
    Follower(Shared<BoxedWork<T>>, BoxedWork<T>),
}

impl<K, T> SingleFlight<K, T>
where
    K: Hash + Eq + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Joins the flight of a key, or starts one with this work if there is none.
    #[must_use]
    pub fn join(&self, key: K, own_work: BoxedWork<T>) -> FlightRole<T> {
        let mut flights = self.0.lock();
        let before = flights.get(&key);
        // Finished work is not joined: its result may be older than this request.
        if let Some(work) = before.and_then(|flight| flight.work.upgrade())
            && work.peek().is_none()
        {
            return FlightRole::Follower(work, own_work);
        }
        let generation = before.map_or(0, |flight| flight.generation + 1);
        let guard = FlightGuard { flights: Arc::clone(&self.0), key: key.clone(), generation };
        let work = async move {
            let _guard = guard;
            own_work.await
        };
        let work = work.boxed().shared();
        // Always `Some`: work that was not polled yet is not finished.
        if let Some(weak) = work.downgrade() {
            flights.insert(key, Flight { generation, work: weak });
        }
        FlightRole::Leader(work)
    }
}

/// Removes a flight from the map when its work has ended or was dropped.
struct FlightGuard<K: Hash + Eq, T: Clone> {
    flights: Arc<Mutex<HashMap<K, Flight<T>>>>,
    key: K,
    generation: u64,
}

impl<K: Hash + Eq, T: Clone> Drop for FlightGuard<K, T> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        if flights.get(&self.key).is_some_and(|flight| flight.generation == self.generation) {
            flights.remove(&self.key);
        }
    }
}

impl<K, T: Clone> Default for SingleFlight<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, T: Clone> fmt::Debug for SingleFlight<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::oneshot;

    /// Work that ends when its sender sends a value, and counts itself when it begins.
    fn work(count: &Arc<AtomicUsize>) -> (oneshot::Sender<u32>, BoxedWork<u32>) {
        let (finish, finished) = oneshot::channel();
        let count = Arc::clone(count);
        let work = async move {
            count.fetch_add(1, Ordering::SeqCst);
            finished.await.unwrap_or(0)
        };
        (finish, work.boxed())
    }

    fn leads_and_work(role: FlightRole<u32>) -> (bool, Shared<BoxedWork<u32>>) {
        match role {
            FlightRole::Leader(work) => (true, work),
            FlightRole::Follower(work, _) => (false, work),
        }
    }

    #[tokio::test]
    async fn equal_keys_share_one_execution_that_survives_a_dropped_leader() {
        let (flights, count) = (SingleFlight::default(), Arc::default());
        let (finish, own_work) = work(&count);
        let (first_leads, first) = leads_and_work(flights.join("a", own_work));
        let (other_leads, other) = leads_and_work(flights.join("a", work(&count).1));
        assert_eq!((first_leads, other_leads), (true, false));
        // The leader has begun to wait, and leaves.
        assert_eq!(first.clone().now_or_never(), None);
        drop(first);
        finish.send(7).unwrap();
        assert_eq!(other.await, 7);
        assert_eq!(count.load(Ordering::SeqCst), 1);
        let (first_leads, _) = leads_and_work(flights.join("a", work(&count).1));
        assert!(first_leads, "finished work is not joined");
    }

    #[tokio::test]
    async fn work_without_waiters_is_dropped() {
        let (flights, count) = (SingleFlight::default(), Arc::default());
        let (finish, own_work) = work(&count);
        let (_, first) = leads_and_work(flights.join("a", own_work));
        drop(first);
        assert!(finish.is_closed());
        assert!(flights.0.lock().is_empty());
    }
}
