//! Numbers over the entries that count by a day, and comparisons with another day or period.

use super::super::aggregate::{GroupByInput, GroupConnection, GroupOrderInput, QuantitySums, SelectedFacts};
use super::super::api_error::ApiError;
use super::super::connection::PageArgs;
use super::super::enums::{GroupKey, QuantityKey};
use super::super::filter::{self, AgreementFilter, EventFilter, FilterInput, RelationFilter};
use super::super::request_context::View;
use super::super::scalar::{Decimal, LocalDate, Period};
use super::super::value::Quantity;
use super::coverage::PeriodObject;
use crate::schema::cost_directives::{PageSize, Weight};
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::filter::Filter;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{Comparison, TimeSlice};
use caunoi_register::{Countable, EntryContent};

/// The filter of a tally as requested. A comparison reads it again for another day.
#[derive(Clone)]
pub(super) enum TallyFilter {
    Relations(Option<RelationFilter>),
    Agreements(Option<AgreementFilter>),
    Events(Option<EventFilter>),
}

impl TallyFilter {
    /// Selects the entries that match this filter and `counted`.
    async fn select(
        &self,
        ctx: &Context<'_>,
        view: View,
        counted: Filter,
    ) -> Result<SelectedFacts, ApiError> {
        match self {
            Self::Relations(filter) => select::<Relation>(ctx, view, counted, filter.as_ref()).await,
            Self::Agreements(filter) => select::<Agreement>(ctx, view, counted, filter.as_ref()).await,
            Self::Events(filter) => select::<Event>(ctx, view, counted, filter.as_ref()).await,
        }
    }
}

async fn select<C: EntryContent + Countable>(
    ctx: &Context<'_>,
    view: View,
    counted: Filter,
    filter: Option<&impl FilterInput>,
) -> Result<SelectedFacts, ApiError> {
    SelectedFacts::select::<C>(ctx, &filter::read(ctx, view, filter)?.and(counted), view).await
}

/// The GraphQL object of a tally.
pub(crate) struct TallyObject {
    filter: TallyFilter,
    view: View,
    time_slice: TimeSlice,
    numbers: SelectedFacts,
}

impl TallyObject {
    /// Counts the entries that count by the day of a view, within the period if one is given.
    pub(super) async fn of(
        ctx: &Context<'_>,
        view: View,
        period: Option<&Period>,
        filter: TallyFilter,
    ) -> Result<Self, ApiError> {
        let period = period.map(|period| period.to_calendar_period("period")).transpose()?;
        Self::at(ctx, view, TimeSlice { as_of: view.day(ctx, None), period }, filter).await
    }

    async fn at(
        ctx: &Context<'_>,
        view: View,
        time_slice: TimeSlice,
        filter: TallyFilter,
    ) -> Result<Self, ApiError> {
        let numbers = filter.select(ctx, view, time_slice.filter()).await?;
        Ok(Self { filter, view, time_slice, numbers })
    }

    async fn count_not_known(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        let Some(not_known) = self.time_slice.not_known_filter() else { return Ok(None) };
        let entries = self.filter.select(ctx, self.view, not_known).await?;
        Ok(Some(i32::try_from(entries.len()).unwrap_or(i32::MAX)))
    }
}

/// Numbers over the entries that count by a day.
#[Object(name = "Tally")]
impl TallyObject {
    /// The number of entries that count: with a period, those whose first day is certainly in it.
    async fn count(&self) -> i32 {
        i32::try_from(self.numbers.len()).unwrap_or(i32::MAX)
    }

    /// The number of entries of which it is not known whether they are in the period: entries without
    /// a date, and dates such as `2025` for the period `2025-11`. They are not in `count`. Null without
    /// a period.
    #[graphql(directive = Weight::apply(5))]
    async fn not_known(&self, ctx: &Context<'_>) -> Option<Result<i32, ApiError>> {
        self.count_not_known(ctx).await.transpose()
    }

    /// The number of these entries in force on that day: agreements with status `IN_FORCE`,
    /// relations with status `ACTIVE` or `DORMANT`. Null for events, which have no status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        self.numbers.count_in_force(ctx).map(|count| i32::try_from(count).unwrap_or(i32::MAX))
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
        self.numbers.distinct(ctx, of)
    }

    /// What the entries state of a quantity, summed for each unit with its bounds, and how many state
    /// nothing.
    async fn sums(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The quantity to sum. Only events have quantities; for other entries it is an error."
        )]
        of: QuantityKey,
    ) -> Result<QuantitySums, ApiError> {
        self.numbers.sums(ctx, of)
    }

    /// The sum of a quantity as one quantity: a range where all entries have an upper bound, else at
    /// least the sum of the lower bounds. Entries without the quantity add nothing. Null if no entry
    /// has it or if the units differ.
    #[graphql(
        deprecation = "Use `sums`, which has one sum for each unit and says how many entries state nothing."
    )]
    async fn sum(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The quantity to sum. Only events have quantities; for other entries it is an error."
        )]
        of: QuantityKey,
    ) -> Result<Option<Quantity>, ApiError> {
        Ok(self.numbers.sums(ctx, of)?.to_quantity())
    }

    /// The earliest day on which one of the entries was established, signed or held. Null if none
    /// has a date.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.tally(ctx).earliest.map(LocalDate)
    }

    /// The latest day on which one of the entries was established, signed or held. Null if none has
    /// a date.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.tally(ctx).latest.map(LocalDate)
    }

    /// The same count for another day or period, and the difference from it. If only one argument
    /// is given, the other value stays as it is here. Without arguments, the comparison is with the
    /// preceding period of the same length, or, if there is no period, with the same day of the
    /// preceding year.
    #[graphql(directive = Weight::apply(5))]
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day to compare with, for example `2024-12-31`. The default is described at the field."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The period to compare with, for example `2024` or `2025-Q3`. The default is described at the field."
        )]
        period: Option<Period>,
    ) -> Result<ComparisonObject, ApiError> {
        let period = period.map(|period| period.to_calendar_period("period")).transpose()?;
        let other = self.time_slice.compared_with(as_of.map(|day| day.0), period)?;
        let view = if other.as_of == self.time_slice.as_of {
            self.view
        } else {
            self.view.narrow(Some(LocalDate(other.as_of)), None)?
        };
        let before = Self::at(ctx, view, other, self.filter.clone()).await?;
        let of = Comparison::of(self.numbers.len() as u64, before.numbers.len() as u64);
        Ok(ComparisonObject { before, of })
    }

    /// The entries in groups by one or two keys. An entry without a value for a key is in no group;
    /// entries of the ministry are in no group by province.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(5), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two grouping keys or date buckets, the outer one first.")] by: Vec<
            GroupByInput,
        >,
        #[graphql(desc = "The number of groups to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The order of the groups: sort keys, the most important first. The default is the largest count first."
        )]
        order_by: Option<Vec<GroupOrderInput>>,
    ) -> Result<GroupConnection, ApiError> {
        self.numbers.groups(ctx, &by, PageArgs::forwards(first, after), order_by.as_deref())
    }
}

/// The count of another day or period, and the difference of the present count from it.
pub(crate) struct ComparisonObject {
    before: TallyObject,
    of: Comparison,
}

/// The count of another day or period, and the difference of the present count from it.
#[Object(name = "Comparison")]
impl ComparisonObject {
    /// The day compared with.
    async fn as_of(&self) -> LocalDate {
        LocalDate(self.before.time_slice.as_of)
    }

    /// The period compared with. Null if all entries up to the day count.
    async fn period(&self) -> Option<PeriodObject> {
        self.before.time_slice.period.map(Into::into)
    }

    /// The number of entries that counted.
    async fn count(&self) -> i32 {
        i32::try_from(self.before.numbers.len()).unwrap_or(i32::MAX)
    }

    /// The number of entries of which it is not known whether they are in the period: entries without
    /// a date, and dates such as `2025` for the period `2025-11`. They are not in `count`. Null without
    /// a period.
    #[graphql(directive = Weight::apply(5))]
    async fn not_known(&self, ctx: &Context<'_>) -> Option<Result<i32, ApiError>> {
        self.before.count_not_known(ctx).await.transpose()
    }

    /// The number of these entries in force on that day. Null for events, which have no status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        let in_force = self.before.numbers.count_in_force(ctx);
        in_force.map(|count| i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// What these entries state of a quantity, summed for each unit.
    async fn sums(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The quantity to sum. Only events have quantities; for other entries it is an error."
        )]
        of: QuantityKey,
    ) -> Result<QuantitySums, ApiError> {
        self.before.numbers.sums(ctx, of)
    }

    /// The present count less this count. It is negative if there are fewer entries now.
    async fn difference(&self) -> i32 {
        i32::try_from(self.of.difference).unwrap_or(i32::MAX)
    }

    /// The difference in percent of this count, rounded to one decimal place: `"7.4"`. Null if this
    /// count is 0.
    async fn change_percent(&self) -> Option<Decimal> {
        self.of.change_percent.map(Into::into)
    }
}
