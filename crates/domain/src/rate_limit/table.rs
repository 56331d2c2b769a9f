//! A table of buckets with a fixed maximum of holders.

use super::{Payer, RateExceeded, RateHolder, RateStatus, SECOND_US, TokenBucket, to_us};
use std::collections::HashMap;
use std::num::NonZeroU64;

/// The least time between two searches for full buckets in a table without room.
const SWEEP_INTERVAL_US: i64 = 1_000_000;
/// Below this number of holders a table is not searched for full buckets.
const LEAST_SWEPT: usize = 256;

/// The buckets of many holders. A full bucket is removed; one with a debt never is. So a table
/// without room has debtors only, and further holders of a class share one bucket until debts are
/// paid: crowding others out gives no holder a full bucket.
#[derive(Debug)]
pub struct BucketTable {
    buckets: HashMap<RateHolder, HeldBucket>,
    most: usize,
    /// The number of holders at which full buckets are searched for.
    sweep_at: usize,
    swept_at_us: i64,
}

#[derive(Debug, Default)]
struct HeldBucket {
    bucket: TokenBucket,
    /// The debt that was not sent to other nodes; negative after a refund.
    unshared_us: i64,
}

/// The debt of a holder on this node, for the other nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsharedDebt {
    /// The holder.
    pub holder: RateHolder,
    /// The debt since the last exchange, in microseconds; negative for refunds.
    pub added_us: i64,
    /// The whole debt that this node knows, in microseconds.
    pub debt_us: u64,
}

impl BucketTable {
    /// Creates a table for at most `most` holders, and the shared bucket of each class.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { buckets: HashMap::new(), most, sweep_at: LEAST_SWEPT.min(most), swept_at_us: i64::MIN }
    }

    /// Returns the number of holders.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Returns whether all buckets are full.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Takes `cost` from each bucket of the payer; `quota` is that of its class.
    ///
    /// # Errors
    /// Returns `RateExceeded` if a bucket cannot pay; then nothing is taken from any.
    pub fn charge(
        &mut self,
        payer: &Payer,
        cost: u64,
        quota: NonZeroU64,
        now_us: i64,
    ) -> Result<RateStatus, RateExceeded> {
        self.charge_more(payer, 0, cost, quota, now_us)
    }

    /// Takes `cost` for a request that has already paid `paid`: a bucket that was full before the
    /// request can pay any cost, in one charge or in several.
    ///
    /// # Errors
    /// As [`Self::charge`].
    #[expect(clippy::too_many_arguments, reason = "two costs, and the context of every charge")]
    pub fn charge_more(
        &mut self,
        payer: &Payer,
        paid: u64,
        cost: u64,
        quota: NonZeroU64,
        now_us: i64,
    ) -> Result<RateStatus, RateExceeded> {
        let longest = self.holders(payer, now_us).into_iter().flatten().map(|holder| {
            let quota = holder.quota(quota);
            (self.find(&holder, now_us).wait_us(paid, cost, quota), holder, quota)
        });
        let longest = longest.max_by_key(|(wait_us, ..)| *wait_us).filter(|(wait_us, ..)| *wait_us > 0);
        if let Some((wait_us, holder, quota)) = longest {
            let is_of_subnet = matches!(holder, RateHolder::Subnet(_));
            return Err(RateExceeded {
                cost,
                status: self.find(&holder, now_us).status(payer.class, quota, is_of_subnet),
                retry_after_seconds: wait_us.div_ceil(SECOND_US).max(1),
            });
        }
        Ok(self.settle(payer, 0, cost, quota, now_us))
    }

    /// Replaces a charge by another one, which is taken also from a bucket that cannot pay it.
    /// Returns the level after it.
    #[expect(clippy::too_many_arguments, reason = "two costs, and the context of every charge")]
    pub fn settle(
        &mut self,
        payer: &Payer,
        charged: u64,
        cost: u64,
        quota: NonZeroU64,
        now_us: i64,
    ) -> RateStatus {
        let [holder, subnet] = self.holders(payer, now_us);
        let mut of = |holder: RateHolder| {
            let quota = holder.quota(quota);
            let is_of_subnet = matches!(holder, RateHolder::Subnet(_));
            let held = self.buckets.entry(holder).or_default();
            held.bucket.refill(now_us);
            held.replace(to_us(charged, quota), to_us(cost, quota));
            held.bucket.status(payer.class, quota, is_of_subnet)
        };
        let of_holder = holder.map(&mut of);
        let of_subnet = subnet.map(of);
        let levels = [of_holder, of_subnet].into_iter().flatten();
        levels
            .min_by_key(|status| status.remaining)
            .unwrap_or_else(|| TokenBucket::default().status(payer.class, quota, false))
    }

    /// Returns the debts that were added since the last call.
    pub fn take_unshared(&mut self, now_us: i64) -> Vec<UnsharedDebt> {
        let is_shared = |holder: &RateHolder| !matches!(holder, RateHolder::Others(_));
        let unshared = self.buckets.iter_mut();
        let unshared = unshared.filter(|(holder, held)| held.unshared_us != 0 && is_shared(holder));
        let debts = unshared.map(|(holder, held)| {
            held.bucket.refill(now_us);
            let debt_us = held.bucket.debt_us;
            // What was refilled since needs not to be shared.
            let added_us = std::mem::take(&mut held.unshared_us).min(to_signed(debt_us));
            UnsharedDebt { holder: holder.clone(), added_us, debt_us }
        });
        debts.filter(|debt| debt.added_us != 0).collect()
    }

    /// Puts back debts that could not be shared.
    pub fn put_back(&mut self, debt: &UnsharedDebt) {
        if let Some(held) = self.buckets.get_mut(&debt.holder) {
            held.unshared_us = held.unshared_us.saturating_add(debt.added_us);
        }
    }

    /// Takes over the debt of a holder on all nodes; what was added here since it was read is added
    /// to it.
    pub fn set_shared(&mut self, holder: &RateHolder, debt_us: u64, now_us: i64) {
        let Some(held) = self.buckets.get_mut(holder) else { return };
        held.bucket = TokenBucket { debt_us: 0, at_us: now_us };
        held.bucket.add(debt_us.saturating_add_signed(held.unshared_us));
    }

    /// Returns the holders of a payer that have a bucket of their own or get one.
    fn holders(&mut self, payer: &Payer, now_us: i64) -> [Option<RateHolder>; 2] {
        let subnet = payer.subnet.as_ref().map(|subnet| self.find_room(subnet, payer, now_us));
        [Some(self.find_room(&payer.holder, payer, now_us)), subnet]
    }

    /// Returns the holder, or the shared one of its class if the table has no room for it.
    fn find_room(&mut self, holder: &RateHolder, payer: &Payer, now_us: i64) -> RateHolder {
        let has_room = self.buckets.contains_key(holder) || self.buckets.len() < self.sweep_at;
        if has_room || self.sweep(now_us) { holder.clone() } else { RateHolder::Others(payer.class) }
    }

    /// Removes the full buckets. Returns whether there is room for another holder.
    fn sweep(&mut self, now_us: i64) -> bool {
        let is_due = self.sweep_at < self.most
            || now_us.saturating_sub(self.swept_at_us) >= SWEEP_INTERVAL_US
            || now_us < self.swept_at_us;
        if is_due {
            self.swept_at_us = now_us;
            self.buckets.retain(|_, held| {
                held.bucket.refill(now_us);
                held.bucket.debt_us > 0
            });
            // Twice the rest, so that each holder pays for a bounded number of visits.
            self.sweep_at = (2 * self.buckets.len()).clamp(LEAST_SWEPT.min(self.most), self.most);
        }
        self.buckets.len() < self.most
    }

    fn find(&mut self, holder: &RateHolder, now_us: i64) -> TokenBucket {
        let Some(held) = self.buckets.get_mut(holder) else { return TokenBucket::default() };
        held.bucket.refill(now_us);
        held.bucket
    }
}

impl HeldBucket {
    fn replace(&mut self, charged_us: u64, us: u64) {
        let before = self.bucket.debt_us;
        self.bucket.debt_us = before.saturating_sub(charged_us.saturating_sub(us));
        self.bucket.add(us.saturating_sub(charged_us));
        let added = to_signed(self.bucket.debt_us).saturating_sub(to_signed(before));
        self.unshared_us = self.unshared_us.saturating_add(added);
    }
}

/// Returns a debt as a signed number; no debt is so long that it does not fit.
fn to_signed(us: u64) -> i64 {
    i64::try_from(us).unwrap_or(i64::MAX)
}
