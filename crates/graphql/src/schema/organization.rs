//! Organizations.

use super::api_error::ApiError;
use super::change::ChangeConnection;
use super::connection::GraphqlEntry;
use super::country::CountryObject;
use super::entry;
use super::enums::{Action, Locale, OrganizationStage, Pillar, Publication};
use super::loader::Loaders;
use super::province::ProvinceObject;
use super::request_context::{RequestContext, View};
use super::scalar::{DateTime, LocalDate};
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity, Text, texts};
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::organization::{DatedStage, Membership, Organization, Post};
use caunoi_domain::policy::Visibility;
use std::sync::Arc;

/// The GraphQL object of an organization.
#[derive(Clone)]
pub(crate) struct OrganizationObject {
    pub(crate) entry: Arc<Entry<Organization>>,
    pub(crate) view: View,
}

impl GraphqlEntry for Organization {
    const NAME: &'static str = "Organization";
    type GraphqlObject = OrganizationObject;

    fn into_object(entry: Entry<Self>, view: View) -> OrganizationObject {
        OrganizationObject { entry: Arc::new(entry), view }
    }
}

impl OrganizationObject {
    pub(crate) fn of_code(request: &RequestContext, code: &str, view: View) -> Option<Self> {
        request.organization_by_code(code).map(|entry| Organization::into_object(entry.clone(), view))
    }
}

/// An organization at home or abroad that maintains foreign relations, for example a union of
/// friendship organizations, an association, a committee, a network or an office of a foreign
/// State.
#[Object(name = "Organization")]
impl OrganizationObject {
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

    /// The name in the given language. If it does not exist in that language, the name in the other
    /// one.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.entry.content.name.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The name in each language in which it exists.
    async fn names(&self) -> Vec<Text> {
        texts(&self.entry.content.name)
    }

    /// The short name, for example `DUFO`. Null if there is none.
    async fn abbreviation(&self) -> Option<&str> {
        self.entry.content.abbreviation.as_deref()
    }

    /// The kind of organization, a term of the vocabulary `ORGANIZATION_KIND`, for example
    /// `ASSOCIATION`. Null if the source does not state it.
    async fn kind(&self, ctx: &Context<'_>) -> Option<TermObject> {
        TermObject::find(RequestContext::of(ctx), self.entry.content.kind?)
    }

    /// The stage of the organization on a day. A dated stage applies from the last day that its
    /// date can mean; before the first dated stage, that stage is returned. Without dated stages,
    /// the stage stated in the source applies to every day.
    async fn stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day to report on, for example `2025-06-30`. The default is the `asOf` argument of the enclosing query field, else today in Vietnam."
        )]
        as_of: Option<LocalDate>,
    ) -> OrganizationStage {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        self.entry.content.stage_on(day).into()
    }

    /// The dated stages, the oldest first.
    async fn stages(&self) -> Vec<DatedStageObject> {
        self.entry.content.stages.iter().cloned().map(DatedStageObject).collect()
    }

    /// The country of its seat, for an organization abroad. Null for one in Vietnam or if not
    /// recorded.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.country?, self.view)
    }

    /// The country that a friendship association is dedicated to. Null for other organizations.
    async fn target_country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.target_country?, self.view)
    }

    /// The organization that it belongs to. Null if there is none visible to the caller.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<OrganizationObject, ApiError>> {
        let code = self.entry.content.parent.as_deref()?;
        // The published organizations are in memory.
        if RequestContext::of(ctx).scope.visibility() == Visibility::Published {
            return Self::of_code(RequestContext::of(ctx), code, self.view).map(Ok);
        }
        let found = ctx.data_unchecked::<Loaders>().find_by_code::<Organization>(code).await;
        found.transpose().map(|found| found.map(|entry| Organization::into_object(entry, self.view)))
    }

    /// The published organizations that belong to it.
    async fn children(&self, ctx: &Context<'_>) -> Vec<OrganizationObject> {
        let below = RequestContext::of(ctx).organizations().iter();
        below
            .filter(|entry| entry.content.parent.as_deref() == Some(self.entry.meta.code.as_str()))
            .map(|entry| Organization::into_object(entry.clone(), self.view))
            .collect()
    }

    /// The date of its foundation, possibly partial: `2014`. Null if not recorded.
    async fn founded(&self) -> Option<FuzzyDate> {
        self.entry.content.founded.clone().map(FuzzyDate)
    }

    /// The date that the information of the source refers to, for example `2021-04`. Null if not
    /// stated.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// The number of members, as last known on a day. Null if not recorded.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day to report on, for example `2025-06-30`. The default is the `asOf` argument of the enclosing query field, else today in Vietnam."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<Quantity> {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        self.entry.content.members_on(day).map(|members| Quantity(members.count.clone()))
    }

    /// Its functions for other bodies, for example standing agency of a committee.
    async fn roles(&self) -> &[String] {
        &self.entry.content.roles
    }

    /// The administrative units that are members of a network. Empty for other organizations.
    async fn memberships(&self) -> Vec<MembershipObject> {
        let memberships = self.entry.content.memberships.iter();
        memberships.map(|membership| MembershipObject(membership.clone(), self.view)).collect()
    }

    /// Its officials and their posts, as of the dates of the sources.
    async fn posts(&self) -> Vec<PostObject> {
        self.entry.content.posts.iter().cloned().map(PostObject).collect()
    }

    /// A remark of the editors of the register. Null if there is none.
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}

/// The GraphQL object of a dated stage.
pub(crate) struct DatedStageObject(DatedStage);

/// A stage of an organization and its first day.
#[Object(name = "DatedStage")]
impl DatedStageObject {
    /// The stage.
    async fn stage(&self) -> OrganizationStage {
        self.0.stage.into()
    }

    /// The date on which the stage began, possibly partial: `2014`.
    async fn from(&self) -> FuzzyDate {
        FuzzyDate(self.0.from.clone())
    }
}

/// The GraphQL object of a membership.
pub(crate) struct MembershipObject(Membership, View);

/// The membership of an administrative unit in a network.
#[Object(name = "Membership")]
impl MembershipObject {
    /// The administrative unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        UnitObject::find(RequestContext::of(ctx), self.0.unit, self.1)
    }

    /// The date of joining. Null if not recorded.
    async fn joined(&self) -> Option<FuzzyDate> {
        self.0.joined.clone().map(FuzzyDate)
    }

    /// The date that the source refers to, for example `2022`. Null if not stated.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.0.as_of.clone().map(FuzzyDate)
    }

    /// The source that states it. Null if not recorded.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(RequestContext::of(ctx), source))
    }
}

/// The GraphQL object of a post.
pub(crate) struct PostObject(Post);

/// A post and its holder, as of the date of the source.
#[Object(name = "Post")]
impl PostObject {
    /// The name of the official.
    async fn person(&self) -> &str {
        &self.0.person
    }

    /// The title of the post, for example `Vice Chairwoman`.
    async fn post(&self) -> &str {
        &self.0.post
    }

    /// The date that the source refers to, for example `2022`. Null if not stated.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.0.as_of.clone().map(FuzzyDate)
    }

    /// The source that states it. Null if not recorded.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(RequestContext::of(ctx), source))
    }
}
