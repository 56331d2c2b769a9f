//! Programmes.

use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize};
use super::country::CountryObject;
use super::entry_fields::{EntryFields, EntryObject, TitleFields};
use super::enums::Direction;
use super::locality::LocalityObject;
use super::relation::{RelationObject, find_relation_of};
use super::request_context::RequestContext;
use super::term::TermObject;
use super::value::{FuzzyDate, Money, Quantity};
use async_graphql::{Context, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;

/// The GraphQL object of a programme.
pub(crate) type ProgrammeObject = EntryObject<Programme>;

impl GraphqlEntry for Programme {
    const NAME: &'static str = "Programme";
    type GraphqlObject = ProgrammeObject;

    fn into_object(entry: Entry<Self>) -> ProgrammeObject {
        EntryObject::new(entry)
    }
}

/// A continuing activity, for example scholarships, exchanges, aid, memorial projects or heritage
/// dossiers. It contains numbers and no personal data.
#[Object(name = "Programme")]
impl ProgrammeObject {
    #[graphql(flatten)]
    async fn entry_fields(&self) -> &EntryFields<Programme> {
        self
    }

    #[graphql(flatten)]
    async fn title_fields(&self) -> TitleFields<'_> {
        TitleFields(&self.entry.content.title)
    }

    /// The kind of programme, a term of the vocabulary `PROGRAMME_KIND`, for example `SCHOLARSHIP`.
    async fn kind(&self, ctx: &Context<'_>) -> Result<TermObject, ApiError> {
        let found = TermObject::find(RequestContext::of(ctx), self.entry.content.kind);
        found.ok_or_else(|| ApiError::missing("term"))
    }

    /// The direction of the programme, seen from Vietnam. Null if not recorded.
    async fn direction(&self) -> Option<Direction> {
        self.entry.content.direction.map(Into::into)
    }

    /// The localities abroad that take part.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn partner_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let request = RequestContext::of(ctx);
        let partners = self.entry.content.partners.iter();
        partners.filter_map(|id| LocalityObject::find(request, *id)).collect()
    }

    /// The relation that it belongs to: with one participating locality, that of the same unit with it,
    /// chosen as for `Agreement.relation`. Null if there is none.
    async fn relation(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, ApiError>> {
        let [partner] = self.entry.content.partners[..] else { return None };
        let found = find_relation_of(ctx, &self.entry, [partner].into_iter()).await;
        found.transpose().map(|found| found.map(Relation::into_object))
    }

    /// The printed name of a partner that is an organization. Null if there is none.
    #[graphql(directive = TextSize::apply(60))]
    async fn partner_name(&self) -> Option<&str> {
        self.entry.content.partner_body.as_deref()
    }

    /// The countries that the programme is for.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let countries = self.entry.content.countries.iter();
        countries.filter_map(|id| CountryObject::find(request, *id)).collect()
    }

    /// The period of the programme, possibly open: `2021-07/..`. Null if not recorded.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The date that the information of the source refers to, for example `2021-04`. Null if not
    /// stated.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// The number of scholarship places per year. Null for other programmes or if not recorded.
    async fn seats_per_year(&self) -> Option<Quantity> {
        self.entry.content.seats_per_year.clone().map(Quantity)
    }

    /// The number of results, for example projects, titles or dossiers. Null if not recorded.
    async fn quantity(&self) -> Option<Quantity> {
        self.entry.content.quantity.clone().map(Quantity)
    }

    /// The value in money. Null if not recorded or not a single number.
    async fn amount(&self) -> Option<Money> {
        self.entry.content.amount.as_ref().and_then(Money::of)
    }
}
