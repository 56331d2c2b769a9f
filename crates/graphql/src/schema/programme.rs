//! Programmes.

use super::agreement::Party;
use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::Kind;
use super::country::CountryObject;
use super::entry;
use super::enums::{Action, Direction, Locale, Pillar, Publication};
use super::fault::Fault;
use super::locality::LocalityObject;
use super::province::ProvinceObject;
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Money, Quantity, Text, texts};
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::programme::Programme;
use std::sync::Arc;

/// A standing activity.
#[derive(Clone)]
pub(crate) struct ProgrammeObject {
    pub(crate) entry: Arc<Entry<Programme>>,
    pub(crate) view: View,
}

impl Kind for Programme {
    const NAME: &'static str = "Programme";
    type Object = ProgrammeObject;

    fn object(entry: Entry<Self>, view: View) -> ProgrammeObject {
        ProgrammeObject { entry: Arc::new(entry), view }
    }
}

/// A standing activity: scholarships, exchanges, aid, memorial projects, heritage. Counts only,
/// never a person.
#[Object(name = "Programme")]
impl ProgrammeObject {
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

    /// Its title, in the other language where it has none in this one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.entry.content.title.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The language versions that its title has.
    async fn titles(&self) -> Vec<Text> {
        texts(&self.entry.content.title)
    }

    /// Its kind, a term of `PROGRAMME_KIND`.
    async fn kind(&self, ctx: &Context<'_>) -> Result<TermObject, Fault> {
        let found = TermObject::find(Asking::of(ctx), self.entry.content.kind);
        found.ok_or_else(|| Fault::missing("term"))
    }

    /// Which way it goes.
    async fn direction(&self) -> Option<Direction> {
        self.entry.content.direction.map(Into::into)
    }

    /// Its partner localities.
    async fn partners(&self, ctx: &Context<'_>) -> Vec<Party> {
        let asking = Asking::of(ctx);
        let partners = self.entry.content.partners.iter();
        partners.filter_map(|id| LocalityObject::find(asking, *id, self.view)).map(Party::Locality).collect()
    }

    /// A partner that is a body, by its printed name.
    async fn partner_body(&self) -> Option<&str> {
        self.entry.content.partner_body.as_deref()
    }

    /// Countries that it is for.
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let asking = Asking::of(ctx);
        let countries = self.entry.content.countries.iter();
        countries.filter_map(|id| CountryObject::find(asking, *id, self.view)).collect()
    }

    /// When it runs or ran.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The date that its source speaks of.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// Seats a year, for scholarships.
    async fn seats_per_year(&self) -> Option<Quantity> {
        self.entry.content.seats_per_year.clone().map(Quantity)
    }

    /// What it counts: projects, titles, dossiers.
    async fn quantity(&self) -> Option<Quantity> {
        self.entry.content.quantity.clone().map(Quantity)
    }

    /// What it is worth.
    async fn amount(&self) -> Option<Money> {
        self.entry.content.amount.as_ref().and_then(Money::of)
    }
}
