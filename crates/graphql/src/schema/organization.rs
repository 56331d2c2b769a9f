//! Organizations.

use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::Kind;
use super::country::CountryObject;
use super::entry;
use super::enums::{Action, Locale, OrganizationStage, Pillar, Publication};
use super::fault::Fault;
use super::loader::Loaders;
use super::province::ProvinceObject;
use super::scalar::{DateTime, LocalDate};
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity, Text, texts};
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::organization::{DatedStage, Membership, Organization, Post};
use caunoi_domain::policy::Sees;
use std::sync::Arc;

/// A body at home or abroad.
#[derive(Clone)]
pub(crate) struct OrganizationObject {
    pub(crate) entry: Arc<Entry<Organization>>,
    pub(crate) view: View,
}

impl Kind for Organization {
    const NAME: &'static str = "Organization";
    type Object = OrganizationObject;

    fn object(entry: Entry<Self>, view: View) -> OrganizationObject {
        OrganizationObject { entry: Arc::new(entry), view }
    }
}

impl OrganizationObject {
    pub(crate) fn of_code(asking: &Asking, code: &str, view: View) -> Option<Self> {
        asking.organization_by_code(code).map(|entry| Organization::object(entry.clone(), view))
    }
}

/// A body at home or abroad that carries relations: a union of friendship organizations, an
/// association, a committee, a network, a bureau of a foreign State.
#[Object(name = "Organization")]
impl OrganizationObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code; it never changes.
    pub(crate) async fn code(&self) -> String {
        self.entry.stamp.code.clone()
    }

    /// How many times it has been written.
    pub(crate) async fn version(&self) -> i32 {
        self.entry.stamp.version
    }

    /// The province that owns it today; null for the ministry's own.
    pub(crate) async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// The unit that it came from; null for the ministry's own.
    pub(crate) async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// How far this version has come.
    pub(crate) async fn publication(&self) -> Publication {
        self.entry.stamp.publication.into()
    }

    /// The state of a working version beside the published one; null where there is none or the
    /// caller may not know.
    pub(crate) async fn pending(&self, ctx: &Context<'_>) -> Option<Publication> {
        entry::pending(ctx, &self.entry)
    }

    /// When it was first published.
    pub(crate) async fn published_at(&self) -> Option<DateTime> {
        entry::published_at(&self.entry)
    }

    /// When this version was written.
    pub(crate) async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.entry.stamp.updated_at_us)
    }

    /// The pillar of diplomacy, where its source says one.
    pub(crate) async fn pillar(&self) -> Option<Pillar> {
        self.entry.content.common.pillar.map(Into::into)
    }

    /// Fields of cooperation.
    pub(crate) async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        entry::fields(ctx, &self.entry)
    }

    /// Where it was read.
    pub(crate) async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// Whether the caller may do this to the version shown, and it may begin from its state.
    pub(crate) async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be done.")] action: Action,
    ) -> bool {
        entry::viewer_can(ctx, &self.entry, action)
    }

    /// What changed of it in the caller’s sight, the oldest first.
    pub(crate) async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many changes, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after; absent begins at the beginning.")] after: Option<String>,
    ) -> Result<ChangeConnection, Fault> {
        ChangeConnection::of_entry(ctx, &self.entry, first, after).await
    }

    /// Its name, in the other language where it has none in this one.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.entry.content.name.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The language versions that its name has.
    async fn names(&self) -> Vec<Text> {
        texts(&self.entry.content.name)
    }

    /// The short name by which it is known: DUFO.
    async fn abbreviation(&self) -> Option<&str> {
        self.entry.content.abbreviation.as_deref()
    }

    /// Its kind, a term of `ORGANIZATION_KIND`; null where its source lets nobody tell.
    async fn kind(&self, ctx: &Context<'_>) -> Option<TermObject> {
        TermObject::find(Asking::of(ctx), self.entry.content.kind?)
    }

    /// How far it had come on a day. A dated stage holds from the last day that its date may mean;
    /// before the first one, that one is told too. Where nothing is dated it is the stage of the
    /// source on every day.
    async fn stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> OrganizationStage {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        self.entry.content.stage_on(day).into()
    }

    /// Its stages as far as sources date them, in order of time.
    async fn stages(&self) -> Vec<DatedStageObject> {
        self.entry.content.stages.iter().cloned().map(DatedStageObject).collect()
    }

    /// Where it sits, for a body abroad.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.entry.content.country?, self.view)
    }

    /// For a friendship association: the country that it befriends.
    async fn target_country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.entry.content.target_country?, self.view)
    }

    /// The organization above it.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<OrganizationObject, Fault>> {
        let code = self.entry.content.parent.as_deref()?;
        // Whoever sees only what is published finds it in memory.
        if Asking::of(ctx).scope.sees() == Sees::Published {
            return Self::of_code(Asking::of(ctx), code, self.view).map(Ok);
        }
        let found = ctx.data_unchecked::<Loaders>().by_code::<Organization>(code).await;
        found.transpose().map(|found| found.map(|entry| Organization::object(entry, self.view)))
    }

    /// The published organizations below it.
    async fn members_below(&self, ctx: &Context<'_>) -> Vec<OrganizationObject> {
        let below = Asking::of(ctx).organizations().iter();
        below
            .filter(|entry| entry.content.parent.as_deref() == Some(self.entry.stamp.code.as_str()))
            .map(|entry| Organization::object(entry.clone(), self.view))
            .collect()
    }

    /// When it was founded.
    async fn founded(&self) -> Option<FuzzyDate> {
        self.entry.content.founded.clone().map(FuzzyDate)
    }

    /// The date that its source speaks of.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// How many members it had, as last known on a day.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> Option<Quantity> {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        self.entry.content.members_on(day).map(|members| Quantity(members.count.clone()))
    }

    /// What it does for others: standing agency of a committee and the like.
    async fn roles(&self) -> &[String] {
        &self.entry.content.roles
    }

    /// For a network: the units that belong to it.
    async fn memberships(&self) -> Vec<MembershipObject> {
        let memberships = self.entry.content.memberships.iter();
        memberships.map(|membership| MembershipObject(membership.clone(), self.view)).collect()
    }

    /// Its officials and their posts, at the time of their sources.
    async fn posts(&self) -> Vec<PostObject> {
        self.entry.content.posts.iter().cloned().map(PostObject).collect()
    }

    /// A remark of the register.
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}

/// A stage and its beginning.
pub(crate) struct DatedStageObject(DatedStage);

/// A stage of an organization and when it began.
#[Object(name = "DatedStage")]
impl DatedStageObject {
    /// The stage.
    async fn stage(&self) -> OrganizationStage {
        self.0.stage.into()
    }

    /// When it began.
    async fn from(&self) -> FuzzyDate {
        FuzzyDate(self.0.from.clone())
    }
}

/// A unit in a network.
pub(crate) struct MembershipObject(Membership, View);

/// A unit that belongs to a network.
#[Object(name = "Membership")]
impl MembershipObject {
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        UnitObject::find(Asking::of(ctx), self.0.unit, self.1)
    }

    /// When it joined.
    async fn joined(&self) -> Option<FuzzyDate> {
        self.0.joined.clone().map(FuzzyDate)
    }

    /// The date that the source speaks of.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.0.as_of.clone().map(FuzzyDate)
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(Asking::of(ctx), source))
    }
}

/// A post and its holder.
pub(crate) struct PostObject(Post);

/// Who holds which post, at the time of the source.
#[Object(name = "Post")]
impl PostObject {
    /// The official.
    async fn person(&self) -> &str {
        &self.0.person
    }

    /// The post.
    async fn post(&self) -> &str {
        &self.0.post
    }

    /// The date that the source speaks of.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.0.as_of.clone().map(FuzzyDate)
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(Asking::of(ctx), source))
    }
}
