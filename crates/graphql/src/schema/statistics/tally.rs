//! Numbers over the entries that count by a day, and comparisons with another day or period.

use super::super::aggregate::{GroupByInput, GroupConnection, GroupOrderInput, QuantitySums, SelectedFacts};
use super::super::api_error::ApiError;
use super::super::connection::PageArgs;
use super::super::enums::{GroupKey, QuantityKey};
use super::super::filter::{self, AgreementFilter, EventFilter, FilterInput, FilterView, RelationFilter};
use super::super::request_context::RequestContext;
use super::super::scalar::{Decimal, LocalDate, Period};
use super::super::value::Quantity;
use super::Statistics;
use super::coverage::{CoverageObject, PeriodObject};
use crate::schema::cost_directives::{PageSize, Weight};
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::DateUnit;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::filter::Filter;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{CalendarPeriod, Comparison, TimeSlice};
use caunoi_register::{Countable, EntryContent};
use std::sync::Arc;

/// The filter of a tally as requested. A comparison reads it again for another day.
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
        statistics: &Statistics,
        counted: Filter,
    ) -> Result<SelectedFacts, ApiError> {
        match self {
            Self::Relations(filter) => select::<Relation>(ctx, statistics, counted, filter.as_ref()).await,
            Self::Agreements(filter) => select::<Agreement>(ctx, statistics, counted, filter.as_ref()).await,
            Self::Events(filter) => select::<Event>(ctx, statistics, counted, filter.as_ref()).await,
        }
    }

    /// Returns the kind of the entries if none of them is filtered out.
    fn unfiltered_kind(&self) -> Option<EntryKind> {
        match self {
            Self::Relations(filter) => filter.is_none().then_some(EntryKind::Relation),
            Self::Agreements(filter) => filter.is_none().then_some(EntryKind::Agreement),
            Self::Events(filter) => filter.is_none().then_some(EntryKind::Event),
        }
    }
}

async fn select<C: EntryContent + Countable>(
    ctx: &Context<'_>,
    Statistics { view, past }: &Statistics,
    counted: Filter,
    filter: Option<&impl FilterInput>,
) -> Result<SelectedFacts, ApiError> {
    match past {
        Some(past) => {
            let known = FilterView { directory: &past.read_model.directory, view: *view };
            let filter = filter::read_known(ctx, known, filter)?.and(counted);
            SelectedFacts::select_past::<C>(ctx, filter, *view, past).await
        }
        None => SelectedFacts::select::<C>(ctx, &filter::read(ctx, *view, filter)?.and(counted), *view).await,
    }
}

/// The GraphQL object of a tally.
pub(crate) struct TallyObject {
    filter: Arc<TallyFilter>,
    statistics: Statistics,
    time_slice: TimeSlice,
    numbers: SelectedFacts,
}

impl TallyObject {
    /// Counts the entries that count by the day of the statistics, within the period if one is
    /// given.
    pub(super) async fn of(
        ctx: &Context<'_>,
        statistics: Statistics,
        period: Option<&Period>,
        filter: TallyFilter,
    ) -> Result<Self, ApiError> {
        let period = period.map(|period| period.to_calendar_period("period")).transpose()?;
        let time_slice = TimeSlice { as_of: statistics.view.day(ctx), period };
        let numbers = filter.select(ctx, &statistics, time_slice.filter()).await?;
        Ok(Self { filter: Arc::new(filter), statistics, time_slice, numbers })
    }

    /// Returns the same tally at another time.
    async fn at(&self, ctx: &Context<'_>, time_slice: TimeSlice) -> Result<Self, ApiError> {
        let mut statistics = self.statistics.clone();
        if time_slice.as_of != self.time_slice.as_of {
            statistics.view = statistics.view.narrow(Some(LocalDate(time_slice.as_of)), None)?;
        }
        let numbers = self.filter.select(ctx, &statistics, time_slice.filter()).await?;
        Ok(Self { filter: Arc::clone(&self.filter), statistics, time_slice, numbers })
    }

    async fn load_coverage(&self, ctx: &Context<'_>) -> Result<CoverageObject, ApiError> {
        let TimeSlice { as_of, period } = self.time_slice;
        let period = period.unwrap_or_else(|| CalendarPeriod::containing(as_of, DateUnit::Year));
        let coverage = self.statistics.load_read_model(ctx).await?.coverage(period);
        Ok(CoverageObject { coverage })
    }

    async fn count_missing(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        let Some(kind) = self.filter.unfiltered_kind() else { return Ok(None) };
        let figures = if let Some(past) = &self.statistics.past {
            Arc::clone(&past.figures)
        } else {
            let reader = &RequestContext::of(ctx).reader;
            reader.find_national_counts(kind, self.time_slice.as_of).await?.into()
        };
        let missing = self.numbers.read_model().count_missing(figures, kind, self.time_slice).await;
        Ok(missing.map(to_int))
    }

    async fn count_not_known(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        let Some(not_known) = self.time_slice.not_known_filter() else { return Ok(None) };
        let entries = self.filter.select(ctx, &self.statistics, not_known).await?;
        Ok(Some(to_int(entries.len() as u64)))
    }

    fn count(&self) -> i32 {
        i32::try_from(self.numbers.len()).unwrap_or(i32::MAX)
    }
}

fn to_int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Numbers over the entries that count by a day.
#[Object(name = "Tally")]
impl TallyObject {
    /// The number of entries that count: with a period, those whose first day is certainly in it.
    #[graphql(name = "count")]
    async fn count_entries(&self) -> i32 {
        self.count()
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
        self.numbers.count_in_force(ctx).map(to_int)
    }

    /// The number of these entries whose status on that day no source states (`UNKNOWN`). Each of
    /// them may be in force or not, so the true number in force is from `inForce` to `inForce` plus
    /// this number. Null for events, which have no status.
    async fn status_unknown(&self, ctx: &Context<'_>) -> Option<i32> {
        self.numbers.count_status_unknown(ctx).map(to_int)
    }

    /// Which provinces have reported for the period of these numbers; without a period, for the
    /// calendar year of the day.
    async fn coverage(&self, ctx: &Context<'_>) -> Result<CoverageObject, ApiError> {
        self.load_coverage(ctx).await
    }

    /// The number of entries that a source reports for the whole nation and the same period, or
    /// without a period by the day, beyond those that the register counts: 135 agreements were
    /// reported for 2025, 9 are recorded, 126 are missing. 0 if the register counts as many or more.
    /// Null if no source reports such a number, and if these numbers have a filter.
    #[graphql(directive = Weight::apply(5))]
    async fn reported_missing(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        self.count_missing(ctx).await
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
        let before = self.at(ctx, other).await?;
        let change = Comparison::of(self.numbers.len() as u64, before.numbers.len() as u64);
        Ok(ComparisonObject { before, change })
    }

    /// The entries in groups by one or two keys. An entry without a value for a key is in no group;
    /// entries of the ministry are in no group by province.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(5), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two grouping keys or date buckets, the outer one first.")] by: Vec<
            GroupByInput,
        >,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
        #[graphql(
            desc = "The order of the groups: sort keys, the most important first. The default is the largest count first."
        )]
        order_by: Option<Vec<GroupOrderInput>>,
    ) -> Result<GroupConnection, ApiError> {
        self.numbers.groups(ctx, &by, PageArgs { first, after, last, before }, order_by.as_deref())
    }
}

/// The GraphQL object of a comparison.
pub(crate) struct ComparisonObject {
    before: TallyObject,
    change: Comparison,
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
        self.before.count()
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
        self.before.numbers.count_in_force(ctx).map(to_int)
    }

    /// The number of these entries whose status on that day no source states. Null for events,
    /// which have no status.
    async fn status_unknown(&self, ctx: &Context<'_>) -> Option<i32> {
        self.before.numbers.count_status_unknown(ctx).map(to_int)
    }

    /// Which provinces have reported for the period compared with; without a period, for the
    /// calendar year of the day. A number with less coverage is not comparable.
    async fn coverage(&self, ctx: &Context<'_>) -> Result<CoverageObject, ApiError> {
        self.before.load_coverage(ctx).await
    }

    /// The number of entries that a source reports for the whole nation and the period compared
    /// with, beyond those that the register counts. Null if no source reports such a number, and if
    /// the numbers have a filter.
    #[graphql(directive = Weight::apply(5))]
    async fn reported_missing(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        self.before.count_missing(ctx).await
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
        i32::try_from(self.change.difference).unwrap_or(i32::MAX)
    }

    /// The difference in percent of this count, rounded to one decimal place: `"7.4"`. Null if this
    /// count is 0.
    async fn change_percent(&self) -> Option<Decimal> {
        self.change.change_percent.map(Into::into)
    }
}
