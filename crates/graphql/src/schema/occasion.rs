//! Occasions that events commemorate.

use super::cost_directives::TextSize;
use super::country::CountryObject;
use super::enums::Locale;
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::source::SourceObject;
use async_graphql::{Context, Object};
use caunoi_domain::occasion::{Occasion, OccasionId};

/// The GraphQL object of an occasion.
pub(crate) struct OccasionObject(pub(crate) Occasion);

impl OccasionObject {
    pub(crate) fn find(request: &RequestContext, id: OccasionId) -> Option<Self> {
        request.directory().occasion(id).cloned().map(Self)
    }
}

/// A date that events commemorate, for example a national day or the day on which diplomatic
/// relations were established.
#[Object(name = "Occasion")]
impl OccasionObject {
    /// The printable code, for example `LIBERATION_SOUTH`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The name in the given language. If it does not exist in that language, the name in the other
    /// one.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.0.name.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The day from which anniversaries are counted, for example `1975-04-30`. Null if it has no
    /// fixed date.
    async fn anchor(&self) -> Option<LocalDate> {
        self.0.anchor.map(LocalDate)
    }

    /// The day of the year as `MM-DD`, for example `04-30`. Null if it has no fixed date.
    async fn month_day(&self) -> Option<&str> {
        self.0.month_day.as_deref()
    }

    /// The country that it belongs to. Null if it belongs to none.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.0.country?)
    }

    /// The number of the anniversary in a year, for example 50. Null if `anchor` is null or the
    /// year is not after it.
    async fn anniversary_no(
        &self,
        #[graphql(desc = "The calendar year, for example `2026`.")] year: i32,
    ) -> Option<i32> {
        self.0.anniversary_no(year)
    }

    /// The source that states it. Null if not recorded.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(RequestContext::of(ctx), source))
    }
}
