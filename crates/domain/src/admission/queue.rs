//! The queue: running and waiting requests, and the next one.

use super::{AdmissionLimits, ByClass, ServiceClass};
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use strum::VariantArray as _;

/// The number of a waiting request; never used twice by one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(u64);

/// The decision about a request that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It has a slot and runs.
    Admitted,
    /// It waits. `displaced` is a request that was refused to make room for it.
    Waits {
        /// The ticket of the request.
        ticket: Ticket,
        /// The waiting request that is refused in its place.
        displaced: Option<Ticket>,
    },
    /// It is refused: the queue is full.
    Refused,
}

/// The running and waiting operations of one node, by class and tenant.
///
/// Invariant: after each call of [`Self::start_next`] that returned none, no waiting request could run.
#[derive(Debug)]
pub struct AdmissionQueue<T> {
    limits: AdmissionLimits,
    classes: ByClass<ClassQueue<T>>,
    tickets: HashMap<Ticket, (ServiceClass, T)>,
    next_ticket: u64,
}

/// The operations of one class.
#[derive(Debug)]
struct ClassQueue<T> {
    running: usize,
    running_by_tenant: HashMap<T, usize>,
    waiting: HashMap<T, VecDeque<Ticket>>,
    /// The tenants with waiting requests, the next one first.
    turns: VecDeque<T>,
}

impl<T> Default for ClassQueue<T> {
    fn default() -> Self {
        Self {
            running: 0,
            running_by_tenant: HashMap::new(),
            waiting: HashMap::new(),
            turns: VecDeque::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> AdmissionQueue<T> {
    /// Creates an empty queue.
    #[must_use]
    pub fn new(limits: AdmissionLimits) -> Self {
        let classes = ByClass {
            public: ClassQueue::default(),
            partner: ClassQueue::default(),
            province: ClassQueue::default(),
            ministry: ClassQueue::default(),
        };
        Self { limits, classes, tickets: HashMap::new(), next_ticket: 0 }
    }

    /// Decides about a request that arrives. If its queue is full, it or a request of a lower class,
    /// or of a tenant with a longer queue, is refused.
    pub fn arrive(&mut self, class: ServiceClass, tenant: &T) -> Arrival {
        if self.may_run(class, tenant) {
            self.start(class, tenant);
            return Arrival::Admitted;
        }
        let own = self.classes.of(class).waiting.get(tenant).map_or(0, VecDeque::len);
        if own >= self.limits.tenant_waiting {
            return Arrival::Refused;
        }
        let displaced = if self.tickets.len() < self.limits.waiting {
            None
        } else {
            match self.find_displaced(class, own + 1) {
                Some(ticket) => Some(ticket),
                None => return Arrival::Refused,
            }
        };
        if let Some(ticket) = displaced {
            self.leave(ticket);
        }
        Arrival::Waits { ticket: self.wait(class, tenant), displaced }
    }

    /// Decides about a request that is never refused, because its number is limited elsewhere.
    /// Returns none if it runs, else its ticket.
    pub fn arrive_unbounded(&mut self, class: ServiceClass, tenant: &T) -> Option<Ticket> {
        if self.may_run(class, tenant) {
            self.start(class, tenant);
            return None;
        }
        Some(self.wait(class, tenant))
    }

    /// Starts the next waiting request that may run and returns its ticket; none if there is none.
    /// Call it until it returns none whenever a slot was given back or a request has left.
    pub fn start_next(&mut self) -> Option<Ticket> {
        for class in ServiceClass::descending() {
            if !self.has_slot_for(class) {
                continue;
            }
            let most = *self.limits.tenant_slots.of(class);
            let queue = self.classes.of(class);
            let may_run = |tenant: &T| queue.running_of(tenant) < most;
            let Some(tenant) = queue.turns.iter().find(|tenant| may_run(tenant)).cloned() else { continue };
            let Some(ticket) = self.classes.of_mut(class).take_turn(&tenant) else { continue };
            self.tickets.remove(&ticket);
            self.start(class, &tenant);
            return Some(ticket);
        }
        None
    }

    /// Gives back the slot of an operation that has ended.
    pub fn finish(&mut self, class: ServiceClass, tenant: &T) {
        let queue = self.classes.of_mut(class);
        queue.running = queue.running.saturating_sub(1);
        if let Some(running) = queue.running_by_tenant.get_mut(tenant) {
            *running = running.saturating_sub(1);
            if *running == 0 {
                queue.running_by_tenant.remove(tenant);
            }
        }
    }

    /// Removes a request from the queue. Returns false if it no longer waits.
    pub fn leave(&mut self, ticket: Ticket) -> bool {
        let Some((class, tenant)) = self.tickets.remove(&ticket) else { return false };
        let queue = self.classes.of_mut(class);
        if let Some(waiting) = queue.waiting.get_mut(&tenant) {
            waiting.retain(|other| *other != ticket);
            if waiting.is_empty() {
                queue.waiting.remove(&tenant);
                queue.turns.retain(|other| *other != tenant);
            }
        }
        true
    }

    /// Returns the number of operations of a class that run.
    #[must_use]
    pub fn running(&self, class: ServiceClass) -> usize {
        self.classes.of(class).running
    }

    /// Returns the number of requests of a class that wait.
    #[must_use]
    pub fn waiting(&self, class: ServiceClass) -> usize {
        self.classes.of(class).waiting.values().map(VecDeque::len).sum()
    }

    fn may_run(&self, class: ServiceClass, tenant: &T) -> bool {
        self.has_slot_for(class)
            && self.classes.of(class).running_of(tenant) < *self.limits.tenant_slots.of(class)
    }

    /// Whether a class can take another slot: all running operations and the free slots that are
    /// reserved for other classes leave one.
    fn has_slot_for(&self, class: ServiceClass) -> bool {
        let taken = |other: ServiceClass| {
            let running = self.classes.of(other).running;
            if other == class { running } else { running.max(*self.limits.reserved.of(other)) }
        };
        ServiceClass::VARIANTS.iter().copied().map(taken).sum::<usize>() < self.limits.slots
    }

    fn start(&mut self, class: ServiceClass, tenant: &T) {
        let queue = self.classes.of_mut(class);
        queue.running += 1;
        *queue.running_by_tenant.entry(tenant.clone()).or_default() += 1;
    }

    fn wait(&mut self, class: ServiceClass, tenant: &T) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.tickets.insert(ticket, (class, tenant.clone()));
        let queue = self.classes.of_mut(class);
        let waiting = queue.waiting.entry(tenant.clone()).or_default();
        if waiting.is_empty() {
            queue.turns.push_back(tenant.clone());
        }
        waiting.push_back(ticket);
        ticket
    }

    /// Returns the waiting request that makes room for one of this class whose tenant would have
    /// `own` waiting requests: the last one of the longest queue of the lowest class. Returns none
    /// if that is the arriving request itself.
    fn find_displaced(&self, class: ServiceClass, own: usize) -> Option<Ticket> {
        let lowest = ServiceClass::VARIANTS.iter().copied().find(|other| self.waiting(*other) > 0)?;
        if lowest > class {
            return None;
        }
        let queues = self.classes.of(lowest).waiting.values();
        // Of equal queues the one with the newest request: then the choice does not depend on the
        // order of a hash map.
        let longest = queues.max_by_key(|queue| (queue.len(), queue.back().copied()))?;
        if lowest == class && longest.len() <= own { None } else { longest.back().copied() }
    }
}

impl<T: Clone + Eq + Hash> ClassQueue<T> {
    fn running_of(&self, tenant: &T) -> usize {
        self.running_by_tenant.get(tenant).copied().unwrap_or(0)
    }

    /// Takes the oldest waiting request of a tenant, and moves the tenant behind all others.
    fn take_turn(&mut self, tenant: &T) -> Option<Ticket> {
        let waiting = self.waiting.get_mut(tenant)?;
        let ticket = waiting.pop_front()?;
        let has_more = !waiting.is_empty();
        self.turns.retain(|other| other != tenant);
        if has_more {
            self.turns.push_back(tenant.clone());
        } else {
            self.waiting.remove(tenant);
        }
        Some(ticket)
    }
}
