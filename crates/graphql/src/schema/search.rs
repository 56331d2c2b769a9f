//! Search over names, titles, texts and codes, and suggestions of names.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::connection::{Count, GraphqlEntry, PageArgs, PageInfo};
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::country::CountryObject;
use super::enums::{SearchField, SearchType, SuggestionType};
use super::event::EventObject;
use super::figure::FigureObject;
use super::instrument::InstrumentObject;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::relation::RelationObject;
use super::request_context::RequestContext;
use super::scalar::CountryCode;
use super::term::TermObject;
use super::unit::UnitObject;
use async_graphql::{Context, Object, SimpleObject, Union};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::cursor::{CursorSigner, RowCursor};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::search_index::{HitKey, HitWindow, NamedItem, SearchFilter, SuggestedKind, Suggestion};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind};
use caunoi_register::{Hit, HitItem, SearchPage, searched_province};
use std::sync::Arc;
use strum::VariantArray as _;

/// The most suggestions of one request.
pub(crate) const MOST_SUGGESTIONS: u16 = 10;

/// An object found by a search.
#[derive(Union)]
pub(crate) enum SearchHit {
    /// An administrative unit of the first tier, current or former.
    AdminUnit(UnitObject),
    /// A country or territory.
    Country(CountryObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// A term of a vocabulary.
    Term(TermObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A relation with a locality abroad.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
    /// A programme.
    Programme(ProgrammeObject),
    /// A figure that a source reports.
    Figure(FigureObject),
    /// A policy or legal document.
    Instrument(InstrumentObject),
}

impl SearchHit {
    fn of(request: &RequestContext, found: &HitItem) -> Option<Self> {
        Some(match found {
            HitItem::Unit(id) => Self::AdminUnit(UnitObject::find(request, *id)?),
            HitItem::Country(id) => Self::Country(CountryObject::find(request, *id)?),
            HitItem::Locality(id) => Self::Locality(LocalityObject::find(request, *id)?),
            HitItem::Term(id) => Self::Term(TermObject::find(request, *id)?),
            HitItem::Organization(entry) => Self::Organization(Organization::into_object((**entry).clone())),
            HitItem::Relation(entry) => Self::Relation(Relation::into_object((**entry).clone())),
            HitItem::Agreement(entry) => Self::Agreement(Agreement::into_object((**entry).clone())),
            HitItem::Event(entry) => Self::Event(Event::into_object((**entry).clone())),
            HitItem::Programme(entry) => Self::Programme(Programme::into_object((**entry).clone())),
            HitItem::Figure(entry) => Self::Figure(Figure::into_object((**entry).clone())),
            HitItem::Instrument(entry) => Self::Instrument(Instrument::into_object((**entry).clone())),
        })
    }

    fn of_name(request: &RequestContext, item: &NamedItem) -> Option<Self> {
        Some(match item {
            NamedItem::Unit(id) | NamedItem::FormerUnit(id) => {
                Self::AdminUnit(UnitObject::find(request, *id)?)
            }
            NamedItem::Country(id) => Self::Country(CountryObject::find(request, *id)?),
            NamedItem::Locality(id) => Self::Locality(LocalityObject::find(request, *id)?),
            NamedItem::Term(id) => Self::Term(TermObject::find(request, *id)?),
            NamedItem::Organization(log, number) => {
                let entry = request.organization(*log, *number)?;
                Self::Organization(Organization::into_object(entry.clone()))
            }
            NamedItem::Instrument(log, number) => {
                let entry = request.instrument(*log, *number)?;
                Self::Instrument(Instrument::into_object(entry.clone()))
            }
            NamedItem::Kind(_) => return None,
        })
    }
}

/// A text of a hit that matches the search.
#[derive(SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct SearchMatch {
    /// The part of the hit that the text is of, for example `NAME`.
    field: SearchField,
    /// The text, for example `Gyeonggi-do`.
    #[graphql(directive = TextSize::apply(100))]
    text: String,
}

/// A hit of a search with its cursor.
#[derive(SimpleObject)]
pub(crate) struct SearchEdge {
    /// The cursor of this hit: a page `after` it begins with the next hit.
    #[graphql(directive = TextSize::apply(170))]
    cursor: String,
    /// The object found.
    node: SearchHit,
    /// The texts that match the search: together they match each of its words.
    #[graphql(directive = AssumedSize::apply(3))]
    matched: Vec<SearchMatch>,
    /// The texts of `matched` without their parts.
    #[graphql(directive = AssumedSize::apply(3), directive = TextSize::apply(100))]
    highlights: Vec<String>,
}

/// A suggested name.
#[derive(SimpleObject)]
pub(crate) struct SearchSuggestion {
    /// The name that matches best, for example `Gyeonggi-do`.
    #[graphql(directive = TextSize::apply(60))]
    text: String,
    /// The object that has the name.
    node: SearchHit,
}

/// The conditions that hits meet, as arguments.
pub(crate) struct SearchConditions {
    pub(crate) types: Option<Vec<SearchType>>,
    pub(crate) province: Option<String>,
    pub(crate) country: Option<CountryCode>,
}

impl SearchConditions {
    fn into_filter(self, request: &RequestContext) -> Result<SearchFilter, ApiError> {
        let directory = request.directory();
        let province = self.province.map(|slug| {
            let slug = directory
                .require_unit_slug(ReferenceKind::Province, &slug)
                .map_err(|reason| ApiError::argument("province", reason))?;
            let unit = directory.units_by_slug(slug).first().copied();
            let province = unit.and_then(|unit| directory.province_of(unit));
            let log = province.map(|province| province.log);
            Ok::<_, ApiError>(log.map(|log| searched_province(directory, log)))
        });
        let country = self.country.map(|code| {
            let known = directory.require_country(&code.0);
            known.map(|country| country.id).map_err(|reason| ApiError::argument("country", reason))
        });
        Ok(SearchFilter {
            types: self.types.map(|types| types.into_iter().map(Into::into).collect()),
            province: province.transpose()?.flatten(),
            country: country.transpose()?,
        })
    }
}

/// One page of the hits of a search, the best match first.
pub(crate) struct SearchConnection {
    page: SearchPage,
    /// The text that cursors are bound to.
    purpose: String,
}

impl SearchConnection {
    pub(crate) async fn search(
        ctx: &Context<'_>,
        query: &str,
        conditions: SearchConditions,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        let terms = SearchTerms::parse(query).map_err(|reason| ApiError::argument("query", reason))?;
        let request = RequestContext::of(ctx);
        let filter = conditions.into_filter(request)?;
        let window = args.into_window()?;
        let purpose = format!("search hits {terms:?} {filter:?} {:?}", request.scope);
        let cursor = match &window.cursor {
            None => None,
            Some(cursor) => {
                let bytes = request.signing_key().verify(purpose.as_bytes(), cursor)?;
                Some(
                    HitKey::from_bytes(&bytes)
                        .ok_or_else(|| Reason::from(InvalidReason::ForeignPageCursor))?,
                )
            }
        };
        let window = HitWindow {
            size: usize::from(window.size),
            backwards: window.backwards,
            cursor: cursor.as_ref(),
        };
        let page = request.reader.search(&terms, &filter, window).await?;
        Ok(Self { page, purpose })
    }

    fn signer(&self, request: &RequestContext) -> Arc<CursorSigner> {
        CursorSigner::new(request.signing_key().clone(), self.purpose.as_bytes().to_vec())
    }
}

fn sign(signer: &Arc<CursorSigner>, hit: &Hit) -> String {
    RowCursor::new(signer, hit.key.to_bytes()).sign()
}

/// One page of the hits of a search, the best match first.
#[Object]
impl SearchConnection {
    /// The hits of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<SearchEdge> {
        let request = RequestContext::of(ctx);
        let signer = self.signer(request);
        let edge = |hit: &Hit| {
            let node = SearchHit::of(request, &hit.item)?;
            let matched = hit
                .matched
                .iter()
                .map(|(field, text)| SearchMatch { field: (*field).into(), text: text.clone() });
            Some(SearchEdge {
                cursor: sign(&signer, hit),
                node,
                matched: matched.collect(),
                highlights: hit.matched.iter().map(|(_, text)| text.clone()).collect(),
            })
        };
        self.page.hits.iter().filter_map(edge).collect()
    }

    /// The hits of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<SearchHit> {
        let request = RequestContext::of(ctx);
        self.page.hits.iter().filter_map(|hit| SearchHit::of(request, &hit.item)).collect()
    }

    /// The position of the page in the list of hits.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let signer = self.signer(RequestContext::of(ctx));
        let cursor = |hit: Option<&Hit>| hit.map(|hit| sign(&signer, hit));
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: cursor(self.page.hits.first()),
            end_cursor: cursor(self.page.hits.last()),
        }
    }

    /// The number of hits. `isExact` is false if more than 1,000 words begin with a word of the
    /// search: then only the hits of the first 1,000 are counted.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        let total = usize::try_from(self.page.total).unwrap_or(usize::MAX);
        Count { is_exact: self.page.is_exact, ..Count::exact(total) }
    }
}

/// Returns the names that a prefix begins.
pub(crate) fn suggest(
    ctx: &Context<'_>,
    prefix: &str,
    types: Option<Vec<SuggestionType>>,
    first: u16,
) -> Result<Vec<SearchSuggestion>, ApiError> {
    let terms = SearchTerms::parse(prefix).map_err(|reason| ApiError::argument("prefix", reason))?;
    let request = RequestContext::of(ctx);
    request.reader.reads().add_all_logs();
    let kinds: Vec<SuggestedKind> = types.map_or_else(
        || SuggestedKind::VARIANTS.to_vec(),
        |types| types.into_iter().map(Into::into).collect(),
    );
    let found = request.names().suggest(&terms, &kinds, request.locale(None), usize::from(first));
    let suggestion = |suggestion: Suggestion| {
        let node = SearchHit::of_name(request, &suggestion.item)?;
        Some(SearchSuggestion { text: suggestion.name, node })
    };
    Ok(found.into_iter().filter_map(suggestion).collect())
}
