//! The budget for the subscriptions of one address, and of one person.
//!
//! A subscription is charged to the address of the caller and to the person of the token, over all
//! sockets and streams. Equal subscriptions share one stream, so their cost is charged once; each
//! of them counts as a subscription.

use caunoi_domain::cache_key::CacheKey;
use caunoi_domain::policy::Actor;
use caunoi_texts::ApiText;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

/// The cost of the memory of a stream, in addition to its events.
const STREAM_COST: u64 = 50;

/// The limits of the subscriptions of one address or person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionLimits {
    /// The most subscriptions.
    pub count: usize,
    /// The most cost per second: the objects of one event times the events per second, and 50 for
    /// each stream. Equal subscriptions share one stream.
    pub cost: u64,
}

impl SubscriptionLimits {
    /// The limits unless configured.
    pub const DEFAULT: Self = Self { count: 1_000, cost: 10_000 };
}

impl Default for SubscriptionLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// An address or a person that subscriptions are charged to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum BudgetHolder {
    /// An address; for IPv6 a /64 network.
    Address(IpAddr),
    /// A person, by the subject of the token.
    Person(String),
}

/// The running subscriptions of all holders.
#[derive(Debug, Clone)]
pub(super) struct SubscriptionBudget {
    limits: SubscriptionLimits,
    used: Arc<Mutex<HashMap<BudgetHolder, HolderUsage>>>,
}

#[derive(Debug, Default)]
struct HolderUsage {
    count: usize,
    cost: u64,
    /// The number of subscriptions of each stream, by the key of the stream.
    streams: HashMap<CacheKey, usize>,
}

/// The part of the budget that one subscription uses; released when dropped.
#[derive(Debug)]
pub(super) struct BudgetShare {
    budget: SubscriptionBudget,
    holders: Vec<BudgetHolder>,
    stream: CacheKey,
    cost: u64,
}

impl SubscriptionBudget {
    /// Creates an empty budget.
    pub(super) fn new(limits: SubscriptionLimits) -> Self {
        Self { limits, used: Arc::default() }
    }

    /// Charges a subscription to its address and to the person of the actor, if there is one.
    /// Returns none for subscriptions of this process, which have no address and no limit.
    ///
    /// # Errors
    /// Returns the public text about the exceeded limit.
    pub(super) fn charge(
        &self,
        actor: &Actor,
        address: Option<IpAddr>,
        stream: CacheKey,
        cost: u64,
    ) -> Result<Option<BudgetShare>, ApiText> {
        let Some(address) = address else { return Ok(None) };
        let name = actor.name();
        let person = (!name.is_empty()).then(|| BudgetHolder::Person(name.to_owned()));
        let holders = [BudgetHolder::Address(address)].into_iter().chain(person).collect();
        self.take(holders, stream, cost).map(Some)
    }

    /// Charges a subscription with `cost` per second to these holders, or returns the public text
    /// about the exceeded limit.
    fn take(&self, holders: Vec<BudgetHolder>, stream: CacheKey, cost: u64) -> Result<BudgetShare, ApiText> {
        let cost = cost.saturating_add(STREAM_COST);
        let mut used = self.used.lock();
        for holder in &holders {
            if let Some(usage) = used.get(holder) {
                self.check(usage, stream, cost)?;
            } else if cost > self.limits.cost {
                return Err(ApiText::SubscriptionsCost { requested: cost, limit: self.limits.cost });
            }
        }
        for holder in &holders {
            let usage = used.entry(holder.clone()).or_default();
            usage.count += 1;
            let subscriptions = usage.streams.entry(stream).or_default();
            *subscriptions += 1;
            if *subscriptions == 1 {
                usage.cost += cost;
            }
        }
        drop(used);
        Ok(BudgetShare { budget: self.clone(), holders, stream, cost })
    }

    fn check(&self, usage: &HolderUsage, stream: CacheKey, cost: u64) -> Result<(), ApiText> {
        if usage.count >= self.limits.count {
            return Err(ApiText::TooManySubscriptions { limit: self.limits.count });
        }
        let requested = usage.cost.saturating_add(cost);
        if !usage.streams.contains_key(&stream) && requested > self.limits.cost {
            return Err(ApiText::SubscriptionsCost { requested, limit: self.limits.cost });
        }
        Ok(())
    }
}

impl Drop for BudgetShare {
    fn drop(&mut self) {
        let mut used = self.budget.used.lock();
        for holder in &self.holders {
            let Some(usage) = used.get_mut(holder) else { continue };
            usage.count -= 1;
            if let Some(subscriptions) = usage.streams.get_mut(&self.stream) {
                *subscriptions -= 1;
                if *subscriptions == 0 {
                    usage.streams.remove(&self.stream);
                    usage.cost -= self.cost;
                }
            }
            if usage.count == 0 {
                used.remove(holder);
            }
        }
    }
}

/// Returns the cost per second of a subscription with one event each `min_interval_ms` at most.
pub(super) fn cost_per_second(cost: u64, min_interval_ms: u64) -> u64 {
    cost.saturating_mul(1_000).div_ceil(min_interval_ms.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::cache_key::{CacheKeyHasher, CallerClass};
    use caunoi_domain::cursor::Epoch;
    use caunoi_domain::locale::Locale;

    fn stream(words: &str) -> CacheKey {
        let (epoch, asker) = (Epoch::new([7; 32]), CallerClass::of(&Actor::public(), Locale::En));
        CacheKeyHasher::new(&[]).key(epoch, asker, &[words.as_bytes()])
    }

    fn address(last: u8) -> BudgetHolder {
        BudgetHolder::Address(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn subscriptions_count_by_address_until_dropped() {
        let budget = SubscriptionBudget::new(SubscriptionLimits { count: 2, cost: 1_000 });
        let take = |holder: BudgetHolder| budget.take(vec![holder], stream("a"), 10);
        let (one, two) = (take(address(1)), take(address(1)));
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(take(address(1)).err(), Some(ApiText::TooManySubscriptions { limit: 2 }));
        assert!(take(address(2)).is_ok());
        drop(one);
        assert!(take(address(1)).is_ok());
        drop(two);
        assert!(budget.used.lock().is_empty());
    }

    #[test]
    fn equal_subscriptions_are_charged_once() {
        let budget =
            SubscriptionBudget::new(SubscriptionLimits { count: 100, cost: 2 * (100 + STREAM_COST) });
        let take = |words: &str| budget.take(vec![address(1)], stream(words), 100);
        let equal: Vec<_> = (0..50).map(|_| take("a")).collect();
        assert!(equal.iter().all(Result::is_ok));
        let other = take("b");
        assert!(other.is_ok());
        let limit = 2 * (100 + STREAM_COST);
        assert_eq!(
            take("c").err(),
            Some(ApiText::SubscriptionsCost { requested: limit + 100 + STREAM_COST, limit })
        );
        assert!(take("b").is_ok());
        drop(equal);
        assert!(take("c").is_ok());
    }

    #[test]
    fn person_has_one_budget_over_all_addresses() {
        let budget = SubscriptionBudget::new(SubscriptionLimits { count: 1, cost: 1_000 });
        let take = |last: u8| {
            budget.take(vec![address(last), BudgetHolder::Person("an".to_owned())], stream("a"), 1)
        };
        let one = take(1);
        assert!(one.is_ok());
        assert_eq!(take(2).err(), Some(ApiText::TooManySubscriptions { limit: 1 }));
        // A refused subscription is not charged.
        assert!(budget.take(vec![address(2)], stream("a"), 1).is_ok());
    }

    #[test]
    fn cost_grows_with_the_event_rate() {
        assert_eq!([100, 1_000, 60_000].map(|interval| cost_per_second(30, interval)), [300, 30, 1]);
    }
}
