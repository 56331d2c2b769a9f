//! Values that several types share: partial dates, quantities, money, points, texts.

use super::asking::Asking;
use super::enums::{Locale, Qualifier};
use super::scalar::{CurrencyCode, Decimal, Edtf, LocalDate};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::date;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place;
use caunoi_domain::quantity;

/// A point on the globe, WGS 84.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct GeoPoint {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

impl From<place::GeoPoint> for GeoPoint {
    fn from(point: place::GeoPoint) -> Self {
        Self { latitude: point.latitude, longitude: point.longitude }
    }
}

/// An amount of money.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Money {
    /// The exact amount.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
}

impl Money {
    /// The money that a quantity with a value and a currency is.
    pub(crate) fn of(quantity: &quantity::Quantity) -> Option<Self> {
        let currency = quantity.currency.clone().map(CurrencyCode)?;
        quantity.value.map(|amount| Self { amount: amount.into(), currency })
    }
}

/// A text and the language that it really is in.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Text {
    /// The text.
    value: String,
    /// Its language.
    locale: Locale,
}

/// The language versions that a text has.
pub(crate) fn texts(text: &Bilingual) -> Vec<Text> {
    let version = |value: &Option<String>, locale| value.clone().map(|value| Text { value, locale });
    [version(&text.vi, Locale::Vi), version(&text.en, Locale::En)].into_iter().flatten().collect()
}

/// A date as the source gives it, perhaps partial, with the days that it may mean.
pub(crate) struct FuzzyDate(pub(crate) date::FuzzyDate);

/// A date as the source gives it, perhaps partial, with the days that it may mean.
#[Object]
impl FuzzyDate {
    /// The date in EDTF.
    async fn edtf(&self) -> Edtf {
        Edtf(self.0.edtf().to_owned())
    }

    /// The earliest day that it may mean; null where it is open.
    async fn earliest(&self) -> Option<LocalDate> {
        self.0.earliest().map(LocalDate)
    }

    /// The latest day that it may mean; null where it is open.
    async fn latest(&self) -> Option<LocalDate> {
        self.0.latest().map(LocalDate)
    }

    /// The date as people write it.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        self.0.text(Asking::of(ctx).locale(locale))
    }
}

/// A number as documents state it: nearly 8,000; more than 60; 400 to 800; some.
pub(crate) struct Quantity(pub(crate) quantity::Quantity);

/// A number as documents state it: nearly 8,000; more than 60; 400 to 800; some.
#[Object]
impl Quantity {
    /// The number; null for ranges and where the source gives none.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Into::into)
    }

    /// The least that it can be; null where nothing bounds it.
    async fn lower(&self) -> Option<Decimal> {
        self.0.lower.map(Into::into)
    }

    /// The most that it can be; null where nothing bounds it.
    async fn upper(&self) -> Option<Decimal> {
        self.0.upper.map(Into::into)
    }

    /// How exact it is.
    async fn qualifier(&self) -> Qualifier {
        self.0.qualifier.into()
    }

    /// What is counted: person, agreement, km, USD.
    async fn unit(&self) -> String {
        self.0.unit.clone()
    }

    /// The currency, for money.
    async fn currency(&self) -> Option<CurrencyCode> {
        self.0.currency.clone().map(CurrencyCode)
    }

    /// The quantity as people write it.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        let locale = Asking::of(ctx).locale(locale);
        self.0.text(locale, self.0.unit_name(locale))
    }
}
