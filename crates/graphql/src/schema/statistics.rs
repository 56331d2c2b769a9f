//! National statistics.

mod alarm;
mod clash;
pub(crate) mod coverage;
mod overlap;
mod tally;

use super::api_error::ApiError;
use super::connection::{EntryConnection, EntryList, PageArgs};
use super::cost_directives::{AssumedSize, PageSize, TextSize, Weight};
use super::enums::Boundaries;
use super::filter::{AgreementFilter, EventFilter, RelationFilter};
use super::request_context::{RequestContext, View};
use super::scalar::{Cursor, KnownAt, LocalDate, Period};
use alarm::AlarmObject;
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::DateUnit;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{COUNTING_RULES, CalendarPeriod};
use caunoi_register::{Error, PastState, ReadModel};
use caunoi_texts::ApiText;
use clash::ClashObject;
use coverage::CoverageObject;
use overlap::OverlapObject;
use std::sync::Arc;
use tally::{TallyFilter, TallyObject};

/// Statistics for a day, under the boundaries of that day or of today.
#[derive(Clone)]
pub(crate) struct Statistics {
    view: View,
    /// The state that the register had recorded; `None` for the present one.
    past: Option<Arc<PastState>>,
}

/// The maximum number of clashes returned.
const MOST_CLASHES: usize = 100;

impl Statistics {
    /// Statistics of the present state.
    pub(crate) fn now(view: View) -> Self {
        Self { view, past: None }
    }

    /// Reads the state that the register had recorded, if a caller names one.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        view: View,
        known_at: Option<KnownAt>,
    ) -> Result<Self, ApiError> {
        let Some(known_at) = known_at else { return Ok(Self::now(view)) };
        let request = RequestContext::of(ctx);
        let known_at = known_at.to_domain(request.cursor_key())?;
        let past = request.reader.past_state(known_at).await.map_err(|error| match error {
            Error::Refused(reason) => ApiError::argument("knownAt", reason),
            Error::Denied(_) | Error::Unavailable(_) | Error::Overloaded | Error::Broken(_) => error.into(),
        })?;
        Ok(Self { view, past: Some(past) })
    }

    /// Returns the state that the numbers are computed from.
    async fn load_read_model(&self, ctx: &Context<'_>) -> Result<Arc<ReadModel>, ApiError> {
        match &self.past {
            Some(past) => Ok(Arc::clone(&past.read_model)),
            None => RequestContext::of(ctx).load_read_model().await,
        }
    }

    /// Returns the present state for a list of entries. Of past states only the numbers are known, so
    /// a list of one is refused.
    async fn load_present(&self, ctx: &Context<'_>) -> Result<Arc<ReadModel>, ApiError> {
        if self.past.is_some() {
            return Err(ApiError::bad_input(ApiText::NotKnownThen));
        }
        self.load_read_model(ctx).await
    }

    /// Returns the period of the argument, else the year of the day.
    fn period(&self, ctx: &Context<'_>, period: Option<&Period>) -> Result<CalendarPeriod, ApiError> {
        let year = || Ok(CalendarPeriod::containing(self.view.day(ctx), DateUnit::Year));
        period.map_or_else(year, |period| period.to_calendar_period("period"))
    }
}

/// National statistics for a day, under the boundaries of that day or of today. An entry counts
/// from the latest day that its date (established, signed, held) can mean; without a date, from the
/// last day of the year in which its source attests it; without either, from the day on which it
/// was recorded. Last days are inclusive. Withdrawn entries do not count. National numbers include
/// the entries of the ministry; groups by province do not.
#[Object]
impl Statistics {
    /// The day that the numbers refer to.
    async fn as_of(&self, ctx: &Context<'_>) -> LocalDate {
        LocalDate(self.view.day(ctx))
    }

    /// The boundaries that the numbers use.
    async fn boundaries(&self) -> Boundaries {
        self.view.boundaries.into()
    }

    /// The state of the data that the numbers are computed from. For the same state and day, every
    /// server returns the same numbers.
    #[graphql(directive = TextSize::apply(170))]
    async fn cursor(&self, ctx: &Context<'_>) -> Result<Cursor, ApiError> {
        let request = RequestContext::of(ctx);
        if let Some(past) = &self.past {
            return Ok(Cursor::at(&past.positions, request.cursor_key()));
        }
        let positions = request.load_read_model().await?.visible_positions(request.scope);
        Ok(Cursor::at(&positions, request.cursor_key()))
    }

    /// The version of the counting rules that the numbers follow, for example `2`. The same state
    /// and day may give other numbers under another version; docs/reference/counting.md lists them.
    async fn counting_rules(&self) -> &'static str {
        COUNTING_RULES
    }

    /// The completeness of the national numbers: which provinces have reported for a period.
    async fn coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The period to report on, for example `2025`, `2025-Q4` or `2025-11`. The default is the calendar year of `asOf`."
        )]
        period: Option<Period>,
    ) -> Result<CoverageObject, ApiError> {
        let period = self.period(ctx, period.as_ref())?;
        let coverage = self.load_read_model(ctx).await?.coverage(period);
        Ok(CoverageObject { coverage })
    }

    /// Numbers over the relations established by `asOf`.
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the relations must meet. The default is no condition.")] filter: Option<RelationFilter>,
        #[graphql(
            desc = "Counts only the relations established in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. A relation without a date, or with a partial date that could be outside the period, is not counted. The default is all relations established by `asOf`."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, ApiError> {
        TallyObject::of(ctx, self.clone(), period.as_ref(), TallyFilter::Relations(filter)).await
    }

    /// Numbers over the agreements signed by `asOf`.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the agreements must meet. The default is no condition.")]
        filter: Option<AgreementFilter>,
        #[graphql(
            desc = "Counts only the agreements signed in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. An agreement without a date, or with a partial date that could be outside the period, is not counted. The default is all agreements signed by `asOf`."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, ApiError> {
        TallyObject::of(ctx, self.clone(), period.as_ref(), TallyFilter::Agreements(filter)).await
    }

    /// Numbers over the events held by `asOf`. Events without a date count only if no period is
    /// given.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the events must meet. The default is no condition.")]
        filter: Option<EventFilter>,
        #[graphql(
            desc = "Counts only the events held in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. An event without a date, or with a partial date that could be outside the period, is not counted. The default is all events held by `asOf`."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, ApiError> {
        TallyObject::of(ctx, self.clone(), period.as_ref(), TallyFilter::Events(filter)).await
    }

    /// The agreements in force on `asOf` whose term, including extensions, ends within the given
    /// number of days, the earliest end first. Agreements that are renewed automatically are not
    /// included. `Agreement.renewBy` returns the last day for
    /// notice of renewal where the notice period is known.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(5), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn expiring(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 90, desc = "The number of days to look ahead, 0 to 36,525.")] within_days: i32,
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
    ) -> Result<EntryConnection<Agreement>, ApiError> {
        let day = self.view.day(ctx);
        let rows = self.load_present(ctx).await?.find_expiring_agreements(day, within_days).await?;
        let purpose = format!("expiring {day} {within_days}");
        EntryList::from_selection(rows, purpose, PageArgs { first, after, last, before }, self.view)
            .map(EntryConnection)
    }

    /// The relations that on `asOf` have had no activity for the given number of months, the longest
    /// inactive first. With 24 months these are exactly the relations with status `DORMANT`.
    /// Activity is an agreement signed or an event held by the same province with the same partner,
    /// and every day for which a source states that the relation is active. Relations without any
    /// dated agreement or event are not included, unless a source states that they are dormant.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn dormant(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 24, desc = "The least number of months without activity, 1 to 1,200.")]
        months: i32,
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
    ) -> Result<EntryConnection<Relation>, ApiError> {
        let day = self.view.day(ctx);
        let rows = self.load_present(ctx).await?.find_dormant_relations(day, months).await?;
        let purpose = format!("dormant {day} {months}");
        EntryList::from_selection(rows, purpose, PageArgs { first, after, last, before }, self.view)
            .map(EntryConnection)
    }

    /// The framework agreements of provinces in force on `asOf` without any result by then, the
    /// oldest first: they have no subsidiary document, and since they count the province has signed
    /// no agreement of another form and held no event with the same partner locality. For a
    /// framework agreement with an organization, only subsidiary documents are considered.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn framework_only(
        &self,
        ctx: &Context<'_>,
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
    ) -> Result<EntryConnection<Agreement>, ApiError> {
        let (request, day) = (RequestContext::of(ctx), self.view.day(ctx));
        let read_model = self.load_present(ctx).await?;
        let rows = request.reader.find_unused_frameworks(&read_model, day).await?;
        let purpose = format!("framework only {day}");
        EntryList::from_selection(rows, purpose, PageArgs { first, after, last, before }, self.view)
            .map(EntryConnection)
    }

    /// Visits of different provinces to the same partner at nearly the same time, the earliest
    /// first, at most 100. A visit is an event with direction `OUT`; each visit begins within the
    /// given number of days after the end of the earlier ones. Events of the ministry and events
    /// whose date is not known to within a week are not included. With an `asOf` in the future,
    /// planned visits up to that day are included.
    #[graphql(directive = Weight::apply(20), directive = AssumedSize::apply(10))]
    async fn clashes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The period in which the visits took place, for example `2025`, `2025-Q4` or `2025-11`. The default is the calendar year of `asOf`."
        )]
        period: Option<Period>,
        #[graphql(
            default = 7,
            desc = "The greatest number of days between the end of one visit and the start of the next, 0 to 92."
        )]
        within_days: i32,
    ) -> Result<Vec<ClashObject>, ApiError> {
        let (day, period) = (self.view.day(ctx), self.period(ctx, period.as_ref())?);
        let read_model = self.load_present(ctx).await?;
        let clashes =
            read_model.find_visit_conflicts(day, period, within_days).await?.into_iter().take(MOST_CLASHES);
        Ok(clashes.map(|clash| ClashObject { clash }).collect())
    }

    /// Live relations and agreements with one partner locality that a unit has from several units of
    /// origin on `asOf`, by unit and partner, at most 100: after a merger of units the unit decides
    /// which of them go on. A relation that another one of them `continues` is not included. Units
    /// that are merged after `asOf` do not overlap on it, whatever `boundaries` says.
    #[graphql(directive = Weight::apply(20), directive = AssumedSize::apply(20))]
    async fn overlaps(&self, ctx: &Context<'_>) -> Result<Vec<OverlapObject>, ApiError> {
        let (request, day) = (RequestContext::of(ctx), self.view.day(ctx));
        let read_model = self.load_present(ctx).await?;
        let overlaps = request.reader.find_overlaps(&read_model, day).await?;
        Ok(overlaps.into_iter().map(|overlap| OverlapObject { overlap }).collect())
    }

    /// Contradictions between the reported figures known by `asOf`, or between a figure and the
    /// number that the register counts. At most the newest 2,000 figures are compared and at most
    /// 100 contradictions returned.
    #[graphql(directive = Weight::apply(50), directive = AssumedSize::apply(10))]
    async fn alarms(&self, ctx: &Context<'_>) -> Result<Vec<AlarmObject>, ApiError> {
        let request = RequestContext::of(ctx);
        let (day, read_model) = (self.view.day(ctx), self.load_present(ctx).await?);
        let alarms = request.reader.find_inconsistencies(&read_model, day, request.today()).await?;
        Ok(alarms.into_iter().map(|alarm| AlarmObject { alarm }).collect())
    }
}
