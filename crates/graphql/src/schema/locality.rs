//! Localities abroad.

use super::api_error::ApiError;
use super::connection::{Count, EntryConnection, EntryList, PageArgs, PageInfo};
use super::cost_directives::{AssumedSize, PageSize, TextSize, Weight};
use super::country::CountryObject;
use super::enums::{Boundaries, Locale, LocalityNameKind};
use super::filter::{self, AgreementFilter, EventFilter, RelationFilter};
use super::global_id::GlobalId;
use super::memory_page::{MemoryPage, SortedList};
use super::order::{self, AgreementOrder, EventOrder, RelationOrder};
use super::request_context::{RequestContext, View};
use super::scalar::LocalDate;
use super::source::SourceObject;
use super::term::TermObject;
use super::value::{FuzzyDate, GeoPoint};
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::page::{Parent, SortKey};
use caunoi_domain::place::{Alias, Locality, LocalityId};
use caunoi_domain::relation::Relation;
use caunoi_domain::{change, collation, locale};

/// The GraphQL object of a locality abroad.
pub(crate) struct LocalityObject(Locality);

impl LocalityObject {
    pub(crate) fn new(locality: &Locality) -> Self {
        Self(locality.clone())
    }

    pub(crate) fn find(request: &RequestContext, id: LocalityId) -> Option<Self> {
        request.directory().locality(id).map(Self::new)
    }

    fn parent(&self) -> Parent {
        Parent::Locality(self.0.id)
    }
}

/// A locality abroad that is or may become a partner: a province, prefecture, state, oblast, city
/// or district.
#[Object(name = "Locality")]
impl LocalityObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Locality, self.0.id)
    }

    /// The readable key: the country code and a short name, for example `kr-gyeongsangnam`.
    async fn slug(&self) -> &str {
        &self.0.slug
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

    /// The name in the local language, for example `경상남도`. Null if not recorded.
    async fn native_name(&self) -> Option<&str> {
        self.0.native_name.as_deref()
    }

    /// An opaque tag of the present state, which differs after each change. A mutation that changes
    /// the object names the revision that it is based on.
    async fn revision(&self) -> String {
        change::revision(&self.0)
    }

    /// Other names that documents use for it, for example `Gyeongnam`.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn aliases(&self) -> Vec<&str> {
        self.0.aliases.iter().map(|alias| alias.name.as_str()).collect()
    }

    /// The names of `aliases` with their languages and kinds.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn other_names(&self) -> Vec<LocalityName> {
        self.0.aliases.iter().map(LocalityName::of).collect()
    }

    /// The country of the locality.
    async fn country(&self, ctx: &Context<'_>) -> Result<CountryObject, ApiError> {
        let found = CountryObject::find(RequestContext::of(ctx), self.0.country);
        found.ok_or_else(|| ApiError::missing("country"))
    }

    /// The administrative level, a term of the vocabulary `PARTNER_LEVEL`, for example
    /// `PREFECTURE`. Null if not recorded.
    async fn level(&self, ctx: &Context<'_>) -> Option<TermObject> {
        self.0.level.and_then(|level| TermObject::find(RequestContext::of(ctx), level))
    }

    /// A point inside the locality. Null if not recorded.
    async fn location(&self) -> Option<GeoPoint> {
        self.0.location.map(Into::into)
    }

    /// The ISO 3166-2 code, for example `KR-48`. Null if it has none.
    async fn iso_code(&self) -> Option<&str> {
        self.0.iso_3166_2.as_deref()
    }

    /// The Wikidata item, for example `Q9248`. Null if not recorded.
    async fn wikidata_id(&self) -> Option<&str> {
        self.0.wikidata_id.as_deref()
    }

    /// The date on which the locality ceased to exist. Null if it still exists.
    async fn valid_to(&self) -> Option<FuzzyDate> {
        self.0.valid_to.clone().map(FuzzyDate)
    }

    /// A remark of the editors of the register. Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The source that states it. Null if not recorded.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(RequestContext::of(ctx), source))
    }

    /// The relations of Vietnamese provinces with this locality.
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
    ) -> Result<EntryConnection<Relation>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }

    /// The agreements of Vietnamese provinces with this locality.
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
    ) -> Result<EntryConnection<Agreement>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }

    /// The events in which this locality took part.
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
    ) -> Result<EntryConnection<Event>, ApiError> {
        let view = View::NOW.narrow(as_of, boundaries)?;
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        EntryList::new(filter, order, PageArgs { first, after, last, before }, view, Some(self.parent()))
            .map(EntryConnection)
    }
}

/// Another name of a locality.
#[derive(SimpleObject)]
pub(crate) struct LocalityName {
    /// The name as documents print it.
    #[graphql(directive = TextSize::apply(40))]
    name: String,
    /// The language of the name as an ISO 639 code, for example `ko`.
    language: String,
    /// The kind of name.
    kind: LocalityNameKind,
}

impl LocalityName {
    fn of(alias: &Alias) -> Self {
        let Alias { name, language, kind } = alias.clone();
        Self { name, language, kind: kind.into() }
    }
}

/// A row of a list of localities with its cursor.
#[derive(SimpleObject)]
pub(crate) struct LocalityEdge {
    /// The cursor of this row: a page `after` it begins with the next row.
    #[graphql(directive = TextSize::apply(170))]
    cursor: String,
    /// The row.
    node: LocalityObject,
}

/// One page of a list of localities.
pub(crate) struct LocalityConnection {
    page: MemoryPage<SortedLocality>,
    total: usize,
}

impl LocalityConnection {
    pub(crate) fn new(
        ctx: &Context<'_>,
        purpose: &str,
        rows: Vec<SortedLocality>,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        let (purpose, total) = (purpose.to_owned(), rows.len());
        let list = SortedList::new(rows, |(key, _): &SortedLocality| key.clone());
        let page = MemoryPage::of(ctx, move || purpose, list, args)?;
        Ok(Self { page, total })
    }
}

/// A locality with its sort key in a list.
pub(crate) type SortedLocality = (SortKey, LocalityId);

/// Sorts localities by name in a language, equal names by id, and returns them with their sort
/// keys.
pub(crate) fn sorted_by_name<'a>(
    localities: impl Iterator<Item = &'a Locality>,
    locale: locale::Locale,
) -> Vec<SortedLocality> {
    let keyed = localities.map(|locality| {
        let name = collation::key(locality.name.in_locale(locale), locale);
        (SortKey::default().text(name).number(locality.id.number()), locality.id)
    });
    let mut sorted: Vec<_> = keyed.collect();
    sorted.sort_unstable();
    sorted
}

/// One page of a list of localities.
#[Object]
impl LocalityConnection {
    /// The rows of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<LocalityEdge> {
        let request = RequestContext::of(ctx);
        let edge = |(cursor, (_, id)): (String, &SortedLocality)| {
            Some(LocalityEdge { cursor, node: LocalityObject::find(request, *id)? })
        };
        self.page.edges(request.signing_key()).filter_map(edge).collect()
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let request = RequestContext::of(ctx);
        self.page.rows.iter().filter_map(|(_, id)| LocalityObject::find(request, *id)).collect()
    }

    /// The position of the page in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// The number of rows of the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}
