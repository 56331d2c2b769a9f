//! The root fields of entries, and of the occasions that events commemorate.

use crate::schema::agreement::AgreementObject;
use crate::schema::api_error::ApiError;
use crate::schema::connection::{EntryConnection, EntryList, GraphqlEntry, PageArgs, PlainConnection};
use crate::schema::cost_directives::{AssumedSize, PageSize};
use crate::schema::enums::Boundaries;
use crate::schema::event::EventObject;
use crate::schema::filter::{
    self, AgreementFilter, EventFilter, FigureFilter, OrganizationFilter, ProgrammeFilter, RelationFilter,
};
use crate::schema::global_id::GlobalId;
use crate::schema::instrument::InstrumentObject;
use crate::schema::occasion::OccasionObject;
use crate::schema::order::{self, AgreementOrder, EventOrder, RelationOrder};
use crate::schema::organization::OrganizationObject;
use crate::schema::relation::RelationObject;
use crate::schema::request_context::{RequestContext, View};
use crate::schema::scalar::LocalDate;
use async_graphql::{Context, ID, Object, OneofObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{EntryKey, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::ReferenceKind;

/// The identifier of an entry. Exactly one field is given.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum EntryBy {
    /// The global id.
    Id(ID),
    /// The printable code, for example `AGR-0045`.
    Code(String),
}

/// Returns the entry with this identifier; `None` if it does not exist or is not visible to the
/// caller.
async fn find<C: GraphqlEntry>(ctx: &Context<'_>, by: EntryBy) -> Option<Result<C::GraphqlObject, ApiError>> {
    let request = RequestContext::of(ctx);
    let found = match by {
        EntryBy::Code(code) => request.reader.find_by_codes::<C>(&[code]).await,
        EntryBy::Id(id) => match GlobalId::decode(&id) {
            Some(GlobalId::Entry(EntryKey { kind, log, number })) if kind == C::KIND => {
                request.reader.find_by_keys::<C>(&[(log, number)]).await
            }
            _ => return None,
        },
    };
    match found {
        Ok(entries) => entries.into_iter().next().map(|entry| Ok(C::into_object(entry))),
        Err(error) => Some(Err(error.into())),
    }
}

/// The root fields of entries.
pub(crate) struct EntryQueries;

#[Object]
impl EntryQueries {
    /// One relation. Null if there is none visible to the caller.
    async fn relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
    ) -> Option<Result<RelationObject, ApiError>> {
        find::<Relation>(ctx, by).await
    }

    /// One agreement. Null if there is none visible to the caller.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
    ) -> Option<Result<AgreementObject, ApiError>> {
        find::<Agreement>(ctx, by).await
    }

    /// One event. Null if there is none visible to the caller.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
    ) -> Option<Result<EventObject, ApiError>> {
        find::<Event>(ctx, by).await
    }

    /// One organization. Null if there is none visible to the caller.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
    ) -> Option<Result<OrganizationObject, ApiError>> {
        find::<Organization>(ctx, by).await
    }

    /// The relations of all provinces.
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
        #[graphql(desc = "The boundaries that filters and groups use. The default is `TODAY`.")]
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
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, None)
            .map(EntryConnection)
    }

    /// The agreements of all provinces.
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
        #[graphql(desc = "The boundaries that filters and groups use. The default is `TODAY`.")]
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
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, None)
            .map(EntryConnection)
    }

    /// The events of all provinces and of the ministry.
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
        #[graphql(desc = "The boundaries that filters and groups use. The default is `TODAY`.")]
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
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, None)
            .map(EntryConnection)
    }

    /// The organizations at home and abroad, ordered by name in the language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the organizations must meet. The default is no condition.")]
        filter: Option<OrganizationFilter>,
        #[graphql(
            desc = "Returns only the entries known by this day, and counts with their state on this day. By default all entries are returned, and counted with their state today. Fields of the entries have their own `asOf`."
        )]
        as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups use. The default is `TODAY`.")]
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
    ) -> Result<EntryConnection<Organization>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::by_name(ctx), PageArgs { first, after, last, before }, view, None)
            .map(EntryConnection)
    }

    /// The programmes, for example scholarships, exchanges and aid, ordered by title in the
    /// language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the programmes must meet. The default is no condition.")]
        filter: Option<ProgrammeFilter>,
        #[graphql(
            desc = "Returns only the entries known by this day, and counts with their state on this day. By default all entries are returned, and counted with their state today. Fields of the entries have their own `asOf`."
        )]
        as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters use. The default is `TODAY`.")] boundaries: Option<
            Boundaries,
        >,
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
    ) -> Result<PlainConnection<Programme>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::by_name(ctx), PageArgs { first, after, last, before }, view, None)
            .map(PlainConnection)
    }

    /// The reported figures, the newest first.
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
        #[graphql(desc = "The boundaries that filters use. The default is `TODAY`.")] boundaries: Option<
            Boundaries,
        >,
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
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::newest(), PageArgs { first, after, last, before }, view, None)
            .map(PlainConnection)
    }

    /// The policy or legal document with this number. Null if there is none.
    async fn instrument(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as printed on the document, for example `34-NQ/TW`.")] number: String,
    ) -> Option<InstrumentObject> {
        let found = RequestContext::of(ctx).instrument_by_number(&number);
        found.map(|entry| Instrument::into_object(entry.clone()))
    }

    /// All policy and legal documents, or with `unit` those of one administrative unit.
    #[graphql(directive = AssumedSize::apply(20))]
    async fn instruments(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The slug of a unit, current or former, or of the province that a former unit is now part of: `BINH_DUONG`. The default is all units. An unknown slug is an error."
        )]
        unit: Option<String>,
    ) -> Result<Vec<InstrumentObject>, ApiError> {
        let request = RequestContext::of(ctx);
        let directory = request.directory();
        let units =
            unit.as_deref().map(|slug| directory.require_units(ReferenceKind::Unit, slug)).transpose();
        let units = units.map_err(|reason| ApiError::argument("unit", reason))?;
        let of_unit = |origin: Option<UnitId>| {
            units.is_none_or(|units| {
                origin.is_some_and(|origin| {
                    units.contains(&origin) || units.contains(&directory.unit_on(origin, None))
                })
            })
        };
        let all = request.instruments().iter();
        let found = all.filter(|entry| of_unit(entry.content.common.origin_unit));
        Ok(found.map(|entry| Instrument::into_object(entry.clone())).collect())
    }

    /// All dates that events commemorate.
    #[graphql(directive = AssumedSize::apply(33))]
    async fn occasions(&self, ctx: &Context<'_>) -> Vec<OccasionObject> {
        RequestContext::of(ctx).directory().occasions().iter().cloned().map(OccasionObject).collect()
    }
}
