//! What the subscriptions of one address, and of one person, may cost together.
//!
//! A subscription is charged to the address that it comes from, and to the person whose token it
//! came with, over all sockets and streams. Subscriptions to the same topic are evaluated once, so
//! they are charged once; each of them counts.

use caunoi_domain::answer::AnswerKey;
use caunoi_domain::policy::Actor;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a topic costs for the memory that it holds, whatever is selected.
const TOPIC: u64 = 50;

/// What subscriptions may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionBounds {
    /// Subscriptions of one address, and of one person.
    pub count: usize,
    /// What their events may cost in a second: the objects of one event by the events of a second,
    /// and 50 for each topic. Equal subscriptions are one topic.
    pub cost: u64,
}

impl SubscriptionBounds {
    /// Of an address, where no setting says otherwise.
    pub const DEFAULT: Self = Self { count: 1_000, cost: 10_000 };
}

impl Default for SubscriptionBounds {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// To whom subscriptions are charged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Party {
    /// An address; of IPv6 a /64.
    Address(IpAddr),
    /// A person, by the subject of the token.
    Person(String),
}

/// What all parties have running.
#[derive(Debug, Clone)]
pub(super) struct SubscriptionBudget {
    bounds: SubscriptionBounds,
    used: Arc<Mutex<HashMap<Party, Usage>>>,
}

#[derive(Debug, Default)]
struct Usage {
    count: usize,
    cost: u64,
    /// How many subscriptions each topic has.
    topics: HashMap<AnswerKey, usize>,
}

/// Why a subscription does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exhausted {
    /// There are so many.
    Count(usize),
    /// It would cost so much together with those that run.
    Cost { asked: u64, most: u64 },
}

impl Exhausted {
    /// What the caller is told.
    pub(super) fn message(self) -> String {
        match self {
            Self::Count(most) => format!(
                "{most} subscriptions run for this address or person, the most allowed; end one before you begin another."
            ),
            Self::Cost { asked, most } => format!(
                "The subscriptions of this address or person would cost {asked} a second; {most} are allowed. \
                 Select less, raise minIntervalMs, end others, or repeat one word for word: equal ones count once."
            ),
        }
    }
}

/// The share of one subscription, given back when dropped.
#[derive(Debug)]
pub(super) struct Share {
    budget: SubscriptionBudget,
    parties: Vec<Party>,
    topic: AnswerKey,
    cost: u64,
}

impl SubscriptionBudget {
    /// Nothing runs yet.
    pub(super) fn new(bounds: SubscriptionBounds) -> Self {
        Self { bounds, used: Arc::default() }
    }

    /// Charges a subscription to its address and to the person who asks, if there is one. What runs
    /// in this process has no address and is charged to nobody.
    pub(super) fn charge(
        &self,
        actor: &Actor,
        address: Option<IpAddr>,
        topic: AnswerKey,
        cost: u64,
    ) -> Result<Option<Share>, Exhausted> {
        let Some(address) = address else { return Ok(None) };
        let name = actor.name();
        let person = (!name.is_empty()).then(|| Party::Person(name.to_owned()));
        let parties = [Party::Address(address)].into_iter().chain(person).collect();
        self.take(parties, topic, cost).map(Some)
    }

    /// A share for a subscription whose events cost so much in a second, unless one of these
    /// parties has used what it may.
    fn take(&self, parties: Vec<Party>, topic: AnswerKey, cost: u64) -> Result<Share, Exhausted> {
        let cost = cost.saturating_add(TOPIC);
        let mut used = self.lock();
        for party in &parties {
            if let Some(usage) = used.get(party) {
                self.check(usage, topic, cost)?;
            } else if cost > self.bounds.cost {
                return Err(Exhausted::Cost { asked: cost, most: self.bounds.cost });
            }
        }
        for party in &parties {
            let usage = used.entry(party.clone()).or_default();
            usage.count += 1;
            let subscriptions = usage.topics.entry(topic).or_default();
            *subscriptions += 1;
            if *subscriptions == 1 {
                usage.cost += cost;
            }
        }
        drop(used);
        Ok(Share { budget: self.clone(), parties, topic, cost })
    }

    fn check(&self, usage: &Usage, topic: AnswerKey, cost: u64) -> Result<(), Exhausted> {
        if usage.count >= self.bounds.count {
            return Err(Exhausted::Count(self.bounds.count));
        }
        let asked = usage.cost.saturating_add(cost);
        if !usage.topics.contains_key(&topic) && asked > self.bounds.cost {
            return Err(Exhausted::Cost { asked, most: self.bounds.cost });
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Party, Usage>> {
        // Counting cannot fail half-way, so a poisoned lock is as good as any.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut used = self.budget.lock();
        for party in &self.parties {
            let Some(usage) = used.get_mut(party) else { continue };
            usage.count -= 1;
            if let Some(subscriptions) = usage.topics.get_mut(&self.topic) {
                *subscriptions -= 1;
                if *subscriptions == 0 {
                    usage.topics.remove(&self.topic);
                    usage.cost -= self.cost;
                }
            }
            if usage.count == 0 {
                used.remove(party);
            }
        }
    }
}

/// What the events of a subscription cost in a second, where one costs `cost` and the next comes
/// after `min_interval_ms` at the soonest.
pub(super) fn cost_per_second(cost: u64, min_interval_ms: u64) -> u64 {
    cost.saturating_mul(1_000).div_ceil(min_interval_ms.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::answer::{Asker, KeyMaker};
    use caunoi_domain::cursor::Epoch;
    use caunoi_domain::locale::Locale;

    fn topic(words: &str) -> AnswerKey {
        let (epoch, asker) = (Epoch::new([7; 32]), Asker::of(&Actor::public(), Locale::En));
        KeyMaker::new(&[]).key(epoch, asker, &[words.as_bytes()])
    }

    fn address(last: u8) -> Party {
        Party::Address(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn subscriptions_are_counted_by_address_and_given_back() {
        let budget = SubscriptionBudget::new(SubscriptionBounds { count: 2, cost: 1_000 });
        let take = |party: Party| budget.take(vec![party], topic("a"), 10);
        let (one, two) = (take(address(1)), take(address(1)));
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(take(address(1)).err(), Some(Exhausted::Count(2)));
        assert!(take(address(2)).is_ok());
        drop(one);
        assert!(take(address(1)).is_ok());
        drop(two);
        assert!(budget.lock().is_empty());
    }

    #[test]
    fn equal_subscriptions_cost_once() {
        let budget = SubscriptionBudget::new(SubscriptionBounds { count: 100, cost: 2 * (100 + TOPIC) });
        let take = |words: &str| budget.take(vec![address(1)], topic(words), 100);
        let equal: Vec<_> = (0..50).map(|_| take("a")).collect();
        assert!(equal.iter().all(Result::is_ok));
        let other = take("b");
        assert!(other.is_ok());
        let most = 2 * (100 + TOPIC);
        assert_eq!(take("c").err(), Some(Exhausted::Cost { asked: most + 100 + TOPIC, most }));
        assert!(take("b").is_ok());
        drop(equal);
        assert!(take("c").is_ok());
    }

    #[test]
    fn a_person_has_one_budget_over_all_addresses() {
        let budget = SubscriptionBudget::new(SubscriptionBounds { count: 1, cost: 1_000 });
        let take = |last: u8| budget.take(vec![address(last), Party::Person("an".to_owned())], topic("a"), 1);
        let one = take(1);
        assert!(one.is_ok());
        assert_eq!(take(2).err(), Some(Exhausted::Count(1)));
        // What was refused has taken nothing.
        assert!(budget.take(vec![address(2)], topic("a"), 1).is_ok());
    }

    #[test]
    fn what_comes_often_costs_more() {
        assert_eq!([100, 1_000, 60_000].map(|interval| cost_per_second(30, interval)), [300, 30, 1]);
    }
}
