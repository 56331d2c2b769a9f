//! Events.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::Kind;
use super::country::CountryObject;
use super::entry;
use super::enums::{Action, Direction, EventLevel, EventMode, Locale, Pillar, Publication};
use super::fault::Fault;
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::occasion::OccasionObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity, Text, texts};
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::Entry;
use caunoi_domain::event::{Event, Leader};
use caunoi_domain::relation::Relation;
use std::sync::Arc;

/// A diplomatic event.
#[derive(Clone)]
pub(crate) struct EventObject {
    pub(crate) entry: Arc<Entry<Event>>,
    pub(crate) view: View,
}

impl Kind for Event {
    const NAME: &'static str = "Event";
    type Object = EventObject;

    fn object(entry: Entry<Self>, view: View) -> EventObject {
        EventObject { entry: Arc::new(entry), view }
    }
}

/// A diplomatic event (hoạt động đối ngoại): a visit, conference, festival, signing and the like.
#[Object(name = "Event")]
impl EventObject {
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

    /// Another title under which the same event was printed.
    async fn other_title(&self) -> Option<&str> {
        self.entry.content.other_title.as_deref()
    }

    /// Its kind, a term of `EVENT_KIND`.
    async fn kind(&self, ctx: &Context<'_>) -> Result<TermObject, Fault> {
        let found = TermObject::find(Asking::of(ctx), self.entry.content.kind);
        found.ok_or_else(|| Fault::missing("term"))
    }

    /// For visits: which way the delegation went.
    async fn direction(&self) -> Option<Direction> {
        self.entry.content.direction.map(Into::into)
    }

    /// How people took part.
    async fn mode(&self) -> Option<EventMode> {
        self.entry.content.mode.map(Into::into)
    }

    /// The rank of the highest who took part, on either side.
    async fn level(&self) -> Option<EventLevel> {
        self.entry.content.level.map(Into::into)
    }

    /// When it was held; null where no source dates it.
    async fn when(&self) -> Option<FuzzyDate> {
        self.entry.content.when.clone().map(FuzzyDate)
    }

    /// The instant at which it began, within the days of `when`; null where no source tells the hour.
    async fn starts_at(&self) -> Option<DateTime> {
        self.entry.content.hours.as_ref().map(|hours| DateTime::from_us(hours.starts_at_us))
    }

    /// The instant at which it ended.
    async fn ends_at(&self) -> Option<DateTime> {
        self.entry.content.hours.as_ref()?.ends_at_us.map(DateTime::from_us)
    }

    /// The zone of its place in the IANA list, whose days `when` counts: `Asia/Ho_Chi_Minh`. Null
    /// without `startsAt`.
    async fn time_zone(&self) -> Option<&'static str> {
        self.entry.content.hours.as_ref().map(|hours| hours.zone.name())
    }

    /// The town or venue.
    async fn place(&self) -> Option<&str> {
        self.entry.content.place.as_deref()
    }

    /// The country of the place.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.entry.content.country?, self.view)
    }

    /// Localities abroad that took part.
    async fn partners(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let asking = Asking::of(ctx);
        let partners = self.entry.content.partners.iter();
        partners.filter_map(|id| LocalityObject::find(asking, *id, self.view)).collect()
    }

    /// Countries that it addressed.
    async fn audience_countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let asking = Asking::of(ctx);
        let audience = self.entry.content.audience.iter();
        audience.filter_map(|id| CountryObject::find(asking, *id, self.view)).collect()
    }

    /// The series that it belongs to.
    async fn series(&self) -> Option<&str> {
        self.entry.content.series.as_deref()
    }

    /// Its edition within the series: a number or a year.
    async fn edition(&self) -> Option<&str> {
        self.entry.content.edition.as_deref()
    }

    /// How many events it stands for, where its source counts several without naming them.
    async fn occurrences(&self) -> Option<i32> {
        self.entry.content.occurrences
    }

    /// Delegates at it, or at each of the events that it stands for.
    async fn delegates(&self) -> Option<Quantity> {
        self.entry.content.delegates.clone().map(Quantity)
    }

    /// Direct connections made, at all events that it stands for together.
    async fn connections_made(&self) -> Option<Quantity> {
        self.entry.content.connections.clone().map(Quantity)
    }

    /// Leaders present.
    async fn leaders(&self) -> Vec<LeaderObject> {
        self.entry.content.leaders.iter().cloned().map(LeaderObject::from).collect()
    }

    /// Agreements signed there.
    async fn outcomes(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, Fault> {
        let codes = &self.entry.content.outcomes;
        let found = ctx.data_unchecked::<Loaders>().by_codes::<Agreement>(codes).await?;
        Ok(found.into_iter().map(|entry| Agreement::object(entry, self.view)).collect())
    }

    /// Projects agreed on there, in the words of the source.
    async fn outcome_projects(&self) -> &[String] {
        &self.entry.content.outcome_projects
    }

    /// The relation that it serves, where a source names one. Without it, the event is activity of
    /// every relation of its province with one of its partners.
    async fn relation(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, Fault>> {
        let code = self.entry.content.relation.as_deref()?;
        let found = ctx.data_unchecked::<Loaders>().by_code::<Relation>(code).await;
        found.transpose().map(|found| found.map(|entry| Relation::object(entry, self.view)))
    }

    /// What it commemorated, the first where there are several.
    async fn occasion(&self, ctx: &Context<'_>) -> Option<OccasionObject> {
        self.entry.content.occasions.iter().find_map(|id| OccasionObject::find(Asking::of(ctx), *id))
    }

    /// Everything that it commemorated.
    async fn occasions(&self, ctx: &Context<'_>) -> Vec<OccasionObject> {
        let asking = Asking::of(ctx);
        self.entry.content.occasions.iter().filter_map(|id| OccasionObject::find(asking, *id)).collect()
    }

    /// Which anniversary it was: 50 for fifty years of relations.
    async fn anniversary_no(&self) -> Option<i32> {
        self.entry.content.anniversary_no
    }
}

/// A leader who was present at an event.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Leader")]
pub(crate) struct LeaderObject {
    /// The name.
    name: String,
    /// The post at the time.
    post: String,
}

impl From<Leader> for LeaderObject {
    fn from(Leader { name, post }: Leader) -> Self {
        Self { name, post }
    }
}
