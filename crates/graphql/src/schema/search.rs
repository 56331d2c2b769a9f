//! Search over everything that has a name.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::connection::{Count, Kind, PageInfo, Slice};
use super::event::EventObject;
use super::fault::Fault;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::part::{Part, Sorted};
use super::relation::RelationObject;
use super::unit::UnitObject;
use async_graphql::{Context, Object, SimpleObject, Union};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::Words;
use caunoi_register::{Found, Hit};

/// What a search can find.
#[derive(Union)]
pub(crate) enum SearchHit {
    /// A unit of administration.
    AdminUnit(UnitObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A relation.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
}

impl SearchHit {
    fn of(asking: &Asking, found: &Found) -> Option<Self> {
        let view = View::NOW;
        match found {
            Found::Unit(id) => UnitObject::find(asking, *id, view).map(Self::AdminUnit),
            Found::Locality(id) => LocalityObject::find(asking, *id, view).map(Self::Locality),
            Found::Organization(log, number) => {
                let entry = asking.organization(*log, *number)?;
                Some(Self::Organization(Organization::object(entry.clone(), view)))
            }
            Found::Relation(entry) => Some(Self::Relation(Relation::object((**entry).clone(), view))),
            Found::Agreement(entry) => Some(Self::Agreement(Agreement::object((**entry).clone(), view))),
            Found::Event(entry) => Some(Self::Event(Event::object((**entry).clone(), view))),
        }
    }
}

/// A hit with its cursor.
#[derive(SimpleObject)]
pub(crate) struct SearchEdge {
    /// The cursor that goes on after this hit.
    cursor: String,
    /// The hit.
    node: SearchHit,
    /// The code, names or titles that it was found by.
    highlights: Vec<String>,
}

/// What a search found, one page of it, the best first.
pub(crate) struct SearchConnection {
    page: Part<Hit>,
    total: usize,
    is_all: bool,
}

impl SearchConnection {
    pub(crate) async fn ask(ctx: &Context<'_>, query: &str, slice: Slice) -> Result<Self, Fault> {
        let words = Words::parse(query).map_err(|refusal| Fault::argument("query", &refusal))?;
        let asking = Asking::of(ctx);
        let (hits, is_all) = asking.reading.search(asking.directory(), &words).await?;
        let total = hits.len();
        let list = Sorted::new(hits, Hit::sort_key);
        let page = Part::of(ctx, move || format!("search {words:?}"), list, slice)?;
        Ok(Self { page, total, is_all })
    }
}

/// What a search found, one page of it, the best first.
#[Object]
impl SearchConnection {
    /// The hits of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<SearchEdge> {
        let asking = Asking::of(ctx);
        let edge = |(cursor, hit): (String, &Hit)| {
            let node = SearchHit::of(asking, &hit.found)?;
            Some(SearchEdge { cursor, node, highlights: hit.highlights.clone() })
        };
        self.page.edges(asking.sealing_key()).filter_map(edge).collect()
    }

    /// The hits of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<SearchHit> {
        let asking = Asking::of(ctx);
        self.page.rows.iter().filter_map(|hit| SearchHit::of(asking, &hit.found)).collect()
    }

    /// Where the page stands among the hits.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// How many hits there are; a lower bound where one kind has very many.
    async fn total_count(&self) -> Count {
        Count { is_exact: self.is_all, ..Count::exact(self.total) }
    }
}
