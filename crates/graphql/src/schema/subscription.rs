//! The root type `Subscription`; each field has a submodule.

mod change_stream;
mod value;

use super::api_error::ApiError;
use super::change::ChangeMessage;
use super::cost_directives::Weight;
use super::enums::Boundaries;
use super::filter::ChangeFilter;
use super::request_context::{RequestContext, View};
use super::scalar::{Cursor, LocalDate};
use super::statistics::Statistics;
use crate::execution::{FeedRange, StoredFilter};
use async_graphql::{Context, Subscription as Root};
use change_stream::ChangeStream;
use futures_util::stream::Stream;
use std::sync::Arc;
use value::ValueUpdates;

/// The root type of all subscriptions.
pub(crate) struct Subscription;

/// Live updates of the register over WebSocket (`graphql-transport-ws`) or server-sent events.
/// Without a token only published data is visible.
#[Root]
impl Subscription {
    /// Changes that the caller can see, for each province in the order of their positions. Each
    /// position occurs at most once in a stream, and a client that resumes after its last cursor
    /// misses none. A heartbeat comes first if `after` is absent, and whenever the stream was
    /// silent for 15 seconds.
    #[graphql(directive = Weight::apply(20))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The log cursor to resume after; if absent, the stream begins with the next change."
        )]
        after: Option<Cursor>,
        #[graphql(desc = "The changes to send; if absent, all.")] filter: Option<ChangeFilter>,
    ) -> Result<impl Stream<Item = Result<ChangeMessage, ApiError>> + use<>, ApiError> {
        let request = RequestContext::of(ctx);
        let filter = filter.unwrap_or_default();
        filter.check_lengths()?;
        if ctx.data_opt::<StoredFilter>().is_none() {
            filter.check(request.directory())?;
        }
        // The range of the feed already begins after this cursor; only an invalid one must be
        // reported.
        after.map(|cursor| cursor.to_positions(request.cursor_key())).transpose()?;
        let range = Arc::clone(ctx.data_unchecked::<Arc<FeedRange>>());
        Ok(ChangeStream::new(request, filter, range).messages())
    }

    /// Statistics: the current values at once, and again whenever a selected value has changed.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day of the statistics, for example `2025-07-01`; if absent, always the current day."
        )]
        as_of: Option<LocalDate>,
        #[graphql(desc = "The administrative boundaries to count under; if absent, those of today.")]
        boundaries: Option<Boundaries>,
        #[graphql(
            desc = "The minimum time between two values in milliseconds, 100 to 3,600,000.",
            default = 1_000
        )]
        min_interval_ms: i32,
    ) -> Result<impl Stream<Item = Statistics> + use<>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let updates = ValueUpdates::new(RequestContext::of(ctx), min_interval_ms)?;
        Ok(updates.values(move || Statistics::now(view)))
    }
}
