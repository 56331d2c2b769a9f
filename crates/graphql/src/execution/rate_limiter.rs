//! The rate limiter of a node: the buckets of all payers, and the charges of one request.
//!
//! A request pays before its work: a unit for itself, then for its bytes before they are parsed,
//! then its estimated cost before it is executed. After the execution the measured work replaces the
//! estimate. Nothing here waits: a task of the server sends the debts to other nodes.

use super::{GraphqlResponse, Recipient, ResponseOutcome, public_errors};
use caunoi_domain::clock::Clock;
use caunoi_domain::policy::Actor;
use caunoi_domain::rate_limit::{
    BucketTable, Payer, RateExceeded, RateHolder, RateLimits, RateStatus, UnsharedDebt,
};
use caunoi_register::DatabaseWork;
use parking_lot::Mutex;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::Arc;

/// The tables for holders with a token, and as many for networks, so that strangers never crowd out
/// people.
const TABLES: usize = 16;
/// The most holders of one table.
const HOLDERS_PER_TABLE: usize = 4_096;

/// The cost of any request, also of one with a cached response.
pub(super) const REQUEST_COST: u64 = 1;
/// The cost of a request that is refused for its document or its parameters, besides its bytes.
const REFUSAL_COST: u64 = 10;
/// The bytes of a refused request that cost one unit: it was lexed, parsed or validated in vain.
const REFUSED_BYTES_PER_UNIT: u64 = 128;
/// The bytes of a request that cost one unit: each one is read and hashed.
const REQUEST_BYTES_PER_UNIT: u64 = 1_024;
/// The bytes of a response that count as one object.
const BYTES_PER_OBJECT: u64 = 512;

/// The buckets of a node. Clones of its `Arc` are one limiter.
pub struct RateLimiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    people: [Mutex<BucketTable>; TABLES],
    networks: [Mutex<BucketTable>; TABLES],
    /// Chooses the table of a holder; random, so that a caller cannot choose whose table it shares.
    hasher: RandomState,
}

impl RateLimiter {
    /// Creates a limiter with full buckets.
    pub(super) fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        let tables = || std::array::from_fn(|_| Mutex::new(BucketTable::new(HOLDERS_PER_TABLE)));
        Self { limits, clock, people: tables(), networks: tables(), hasher: RandomState::new() }
    }

    /// Takes `cost` from the bucket of the payer. Returns its level; none if its class is without
    /// limit.
    ///
    /// # Errors
    /// Returns `RateExceeded` if the bucket cannot pay.
    pub fn charge(&self, payer: &Payer, cost: u64) -> Result<Option<RateStatus>, RateExceeded> {
        self.charge_more(payer, 0, cost)
    }

    /// Takes `cost` for a request that has already paid `paid`.
    fn charge_more(&self, payer: &Payer, paid: u64, cost: u64) -> Result<Option<RateStatus>, RateExceeded> {
        let Some(quota) = self.limits.quota(payer.class()) else { return Ok(None) };
        let mut table = self.table(payer.widest_holder()).lock();
        table.charge_more(payer, paid, cost, quota, self.clock.now_us()).map(Some)
    }

    /// Replaces a charge by another one, also if the bucket cannot pay it. Returns the level.
    pub fn settle(&self, payer: &Payer, charged: u64, cost: u64) -> Option<RateStatus> {
        let quota = self.limits.quota(payer.class())?;
        let mut table = self.table(payer.widest_holder()).lock();
        Some(table.settle(payer, charged, cost, quota, self.clock.now_us()))
    }

    /// Returns the number of buckets that are not full, or were not recently.
    #[must_use]
    pub fn holders(&self) -> usize {
        self.tables().map(|table| table.lock().len()).sum()
    }

    /// Returns the debts since the last call, for the other nodes.
    #[must_use]
    pub fn take_unshared(&self) -> Vec<UnsharedDebt> {
        let now_us = self.clock.now_us();
        self.tables().flat_map(|table| table.lock().take_unshared(now_us)).collect()
    }

    /// Puts a debt back that could not be sent to the other nodes.
    pub fn put_back(&self, debt: &UnsharedDebt) {
        self.table(&debt.holder.widest()).lock().put_back(debt);
    }

    /// Takes over the debt of a holder on all nodes, in microseconds.
    pub fn set_shared(&self, holder: &RateHolder, debt_us: u64) {
        self.table(&holder.widest()).lock().set_shared(holder, debt_us, self.clock.now_us());
    }

    fn tables(&self) -> impl Iterator<Item = &Mutex<BucketTable>> {
        self.people.iter().chain(&self.networks)
    }

    fn table(&self, holder: &RateHolder) -> &Mutex<BucketTable> {
        let tables = match holder {
            RateHolder::Person { .. } => &self.people,
            RateHolder::Network(_) | RateHolder::Subnet(_) | RateHolder::Others(_) => &self.networks,
        };
        let index = self.hasher.hash_one(holder) % TABLES as u64;
        &tables[usize::try_from(index).unwrap_or_default()]
    }
}

/// The charges of one request.
pub(crate) struct RateAccount {
    limiter: Arc<RateLimiter>,
    /// None: a request of this process, which is not charged.
    payer: Option<Payer>,
    /// The units charged so far.
    charged: u64,
    /// The bytes of the request.
    bytes: u64,
    status: Option<RateStatus>,
}

impl RateAccount {
    /// Opens the account of a request of this actor from this address.
    pub(super) fn open(limiter: &Arc<RateLimiter>, actor: &Actor, address: Option<IpAddr>) -> Self {
        let payer = Payer::of(actor, address);
        Self { limiter: Arc::clone(limiter), payer, charged: 0, bytes: 0, status: None }
    }

    /// Charges the request itself.
    ///
    /// # Errors
    /// As all charges: returns `RateExceeded` if the bucket cannot pay.
    pub(crate) fn charge_request(&mut self) -> Result<(), RateExceeded> {
        self.charge_up_to(REQUEST_COST)
    }

    /// Charges the bytes of the request, before they are parsed.
    pub(crate) fn charge_bytes(&mut self, bytes: usize) -> Result<(), RateExceeded> {
        self.bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.charge_up_to(REQUEST_COST.saturating_add(self.bytes / REQUEST_BYTES_PER_UNIT))
    }

    /// Charges the estimated cost; what is already charged is a part of it.
    pub(super) fn charge_estimate(&mut self, cost: u64) -> Result<(), RateExceeded> {
        self.charge_up_to(cost)
    }

    /// Charges an event of a subscription by the bytes of its response.
    pub(super) fn charge_event(&mut self, bytes: usize) -> Result<(), RateExceeded> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.charge_up_to(self.charged.saturating_add(bytes.div_ceil(BYTES_PER_OBJECT).max(1)))
    }

    fn charge_up_to(&mut self, cost: u64) -> Result<(), RateExceeded> {
        let (Some(payer), Some(more)) =
            (&self.payer, cost.checked_sub(self.charged).filter(|more| *more > 0))
        else {
            return Ok(());
        };
        match self.limiter.charge_more(payer, self.charged, more) {
            Ok(status) => {
                (self.status, self.charged) = (status, cost);
                Ok(())
            }
            Err(exceeded) => {
                self.status = Some(exceeded.status);
                Err(exceeded)
            }
        }
    }

    /// Charges a request that was refused for its document or its parameters.
    pub(crate) fn settle_refusal(&mut self) {
        let cost = REFUSAL_COST.saturating_add(self.bytes / REFUSED_BYTES_PER_UNIT);
        self.settle(cost.max(self.charged));
    }

    /// Replaces the estimate by the measured work of an execution.
    pub(super) fn settle_execution(&mut self, estimate: u64, response: &GraphqlResponse) {
        self.settle(settled_cost(estimate, response).max(REQUEST_COST));
    }

    fn settle(&mut self, cost: u64) {
        if let Some(payer) = &self.payer
            && cost != self.charged
        {
            self.status = self.limiter.settle(payer, self.charged, cost);
            self.charged = cost;
        }
    }

    /// Returns the units charged so far.
    pub(super) fn charged(&self) -> u64 {
        self.charged
    }

    /// Returns the level of the bucket after the last charge; none without limit.
    pub(crate) fn status(&self) -> Option<RateStatus> {
        self.status
    }

    /// Adds the level of the bucket to a response.
    pub(crate) fn attach(&self, response: GraphqlResponse) -> GraphqlResponse {
        GraphqlResponse { rate: self.status, ..response }
    }
}

/// Returns the cost of an execution: the larger of the entries read and the objects of the response,
/// and the statements; at least half of the estimate, because the work for an answer without rows is
/// not measured, and at most twice the estimate. A stopped execution costs the whole estimate; a
/// response that another execution made costs a request.
fn settled_cost(estimate: u64, response: &GraphqlResponse) -> u64 {
    match (response.outcome, response.work) {
        (ResponseOutcome::TimedOut | ResponseOutcome::Broken, _) => estimate,
        (_, None) => REQUEST_COST,
        (_, Some(DatabaseWork { statements, rows })) => {
            let bytes = u64::try_from(response.body.len()).unwrap_or(u64::MAX);
            let measured = rows.max(bytes.div_ceil(BYTES_PER_OBJECT)).saturating_add(statements);
            measured.clamp(estimate.div_ceil(2), estimate.saturating_mul(2))
        }
    }
}

impl GraphqlResponse {
    /// The error of a payer whose bucket is empty.
    pub(crate) fn rate_limited(exceeded: &RateExceeded, recipient: &Recipient) -> Self {
        let error = public_errors::rate_limited(exceeded, recipient);
        Self {
            rate: Some(exceeded.status),
            retry_after_seconds: Some(exceeded.retry_after_seconds),
            ..Self::from_error(ResponseOutcome::RateLimited, error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(outcome: ResponseOutcome, work: Option<DatabaseWork>, bytes: usize) -> GraphqlResponse {
        let recipient = Recipient::new("r1", None);
        let refused = GraphqlResponse::refuse(
            outcome,
            super::super::ErrorCode::Timeout,
            &caunoi_texts::ApiText::Timeout,
            &recipient,
        );
        GraphqlResponse { body: vec![b' '; bytes].into(), work, ..refused }
    }

    #[test]
    fn measured_work_settles_within_bounds_of_the_estimate() {
        let work = |rows, statements| Some(DatabaseWork { rows, statements });
        let cost = |outcome, work, bytes| settled_cost(100, &response(outcome, work, bytes));
        let answered = ResponseOutcome::Answered;
        assert_eq!(cost(answered, work(70, 2), 512), 72);
        assert_eq!(cost(answered, work(3, 2), 80 * 512), 82);
        assert_eq!(cost(answered, work(3, 1), 512), 50);
        assert_eq!(cost(answered, work(3_000, 1), 512), 200);
        assert_eq!(cost(answered, None, 512), REQUEST_COST);
        assert_eq!(cost(ResponseOutcome::TimedOut, work(0, 0), 0), 100);
        assert_eq!(cost(ResponseOutcome::TimedOut, None, 0), 100);
        assert_eq!(cost(ResponseOutcome::Unavailable, None, 0), REQUEST_COST);
    }
}
