//! Programmes.

use super::api_error::ApiError;
use super::change::ChangeConnection;
use super::connection::GraphqlEntry;
use super::country::CountryObject;
use super::entry;
use super::enums::{Action, Direction, Locale, Pillar, Publication};
use super::locality::LocalityObject;
use super::province::ProvinceObject;
use super::request_context::{RequestContext, View};
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Money, Quantity, Text, texts};
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::programme::Programme;
use std::sync::Arc;

/// The GraphQL object of a programme.
#[derive(Clone)]
pub(crate) struct ProgrammeObject {
    pub(crate) entry: Arc<Entry<Programme>>,
    pub(crate) view: View,
}

impl GraphqlEntry for Programme {
    const NAME: &'static str = "Programme";
    type GraphqlObject = ProgrammeObject;

    fn into_object(entry: Entry<Self>, view: View) -> ProgrammeObject {
        ProgrammeObject { entry: Arc::new(entry), view }
    }
}

/// A continuing activity, for example scholarships, exchanges, aid, memorial projects or heritage
/// dossiers. It contains numbers and no personal data.
#[Object(name = "Programme")]
impl ProgrammeObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code, unique within its type: `AGR-DONG_NAI-0045`. It never changes.
    pub(crate) async fn code(&self) -> String {
        self.entry.meta.code.clone()
    }

    /// The number of the version shown. It is 1 for a new entry and grows with each write; gaps are
    /// possible. An update names the version that it is based on.
    pub(crate) async fn version(&self) -> i32 {
        self.entry.meta.version
    }

    /// The province that owns the entry today. Null if the ministry owns it.
    pub(crate) async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// The administrative unit that the entry came from, which may since have become part of
    /// another province. Null if the ministry owns the entry.
    pub(crate) async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// The publication state of the version shown.
    pub(crate) async fn publication(&self) -> Publication {
        self.entry.meta.publication.into()
    }

    /// The state of a newer, unpublished version of a published entry: `DRAFT` or `SUBMITTED`. Null
    /// if there is none or the caller may not see it: only the owner sees drafts, only the owner
    /// and the ministry see submitted versions.
    pub(crate) async fn pending(&self, ctx: &Context<'_>) -> Option<Publication> {
        entry::pending(ctx, &self.entry)
    }

    /// The time of the first publication. Null if the entry was never published.
    pub(crate) async fn published_at(&self) -> Option<DateTime> {
        entry::published_at(&self.entry)
    }

    /// The time at which the version shown was written.
    pub(crate) async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.entry.meta.updated_at_us)
    }

    /// The pillar of diplomacy. Null if the source states none.
    pub(crate) async fn pillar(&self) -> Option<Pillar> {
        self.entry.content.common.pillar.map(Into::into)
    }

    /// The fields of cooperation, terms of the vocabulary `FIELD`, in the order given.
    pub(crate) async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        entry::fields(ctx, &self.entry)
    }

    /// The sources of the entry: documents or web pages that state it.
    pub(crate) async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// Whether the caller may apply this action to the version shown. False if the role of the
    /// caller does not permit the action or the publication state does not allow it.
    pub(crate) async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action to check, for example `PUBLISH`.")] action: Action,
    ) -> bool {
        entry::viewer_can(ctx, &self.entry, action)
    }

    /// The changes of the entry that are visible to the caller, the oldest first.
    pub(crate) async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of changes to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "The cursor of a change: the result begins after it. The default is the first change."
        )]
        after: Option<String>,
    ) -> Result<ChangeConnection, ApiError> {
        ChangeConnection::of_entry(ctx, &self.entry, first, after).await
    }

    /// The title in the given language. If it does not exist in that language, the title in the
    /// other one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.entry.content.title.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The title in each language in which it exists.
    async fn titles(&self) -> Vec<Text> {
        texts(&self.entry.content.title)
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
    async fn partner_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let request = RequestContext::of(ctx);
        let partners = self.entry.content.partners.iter();
        partners.filter_map(|id| LocalityObject::find(request, *id, self.view)).collect()
    }

    /// The printed name of a partner that is an organization. Null if there is none.
    async fn partner_name(&self) -> Option<&str> {
        self.entry.content.partner_body.as_deref()
    }

    /// The countries that the programme is for.
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let countries = self.entry.content.countries.iter();
        countries.filter_map(|id| CountryObject::find(request, *id, self.view)).collect()
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
