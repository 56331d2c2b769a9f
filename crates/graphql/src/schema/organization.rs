//! Organizations.

use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize};
use super::country::CountryObject;
use super::entry_fields::{EntryFields, EntryObject};
use super::enums::{Locale, OrganizationStage};
use super::loader::Loaders;
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::source::SourceObject;
use super::term::TermObject;
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity, Text, texts};
use async_graphql::{Context, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::organization::{DatedStage, Membership, Organization, Post};
use caunoi_domain::policy::Visibility;

/// The GraphQL object of an organization.
pub(crate) type OrganizationObject = EntryObject<Organization>;

impl GraphqlEntry for Organization {
    const NAME: &'static str = "Organization";
    type GraphqlObject = OrganizationObject;

    fn into_object(entry: Entry<Self>) -> OrganizationObject {
        EntryObject::new(entry)
    }
}

impl OrganizationObject {
    pub(crate) fn of_code(request: &RequestContext, code: &str) -> Option<Self> {
        request.organization_by_code(code).map(|entry| Organization::into_object(entry.clone()))
    }
}

/// An organization at home or abroad that maintains foreign relations, for example a union of
/// friendship organizations, an association, a committee, a network or an office of a foreign
/// State.
#[Object(name = "Organization")]
impl OrganizationObject {
    #[graphql(flatten)]
    async fn entry_fields(&self) -> &EntryFields<Organization> {
        self
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
        self.entry.content.name.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The name in each language in which it exists.
    #[graphql(directive = AssumedSize::apply(2))]
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
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> OrganizationStage {
        let day = RequestContext::of(ctx).day(as_of);
        self.entry.content.stage_on(day).into()
    }

    /// The dated stages, the oldest first.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn stages(&self) -> Vec<DatedStageObject> {
        self.entry.content.stages.iter().cloned().map(DatedStageObject).collect()
    }

    /// The country of its seat, for an organization abroad. Null for one in Vietnam or if not
    /// recorded.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.country?)
    }

    /// The country that a friendship association is dedicated to. Null for other organizations.
    async fn target_country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.target_country?)
    }

    /// The organization that it belongs to. Null if there is none visible to the caller.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<OrganizationObject, ApiError>> {
        let code = self.entry.content.parent.as_deref()?;
        // The published organizations are in memory.
        if RequestContext::of(ctx).scope.visibility() == Visibility::Published {
            return Self::of_code(RequestContext::of(ctx), code).map(Ok);
        }
        let found = ctx.data_unchecked::<Loaders>().find_by_code::<Organization>(code).await;
        found.transpose().map(|found| found.map(Organization::into_object))
    }

    /// The published organizations that belong to it.
    #[graphql(directive = AssumedSize::apply(12))]
    async fn children(&self, ctx: &Context<'_>) -> Vec<OrganizationObject> {
        let below = RequestContext::of(ctx).organizations().iter();
        below
            .filter(|entry| entry.content.parent.as_deref() == Some(self.entry.meta.code.as_str()))
            .map(|entry| Organization::into_object(entry.clone()))
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
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Option<Quantity> {
        let day = RequestContext::of(ctx).day(as_of);
        self.entry.content.members_on(day).map(|members| Quantity(members.count.clone()))
    }

    /// Its functions for other bodies, for example standing agency of a committee.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn roles(&self) -> &[String] {
        &self.entry.content.roles
    }

    /// The administrative units that are members of a network. Empty for other organizations.
    #[graphql(directive = AssumedSize::apply(10))]
    async fn memberships(&self) -> Vec<MembershipObject> {
        let memberships = self.entry.content.memberships.iter();
        memberships.cloned().map(MembershipObject).collect()
    }

    /// Its officials and their posts, as of the dates of the sources.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn posts(&self) -> Vec<PostObject> {
        self.entry.content.posts.iter().cloned().map(PostObject).collect()
    }

    /// A remark of the editors of the register. Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
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
pub(crate) struct MembershipObject(Membership);

/// The membership of an administrative unit in a network.
#[Object(name = "Membership")]
impl MembershipObject {
    /// The administrative unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        UnitObject::find(RequestContext::of(ctx), self.0.unit)
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
