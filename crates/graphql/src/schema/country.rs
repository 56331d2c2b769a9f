//! Countries and territories.

use super::api_error::ApiError;
use super::connection::PageArgs;
use super::cost_directives::{PageSize, TextSize};
use super::enums::{Locale, Region, Subregion};
use super::global_id::GlobalId;
use super::locality::{LocalityConnection, sorted_by_name};
use super::request_context::RequestContext;
use super::scalar::CountryCode;
use async_graphql::{Context, ID, Object};
use caunoi_domain::change;
use caunoi_domain::entry::CountryId;
use caunoi_domain::place::Country;

/// The GraphQL object of a country or territory.
pub(crate) struct CountryObject(Country);

impl CountryObject {
    pub(crate) fn new(country: &Country) -> Self {
        Self(country.clone())
    }

    pub(crate) fn find(request: &RequestContext, id: CountryId) -> Option<Self> {
        request.directory().country(id).map(Self::new)
    }
}

/// A country or territory (quốc gia hoặc vùng lãnh thổ). Its name is that of the list of the
/// Ministry of Foreign Affairs, else that of the international standard list.
#[Object(name = "Country")]
impl CountryObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Country, self.0.id)
    }

    /// The ISO 3166-1 alpha-2 code, for example `JP`.
    async fn code(&self) -> CountryCode {
        CountryCode(self.0.iso2.clone())
    }

    /// The ISO 3166-1 alpha-3 code, for example `JPN`.
    async fn alpha3(&self) -> &str {
        &self.0.iso3
    }

    /// The name in the given language, for example `Nhật Bản`.
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

    /// An opaque tag of the present state, which differs after each change. A mutation that changes
    /// the object names the revision that it is based on.
    async fn revision(&self) -> String {
        change::revision(&self.0)
    }

    /// The region of the world by UN M49, for example `ASIA`. Null for Antarctica.
    async fn region(&self) -> Option<Region> {
        self.0.region.map(Into::into)
    }

    /// The sub-region by UN M49, for example `SOUTH_EASTERN_ASIA`. Null for Antarctica.
    async fn subregion(&self) -> Option<Subregion> {
        self.0.subregion.map(Into::into)
    }

    /// The localities of this country in the register, ordered by name in the language of the
    /// request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn localities(
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
    ) -> Result<LocalityConnection, ApiError> {
        let request = RequestContext::of(ctx);
        let locale = request.locale(None);
        let own = request.directory().localities().iter().filter(|one| one.country == self.0.id);
        let rows = sorted_by_name(own, locale);
        let purpose = format!("localities of {} {locale:?}", self.0.iso2);
        LocalityConnection::new(ctx, &purpose, rows, PageArgs { first, after, last, before })
    }
}
