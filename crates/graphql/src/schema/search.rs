//! Search over names, titles and codes.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::connection::{Count, GraphqlEntry, PageArgs, PageInfo};
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::event::EventObject;
use super::locality::LocalityObject;
use super::memory_page::{MemoryPage, SortedList};
use super::organization::OrganizationObject;
use super::relation::RelationObject;
use super::request_context::RequestContext;
use super::unit::UnitObject;
use async_graphql::{Context, Object, SimpleObject, Union};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_register::{Hit, HitItem};

/// An object found by a search.
#[derive(Union)]
pub(crate) enum SearchHit {
    /// An administrative unit of the first tier, current or former.
    AdminUnit(UnitObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A relation with a locality abroad.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
}

impl SearchHit {
    fn of(request: &RequestContext, found: &HitItem) -> Option<Self> {
        match found {
            HitItem::Unit(id) => UnitObject::find(request, *id).map(Self::AdminUnit),
            HitItem::Locality(id) => LocalityObject::find(request, *id).map(Self::Locality),
            HitItem::Organization(log, number) => {
                let entry = request.organization(*log, *number)?;
                Some(Self::Organization(Organization::into_object(entry.clone())))
            }
            HitItem::Relation(entry) => Some(Self::Relation(Relation::into_object((**entry).clone()))),
            HitItem::Agreement(entry) => Some(Self::Agreement(Agreement::into_object((**entry).clone()))),
            HitItem::Event(entry) => Some(Self::Event(Event::into_object((**entry).clone()))),
        }
    }
}

/// A hit of a search with its cursor.
#[derive(SimpleObject)]
pub(crate) struct SearchEdge {
    /// The cursor of this hit: a page `after` it begins with the next hit.
    #[graphql(directive = TextSize::apply(170))]
    cursor: String,
    /// The object found.
    node: SearchHit,
    /// The code, names or titles that match the search.
    #[graphql(directive = AssumedSize::apply(3), directive = TextSize::apply(100))]
    highlights: Vec<String>,
}

/// One page of the hits of a search, the best match first.
pub(crate) struct SearchConnection {
    page: MemoryPage<Hit>,
    total: usize,
    is_all: bool,
}

impl SearchConnection {
    pub(crate) async fn search(ctx: &Context<'_>, query: &str, args: PageArgs) -> Result<Self, ApiError> {
        let words = SearchTerms::parse(query).map_err(|reason| ApiError::argument("query", reason))?;
        let request = RequestContext::of(ctx);
        let (hits, is_all) = request.reader.search(request.directory(), &words).await?;
        let total = hits.len();
        let list = SortedList::new(hits, Hit::sort_key);
        let page = MemoryPage::of(ctx, move || format!("search {words:?}"), list, args)?;
        Ok(Self { page, total, is_all })
    }
}

/// One page of the hits of a search, the best match first.
#[Object]
impl SearchConnection {
    /// The hits of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<SearchEdge> {
        let request = RequestContext::of(ctx);
        let edge = |(cursor, hit): (String, &Hit)| {
            let node = SearchHit::of(request, &hit.item)?;
            Some(SearchEdge { cursor, node, highlights: hit.highlights.clone() })
        };
        self.page.edges(request.signing_key()).filter_map(edge).collect()
    }

    /// The hits of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<SearchHit> {
        let request = RequestContext::of(ctx);
        self.page.rows.iter().filter_map(|hit| SearchHit::of(request, &hit.item)).collect()
    }

    /// The position of the page in the list of hits.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// The number of hits. At most 200 relations, agreements and events each are ranked; with more
    /// matches `isExact` is false.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        Count { is_exact: self.is_all, ..Count::exact(self.total) }
    }
}
