//! Present-day provinces, the tenants of the register.

use super::api_error::ApiError;
use super::connection::{EntryConnection, EntryList, PageArgs, PlainConnection};
use super::cost_directives::{AssumedSize, PageSize, TextSize};
use super::country::CountryObject;
use super::enums::{Boundaries, Locale, SocioEconomicRegion, UnitKind};
use super::filter::{self, AgreementFilter, EventFilter, FigureFilter, RelationFilter};
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::order::{self, AgreementOrder, EventOrder, RelationOrder};
use super::request_context::{RequestContext, View};
use super::scalar::LocalDate;
use super::unit::{UnitObject, border_localities, day_of_unit, kind_on, length};
use super::value::{GeoPoint, Quantity};
use async_graphql::{Context, ID, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::page::Parent;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics;
use caunoi_domain::unit::{self, AdminUnit, GeographyFact, Province};

/// The GraphQL object of a present-day province.
pub(crate) struct ProvinceObject(Province);

impl ProvinceObject {
    pub(crate) fn new(province: &Province) -> Self {
        Self(province.clone())
    }

    pub(crate) fn of_log(request: &RequestContext, log: Log) -> Option<Self> {
        request.directory().province(log).map(Self::new)
    }

    fn unit_of<'a>(&self, ctx: &Context<'a>) -> Option<&'a AdminUnit> {
        RequestContext::of(ctx).directory().unit(self.0.unit)
    }

    fn parent(&self) -> Parent {
        Parent::Log(self.0.log)
    }
}

impl ProvinceObject {
    /// Adds the condition of the boundaries to a filter of the province: with `AT_THE_TIME`,
    /// entries must count under units with the slug of the province on the day.
    fn restrict_to_boundaries(&self, ctx: &Context<'_>, view: View, filter: Filter) -> Filter {
        let request = RequestContext::of(ctx);
        let boundary_view = request.boundary_view(request.directory(), view);
        match (boundary_view.boundaries, self.unit_of(ctx)) {
            (statistics::Boundaries::AtTheTime, Some(unit)) => {
                filter.and(boundary_view.province_filter(std::slice::from_ref(&unit.slug)))
            }
            (statistics::Boundaries::AtTheTime | statistics::Boundaries::Today, _) => filter,
        }
    }
}

/// A present-day province or centrally run city, with the entries of all former units that were
/// merged into it.
#[Object(name = "Province")]
impl ProvinceObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Province(self.0.log).encode()
    }

    /// The readable key, the same as that of its unit: `DONG_NAI`.
    async fn slug(&self, ctx: &Context<'_>) -> String {
        self.unit_of(ctx).map_or_else(String::new, |unit| unit.slug.clone())
    }

    /// The administrative unit that the province is today.
    async fn unit(&self, ctx: &Context<'_>) -> Result<UnitObject, ApiError> {
        let found = self.unit_of(ctx).map(UnitObject::new);
        found.ok_or_else(|| ApiError::missing("unit"))
    }

    /// The name in the given language, for example `Đồng Nai`.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        let locale = RequestContext::of(ctx).locale(locale);
        let now = self.unit_of(ctx).and_then(|unit| unit.designation(RequestContext::of(ctx).today()));
        now.map_or_else(String::new, |designation| designation.name.in_locale(locale).to_owned())
    }

    /// The kind of unit on a day: province or centrally run city.
    async fn kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<UnitKind, ApiError> {
        let day = day_of_unit(ctx, as_of)?;
        Ok(self.unit_of(ctx).map_or(unit::UnitKind::Province, |unit| kind_on(unit, day)).into())
    }

    /// The former units that were merged into it.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn inherited_units(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        let directory = RequestContext::of(ctx).directory();
        let inherited = |unit: &&AdminUnit| {
            unit.id != self.0.unit
                && directory.province_of(unit.id).is_some_and(|province| province.log == self.0.log)
        };
        directory.units().iter().filter(inherited).map(UnitObject::new).collect()
    }

    /// The socio-economic region, for example `SOUTHEAST`.
    async fn region(&self) -> SocioEconomicRegion {
        self.0.region.into()
    }

    /// The town of the administrative seat. Null if not recorded.
    async fn capital(&self) -> Option<&str> {
        self.0.capital.as_deref()
    }

    /// The area in square kilometres. Null if not recorded.
    async fn area_km2(&self) -> Option<f64> {
        self.0.area_km2
    }

    /// The number of inhabitants as stated in the source. Null if not recorded.
    async fn population(&self) -> Option<i64> {
        self.0.population
    }

    /// A point inside the province, for map labels. Null if not recorded.
    async fn location(&self) -> Option<GeoPoint> {
        self.0.location.map(Into::into)
    }

    /// The length of the land border in kilometres. Null if no source states it for the present-day
    /// province.
    async fn border_km(&self, ctx: &Context<'_>) -> Option<Quantity> {
        self.unit_of(ctx).and_then(|unit| length(unit, GeographyFact::BorderKm))
    }

    /// The length of the coast in kilometres. Null if no source states it for the present-day
    /// province.
    async fn coast_km(&self, ctx: &Context<'_>) -> Option<Quantity> {
        self.unit_of(ctx).and_then(|unit| length(unit, GeographyFact::CoastKm))
    }

    /// The countries across its land border.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn neighbours(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        self.0.neighbours.iter().filter_map(|id| CountryObject::find(request, *id)).collect()
    }

    /// The localities across its land border that sources name.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn border_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let unit = self.unit_of(ctx);
        unit.map_or_else(Vec::new, |unit| border_localities(RequestContext::of(ctx), unit))
    }

    /// The relations of the province, including those of merged units. With boundaries
    /// `AT_THE_TIME`, only those that counted under its slug on the day reported on.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the relations must meet. The default is no condition.")] filter: Option<RelationFilter>,
        #[graphql(
            desc = "The sort keys, the most significant first; at most 8 are used. The default is the newest entry first."
        )]
        order_by: Option<Vec<RelationOrder>>,
        #[graphql(
            desc = "Returns only the entries that count by this day, and counts with their state on this day. By default all entries are returned, and counted with their state today. Fields of the entries have their own `asOf`."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide which entries belong to this province and that its filters use. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
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
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = self.restrict_to_boundaries(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }

    /// The agreements of the province, including those of merged units. With boundaries
    /// `AT_THE_TIME`, only those that counted under its slug on the day reported on.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the agreements must meet. The default is no condition.")]
        filter: Option<AgreementFilter>,
        #[graphql(
            desc = "The sort keys, the most significant first; at most 8 are used. The default is the newest entry first."
        )]
        order_by: Option<Vec<AgreementOrder>>,
        #[graphql(
            desc = "Returns only the entries that count by this day, and counts with their state on this day. By default all entries are returned, and counted with their state today. Fields of the entries have their own `asOf`."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide which entries belong to this province and that its filters use. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
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
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = self.restrict_to_boundaries(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }

    /// The events of the province, including those of merged units. With boundaries `AT_THE_TIME`,
    /// only those that counted under its slug on the day reported on.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the events must meet. The default is no condition.")]
        filter: Option<EventFilter>,
        #[graphql(
            desc = "The sort keys, the most significant first; at most 8 are used. The default is the newest entry first."
        )]
        order_by: Option<Vec<EventOrder>>,
        #[graphql(
            desc = "Returns only the entries that count by this day, and counts with their state on this day. By default all entries are returned, and counted with their state today. Fields of the entries have their own `asOf`."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide which entries belong to this province and that its filters use. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
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
    ) -> Result<EntryConnection<Event>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = self.restrict_to_boundaries(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }

    /// The reported figures on the province or on units merged into it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the figures must meet. The default is no condition.")]
        filter: Option<FigureFilter>,
        #[graphql(
            desc = "Returns only the figures that refer to this day or an earlier one. By default all figures are returned."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide which entries belong to this province and that its filters use. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
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
    ) -> Result<PlainConnection<Figure>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = self.restrict_to_boundaries(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        EntryList::new(
            filter,
            order::newest(),
            PageArgs { first, after, last, before },
            view,
            Some(self.parent()),
        )
        .map(PlainConnection)
    }
}
