//! The roots of all questions.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::change::{ChangeConnection, LatestChanges};
use super::connection::{Connection, Kind, List, PlainConnection, Slice};
use super::country::CountryObject;
use super::enums::{Boundaries, ProposalState, Vocabulary};
use super::event::EventObject;
use super::fault::Fault;
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
use super::province::{ProvinceObject, narrowed};
use super::relation::RelationObject;
use super::scalar::{CountryCode, Cursor, LocalDate};
use super::search::SearchConnection;
use super::statistics::Statistics;
use super::term::TermObject;
use super::unit::UnitObject;
use super::viewer::Viewer;
use super::webhook::{self, WebhookObject};
use async_graphql::{Context, ID, Object, OneofObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::collation;
use caunoi_domain::entry::{EntryKey, UnitId};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Id;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::reference;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::Words;
use caunoi_register::search_localities;
use futures_util::future::try_join_all;

/// The most ids of one question.
const MOST_IDS: usize = 100;

/// What names one unit.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum UnitBy {
    /// The slug; several units may have borne it in turn.
    Slug(String),
    /// The statistical code; several units may have borne it in turn.
    Code(String),
    /// The global id.
    Id(ID),
}

/// What names one entry.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum EntryBy {
    /// The global id.
    Id(ID),
    /// The printable code.
    Code(String),
}

/// The entry that was named, if the caller may see it.
async fn find<C: Kind>(ctx: &Context<'_>, by: EntryBy, view: View) -> Option<Result<C::Object, Fault>> {
    let asking = Asking::of(ctx);
    let found = match by {
        EntryBy::Code(code) => asking.reading.find_by_codes::<C>(&[code]).await,
        EntryBy::Id(id) => match GlobalId::decode(&id) {
            Some(GlobalId::Entry(EntryKey { kind, log, number })) if kind == C::KIND => {
                asking.reading.find_by_keys::<C>(&[(log, number)]).await
            }
            _ => return None,
        },
    };
    match found {
        Ok(entries) => entries.into_iter().next().map(|entry| Ok(C::object(entry, view))),
        Err(error) => Some(Err(error.into())),
    }
}

/// Where every question begins.
pub(crate) struct Query;

/// What the register knows. Without a token, what is published.
#[Object]
impl Query {
    /// Who asks; null without a token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        Viewer::of(ctx)
    }

    /// The caller's webhooks, the oldest first. Needs: partner with a token that may write.
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<WebhookObject>, Fault> {
        webhook::list(ctx).await
    }

    /// What a global id names; null where there is no such thing in the caller's sight.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Option<Result<Node, Fault>> {
        Node::find(ctx, &id).await.transpose()
    }

    /// What several global ids name, in their order; null in the place of one that names nothing.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Fault> {
        if ids.len() > MOST_IDS {
            return Err(Fault::bad_input(format!("ask for at most {MOST_IDS} ids at once")));
        }
        // Together, so that entries of one kind are asked for in one statement.
        try_join_all(ids.iter().map(|id| Node::find(ctx, id))).await
    }

    /// The 34 provinces and centrally run cities of today, by code.
    async fn provinces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The default boundaries of everything below.")] boundaries: Option<Boundaries>,
    ) -> Vec<ProvinceObject> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let provinces = Asking::of(ctx).directory().provinces();
        provinces.iter().map(|province| ProvinceObject::new(province, view)).collect()
    }

    /// The province of today that bears a slug.
    async fn province(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug: `DONG_NAI`.")] slug: String,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The default boundaries of everything below.")] boundaries: Option<Boundaries>,
    ) -> Option<ProvinceObject> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let province = Asking::of(ctx).directory().province_by_slug(&slug);
        province.map(|province| ProvinceObject::new(province, view))
    }

    /// The units of the first tier that existed on a day, by code: 63 until 2025-06-30, 34 since.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today where absent.")] as_of: Option<LocalDate>,
    ) -> Vec<UnitObject> {
        let view = narrowed(View::NOW, as_of, None);
        let day = view.day(ctx, None);
        let all = Asking::of(ctx).directory().units().iter();
        let mut units: Vec<_> = all.filter(|unit| unit.is_valid_on(day)).collect();
        units.sort_by_key(|unit| unit.designation(day).map(|designation| designation.code.clone()));
        units.into_iter().map(|unit| UnitObject::new(unit, view)).collect()
    }

    /// The unit that bore a slug or code on a day, or that an id names.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: UnitBy,
        #[graphql(desc = "The day; today where absent.")] as_of: Option<LocalDate>,
    ) -> Option<UnitObject> {
        let view = narrowed(View::NOW, as_of, None);
        let day = view.day(ctx, None);
        let directory = Asking::of(ctx).directory();
        let unit = match by {
            // A slug that nobody bears on the day still names the oldest unit that bore it.
            UnitBy::Slug(slug) => directory.unit_by_slug_on(&slug, day),
            UnitBy::Code(code) => directory.unit_by_code_on(&code, day),
            UnitBy::Id(id) => match GlobalId::decode(&id) {
                Some(GlobalId::Unit(id)) => directory.unit(Id::new(id)),
                _ => None,
            },
        };
        unit.map(|unit| UnitObject::new(unit, view))
    }

    /// All countries and territories, by name in the request's language.
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let asking = Asking::of(ctx);
        let locale = asking.locale(None);
        let mut countries: Vec<_> = asking.directory().countries().iter().collect();
        countries.sort_by_cached_key(|country| collation::key(country.name.in_locale(locale), locale));
        countries.into_iter().map(|country| CountryObject::new(country, View::NOW)).collect()
    }

    /// The country or territory with a code.
    async fn country(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ISO 3166-1 alpha-2.")] code: CountryCode,
    ) -> Option<CountryObject> {
        let country = Asking::of(ctx).directory().country_by_iso2(&code.0);
        country.map(|country| CountryObject::new(country, View::NOW))
    }

    /// Partner localities: those whose names or aliases answer a search, the best first, else all
    /// by name.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn localities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Every word must begin a word of one of its names; marks do not matter.")]
        search: Option<String>,
        #[graphql(desc = "Only those of this country; an unknown code is refused.")] country: Option<
            CountryCode,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<LocalityConnection, Fault> {
        let asking = Asking::of(ctx);
        let (directory, locale) = (asking.directory(), asking.locale(None));
        let mut rows = if let Some(search) = &search {
            let words = Words::parse(search).map_err(|refusal| Fault::argument("search", &refusal))?;
            search_localities(directory, &words)
        } else {
            sorted_by_name(directory.localities().iter(), locale)
        };
        if let Some(code) = &country {
            let known = directory.known_country(&code.0);
            let wanted = known.map_err(|refusal| Fault::argument("country", &refusal))?.id;
            rows.retain(|(_, id)| directory.locality(*id).is_some_and(|locality| locality.country == wanted));
        }
        let purpose = format!("localities {search:?} {country:?} {locale:?}");
        LocalityConnection::new(ctx, &purpose, rows, Slice::forwards(first, after), View::NOW)
    }

    /// The partner locality with a slug.
    async fn locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug: `kr-busan`.")] slug: String,
    ) -> Option<LocalityObject> {
        let locality = Asking::of(ctx).directory().locality_by_slug(&slug);
        locality.map(|locality| LocalityObject::new(locality, View::NOW))
    }

    /// The terms of a vocabulary.
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which vocabulary.")] vocabulary: Vocabulary,
    ) -> Vec<TermObject> {
        let vocabulary = reference::Vocabulary::from(vocabulary);
        Asking::of(ctx).directory().terms(vocabulary).cloned().map(TermObject).collect()
    }

    /// One relation; null where there is none in the caller's sight.
    async fn relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: EntryBy,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
    ) -> Option<Result<RelationObject, Fault>> {
        find::<Relation>(ctx, by, narrowed(View::NOW, as_of, None)).await
    }

    /// One agreement; null where there is none in the caller's sight.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: EntryBy,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
    ) -> Option<Result<AgreementObject, Fault>> {
        find::<Agreement>(ctx, by, narrowed(View::NOW, as_of, None)).await
    }

    /// One event; null where there is none in the caller's sight.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: EntryBy,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
    ) -> Option<Result<EventObject, Fault>> {
        find::<Event>(ctx, by, narrowed(View::NOW, as_of, None)).await
    }

    /// One organization; null where there is none in the caller's sight.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: EntryBy,
        #[graphql(desc = "The default day of everything below.")] as_of: Option<LocalDate>,
    ) -> Option<Result<OrganizationObject, Fault>> {
        find::<Organization>(ctx, by, narrowed(View::NOW, as_of, None)).await
    }

    /// Relations of all provinces.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations.")] filter: Option<RelationFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<RelationOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it; absent: all, seen from today.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups mean; absent: those of today.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows from the start, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(desc = "How many rows from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<Relation>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice { first, after, last, before }, view, None).map(Connection)
    }

    /// Agreements of all provinces.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<AgreementOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it; absent: all, seen from today.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups mean; absent: those of today.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows from the start, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(desc = "How many rows from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice { first, after, last, before }, view, None).map(Connection)
    }

    /// Events of all provinces and the ministry.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<EventOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it; absent: all, seen from today.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups mean; absent: those of today.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows from the start, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(desc = "How many rows from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<Event>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice { first, after, last, before }, view, None).map(Connection)
    }

    /// Organizations at home and abroad, by name.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organizations.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "Only those known on this day, seen from it; absent: all, seen from today.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters and groups mean; absent: those of today.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Organization>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        List::new(filter, order::by_name(ctx), Slice::forwards(first, after), view, None).map(Connection)
    }

    /// Programmes: scholarships, exchanges, aid, memorial projects, heritage; by title.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which programmes.")] filter: Option<ProgrammeFilter>,
        #[graphql(desc = "Only those known on this day, seen from it; absent: all, seen from today.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters mean; absent: those of today.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<PlainConnection<Programme>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        List::new(filter, order::by_name(ctx), Slice::forwards(first, after), view, None).map(PlainConnection)
    }

    /// Reported figures, the newest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures.")] filter: Option<FigureFilter>,
        #[graphql(desc = "Only those that speak of this day or an earlier one; absent: all.")] as_of: Option<
            LocalDate,
        >,
        #[graphql(desc = "The boundaries that filters mean; absent: those of today.")] boundaries: Option<
            Boundaries,
        >,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<PlainConnection<Figure>, Fault> {
        let view = narrowed(View::NOW, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        List::new(filter, order::newest(), Slice::forwards(first, after), view, None).map(PlainConnection)
    }

    /// The policy or legal document with a printed number.
    async fn instrument(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as printed: `34-NQ/TW`.")] number: String,
    ) -> Option<InstrumentObject> {
        let found = Asking::of(ctx).instrument_by_number(&number);
        found.map(|entry| Instrument::object(entry.clone(), View::NOW))
    }

    /// All policy and legal documents, those of one province or unit where a slug is given.
    async fn instruments(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The slug of a unit or of the province that it lives on in; an unknown one is refused."
        )]
        unit: Option<String>,
    ) -> Result<Vec<InstrumentObject>, Fault> {
        let asking = Asking::of(ctx);
        let directory = asking.directory();
        let units = unit.as_deref().map(|slug| directory.known_units("unit", slug)).transpose();
        let units = units.map_err(|refusal| Fault::argument("unit", &refusal))?;
        let of_unit = |origin: Option<UnitId>| {
            units.is_none_or(|units| {
                origin.is_some_and(|origin| {
                    units.contains(&origin) || units.contains(&directory.unit_on(origin, None))
                })
            })
        };
        let all = asking.instruments().iter();
        let found = all.filter(|entry| of_unit(entry.content.common.origin_unit));
        Ok(found.map(|entry| Instrument::object(entry.clone(), View::NOW)).collect())
    }

    /// Every date that events commemorate.
    async fn occasions(&self, ctx: &Context<'_>) -> Vec<OccasionObject> {
        Asking::of(ctx).directory().occasions().iter().cloned().map(OccasionObject).collect()
    }

    /// Everything that answers a search, the best first: units, localities, organizations,
    /// relations, agreements, events. Every word must begin a word of a name or text; marks, tone
    /// placement and letter case do not matter, but a name with the marks as typed comes first.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for, at most 200 characters.")] query: String,
        #[graphql(desc = "How many hits, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<SearchConnection, Fault> {
        SearchConnection::ask(ctx, &query, Slice::forwards(first, after)).await
    }

    /// The ministry's questions: everything countable, for a day, under the boundaries of then or
    /// of today.
    async fn statistics(
        &self,
        #[graphql(desc = "The day; today where absent.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries; those of today where absent.")] boundaries: Option<Boundaries>,
    ) -> Statistics {
        Statistics { view: narrowed(View::NOW, as_of, boundaries) }
    }

    /// Localities that provinces miss, in the caller's sight, the oldest first: a province's own, all
    /// of them for the ministry, none for others.
    async fn locality_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far they have come.", default_with = "ProposalState::Open")]
        state: ProposalState,
        #[graphql(desc = "How many, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<ProposalConnection, Fault> {
        ProposalConnection::read(ctx, state, first, after).await
    }

    /// What changed in the caller's sight after a cursor, each log in the order of its positions.
    /// Several provinces stand one after the other, not by time.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on after; absent begins at the beginning.")] after: Option<Cursor>,
        #[graphql(desc = "Which changes.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "How many, 1 to 100; absent means 20.")] first: Option<i32>,
    ) -> Result<ChangeConnection, Fault> {
        ChangeConnection::read(ctx, after, filter, first).await
    }

    /// The newest changes of all logs by their time, the newest first. Looked at are the last 2,000
    /// positions of each log; by country, locality or field the newest 2,000 changes of these.
    async fn latest_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which changes.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "How many, 1 to 100; absent means 20.")] first: Option<i32>,
    ) -> Result<LatestChanges, Fault> {
        LatestChanges::read(ctx, filter, first).await
    }
}
