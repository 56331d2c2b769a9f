//! Values that several types share: partial dates, quantities, money, points, texts.

use super::cost_directives::{TextSize, Weight};
use super::enums::{Locale, Qualifier};
use super::request_context::RequestContext;
use super::scalar::{CurrencyCode, Decimal, Edtf, LocalDate};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::locale::{self, Bilingual};
use caunoi_domain::{date, place, quantity};

/// A geographic point in WGS 84.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct GeoPoint {
    /// The latitude in degrees, positive to the north: `10.94`.
    latitude: f64,
    /// The longitude in degrees, positive to the east: `106.82`.
    longitude: f64,
}

impl From<place::GeoPoint> for GeoPoint {
    fn from(point: place::GeoPoint) -> Self {
        Self { latitude: point.latitude, longitude: point.longitude }
    }
}

/// An amount of money.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct Money {
    /// The amount in units of the currency, for example `"231700"`.
    amount: Decimal,
    /// The currency, for example `USD`.
    currency: CurrencyCode,
}

impl Money {
    /// Converts a quantity; `None` without a value or a currency.
    pub(crate) fn of(quantity: &quantity::Quantity) -> Option<Self> {
        let currency = quantity.currency.clone().map(CurrencyCode)?;
        quantity.value.map(|amount| Self { amount: amount.into(), currency })
    }
}

/// A text and its actual language.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Text {
    /// The text.
    #[graphql(directive = TextSize::apply(110))]
    value: String,
    /// The language of the text.
    locale: Locale,
}

/// Returns a text in each language in which it exists.
pub(crate) fn texts(text: &Bilingual) -> Vec<Text> {
    let version = |value: &Option<String>, locale: locale::Locale| {
        value.clone().map(|value| Text { value, locale: locale.into() })
    };
    [version(&text.vi, locale::Locale::Vi), version(&text.en, locale::Locale::En)]
        .into_iter()
        .flatten()
        .collect()
}

/// A date or interval as the source states it, possibly partial, with the earliest and latest day
/// that it can mean.
pub(crate) struct FuzzyDate(pub(crate) date::FuzzyDate);

/// A date or interval as the source states it, possibly partial, with the earliest and latest day
/// that it can mean.
#[Object(directive = Weight::apply(0))]
impl FuzzyDate {
    /// The date in EDTF, for example `2021-07/..`.
    async fn edtf(&self) -> Edtf {
        Edtf(self.0.edtf().to_owned())
    }

    /// The earliest day that it can mean: `2021-07-01` for `2021-07`. Null if the beginning is open
    /// or unknown.
    async fn earliest(&self) -> Option<LocalDate> {
        self.0.earliest().map(LocalDate)
    }

    /// The latest day that it can mean: `2021-07-31` for `2021-07`. Null if the end is open or
    /// unknown.
    async fn latest(&self) -> Option<LocalDate> {
        self.0.latest().map(LocalDate)
    }

    /// The day by which it has certainly begun: `2025-10-30` for `2025-10-30/2025-11-03`,
    /// `2025-10-31` for `2025-10`. Null if none is certain, as for `2025~`.
    async fn start_latest(&self) -> Option<LocalDate> {
        Some(self.0.start().latest).filter(|day| *day != date::UNDATED_LAST).map(LocalDate)
    }

    /// The day before which it has certainly not ended: `2025-11-03` for `2025-10-30/2025-11-03`,
    /// `2025-10-01` for `2025-10`. Null if none is certain, as for `2025~`.
    async fn end_earliest(&self) -> Option<LocalDate> {
        Some(self.0.end().earliest).filter(|day| *day != date::UNDATED_FIRST).map(LocalDate)
    }

    /// Whether the source qualifies it as approximate or uncertain: true for `2025~`, `2025?` and
    /// `2025%`. Such a date is in no period and no date bucket, but in their number `notKnown`.
    async fn is_approximate(&self) -> bool {
        self.0.is_qualified()
    }

    /// The date as display text.
    #[graphql(directive = TextSize::apply(60))]
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        self.0.text(RequestContext::of(ctx).locale(locale))
    }
}

/// A number as documents state it, possibly inexact: nearly 8,000; more than 60; 400 to 800; some.
pub(crate) struct Quantity(pub(crate) quantity::Quantity);

/// A number as documents state it, possibly inexact: nearly 8,000; more than 60; 400 to 800; some.
#[Object(directive = Weight::apply(0))]
impl Quantity {
    /// The number as stated. Null for a range and if the source states no number.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Into::into)
    }

    /// The least possible value. Null if there is no lower bound.
    async fn lower(&self) -> Option<Decimal> {
        self.0.lower.map(Into::into)
    }

    /// The greatest possible value. Null if there is no upper bound.
    async fn upper(&self) -> Option<Decimal> {
        self.0.upper.map(Into::into)
    }

    /// The precision of the number.
    async fn qualifier(&self) -> Qualifier {
        self.0.qualifier.into()
    }

    /// The unit of the number: `person`, `agreement`, `km`, `USD`.
    async fn unit(&self) -> String {
        self.0.unit.clone()
    }

    /// The currency of an amount of money. Null for other quantities.
    async fn currency(&self) -> Option<CurrencyCode> {
        self.0.currency.clone().map(CurrencyCode)
    }

    /// The quantity as display text with its unit, for example `gần 8.000 người` in Vietnamese.
    #[graphql(directive = TextSize::apply(60))]
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        let locale = RequestContext::of(ctx).locale(locale);
        self.0.text(locale, self.0.unit_name(locale))
    }
}
