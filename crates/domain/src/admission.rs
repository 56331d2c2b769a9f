//! Admission: which of the waiting requests runs next.
//!
//! A node runs a limited number of operations at once, in *slots*. Each [`ServiceClass`] has slots
//! that no other class can take, so the lowest class cannot delay the highest. Inside a class the
//! tenants (provinces, partners, client networks) take turns, so a tenant with a hundred waiting
//! requests delays another one by one operation. The queue is bounded: if it is full, the lowest
//! class is refused first, and in it the tenant with the longest queue.
//!
//! Nothing here waits or reads a clock: [`AdmissionQueue`] decides, its caller waits.

mod queue;
#[cfg(test)]
mod tests;

pub use queue::{AdmissionQueue, Arrival, Ticket};

use crate::policy::Role;
use strum::{IntoStaticStr, VariantArray};

/// The class of a request, by the role of its caller; a higher class is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ServiceClass {
    /// Callers without a token.
    Public,
    /// Partner systems.
    Partner,
    /// Clerks and publishers of provinces.
    Province,
    /// Analysts and stewards of the ministry.
    Ministry,
}

impl ServiceClass {
    /// Returns the class of callers with this role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        match role {
            Role::Public => Self::Public,
            Role::Partner => Self::Partner,
            Role::Clerk | Role::Publisher => Self::Province,
            Role::Analyst | Role::Steward => Self::Ministry,
        }
    }

    /// Returns all classes, the highest first.
    fn descending() -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().rev().copied()
    }
}

/// A value for each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByClass<V> {
    /// For [`ServiceClass::Public`].
    pub public: V,
    /// For [`ServiceClass::Partner`].
    pub partner: V,
    /// For [`ServiceClass::Province`].
    pub province: V,
    /// For [`ServiceClass::Ministry`].
    pub ministry: V,
}

impl<V> ByClass<V> {
    /// Returns the value for a class.
    #[must_use]
    pub fn of(&self, class: ServiceClass) -> &V {
        match class {
            ServiceClass::Public => &self.public,
            ServiceClass::Partner => &self.partner,
            ServiceClass::Province => &self.province,
            ServiceClass::Ministry => &self.ministry,
        }
    }

    fn of_mut(&mut self, class: ServiceClass) -> &mut V {
        match class {
            ServiceClass::Public => &mut self.public,
            ServiceClass::Partner => &mut self.partner,
            ServiceClass::Province => &mut self.province,
            ServiceClass::Ministry => &mut self.ministry,
        }
    }
}

/// The limits of an [`AdmissionQueue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmissionLimits {
    /// The most operations that run at once; at least 1.
    pub slots: usize,
    /// The slots that only this class can take. Together fewer than `slots` or as many.
    pub reserved: ByClass<usize>,
    /// The most operations of one tenant of this class that run at once; at least 1.
    pub tenant_slots: ByClass<usize>,
    /// The most requests that wait.
    pub waiting: usize,
    /// The most requests of one tenant that wait.
    pub tenant_waiting: usize,
}

/// The fewest slots that leave one to each class.
pub const MIN_OPERATION_SLOTS: usize = 4;
/// Requests that may wait for each slot.
const WAITING_PER_SLOT: usize = 32;
/// The part of the queue that one tenant can fill, as a divisor.
const TENANT_QUEUE_DIVISOR: usize = 4;

impl AdmissionLimits {
    /// Returns the limits for the operations of a node with this many slots, raised to
    /// [`MIN_OPERATION_SLOTS`]: a quarter is reserved for the ministry, a quarter for provinces, an
    /// eighth for partners, one slot for the public; one tenant can take half of the slots that its
    /// class can take.
    #[must_use]
    pub fn for_operations(slots: usize) -> Self {
        let slots = slots.max(MIN_OPERATION_SLOTS);
        let reserved = ByClass {
            public: 1,
            partner: (slots / 8).max(1),
            province: (slots / 4).max(1),
            ministry: (slots / 4).max(1),
        };
        let total = reserved.public + reserved.partner + reserved.province + reserved.ministry;
        let half_of_reachable = |own: usize| (slots - (total - own)).div_ceil(2);
        Self {
            slots,
            reserved,
            tenant_slots: ByClass {
                public: half_of_reachable(reserved.public),
                partner: half_of_reachable(reserved.partner),
                province: half_of_reachable(reserved.province),
                ministry: half_of_reachable(reserved.ministry),
            },
            waiting: slots * WAITING_PER_SLOT,
            tenant_waiting: slots * WAITING_PER_SLOT / TENANT_QUEUE_DIVISOR,
        }
    }

    /// Returns the limits for writes: `slots` transactions at once, `slots_per_log` of them in one
    /// log. Nothing is reserved, because a write is short and the highest class writes next.
    #[must_use]
    pub fn for_writes(slots: usize, slots_per_log: usize) -> Self {
        let per_log = slots_per_log.clamp(1, slots.max(1));
        Self {
            slots: slots.max(1),
            reserved: ByClass::default(),
            tenant_slots: ByClass { public: per_log, partner: per_log, province: per_log, ministry: per_log },
            waiting: WAITING_WRITES,
            tenant_waiting: WAITING_WRITES / TENANT_QUEUE_DIVISOR,
        }
    }
}

/// The most writes that wait on one node.
const WAITING_WRITES: usize = 1_024;
