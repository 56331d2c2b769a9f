//! Who has filed.

use super::super::asking::{Asking, View};
use super::super::province::ProvinceObject;
use super::super::scalar::{LocalDate, Period};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::statistics::{CalendarPeriod, Coverage, ProvinceFiling};

/// A period of the calendar.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "CalendarPeriod")]
pub(crate) struct PeriodObject {
    /// Its shortest name: `2025`, `2025-Q4`, `2025-11`, `2025-01-01/2025-06-15`.
    name: Period,
    /// Its first day.
    from: LocalDate,
    /// Its last day; it belongs to the period.
    to: LocalDate,
}

impl From<CalendarPeriod> for PeriodObject {
    fn from(period: CalendarPeriod) -> Self {
        Self { name: Period(period.name()), from: LocalDate(period.first()), to: LocalDate(period.last()) }
    }
}

/// How complete national numbers are.
pub(crate) struct CoverageObject {
    pub(super) coverage: Coverage,
    pub(super) view: View,
}

impl CoverageObject {
    fn filings(&self) -> impl Iterator<Item = FilingObject> {
        let view = self.view;
        self.coverage.provinces.iter().map(move |filing| FilingObject { filing: *filing, view })
    }
}

/// How complete national numbers are: which provinces have filed for a period (đã báo cáo). A
/// province has filed where one of its people published something on a day of the period, or
/// where its publisher confirmed the period (`confirmPeriod`), whole or part by part. Loading data
/// is not filing, nor is what the ministry does.
#[Object(name = "Coverage")]
impl CoverageObject {
    /// The period that provinces file for.
    async fn period(&self) -> PeriodObject {
        self.coverage.period.into()
    }

    /// How many provinces there are today.
    async fn provinces(&self) -> i32 {
        to_int(self.coverage.provinces.len())
    }

    /// How many of them had filed for the period by the day of the question.
    async fn filed(&self) -> i32 {
        to_int(self.coverage.filed())
    }

    /// Those that had not.
    async fn missing(&self, ctx: &Context<'_>) -> Vec<ProvinceObject> {
        let asking = Asking::of(ctx);
        let missing = self.coverage.provinces.iter().filter(|province| !province.has_filed);
        missing.filter_map(|province| ProvinceObject::of_log(asking, province.log, self.view)).collect()
    }

    /// The last day, up to that of the question, on which any province filed anything; null where
    /// none ever did.
    async fn last_filed_on(&self) -> Option<LocalDate> {
        self.coverage.last_on().map(LocalDate)
    }

    /// Province by province: whether it has filed, and how fresh what it tells is.
    async fn by_province(&self) -> Vec<FilingObject> {
        self.filings().collect()
    }
}

/// Whether a province has filed.
pub(crate) struct FilingObject {
    filing: ProvinceFiling,
    view: View,
}

/// Whether a province has filed for a period.
#[Object(name = "ProvinceFiling")]
impl FilingObject {
    /// The province.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(Asking::of(ctx), self.filing.log, self.view)
    }

    /// Whether it had filed for the period by the day of the question.
    async fn has_filed(&self) -> bool {
        self.filing.has_filed
    }

    /// The last day, up to that of the question, on which it filed anything, for whichever period;
    /// null where it never did.
    async fn last_filed_on(&self) -> Option<LocalDate> {
        self.filing.last_on.map(LocalDate)
    }
}

fn to_int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
