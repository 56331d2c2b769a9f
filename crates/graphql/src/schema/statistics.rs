//! The ministry's questions.

use super::aggregate::{GroupByInput, GroupConnection, GroupOrderInput, Numbers};
use super::asking::{Asking, View};
use super::connection::{Kind, Slice};
use super::enums::{Boundaries, GroupKey, QuantityKey};
use super::fault::Fault;
use super::filter::{self, AgreementFilter, EventFilter, FilterInput, RelationFilter};
use super::scalar::{Cursor, LocalDate};
use super::value::Quantity;
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::Publication;
use caunoi_domain::event::Event;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::relation::Relation;
use caunoi_register::Counted;

/// Numbers for a day, under the boundaries of then or of today.
pub(crate) struct Statistics {
    pub(crate) view: View,
}

impl Statistics {
    /// What counts on the day that was asked for. What was taken back counts for nobody, though its
    /// province still sees it in lists.
    async fn tally<C: Kind + Counted>(
        &self,
        ctx: &Context<'_>,
        filter: Option<&impl FilterInput>,
    ) -> Result<TallyObject, Fault> {
        let counts = Filter::Is(Predicate::CountsOn(self.view.day(ctx, None)));
        let stands = Filter::Not(Box::new(Filter::Is(Predicate::Publication(vec![Publication::Withdrawn]))));
        let filter = filter::read(ctx, self.view, filter)?.and(counts).and(stands);
        Numbers::over::<C>(ctx, &filter, self.view).await.map(TallyObject)
    }
}

/// Everything countable, for a day, under the boundaries of then or of today. An entry counts
/// from the latest day of its first date; undated, from the last day of the year of its evidence;
/// with neither, from the day of the data set that brought it. All end days are inclusive.
#[Object]
impl Statistics {
    /// The day that everything is counted for.
    async fn as_of(&self, ctx: &Context<'_>) -> LocalDate {
        LocalDate(self.view.day(ctx, None))
    }

    /// The boundaries that everything is counted under.
    async fn boundaries(&self) -> Boundaries {
        self.view.boundaries.into()
    }

    /// The state of the logs that everything is counted from.
    async fn cursor(&self, ctx: &Context<'_>) -> Cursor {
        let asking = Asking::of(ctx);
        Cursor::at(&asking.replica().positions_seen(asking.scope), asking.sealing_key())
    }

    /// Relations established by that day.
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations.")] filter: Option<RelationFilter>,
    ) -> Result<TallyObject, Fault> {
        self.tally::<Relation>(ctx, filter.as_ref()).await
    }

    /// Agreements signed by that day.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
    ) -> Result<TallyObject, Fault> {
        self.tally::<Agreement>(ctx, filter.as_ref()).await
    }

    /// Events held by that day; undated ones count only where no period is asked for.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
    ) -> Result<TallyObject, Fault> {
        self.tally::<Event>(ctx, filter.as_ref()).await
    }
}

/// Numbers over what counts.
pub(crate) struct TallyObject(Numbers);

/// Numbers over what counts on a day.
#[Object(name = "Tally")]
impl TallyObject {
    /// How many entries count.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.len()).unwrap_or(i32::MAX)
    }

    /// How many of them stand on that day: agreements `IN_FORCE`, relations `ACTIVE` or
    /// `DORMANT`. Null for kinds without a status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        self.0.tally(ctx).in_force.map(|count| i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// How many different values of a key there are.
    async fn distinct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is told apart.")] of: GroupKey,
    ) -> Result<i32, Fault> {
        self.0.distinct(ctx, of)
    }

    /// The sum of a quantity, with the bounds that all of its members have. Entries without the
    /// quantity add nothing; null where none has it, and where their units differ.
    async fn sum(
        &self,
        #[graphql(desc = "What is summed; events alone have quantities.")] of: QuantityKey,
    ) -> Result<Option<Quantity>, Fault> {
        self.0.sum(of)
    }

    /// The first day of the dated ones: established, signed or held.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.0.tally(ctx).earliest.map(LocalDate)
    }

    /// The last day of the dated ones: established, signed or held.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.0.tally(ctx).latest.map(LocalDate)
    }

    /// In groups, by one or two keys. Entries without a value are in no group: groups by province
    /// leave the ministry's own out.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two keys or date buckets.")] by: Vec<GroupByInput>,
        #[graphql(desc = "How many groups, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(desc = "The order; absent means the largest first.")] order_by: Option<GroupOrderInput>,
    ) -> Result<GroupConnection, Fault> {
        self.0.groups(ctx, &by, Slice::forwards(first, after), order_by)
    }
}
