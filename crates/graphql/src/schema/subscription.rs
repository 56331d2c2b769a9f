//! The roots of all streams.

mod feed;
mod value;

use super::asking::{Asking, View};
use super::change::ChangeMessage;
use super::enums::Boundaries;
use super::fault::Fault;
use super::filter::ChangeFilter;
use super::province::narrowed;
use super::scalar::{Cursor, LocalDate};
use super::statistics::Statistics;
use crate::answer::{AcceptedBefore, Leg};
use async_graphql::{Context, Subscription as Root};
use feed::Listener;
use futures_util::stream::Stream;
use std::sync::Arc;
use value::Moves;

/// Where every stream begins.
pub(crate) struct Subscription;

/// What the register tells while it happens. Without a token, what is published.
#[Root]
impl Subscription {
    /// What changes in the caller's sight, each log in the order of its positions: every position
    /// at most once in a stream, and none missed by who goes on after the last cursor. A heartbeat
    /// comes first where no cursor is given, and whenever nothing else was sent for 15 seconds.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on after; absent begins now.")] after: Option<Cursor>,
        #[graphql(desc = "Which changes.")] filter: Option<ChangeFilter>,
    ) -> Result<impl Stream<Item = Result<ChangeMessage, Fault>> + use<>, Fault> {
        let asking = Asking::of(ctx);
        let filter = filter.unwrap_or_default();
        filter.check_lengths()?;
        if ctx.data_opt::<AcceptedBefore>().is_none() {
            filter.check(asking.directory())?;
        }
        // The leg begins there already, unless the cursor cannot be read.
        after.map(|cursor| cursor.open(asking.cursor_key())).transpose()?;
        let leg = Arc::clone(ctx.data_unchecked::<Arc<Leg>>());
        Ok(Listener::new(asking, filter, leg).messages())
    }

    /// Everything countable, at once and again whenever what was selected of it has changed.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; each time that of then where absent.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries; those of today where absent.")] boundaries: Option<Boundaries>,
        #[graphql(
            desc = "How long to wait at least between two of them, 100 to 3,600,000 ms.",
            default = 1_000
        )]
        min_interval_ms: i32,
    ) -> Result<impl Stream<Item = Statistics> + use<>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let moves = Moves::new(Asking::of(ctx), min_interval_ms)?;
        Ok(moves.each(move || Statistics { view }))
    }
}
