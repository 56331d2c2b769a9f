//! Which provinces have reported for a period.

use super::super::province::ProvinceObject;
use super::super::request_context::RequestContext;
use super::super::scalar::{LocalDate, Period};
use crate::schema::cost_directives::{AssumedSize, Weight};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::statistics::{CalendarPeriod, Coverage, ProvinceFiling};

/// A period of the calendar.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0), name = "CalendarPeriod")]
pub(crate) struct PeriodObject {
    /// The shortest form of the period: `2025`, `2025-Q4`, `2025-11` or `2025-01-01/2025-06-15`.
    name: Period,
    /// The first day of the period.
    from: LocalDate,
    /// The last day of the period, inclusive.
    to: LocalDate,
}

impl From<CalendarPeriod> for PeriodObject {
    fn from(period: CalendarPeriod) -> Self {
        Self { name: Period(period.name()), from: LocalDate(period.first()), to: LocalDate(period.last()) }
    }
}

/// The GraphQL object of the report coverage of a period.
pub(crate) struct CoverageObject {
    pub(super) coverage: Coverage,
}

impl CoverageObject {
    fn filings(&self) -> impl Iterator<Item = FilingObject> {
        self.coverage.provinces.iter().copied().map(FilingObject)
    }
}

/// The completeness of national numbers: which provinces have reported for a period (đã báo cáo). A
/// province has reported if its staff published something on a day of the period, or if its
/// publisher confirmed all days of the period with `confirmPeriod`, at once or in parts, whenever
/// that was: a report made in January for December counts for December, also for an earlier `asOf`.
/// Data loaded in bulk and actions of the ministry do not count as reports.
#[Object(name = "Coverage")]
impl CoverageObject {
    /// The period reported for.
    async fn period(&self) -> PeriodObject {
        self.coverage.period.into()
    }

    /// The number of present-day provinces.
    async fn provinces(&self) -> i32 {
        to_int(self.coverage.provinces.len())
    }

    /// The number of provinces that have reported for the period.
    async fn filed(&self) -> i32 {
        to_int(self.coverage.filed())
    }

    /// The provinces that have not reported for the period.
    #[graphql(directive = AssumedSize::apply(34))]
    async fn missing(&self, ctx: &Context<'_>) -> Vec<ProvinceObject> {
        let request = RequestContext::of(ctx);
        let missing = self.coverage.provinces.iter().filter(|province| !province.has_filed);
        missing.filter_map(|province| ProvinceObject::of_log(request, province.log)).collect()
    }

    /// The last day on which any province reported, for any period. Null if none ever did.
    async fn last_filed_on(&self) -> Option<LocalDate> {
        self.coverage.last_on().map(LocalDate)
    }

    /// The report state of each province and the day of its last report.
    #[graphql(directive = AssumedSize::apply(34))]
    async fn by_province(&self) -> Vec<FilingObject> {
        self.filings().collect()
    }
}

/// The GraphQL object of the report state of a province.
pub(crate) struct FilingObject(ProvinceFiling);

/// The report state of a province for a period.
#[Object(name = "ProvinceFiling")]
impl FilingObject {
    /// The province.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.0.log)
    }

    /// Whether the province has reported for the period.
    async fn has_filed(&self) -> bool {
        self.0.has_filed
    }

    /// The last day on which the province reported, for any period. Null if it never did.
    async fn last_filed_on(&self) -> Option<LocalDate> {
        self.0.last_on.map(LocalDate)
    }
}

fn to_int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
