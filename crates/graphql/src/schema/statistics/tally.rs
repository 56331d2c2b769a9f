//! Numbers over what counts on a day, and beside those of another one.

use super::super::aggregate::{GroupByInput, GroupConnection, GroupOrderInput, Numbers};
use super::super::asking::View;
use super::super::connection::Slice;
use super::super::enums::{GroupKey, QuantityKey};
use super::super::fault::Fault;
use super::super::filter::{self, AgreementFilter, EventFilter, FilterInput, RelationFilter};
use super::super::scalar::{Decimal, LocalDate, Period};
use super::super::value::Quantity;
use super::coverage::PeriodObject;
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{Comparison, Moment, watch};
use caunoi_register::Counted;

/// What is counted, as it was asked for: another day is asked in the same words.
pub(super) enum Counting {
    Relations(Option<RelationFilter>),
    Agreements(Option<AgreementFilter>),
    Events(Option<EventFilter>),
}

impl Counting {
    async fn numbers(&self, ctx: &Context<'_>, view: View, moment: Moment) -> Result<Numbers, Fault> {
        match self {
            Self::Relations(filter) => over::<Relation>(ctx, view, moment, filter.as_ref()).await,
            Self::Agreements(filter) => over::<Agreement>(ctx, view, moment, filter.as_ref()).await,
            Self::Events(filter) => over::<Event>(ctx, view, moment, filter.as_ref()).await,
        }
    }
}

async fn over<C: Counted>(
    ctx: &Context<'_>,
    view: View,
    moment: Moment,
    filter: Option<&impl FilterInput>,
) -> Result<Numbers, Fault> {
    let mut filter = filter::read(ctx, view, filter)?.and(watch::counted_on(moment.as_of));
    if let Some(period) = moment.period {
        filter = filter.and(period.filter());
    }
    Numbers::over::<C>(ctx, &filter, view).await
}

/// Numbers over what counts.
pub(crate) struct TallyObject {
    counting: Counting,
    view: View,
    moment: Moment,
    numbers: Numbers,
}

impl TallyObject {
    /// What counts on the day of a view, and of that what is in the period, where one is given.
    pub(super) async fn of(
        ctx: &Context<'_>,
        view: View,
        period: Option<&Period>,
        counting: Counting,
    ) -> Result<Self, Fault> {
        let period = period.map(|period| period.read("period")).transpose()?;
        let moment = Moment { as_of: view.day(ctx, None), period };
        let numbers = counting.numbers(ctx, view, moment).await?;
        Ok(Self { counting, view, moment, numbers })
    }
}

/// Numbers over what counts on a day.
#[Object(name = "Tally")]
impl TallyObject {
    /// How many entries count.
    async fn count(&self) -> i32 {
        i32::try_from(self.numbers.len()).unwrap_or(i32::MAX)
    }

    /// How many of them stand on that day: agreements `IN_FORCE`, relations `ACTIVE` or
    /// `DORMANT`. Null for kinds without a status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        self.numbers.standing(ctx).map(|count| i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// How many different values of a key there are.
    async fn distinct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is told apart.")] of: GroupKey,
    ) -> Result<i32, Fault> {
        self.numbers.distinct(ctx, of)
    }

    /// The sum of a quantity, with the bounds that all of its members have. Entries without the
    /// quantity add nothing; null where none has it, and where their units differ.
    async fn sum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is summed; events alone have quantities.")] of: QuantityKey,
    ) -> Result<Option<Quantity>, Fault> {
        self.numbers.sum(ctx, of)
    }

    /// The first day of the dated ones: established, signed or held.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.tally(ctx).earliest.map(LocalDate)
    }

    /// The last day of the dated ones: established, signed or held.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.tally(ctx).latest.map(LocalDate)
    }

    /// The same count for another day or period, and how this one stands to it. What is absent
    /// stays as it is here; where both are absent, the period right before this one, or without a
    /// period the same day of the year before.
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The other day.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The other period: `2024`, `2025-Q3`.")] period: Option<Period>,
    ) -> Result<ComparisonObject, Fault> {
        let period = period.map(|period| period.read("period")).transpose()?;
        let other = self.moment.compared_with(as_of.map(|day| day.0), period)?;
        let view = if other.as_of == self.moment.as_of {
            self.view
        } else {
            View { as_of: Some(other.as_of), ..self.view }
        };
        let before = self.counting.numbers(ctx, view, other).await?;
        let of = Comparison::of(self.numbers.len() as u64, before.len() as u64);
        Ok(ComparisonObject {
            as_of: LocalDate(other.as_of),
            period: other.period.map(Into::into),
            count: i32::try_from(before.len()).unwrap_or(i32::MAX),
            in_force: before.tally(ctx).in_force.map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
            difference: i32::try_from(of.difference).unwrap_or(i32::MAX),
            change_percent: of.change_percent.map(Into::into),
        })
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
        self.numbers.groups(ctx, &by, Slice::forwards(first, after), order_by)
    }
}

/// The count of another day or period, and how the one beside it stands to that.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Comparison")]
pub(crate) struct ComparisonObject {
    /// The other day.
    as_of: LocalDate,
    /// The other period; null where all that had happened by the day counts.
    period: Option<PeriodObject>,
    /// How many entries counted.
    count: i32,
    /// How many of them stood on that day; null for kinds without a status.
    in_force: Option<i32>,
    /// By how many there are more beside it; negative where there are fewer.
    difference: i32,
    /// The difference in percent of this count, to one decimal, half away from zero; null where
    /// this count is 0.
    change_percent: Option<Decimal>,
}
