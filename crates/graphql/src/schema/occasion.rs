//! Occasions that events commemorate.

use super::asking::{Asking, View};
use super::country::CountryObject;
use super::enums::Locale;
use super::scalar::LocalDate;
use super::term::SourceObject;
use async_graphql::{Context, Object};
use caunoi_domain::reference::{Occasion, OccasionId};

/// A date that events commemorate.
pub(crate) struct OccasionObject(pub(crate) Occasion);

impl OccasionObject {
    pub(crate) fn find(asking: &Asking, id: OccasionId) -> Option<Self> {
        asking.directory().occasion(id).cloned().map(Self)
    }
}

/// A date that events commemorate: a national day, the day on which relations were established.
#[Object(name = "Occasion")]
impl OccasionObject {
    /// Its printable code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What people read.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.0.name.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The day that is counted from; null for movable feasts.
    async fn anchor(&self) -> Option<LocalDate> {
        self.0.anchor.map(LocalDate)
    }

    /// When it returns each year, `MM-DD`; null for movable feasts.
    async fn month_day(&self) -> Option<&str> {
        self.0.month_day.as_deref()
    }

    /// The country that it belongs to.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.0.country?, View::NOW)
    }

    /// Which anniversary falls in a year; null where nothing is counted from, or not yet.
    async fn anniversary_no(&self, #[graphql(desc = "The calendar year.")] year: i32) -> Option<i32> {
        self.0.anniversary_no(year)
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(Asking::of(ctx), source))
    }
}
