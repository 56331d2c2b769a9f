//! Provinces: the tenants of today.

use super::asking::{Asking, View};
use super::connection::{Connection, List, PlainConnection, Slice};
use super::country::CountryObject;
use super::enums::{Boundaries, Locale, UnitKind};
use super::fault::Fault;
use super::filter::{self, AgreementFilter, EventFilter, FigureFilter, RelationFilter};
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::order::{self, AgreementOrder, EventOrder, RelationOrder};
use super::scalar::LocalDate;
use super::unit::{UnitObject, border_localities, kind_on, length};
use super::value::{GeoPoint, Quantity};
use async_graphql::{Context, ID, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics;
use caunoi_domain::unit::{AdminUnit, GeographyFact, Province};
use caunoi_register::Parent;

/// A tenant: a province or city that lives today.
pub(crate) struct ProvinceObject {
    province: Province,
    view: View,
}

impl ProvinceObject {
    pub(crate) fn new(province: &Province, view: View) -> Self {
        Self { province: province.clone(), view }
    }

    pub(crate) fn of_log(asking: &Asking, log: Log, view: View) -> Option<Self> {
        asking.directory().province(log).map(|province| Self::new(province, view))
    }

    fn unit_of<'a>(&self, ctx: &Context<'a>) -> Option<&'a AdminUnit> {
        Asking::of(ctx).directory().unit(self.province.unit)
    }

    fn parent(&self) -> Parent {
        Parent::Log(self.province.log)
    }
}

impl ProvinceObject {
    /// Narrows a filter of the province's log to what counts under the boundaries that were asked
    /// for: under those of the time, what came from units that bear the province's slug then.
    fn own(&self, ctx: &Context<'_>, view: View, filter: Filter) -> Filter {
        let asking = Asking::of(ctx);
        let lens = asking.lens(asking.directory(), view);
        match (lens.boundaries, self.unit_of(ctx)) {
            (statistics::Boundaries::AtTheTime, Some(unit)) => {
                filter.and(lens.province_filter(std::slice::from_ref(&unit.slug)))
            }
            (statistics::Boundaries::AtTheTime | statistics::Boundaries::Today, _) => filter,
        }
    }
}

/// The view of a field that can be asked for a day and boundaries of its own.
pub(crate) fn narrowed(view: View, as_of: Option<LocalDate>, boundaries: Option<Boundaries>) -> View {
    View {
        as_of: as_of.map(|day| day.0).or(view.as_of),
        boundaries: boundaries.map_or(view.boundaries, Into::into),
    }
}

/// A province or centrally run city that lives today, with all that it inherited from the units
/// that were merged into it.
#[Object(name = "Province")]
impl ProvinceObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Province(self.province.log).encode()
    }

    /// The human key, that of its unit: `DONG_NAI`.
    async fn slug(&self, ctx: &Context<'_>) -> String {
        self.unit_of(ctx).map_or_else(String::new, |unit| unit.slug.clone())
    }

    /// The unit that it is today.
    async fn unit(&self, ctx: &Context<'_>) -> Result<UnitObject, Fault> {
        let found = self.unit_of(ctx).map(|unit| UnitObject::new(unit, self.view));
        found.ok_or_else(|| Fault::missing("unit"))
    }

    /// Its name.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        let locale = Asking::of(ctx).locale(locale);
        let now = self.unit_of(ctx).and_then(|unit| unit.designation(self.view.day(ctx, None)));
        now.map_or_else(String::new, |designation| designation.name.in_locale(locale).to_owned())
    }

    /// Province or centrally run city, on a day.
    async fn kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> UnitKind {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        self.unit_of(ctx).map_or(UnitKind::Province, |unit| kind_on(unit, day))
    }

    /// The former units that live on in it.
    async fn inherited_units(&self, ctx: &Context<'_>) -> Vec<UnitObject> {
        let directory = Asking::of(ctx).directory();
        let inherited = |unit: &&AdminUnit| {
            unit.id != self.province.unit
                && directory.province_of(unit.id).is_some_and(|province| province.log == self.province.log)
        };
        directory.units().iter().filter(inherited).map(|unit| UnitObject::new(unit, self.view)).collect()
    }

    /// One of the six socio-economic regions: `RED_RIVER_DELTA`, `SOUTHEAST`.
    async fn region(&self) -> &str {
        &self.province.region
    }

    /// The town that holds the administrative seat.
    async fn capital(&self) -> Option<&str> {
        self.province.capital.as_deref()
    }

    /// Its area in square kilometres.
    async fn area_km2(&self) -> Option<f64> {
        self.province.area_km2
    }

    /// Its inhabitants, as the source states.
    async fn population(&self) -> Option<i64> {
        self.province.population
    }

    /// A point inside it, for labels.
    async fn location(&self) -> Option<GeoPoint> {
        self.province.location.map(Into::into)
    }

    /// The length of its land border, where a source states it for the province of today.
    async fn border_km(&self, ctx: &Context<'_>) -> Option<Quantity> {
        self.unit_of(ctx).and_then(|unit| length(unit, GeographyFact::BorderKm))
    }

    /// The length of its coast, where a source states it for the province of today.
    async fn coast_km(&self, ctx: &Context<'_>) -> Option<Quantity> {
        self.unit_of(ctx).and_then(|unit| length(unit, GeographyFact::CoastKm))
    }

    /// Countries across its land border.
    async fn neighbours(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let asking = Asking::of(ctx);
        self.province.neighbours.iter().filter_map(|id| CountryObject::find(asking, *id, self.view)).collect()
    }

    /// Localities across its land border, as far as sources name them.
    async fn border_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let unit = self.unit_of(ctx);
        unit.map_or_else(Vec::new, |unit| border_localities(Asking::of(ctx), unit, self.view))
    }

    /// Its relations, those that it inherited among them; under the boundaries of the time only
    /// those that counted under its name then.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations.")] filter: Option<RelationFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<RelationOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that the list and its filters mean.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Relation>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = self.own(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }

    /// Its agreements, those that it inherited among them; under the boundaries of the time only
    /// those that counted under its name then.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<AgreementOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that the list and its filters mean.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = self.own(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }

    /// Its events, those that it inherited among them; under the boundaries of the time only
    /// those that counted under its name then.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<EventOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that the list and its filters mean.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Event>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = self.own(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }

    /// Reported figures that speak of it or of the units that it inherited.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures.")] filter: Option<FigureFilter>,
        #[graphql(desc = "Only what was known on this day.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that the list and its filters mean.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<PlainConnection<Figure>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = self.own(ctx, view, filter::read(ctx, view, filter.as_ref())?);
        List::new(filter, order::newest(), Slice::forwards(first, after), view, Some(self.parent()))
            .map(PlainConnection)
    }
}
