//! Numbers over selected facts: counts, distinct values, sums, groups.

mod group;
mod group_list;
mod selected_facts;

use super::api_error::ApiError;
use super::enums::{GroupKey, QuantityKey};
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::value::Quantity;
use async_graphql::{Context, Object};
use caunoi_domain::statistics::Group;
pub(crate) use group_list::{GroupByInput, GroupConnection, GroupOrderInput};
pub(crate) use selected_facts::SelectedFacts;

fn to_int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Numbers over a whole list or group, regardless of the page requested.
pub(crate) struct Aggregate {
    numbers: SelectedFacts,
    group: Group,
}

impl Aggregate {
    /// The numbers over the whole selection.
    pub(crate) fn whole(numbers: SelectedFacts) -> Self {
        Self { group: numbers.whole(), numbers }
    }
}

/// Numbers over a whole list or group, regardless of the page requested.
#[Object]
impl Aggregate {
    /// The number of entries, each once, however many owners it has.
    async fn count(&self) -> i32 {
        to_int(self.group.count)
    }

    /// The number of entries, where a shared entry counts in parts: in groups by `PROVINCE` or
    /// `UNIT`, 1 divided by the number of its owners, for example 0.5 under each of two. So the
    /// shares of all provinces add up to the number of documents, unlike their `count`. Equal to
    /// `count` without such a key.
    async fn share(&self, ctx: &Context<'_>) -> f64 {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.share(ctx, &self.group)
    }

    /// The number of entries in force on the day reported on: agreements with status `IN_FORCE`,
    /// relations with status `ACTIVE` or `DORMANT`. Null for events and organizations, which have
    /// no status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.in_force(ctx, &self.group).map(to_int)
    }

    /// The number of different values of a property, for example of partner countries.
    async fn distinct(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The property whose values are counted, for example `COUNTRY`. A key that this kind of entry does not have is an error."
        )]
        of: GroupKey,
    ) -> Result<i32, ApiError> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.distinct_in(ctx, &self.group, of)
    }

    /// The sum of a quantity. Its lower and upper bounds are the sums of the bounds of the entries.
    /// Entries without the quantity add nothing. Null if no entry has it or if the units differ.
    async fn sum(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The quantity to sum. Only events have quantities; for other entries it is an error."
        )]
        of: QuantityKey,
    ) -> Result<Option<Quantity>, ApiError> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.sum_in(ctx, &self.group, of)
    }

    /// The earliest day on which one of the entries was established, signed or held. Null if none
    /// has a date.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).0.map(LocalDate)
    }

    /// The latest day on which one of the entries was established, signed or held. Null if none has
    /// a date.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).1.map(LocalDate)
    }
}
