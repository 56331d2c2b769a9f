//! The ministry's questions.

mod alarm;
mod clash;
pub(crate) mod coverage;
mod tally;

use super::asking::{Asking, View};
use super::connection::{Connection, List, Slice};
use super::enums::Boundaries;
use super::fault::Fault;
use super::filter::{AgreementFilter, EventFilter, RelationFilter};
use super::scalar::{Cursor, LocalDate, Period};
use alarm::AlarmObject;
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::DateUnit;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::CalendarPeriod;
use clash::ClashObject;
use coverage::CoverageObject;
use tally::{Counting, TallyObject};

/// Numbers for a day, under the boundaries of then or of today.
pub(crate) struct Statistics {
    pub(crate) view: View,
}

/// The most clashes that are told.
const MOST_CLASHES: usize = 100;

impl Statistics {
    /// The period that was asked for, else the year of the day.
    fn period(&self, ctx: &Context<'_>, period: Option<&Period>) -> Result<CalendarPeriod, Fault> {
        let year = || Ok(CalendarPeriod::holding(self.view.day(ctx, None), DateUnit::Year));
        period.map_or_else(year, |period| period.read("period"))
    }
}

/// Everything countable, for a day, under the boundaries of then or of today. An entry counts
/// from the latest day of its first date; undated, from the last day of the year of its evidence;
/// with neither, from the day of the data set that brought it. All end days are inclusive. What was
/// withdrawn counts for nobody. The nation counts the ministry's own entries; groups by province
/// leave them out.
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

    /// The state of the logs that everything is counted from. At one state and day, every node
    /// tells the same numbers.
    async fn cursor(&self, ctx: &Context<'_>) -> Result<Cursor, Fault> {
        let asking = Asking::of(ctx);
        let positions = asking.sight().await?.positions_seen(asking.scope);
        Ok(Cursor::at(&positions, asking.cursor_key()))
    }

    /// Which provinces have told the register what a period brought: how complete every national
    /// number beside it is.
    async fn coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The period: `2025`, `2025-Q4`, `2025-11`; absent: the year of the day.")]
        period: Option<Period>,
    ) -> Result<CoverageObject, Fault> {
        let (day, period) = (self.view.day(ctx, None), self.period(ctx, period.as_ref())?);
        let coverage = Asking::of(ctx).sight().await?.coverage(period, day);
        Ok(CoverageObject { coverage, view: self.view })
    }

    /// Relations established by that day.
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations.")] filter: Option<RelationFilter>,
        #[graphql(
            desc = "Only those established in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. A date that may lie outside, or none, is not in it."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, Fault> {
        TallyObject::of(ctx, self.view, period.as_ref(), Counting::Relations(filter)).await
    }

    /// Agreements signed by that day.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
        #[graphql(
            desc = "Only those signed in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. A date that may lie outside, or none, is not in it."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, Fault> {
        TallyObject::of(ctx, self.view, period.as_ref(), Counting::Agreements(filter)).await
    }

    /// Events held by that day; undated ones count only where no period is asked for.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
        #[graphql(
            desc = "Only those held in this period: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`. A date that may lie outside, or none, is not in it."
        )]
        period: Option<Period>,
    ) -> Result<TallyObject, Fault> {
        TallyObject::of(ctx, self.view, period.as_ref(), Counting::Events(filter)).await
    }

    /// Agreements in force on that day that lapse within some days of it, the earliest first: the
    /// last day of their term, prolonged or not, is no later than so many days after. Those that
    /// renew themselves never lapse and are left out; `Agreement.renewBy` says how long there is
    /// time to act.
    async fn expiring(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 90, desc = "How many days, 0 to 36,525.")] within_days: i32,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let day = self.view.day(ctx, None);
        let rows = Asking::of(ctx).sight().await?.expiring(day, within_days).await?;
        let purpose = format!("expiring {day} {within_days}");
        List::picked(rows, purpose, Slice::forwards(first, after), self.view).map(Connection)
    }

    /// Relations that stand on that day (`ACTIVE` or `DORMANT`) and have had no dated activity for
    /// some months, the longest silent first. Activity is an agreement signed or an event held by
    /// the same province with the same partner. Without any dated activity a relation is never
    /// among them. The status `DORMANT` is stricter: there a source that says that the relation
    /// stands is a sign of life too.
    async fn dormant(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 24, desc = "How many months, 1 to 1,200.")] months: i32,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Relation>, Fault> {
        let day = self.view.day(ctx, None);
        let rows = Asking::of(ctx).sight().await?.dormant(day, months).await?;
        let purpose = format!("dormant {day} {months}");
        List::picked(rows, purpose, Slice::forwards(first, after), self.view).map(Connection)
    }

    /// Framework agreements of provinces in force on that day that nothing came of by then, the
    /// oldest first: none has a subsidiary document, and since the day from which it counts its
    /// province has signed no agreement of another form and held no event with the same partner
    /// locality. Of a framework with a body alone, only documents under it tell.
    async fn framework_only(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let (asking, day) = (Asking::of(ctx), self.view.day(ctx, None));
        let sight = asking.sight().await?;
        let rows = asking.reading.framework_only(&sight, day).await?;
        let purpose = format!("framework only {day}");
        List::picked(rows, purpose, Slice::forwards(first, after), self.view).map(Connection)
    }

    /// Where provinces went to one partner at nearly the same time: events of direction `OUT` held
    /// with it by different provinces, each beginning within some days of the end of those before,
    /// the earliest first, at most 100. Events whose date is not known to the week are left out, and
    /// so are the ministry's own. A later day tells what is planned up to it.
    async fn clashes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When: `2025`, `2025-Q4`, `2025-11`; absent: the year of the day.")] period: Option<
            Period,
        >,
        #[graphql(default = 7, desc = "How many days, 0 to 92.")] within_days: i32,
    ) -> Result<Vec<ClashObject>, Fault> {
        let (day, period) = (self.view.day(ctx, None), self.period(ctx, period.as_ref())?);
        let sight = Asking::of(ctx).sight().await?;
        let clashes = sight.clashes(day, period, within_days).await?.into_iter().take(MOST_CLASHES);
        Ok(clashes.map(|clash| ClashObject { clash, view: self.view }).collect())
    }

    /// Contradictions between the reported figures known on that day, and between them and what
    /// the register counts; of each indicator and scope the newest figure speaks. At most the
    /// newest 2,000 figures are looked at, and at most 100 alarms told.
    async fn alarms(&self, ctx: &Context<'_>) -> Result<Vec<AlarmObject>, Fault> {
        let asking = Asking::of(ctx);
        let (day, sight) = (self.view.day(ctx, None), asking.sight().await?);
        let alarms = asking.reading.alarms(&sight, (day, asking.today())).await?;
        Ok(alarms.into_iter().map(|alarm| AlarmObject { alarm, view: self.view }).collect())
    }
}
