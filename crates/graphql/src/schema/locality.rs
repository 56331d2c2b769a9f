//! Partner localities abroad.

use super::asking::{Asking, View};
use super::connection::{Connection, Count, List, PageInfo, Slice};
use super::country::CountryObject;
use super::enums::{Boundaries, Locale};
use super::fault::Fault;
use super::filter::{self, AgreementFilter, EventFilter, RelationFilter};
use super::global_id::GlobalId;
use super::order::{self, AgreementOrder, EventOrder, RelationOrder};
use super::part::{Part, Sorted};
use super::province::narrowed;
use super::scalar::LocalDate;
use super::term::{SourceObject, TermObject};
use super::value::{FuzzyDate, GeoPoint};
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change;
use caunoi_domain::collation;
use caunoi_domain::event::Event;
use caunoi_domain::locale;
use caunoi_domain::page::SortKey;
use caunoi_domain::place::{Alias, Locality, LocalityId};
use caunoi_domain::relation::Relation;
use caunoi_register::Parent;

/// A partner abroad.
pub(crate) struct LocalityObject {
    locality: Locality,
    view: View,
}

impl LocalityObject {
    pub(crate) fn new(locality: &Locality, view: View) -> Self {
        Self { locality: locality.clone(), view }
    }

    pub(crate) fn find(asking: &Asking, id: LocalityId, view: View) -> Option<Self> {
        asking.directory().locality(id).map(|locality| Self::new(locality, view))
    }

    fn parent(&self) -> Parent {
        Parent::Locality(self.locality.id)
    }
}

/// A partner abroad: a province, prefecture, state, oblast, city or district.
#[Object(name = "Locality")]
impl LocalityObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Locality, self.locality.id)
    }

    /// The human key: `kr-gyeongsangnam`.
    async fn slug(&self) -> &str {
        &self.locality.slug
    }

    /// Its name; in Vietnamese where a Vietnamese one is known.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.locality.name.in_locale(Asking::of(ctx).locale(locale))
    }

    /// Its name in the language of the place.
    async fn native_name(&self) -> Option<&str> {
        self.locality.native_name.as_deref()
    }

    /// What this state of it is told apart by; a change names the one that it read.
    async fn revision(&self) -> String {
        change::revision(&self.locality)
    }

    /// Every other name that documents print for it.
    async fn aliases(&self) -> Vec<&str> {
        self.locality.aliases.iter().map(|alias| alias.name.as_str()).collect()
    }

    /// The same names with their languages and kinds.
    async fn other_names(&self) -> Vec<LocalityName> {
        self.locality.aliases.iter().map(LocalityName::of).collect()
    }

    /// Where it lies.
    async fn country(&self, ctx: &Context<'_>) -> Result<CountryObject, Fault> {
        let found = CountryObject::find(Asking::of(ctx), self.locality.country, self.view);
        found.ok_or_else(|| Fault::missing("country"))
    }

    /// Its level, a term of `PARTNER_LEVEL`.
    async fn level(&self, ctx: &Context<'_>) -> Option<TermObject> {
        self.locality.level.and_then(|level| TermObject::find(Asking::of(ctx), level))
    }

    /// A point inside it.
    async fn location(&self) -> Option<GeoPoint> {
        self.locality.location.map(Into::into)
    }

    /// ISO 3166-2, where it has one.
    async fn iso_code(&self) -> Option<&str> {
        self.locality.iso_3166_2.as_deref()
    }

    /// Its item in Wikidata.
    async fn wikidata_id(&self) -> Option<&str> {
        self.locality.wikidata_id.as_deref()
    }

    /// When it ceased to be; null: it is.
    async fn valid_to(&self) -> Option<FuzzyDate> {
        self.locality.valid_to.clone().map(FuzzyDate)
    }

    /// A remark of the register.
    async fn note(&self) -> Option<&str> {
        self.locality.note.as_deref()
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.locality.source.and_then(|source| SourceObject::find(Asking::of(ctx), source))
    }

    /// Relations of provinces with it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations.")] filter: Option<RelationFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<RelationOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters mean.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Relation>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }

    /// Agreements of provinces with it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<AgreementOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters mean.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }

    /// Events in which it took part.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
        #[graphql(desc = "The order; absent means the newest first.")] order_by: Option<Vec<EventOrder>>,
        #[graphql(desc = "Only what counted on this day, seen from it.")] as_of: Option<LocalDate>,
        #[graphql(desc = "The boundaries that filters mean.")] boundaries: Option<Boundaries>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Event>, Fault> {
        let view = narrowed(self.view, as_of, boundaries);
        let filter = filter::read(ctx, view, filter.as_ref())?;
        let order = order::read(ctx, order_by.as_deref());
        List::new(filter, order, Slice::forwards(first, after), view, Some(self.parent())).map(Connection)
    }
}

/// Another name of a locality.
#[derive(SimpleObject)]
pub(crate) struct LocalityName {
    /// As documents print it.
    name: String,
    /// The language of the name, ISO 639.
    language: String,
    /// `SPELLING`, `TRANSLITERATION`, `NATIVE` or `FORMER_NAME`.
    kind: String,
}

impl LocalityName {
    fn of(alias: &Alias) -> Self {
        let Alias { name, language, kind } = alias.clone();
        Self { name, language, kind }
    }
}

/// A row of a list of localities with its cursor.
#[derive(SimpleObject)]
pub(crate) struct LocalityEdge {
    /// The cursor that goes on after this row.
    cursor: String,
    /// The row.
    node: LocalityObject,
}

/// Localities, one page of them.
pub(crate) struct LocalityConnection {
    page: Part<SortedLocality>,
    total: usize,
    view: View,
}

impl LocalityConnection {
    pub(crate) fn new(
        ctx: &Context<'_>,
        purpose: &str,
        rows: Vec<SortedLocality>,
        slice: Slice,
        view: View,
    ) -> Result<Self, Fault> {
        let (purpose, total) = (purpose.to_owned(), rows.len());
        let list = Sorted::new(rows, |(key, _): &SortedLocality| key.clone());
        let page = Part::of(ctx, move || purpose, list, slice)?;
        Ok(Self { page, total, view })
    }
}

/// A locality with its sort key in a list.
pub(crate) type SortedLocality = (SortKey, LocalityId);

/// Localities with their sort keys, by name in a language; equal names by their ids.
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

/// Localities, one page of them.
#[Object]
impl LocalityConnection {
    /// The rows of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<LocalityEdge> {
        let asking = Asking::of(ctx);
        let edge = |(cursor, (_, id)): (String, &SortedLocality)| {
            Some(LocalityEdge { cursor, node: LocalityObject::find(asking, *id, self.view)? })
        };
        self.page.edges(asking.sealing_key()).filter_map(edge).collect()
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let asking = Asking::of(ctx);
        self.page.rows.iter().filter_map(|(_, id)| LocalityObject::find(asking, *id, self.view)).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// How many rows the whole list has.
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}
