//! The rate limit of the caller.

use super::request_context::RequestContext;
use crate::execution::RateAccount;
use async_graphql::{Context, Object};
use caunoi_domain::rate_limit::{RateStatus, WINDOW_SECONDS};

/// The cost of the query and the level of the caller's bucket when it was charged; part of the data
/// of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateState {
    cost: u64,
    status: Option<RateStatus>,
}

impl RateState {
    /// Returns the state of an account for a query with this estimated cost.
    pub(crate) fn of(account: &RateAccount, cost: u64) -> Self {
        Self { cost, status: account.status() }
    }
}

/// The GraphQL object of a rate limit.
pub(crate) struct RateLimit(RateState);

impl RateLimit {
    /// Returns the rate limit of the caller. The response is never cached or given to others.
    pub(crate) fn of(ctx: &Context<'_>) -> Self {
        RequestContext::of(ctx).record_caller();
        Self(*ctx.data_unchecked::<RateState>())
    }

    fn status(&self) -> Option<RateStatus> {
        self.0.status
    }
}

/// The quota of the caller, in the units of `@cost`. The numbers are null where no limit applies.
#[Object]
impl RateLimit {
    /// The estimated cost of this query, for example `23`. After the execution the measured work is
    /// charged instead: at least half of the estimate, at most twice as much.
    async fn cost(&self) -> i32 {
        to_int(self.0.cost)
    }

    /// The most that the caller may spend at once, and in every `windowSeconds`. Null without a limit.
    async fn limit(&self) -> Option<i32> {
        self.status().map(|status| to_int(status.limit))
    }

    /// The amount that the caller can spend now; this query is already charged. Null without a limit.
    async fn remaining(&self) -> Option<i32> {
        self.status().map(|status| to_int(status.remaining))
    }

    /// The amount that the caller has spent and is not refilled yet: `limit` minus `remaining`. Null without a
    /// limit.
    async fn used(&self) -> Option<i32> {
        self.status().map(|status| to_int(status.limit.saturating_sub(status.remaining)))
    }

    /// The time until `remaining` is `limit` again if the caller sends nothing, in seconds. Null
    /// without a limit.
    async fn reset_seconds(&self) -> Option<i32> {
        self.status().map(|status| to_int(status.reset_seconds))
    }

    /// The time in which `limit` is refilled, in seconds: `60`.
    async fn window_seconds(&self) -> i32 {
        to_int(WINDOW_SECONDS)
    }

    /// The name of the policy, as in the header `RateLimit`: `public`, `public-subnet`, `partner`,
    /// `province` or `ministry`. Null without a limit.
    async fn policy(&self) -> Option<&'static str> {
        self.status().map(RateStatus::policy)
    }
}

/// Returns a number as a GraphQL integer; larger ones as the largest.
fn to_int(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
