//! Rate limits: token buckets whose tokens are units of cost.
//!
//! A bucket is stored as a debt, the time that its tokens need to be refilled, so a full bucket is
//! the same as none. Time is an argument in microseconds. Start reading at [`Payer`] and
//! [`BucketTable`].

mod table;
#[cfg(test)]
mod tests;

pub use table::{BucketTable, UnsharedDebt};

use crate::id::Log;
use crate::policy::{Actor, Role};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU64;
use std::sync::Arc;
use strum::{IntoStaticStr, VariantArray};

/// The time in which an empty bucket is refilled, in seconds.
pub const WINDOW_SECONDS: u64 = 60;
/// The same in microseconds.
const WINDOW_US: u64 = WINDOW_SECONDS * SECOND_US;
const SECOND_US: u64 = 1_000_000;
/// The longest debt in microseconds. Work beyond it is not charged, so that no charge, forged or
/// mistaken, locks a holder out for longer.
pub const MAX_DEBT_US: u64 = 3_600 * SECOND_US;
/// How many networks of one subnet can spend their whole quota at the same time.
const NETWORKS_PER_SUBNET: u64 = 8;

/// The callers with one quota, from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum RateClass {
    /// Callers without a valid token.
    Public,
    /// Partner systems.
    Partner,
    /// Clerks and publishers.
    Province,
    /// Analysts and stewards.
    Ministry,
}

impl RateClass {
    /// Returns the class of a role.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Public => Self::Public,
            Role::Partner => Self::Partner,
            Role::Clerk | Role::Publisher => Self::Province,
            Role::Analyst | Role::Steward => Self::Ministry,
        }
    }
}

/// The units of cost that one holder of each class may spend per minute; 0: without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// For each network of callers without a valid token.
    pub public: u64,
    /// For each partner.
    pub partner: u64,
    /// For each clerk and publisher.
    pub province: u64,
    /// For each analyst and steward.
    pub ministry: u64,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { public: 120_000, partner: 240_000, province: 600_000, ministry: 3_000_000 }
    }
}

impl RateLimits {
    /// Returns the quota of a holder of a class; none if it is without limit.
    #[must_use]
    pub const fn quota(self, class: RateClass) -> Option<NonZeroU64> {
        NonZeroU64::new(match class {
            RateClass::Public => self.public,
            RateClass::Partner => self.partner,
            RateClass::Province => self.province,
            RateClass::Ministry => self.ministry,
        })
    }
}

/// The holder of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RateHolder {
    /// A person or a system with a token, from any address.
    Person {
        /// The role of the token.
        role: Role,
        /// The province of the token.
        province: Option<Log>,
        /// The name in the token.
        name: Arc<str>,
    },
    /// A network of callers without a valid token: an IPv4 address or an IPv6 /64.
    Network(IpAddr),
    /// A subnet of them: an IPv4 /24 or an IPv6 /48.
    Subnet(IpAddr),
    /// All holders of a class for which a table has no room; each table and node has its own.
    Others(RateClass),
}

impl RateHolder {
    /// Returns the whole quota of this holder, where the quota of its class is `quota`.
    fn quota(&self, quota: NonZeroU64) -> NonZeroU64 {
        match self {
            Self::Subnet(_) => quota.saturating_mul(NonZeroU64::MIN.saturating_add(NETWORKS_PER_SUBNET - 1)),
            Self::Person { .. } | Self::Network(_) | Self::Others(_) => quota,
        }
    }

    /// Returns the widest holder that is charged together with this one: for a network its subnet.
    #[must_use]
    pub fn widest(&self) -> Self {
        match self {
            Self::Network(network) => Self::Subnet(networks_of(*network).1),
            Self::Person { .. } | Self::Subnet(_) | Self::Others(_) => self.clone(),
        }
    }

    /// Returns the bytes that identify this holder: different for different holders.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let address = |kind: u8, address: IpAddr| match address {
            IpAddr::V4(address) => [&[kind, 4][..], &address.octets()].concat(),
            IpAddr::V6(address) => [&[kind, 6][..], &address.octets()].concat(),
        };
        match self {
            Self::Network(network) => address(b'n', *network),
            Self::Subnet(subnet) => address(b's', *subnet),
            Self::Person { role, province, name } => {
                let province = province.map_or(-1, Log::number).to_be_bytes();
                let role: &str = role.into();
                [b"p", &province[..], role.as_bytes(), b" ", name.as_bytes()].concat()
            }
            Self::Others(class) => [b"o", <&str>::from(class).as_bytes()].concat(),
        }
    }
}

/// Who pays for a request: one bucket, or for callers without a valid token two, that of the
/// network and that of its subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    class: RateClass,
    holder: RateHolder,
    subnet: Option<RateHolder>,
}

impl Payer {
    /// Returns the payer of a request: the actor if it has a token, from any address, else the
    /// network of `address`. None for the public without an address: a request of this process.
    #[must_use]
    pub fn of(actor: &Actor, address: Option<IpAddr>) -> Option<Self> {
        if actor.role() == Role::Public {
            return address.map(Self::of_address);
        }
        let (role, province) = (actor.role(), actor.province());
        let holder = RateHolder::Person { role, province, name: actor.shared_name() };
        Some(Self { class: RateClass::of(role), holder, subnet: None })
    }

    /// Returns the payer of a request without a valid token.
    #[must_use]
    pub fn of_address(address: IpAddr) -> Self {
        let (network, subnet) = networks_of(address);
        Self {
            class: RateClass::Public,
            holder: RateHolder::Network(network),
            subnet: Some(RateHolder::Subnet(subnet)),
        }
    }

    /// Returns the class, which decides the quota.
    #[must_use]
    pub fn class(&self) -> RateClass {
        self.class
    }

    /// Returns the holder that decides in which table the buckets of this payer are: the widest one,
    /// so that all of them are in one table.
    #[must_use]
    pub fn widest_holder(&self) -> &RateHolder {
        self.subnet.as_ref().unwrap_or(&self.holder)
    }
}

/// Returns the network and the subnet of an address: one subscriber owns all addresses of a network,
/// and one customer often many networks of a subnet.
fn networks_of(address: IpAddr) -> (IpAddr, IpAddr) {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            (address.into(), Ipv4Addr::new(a, b, c, 0).into())
        }
        IpAddr::V6(address) => {
            let prefix = |bits: u32| Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)));
            (prefix(64).into(), prefix(48).into())
        }
    }
}

/// The level of the bucket of a payer after a charge: of the emptier one if it has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateStatus {
    /// The class of the payer.
    pub class: RateClass,
    /// The whole quota in units of cost per window.
    pub limit: u64,
    /// The units that can be spent now.
    pub remaining: u64,
    /// The time until the bucket is full, in seconds, rounded up.
    pub reset_seconds: u64,
    /// Whether this is the bucket of the subnet.
    pub is_of_subnet: bool,
}

impl RateStatus {
    /// Returns the name of the policy in headers and in the API.
    #[must_use]
    pub fn policy(self) -> &'static str {
        if self.is_of_subnet { "public-subnet" } else { self.class.into() }
    }
}

/// A charge that the bucket of the payer could not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateExceeded {
    /// The units that were to be charged.
    pub cost: u64,
    /// The level of the bucket, from which nothing was taken.
    pub status: RateStatus,
    /// The time until the bucket can pay them, in seconds, rounded up; at least 1.
    pub retry_after_seconds: u64,
}

/// A token bucket, as the time that it needs to be full again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct TokenBucket {
    debt_us: u64,
    at_us: i64,
}

impl TokenBucket {
    /// Reduces the debt by the time that has passed. If the clock was turned back, none has.
    fn refill(&mut self, now_us: i64) {
        let passed = u64::try_from(now_us.saturating_sub(self.at_us)).unwrap_or_default();
        self.debt_us = self.debt_us.saturating_sub(passed);
        self.at_us = now_us;
    }

    /// Returns how long the bucket must be refilled before it can pay `cost` for a request that has
    /// paid `paid`. A full bucket can pay any cost, so that a cost above the quota is not impossible,
    /// only followed by a longer wait.
    fn wait_us(self, paid: u64, cost: u64, quota: NonZeroU64) -> u64 {
        let most = WINDOW_US.saturating_sub(to_us(paid.saturating_add(cost), quota));
        self.debt_us.saturating_sub(to_us(paid, quota)).saturating_sub(most)
    }

    fn add(&mut self, us: u64) {
        self.debt_us = self.debt_us.saturating_add(us).min(MAX_DEBT_US);
    }

    fn status(self, class: RateClass, quota: NonZeroU64, is_of_subnet: bool) -> RateStatus {
        let left_us = WINDOW_US.saturating_sub(self.debt_us);
        RateStatus {
            class,
            limit: quota.get(),
            remaining: scale(left_us, quota.get(), WINDOW_US),
            reset_seconds: self.debt_us.div_ceil(SECOND_US),
            is_of_subnet,
        }
    }
}

/// Returns the time in which `cost` is refilled, rounded up: nothing is free.
fn to_us(cost: u64, quota: NonZeroU64) -> u64 {
    let us = (u128::from(cost) * u128::from(WINDOW_US)).div_ceil(u128::from(quota.get()));
    u64::try_from(us).unwrap_or(u64::MAX)
}

/// Returns `value * numerator / denominator`, rounded down.
fn scale(value: u64, numerator: u64, denominator: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(numerator) / u128::from(denominator);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}
