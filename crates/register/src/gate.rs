//! A gate in front of work that is limited in number: the asynchronous side of
//! [`AdmissionQueue`], which decides who is next.

use caunoi_domain::admission::{AdmissionLimits, AdmissionQueue, Arrival, ServiceClass, Ticket};
use caunoi_metrics::{AdmissionGate, RefusalCause};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Admits a limited number of holders of a [`Slot`]; others wait in a fair, bounded queue. Clones
/// share their state.
#[derive(Clone)]
pub struct Gate<T: Clone + Eq + Hash>(Arc<GateState<T>>);

struct GateState<T> {
    name: AdmissionGate,
    /// The longest wait for a slot; after it a request is refused.
    max_wait: Duration,
    waiting: Mutex<WaitingRequests<T>>,
}

struct WaitingRequests<T> {
    queue: AdmissionQueue<T>,
    /// Tells each waiting request that it was admitted or refused.
    verdicts: HashMap<Ticket, oneshot::Sender<Verdict>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Admitted,
    Displaced,
}

/// The refusal of a request that found no slot: the node has more work than it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overloaded;

/// The right to run until it is dropped.
pub struct Slot<T: Clone + Eq + Hash> {
    gate: Gate<T>,
    class: ServiceClass,
    tenant: T,
}

/// A request in the queue; it leaves the queue when it is dropped.
struct QueuedRequest<'a, T: Clone + Eq + Hash> {
    gate: &'a Gate<T>,
    class: ServiceClass,
    tenant: &'a T,
    ticket: Ticket,
    verdict: oneshot::Receiver<Verdict>,
    /// Whether the slot, if there is one, was passed on.
    is_settled: bool,
}

impl<T: Clone + Eq + Hash> Gate<T> {
    /// Creates a gate with these limits, on which a request waits for `max_wait` at most.
    #[must_use]
    pub fn new(name: AdmissionGate, limits: AdmissionLimits, max_wait: Duration) -> Self {
        let waiting = WaitingRequests { queue: AdmissionQueue::new(limits), verdicts: HashMap::new() };
        Self(Arc::new(GateState { name, max_wait, waiting: Mutex::new(waiting) }))
    }

    /// Waits for a slot. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// Returns [`Overloaded`] at once if the queue is full, and later if a higher class needs the
    /// place in the queue or the longest wait has passed.
    pub async fn enter(&self, class: ServiceClass, tenant: &T) -> Result<Slot<T>, Overloaded> {
        let Some(mut queued) = self.arrive(class, tenant)? else { return Ok(self.slot(class, tenant)) };
        let verdict = tokio::time::timeout(self.0.max_wait, &mut queued.verdict).await;
        match verdict {
            Ok(Ok(Verdict::Admitted)) => {
                queued.is_settled = true;
                Ok(self.slot(class, tenant))
            }
            Ok(Ok(Verdict::Displaced) | Err(_)) => {
                caunoi_metrics::count_refused(self.0.name, class.into(), RefusalCause::Displaced);
                Err(Overloaded)
            }
            Err(_) => {
                caunoi_metrics::count_refused(self.0.name, class.into(), RefusalCause::Late);
                Err(Overloaded)
            }
        }
    }

    /// Waits for a slot as long as it takes. For work whose number is limited elsewhere and that
    /// must not be left out.
    pub async fn enter_unbounded(&self, class: ServiceClass, tenant: &T) -> Slot<T> {
        loop {
            let Some(mut queued) = self.arrive_unbounded(class, tenant) else {
                return self.slot(class, tenant);
            };
            // A bounded request may have displaced it: then it waits again.
            if (&mut queued.verdict).await == Ok(Verdict::Admitted) {
                queued.is_settled = true;
                return self.slot(class, tenant);
            }
        }
    }

    fn arrive_unbounded<'a>(&'a self, class: ServiceClass, tenant: &'a T) -> Option<QueuedRequest<'a, T>> {
        let mut waiting = self.0.waiting.lock();
        let ticket = waiting.queue.arrive_unbounded(class, tenant)?;
        let verdict = waiting.open_verdict(ticket);
        Some(self.queued(class, tenant, ticket, verdict))
    }

    /// Decides about a request that arrives: none if it has a slot.
    fn arrive<'a>(
        &'a self,
        class: ServiceClass,
        tenant: &'a T,
    ) -> Result<Option<QueuedRequest<'a, T>>, Overloaded> {
        let mut waiting = self.0.waiting.lock();
        match waiting.queue.arrive(class, tenant) {
            Arrival::Admitted => Ok(None),
            Arrival::Refused => {
                caunoi_metrics::count_refused(self.0.name, class.into(), RefusalCause::Full);
                Err(Overloaded)
            }
            Arrival::Waits { ticket, displaced } => {
                if let Some(verdict) = displaced.and_then(|ticket| waiting.verdicts.remove(&ticket)) {
                    // A request that has just left needs no verdict.
                    let _ = verdict.send(Verdict::Displaced);
                }
                let verdict = waiting.open_verdict(ticket);
                Ok(Some(self.queued(class, tenant, ticket, verdict)))
            }
        }
    }

    fn queued<'a>(
        &'a self,
        class: ServiceClass,
        tenant: &'a T,
        ticket: Ticket,
        verdict: oneshot::Receiver<Verdict>,
    ) -> QueuedRequest<'a, T> {
        caunoi_metrics::add_waiting(self.0.name, class.into(), 1.0);
        QueuedRequest { gate: self, class, tenant, ticket, verdict, is_settled: false }
    }

    /// Returns the slot of an admitted request.
    fn slot(&self, class: ServiceClass, tenant: &T) -> Slot<T> {
        caunoi_metrics::add_admitted(self.0.name, class.into(), 1.0);
        Slot { gate: self.clone(), class, tenant: tenant.clone() }
    }

    /// Gives back a slot and starts the next requests.
    fn finish(&self, class: ServiceClass, tenant: &T) {
        let mut waiting = self.0.waiting.lock();
        waiting.queue.finish(class, tenant);
        waiting.start_next();
    }

    /// Returns the numbers of running and of waiting requests of a class.
    #[must_use]
    pub fn usage(&self, class: ServiceClass) -> (usize, usize) {
        let waiting = self.0.waiting.lock();
        (waiting.queue.running(class), waiting.queue.waiting(class))
    }
}

impl<T: Clone + Eq + Hash> WaitingRequests<T> {
    fn open_verdict(&mut self, ticket: Ticket) -> oneshot::Receiver<Verdict> {
        let (sender, receiver) = oneshot::channel();
        self.verdicts.insert(ticket, sender);
        receiver
    }

    /// Starts every waiting request that may run. Invariant: a request that has left under the lock
    /// has no verdict here, so each started one receives it or gives its slot back when dropped.
    fn start_next(&mut self) {
        while let Some(ticket) = self.queue.start_next() {
            if let Some(verdict) = self.verdicts.remove(&ticket) {
                let _ = verdict.send(Verdict::Admitted);
            }
        }
    }
}

impl<T: Clone + Eq + Hash> Drop for QueuedRequest<'_, T> {
    fn drop(&mut self) {
        caunoi_metrics::add_waiting(self.gate.0.name, self.class.into(), -1.0);
        if self.is_settled {
            return;
        }
        let mut waiting = self.gate.0.waiting.lock();
        waiting.verdicts.remove(&self.ticket);
        if waiting.queue.leave(self.ticket) {
            return;
        }
        // Verdicts are sent under the lock: a request that left after its admission has a slot.
        if self.verdict.try_recv() == Ok(Verdict::Admitted) {
            waiting.queue.finish(self.class, self.tenant);
            waiting.start_next();
        }
    }
}

impl<T: Clone + Eq + Hash> Drop for Slot<T> {
    fn drop(&mut self) {
        caunoi_metrics::add_admitted(self.gate.0.name, self.class.into(), -1.0);
        self.gate.finish(self.class, &self.tenant);
    }
}

impl<T: Clone + Eq + Hash> fmt::Debug for Gate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl<T: Clone + Eq + Hash> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("class", &self.class).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
