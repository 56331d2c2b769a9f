//! The root fields of queries.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::change::{ChangeConnection, LatestChanges};
use super::connection::{EntryConnection, EntryList, GraphqlEntry, PageArgs, PlainConnection};
use super::cost_directives::{AssumedSize, PageSize, Weight};
use super::country::CountryObject;
use super::enums::{Boundaries, ProposalState, Vocabulary};
use super::event::EventObject;
use super::filter::{
    self, AgreementFilter, ChangeFilter, EventFilter, FigureFilter, OrganizationFilter, ProgrammeFilter,
    RelationFilter,
};
use super::global_id::GlobalId;
use super::instrument::InstrumentObject;
use super::locality::{LocalityConnection, LocalityObject, sorted_by_name};
use super::node::Node;
use super::occasion::OccasionObject;
use super::order::{self, AgreementOrder, EventOrder, RelationOrder};
use super::organization::OrganizationObject;
use super::proposal::ProposalConnection;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::request_context::{RequestContext, View};
use super::scalar::{CountryCode, Cursor, LocalDate};
use super::search::SearchConnection;
use super::statistics::Statistics;
use super::term::TermObject;
use super::unit::UnitObject;
use super::viewer::Viewer;
use super::webhook::{self, WebhookObject};
use async_graphql::{Context, ID, Object, OneofObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{EntryKey, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Id;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::validation::ReferenceKind;
use caunoi_domain::{collation, proposal, reference};
use caunoi_register::search_localities;
use caunoi_texts::ApiText;
use futures_util::future::try_join_all;

/// The maximum number of ids of `nodes`.
const MOST_IDS: u16 = 100;

/// The identifier of an administrative unit. Exactly one field is given.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum UnitBy {
    /// The slug, for example `DONG_NAI`. Successive units may have used the same slug; `asOf`
    /// selects one.
    Slug(String),
    /// The statistical code, for example `75`. Successive units may have used the same code; `asOf`
    /// selects one.
    Code(String),
    /// The global id.
    Id(ID),
}

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
async fn find<C: GraphqlEntry>(
    ctx: &Context<'_>,
    by: EntryBy,
    view: View,
) -> Option<Result<C::GraphqlObject, ApiError>> {
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
        Ok(entries) => entries.into_iter().next().map(|entry| Ok(C::into_object(entry, view))),
        Err(error) => Some(Err(error.into())),
    }
}

/// The root of queries.
pub(crate) struct Query;

/// The queries of the register. A caller without a token sees published data only.
#[Object]
impl Query {
    /// The caller. Null without a token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        Viewer::of(ctx)
    }

    /// The webhooks of the caller, the oldest first. Requires the role `PARTNER` and a token with
    /// the scope `write`.
    #[graphql(directive = AssumedSize::apply(20))]
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<WebhookObject>, ApiError> {
        webhook::list(ctx).await
    }

    /// The object with a global id. Null if no such object is visible to the caller.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.")]
        id: ID,
    ) -> Option<Result<Node, ApiError>> {
        Node::find(ctx, &id).await.transpose()
    }

    /// The objects with several global ids, in the given order, with null for each id that no
    /// visible object has.
    #[graphql(directive = AssumedSize::apply(MOST_IDS))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global ids. More are an error.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() > usize::from(MOST_IDS) {
            return Err(ApiError::bad_input(ApiText::TooManyIds { most: usize::from(MOST_IDS) }));
        }
        // Concurrently, so that entries of one kind are read in one statement.
        try_join_all(ids.iter().map(|id| Node::find(ctx, id))).await
    }

    /// The 34 present-day provinces and centrally run cities, ordered by statistical code.
    #[graphql(directive = AssumedSize::apply(34))]
    async fn provinces(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The default `boundaries` of all nested fields. Without it, nested fields use `TODAY`."
        )]
        boundaries: Option<Boundaries>,
    ) -> Vec<ProvinceObject> {
        let view = View::NOW.narrow(as_of, boundaries);
        let provinces = RequestContext::of(ctx).directory().provinces();
        provinces.iter().map(|province| ProvinceObject::new(province, view)).collect()
    }

    /// The present-day province with this slug. Null if there is none.
    async fn province(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the province, for example `DONG_NAI`.")] slug: String,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The default `boundaries` of all nested fields. Without it, nested fields use `TODAY`."
        )]
        boundaries: Option<Boundaries>,
    ) -> Option<ProvinceObject> {
        let view = View::NOW.narrow(as_of, boundaries);
        let province = RequestContext::of(ctx).directory().province_by_slug(&slug);
        province.map(|province| ProvinceObject::new(province, view))
    }

    /// The administrative units of the first tier that existed on a day, ordered by statistical
    /// code: 63 until 2025-06-30, 34 since then.
    #[graphql(directive = AssumedSize::apply(63))]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Vec<UnitObject> {
        let view = View::NOW.narrow(as_of, None);
        let day = view.day(ctx, None);
        let all = RequestContext::of(ctx).directory().units().iter();
        let mut units: Vec<_> = all.filter(|unit| unit.is_valid_on(day)).collect();
        units.sort_by_key(|unit| unit.designation(day).map(|designation| designation.code.clone()));
        units.into_iter().map(|unit| UnitObject::new(unit, view)).collect()
    }

    /// The administrative unit that had a slug or code on a day, or the unit with an id. For a slug
    /// that no unit had on that day, the oldest unit that ever had it. Null if there is none.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: UnitBy,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Option<UnitObject> {
        let view = View::NOW.narrow(as_of, None);
        let day = view.day(ctx, None);
        let directory = RequestContext::of(ctx).directory();
        let unit = match by {
            // A slug that no unit has on the day identifies the oldest unit that ever had it.
            UnitBy::Slug(slug) => directory.unit_by_slug_on(&slug, day),
            UnitBy::Code(code) => directory.unit_by_code_on(&code, day),
            UnitBy::Id(id) => match GlobalId::decode(&id) {
                Some(GlobalId::Unit(id)) => directory.unit(Id::new(id)),
                _ => None,
            },
        };
        unit.map(|unit| UnitObject::new(unit, view))
    }

    /// All countries and territories, ordered by name in the language of the request.
    #[graphql(directive = AssumedSize::apply(249))]
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let locale = request.locale(None);
        let mut countries: Vec<_> = request.directory().countries().iter().collect();
        countries.sort_by_cached_key(|country| collation::key(country.name.in_locale(locale), locale));
        countries.into_iter().map(|country| CountryObject::new(country, View::NOW)).collect()
    }

    /// The country or territory with this code. Null if there is none.
    async fn country(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ISO 3166-1 alpha-2 code, for example `JP`.")] code: CountryCode,
    ) -> Option<CountryObject> {
        let country = RequestContext::of(ctx).directory().country_by_iso2(&code.0);
        country.map(|country| CountryObject::new(country, View::NOW))
    }

    /// The localities abroad: with `search`, those whose names or aliases match it, the best match
    /// first; otherwise all, ordered by name in the language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first"], &["edges", "nodes"]))]
    async fn localities(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A search text of at most 200 characters, for example `gyeong nam`. Every word must be the beginning of a word of one name; diacritics and case are ignored."
        )]
        search: Option<String>,
        #[graphql(
            desc = "Returns only the localities of this country, for example `KR`. An unknown code is an error."
        )]
        country: Option<CountryCode>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<LocalityConnection, ApiError> {
        let request = RequestContext::of(ctx);
        let (directory, locale) = (request.directory(), request.locale(None));
        let mut rows = if let Some(search) = &search {
            let words = SearchTerms::parse(search).map_err(|reason| ApiError::argument("search", reason))?;
            search_localities(directory, &words)
        } else {
            sorted_by_name(directory.localities().iter(), locale)
        };
        if let Some(code) = &country {
            let known = directory.require_country(&code.0);
            let wanted = known.map_err(|reason| ApiError::argument("country", reason))?.id;
            rows.retain(|(_, id)| directory.locality(*id).is_some_and(|locality| locality.country == wanted));
        }
        let purpose = format!("localities {search:?} {country:?} {locale:?}");
        LocalityConnection::new(ctx, &purpose, rows, PageArgs::forwards(first, after), View::NOW)
    }

    /// The locality with this slug. Null if there is none.
    async fn locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the locality, for example `kr-busan`.")] slug: String,
    ) -> Option<LocalityObject> {
        let locality = RequestContext::of(ctx).directory().locality_by_slug(&slug);
        locality.map(|locality| LocalityObject::new(locality, View::NOW))
    }

    /// All terms of a vocabulary.
    #[graphql(directive = AssumedSize::apply(60))]
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The vocabulary to list, for example `FIELD`.")] vocabulary: Vocabulary,
    ) -> Vec<TermObject> {
        let vocabulary = reference::Vocabulary::from(vocabulary);
        RequestContext::of(ctx).directory().terms(vocabulary).cloned().map(TermObject).collect()
    }

    /// One relation. Null if there is none visible to the caller.
    async fn relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<Result<RelationObject, ApiError>> {
        find::<Relation>(ctx, by, View::NOW.narrow(as_of, None)).await
    }

    /// One agreement. Null if there is none visible to the caller.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<Result<AgreementObject, ApiError>> {
        find::<Agreement>(ctx, by, View::NOW.narrow(as_of, None)).await
    }

    /// One event. Null if there is none visible to the caller.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<Result<EventObject, ApiError>> {
        find::<Event>(ctx, by, View::NOW.narrow(as_of, None)).await
    }

    /// One organization. Null if there is none visible to the caller.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: EntryBy,
        #[graphql(
            desc = "The default `asOf` of all nested fields, for example `2025-06-30`. Without it, nested fields report on today."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<Result<OrganizationObject, ApiError>> {
        find::<Organization>(ctx, by, View::NOW.narrow(as_of, None)).await
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
            desc = "Returns only the entries that count by this day, with their state on this day. By default all entries are returned, with their state today."
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
        let view = View::NOW.narrow(as_of, boundaries);
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
            desc = "Returns only the entries that count by this day, with their state on this day. By default all entries are returned, with their state today."
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
        let view = View::NOW.narrow(as_of, boundaries);
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
            desc = "Returns only the entries that count by this day, with their state on this day. By default all entries are returned, with their state today."
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
        let view = View::NOW.narrow(as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, None)
            .map(EntryConnection)
    }

    /// The organizations at home and abroad, ordered by name in the language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first"], &["edges", "nodes"]))]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the organizations must meet. The default is no condition.")]
        filter: Option<OrganizationFilter>,
        #[graphql(
            desc = "Returns only the entries known by this day, with their state on this day. By default all entries are returned, with their state today."
        )]
        as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups use. The default is `TODAY`.")]
        boundaries: Option<Boundaries>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<EntryConnection<Organization>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::by_name(ctx), PageArgs::forwards(first, after), view, None)
            .map(EntryConnection)
    }

    /// The programmes, for example scholarships, exchanges and aid, ordered by title in the
    /// language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first"], &["edges", "nodes"]))]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the programmes must meet. The default is no condition.")]
        filter: Option<ProgrammeFilter>,
        #[graphql(
            desc = "Returns only the entries known by this day, with their state on this day. By default all entries are returned, with their state today."
        )]
        as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters use. The default is `TODAY`.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<PlainConnection<Programme>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::by_name(ctx), PageArgs::forwards(first, after), view, None)
            .map(PlainConnection)
    }

    /// The reported figures, the newest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first"], &["edges", "nodes"]))]
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
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<PlainConnection<Figure>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        EntryList::new(filter, order::newest(), PageArgs::forwards(first, after), view, None)
            .map(PlainConnection)
    }

    /// The policy or legal document with this number. Null if there is none.
    async fn instrument(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as printed on the document, for example `34-NQ/TW`.")] number: String,
    ) -> Option<InstrumentObject> {
        let found = RequestContext::of(ctx).instrument_by_number(&number);
        found.map(|entry| Instrument::into_object(entry.clone(), View::NOW))
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
        Ok(found.map(|entry| Instrument::into_object(entry.clone(), View::NOW)).collect())
    }

    /// All dates that events commemorate.
    #[graphql(directive = AssumedSize::apply(33))]
    async fn occasions(&self, ctx: &Context<'_>) -> Vec<OccasionObject> {
        RequestContext::of(ctx).directory().occasions().iter().cloned().map(OccasionObject).collect()
    }

    /// The units, localities, organizations, relations, agreements and events that match a search
    /// text, the best match first. Every word of the search must be the beginning of a word of a
    /// name or text. Diacritics, tone placement and case are ignored, but a name with the
    /// diacritics as typed comes first.
    #[graphql(directive = Weight::apply(100), directive = PageSize::apply(&["first"], &["edges", "nodes"]))]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The search text, at most 200 characters, for example `dong nai`.")] query: String,
        #[graphql(desc = "The number of hits to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<SearchConnection, ApiError> {
        SearchConnection::search(ctx, &query, PageArgs::forwards(first, after)).await
    }

    /// National statistics for a day, under the boundaries of that day or of today.
    async fn statistics(
        &self,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide under which unit an entry counts. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
    ) -> Statistics {
        Statistics { view: View::NOW.narrow(as_of, boundaries) }
    }

    /// The proposals of provinces for new localities, the oldest first. A province sees its own,
    /// the ministry sees all, other callers see none.
    #[graphql(directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn locality_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The state of the proposals to return.",
            default_with = "proposal::ProposalState::Open.into()"
        )]
        state: ProposalState,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
    ) -> Result<ProposalConnection, ApiError> {
        ProposalConnection::read(ctx, state, first, after).await
    }

    /// The changes after a cursor that are visible to the caller. The changes of each province are
    /// in the order of their positions; provinces follow one another and are not merged by time.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["messages", "nodes"]))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The cursor of a change: the result begins after it. The default is the first change."
        )]
        after: Option<Cursor>,
        #[graphql(desc = "The conditions that the changes must meet. The default is no condition.")]
        filter: Option<ChangeFilter>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
    ) -> Result<ChangeConnection, ApiError> {
        ChangeConnection::read(ctx, after, filter, first).await
    }

    /// The newest changes of all provinces and the ministry by time, the newest first. Only the
    /// last 2,000 positions of each log are read; with a filter by country, locality or field, only
    /// the newest 2,000 changes among them.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn latest_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the changes must meet. The default is no condition.")]
        filter: Option<ChangeFilter>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
    ) -> Result<LatestChanges, ApiError> {
        LatestChanges::read(ctx, filter, first).await
    }
}
