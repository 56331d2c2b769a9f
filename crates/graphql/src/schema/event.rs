//! Events.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize};
use super::country::CountryObject;
use super::entry_fields::{EntryFields, EntryObject, TitleFields};
use super::enums::{Direction, EventMode, EventRank, EventState};
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::occasion::OccasionObject;
use super::participant::ParticipantObject;
use super::relation::{RelationObject, find_relation_of};
use super::request_context::RequestContext;
use super::scalar::{DateTime, LocalDate};
use super::term::TermObject;
use super::value::{FuzzyDate, Quantity};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::Entry;
use caunoi_domain::event::{Event, Leader};
use caunoi_domain::relation::Relation;

/// The GraphQL object of an event.
pub(crate) type EventObject = EntryObject<Event>;

impl GraphqlEntry for Event {
    const NAME: &'static str = "Event";
    type GraphqlObject = EventObject;

    fn into_object(entry: Entry<Self>) -> EventObject {
        EntryObject::new(entry)
    }
}

/// A diplomatic event (hoạt động đối ngoại), for example a visit, conference, festival or signing.
#[Object(name = "Event")]
impl EventObject {
    #[graphql(flatten)]
    async fn entry_fields(&self) -> &EntryFields<Event> {
        self
    }

    #[graphql(flatten)]
    async fn title_fields(&self) -> TitleFields<'_> {
        TitleFields(&self.entry.content.title)
    }

    /// Another title under which the same event was reported. Null if there is none.
    #[graphql(directive = TextSize::apply(100))]
    async fn other_title(&self) -> Option<&str> {
        self.entry.content.other_title.as_deref()
    }

    /// The kind of event, a term of the vocabulary `EVENT_KIND`, for example `DELEGATION_VISIT`.
    async fn kind(&self, ctx: &Context<'_>) -> Result<TermObject, ApiError> {
        let found = TermObject::find(RequestContext::of(ctx), self.entry.content.kind);
        found.ok_or_else(|| ApiError::missing("term"))
    }

    /// The direction of a visit, seen from Vietnam. Null if not recorded.
    async fn direction(&self) -> Option<Direction> {
        self.entry.content.direction.map(Into::into)
    }

    /// The form of participation: in person, online or both. Null if not recorded.
    async fn mode(&self) -> Option<EventMode> {
        self.entry.content.mode.map(Into::into)
    }

    /// The state on a day. If its province stated none, or `PLANNED`, it is `HELD` from the day by which
    /// `heldOn` has certainly begun, on which it counts, and `PLANNED` before it; null without a state
    /// and a date. Statistics count an event that is `POSTPONED` or `CANCELLED` on no day.
    async fn state(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Option<EventState> {
        let day = RequestContext::of(ctx).day(as_of);
        self.entry.content.state_on(day).map(Into::into)
    }

    /// The rank of the highest participant of either side. Null if not recorded.
    async fn rank(&self) -> Option<EventRank> {
        self.entry.content.level.map(Into::into)
    }

    /// The date of the event, possibly partial: `2025-11-03/2025-11-05`. Null if no source states
    /// it.
    async fn held_on(&self) -> Option<FuzzyDate> {
        self.entry.content.when.clone().map(FuzzyDate)
    }

    /// The time at which it began, on a day of `heldOn`. Null if no source states the hour.
    async fn starts_at(&self) -> Option<DateTime> {
        self.entry.content.hours.as_ref().map(|hours| DateTime::from_us(hours.starts_at_us))
    }

    /// The time at which it ended. Null if no source states it.
    async fn ends_at(&self) -> Option<DateTime> {
        self.entry.content.hours.as_ref()?.ends_at_us.map(DateTime::from_us)
    }

    /// The IANA time zone of the place, in which the days of `heldOn` are counted:
    /// `Asia/Ho_Chi_Minh`. Null without `startsAt`.
    async fn time_zone(&self) -> Option<&'static str> {
        self.entry.content.hours.as_ref().map(|hours| hours.zone.name())
    }

    /// The town or venue, as free text. Null if not recorded.
    #[graphql(directive = TextSize::apply(40))]
    async fn place(&self) -> Option<&str> {
        self.entry.content.place.as_deref()
    }

    /// The country of the place. Null if not recorded.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.country?)
    }

    /// The hosts. Empty if the province alone was the host.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn hosts(&self) -> Vec<ParticipantObject> {
        ParticipantObject::list(&self.entry.content.hosts)
    }

    /// Those who organized it together with the hosts (đồng tổ chức).
    #[graphql(directive = AssumedSize::apply(2))]
    async fn co_organizers(&self) -> Vec<ParticipantObject> {
        ParticipantObject::list(&self.entry.content.co_organizers)
    }

    /// The localities abroad that took part.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn partner_localities(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let request = RequestContext::of(ctx);
        let partners = self.entry.content.partners.iter();
        partners.filter_map(|id| LocalityObject::find(request, *id)).collect()
    }

    /// The countries that the event was directed at, for example those of an investment conference.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn audience_countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let audience = self.entry.content.audience.iter();
        audience.filter_map(|id| CountryObject::find(request, *id)).collect()
    }

    /// The name of the series that it belongs to, for example `Meet RoK`. Null if none is recorded.
    async fn series(&self) -> Option<&str> {
        self.entry.content.series.as_deref()
    }

    /// The edition within the series, a number or a year. Null if not recorded.
    async fn edition(&self) -> Option<&str> {
        self.entry.content.edition.as_deref()
    }

    /// The number of events that this entry represents, if its source counts several without naming
    /// them. Null for a single event.
    async fn occurrences(&self) -> Option<i32> {
        self.entry.content.occurrences
    }

    /// The number of delegates; if the entry represents several events, at each of them. Null if
    /// not recorded.
    async fn delegates(&self) -> Option<Quantity> {
        self.entry.content.delegates.clone().map(Quantity)
    }

    /// The number of direct business connections made, at all events that the entry represents
    /// together. Null if not recorded.
    async fn connections_made(&self) -> Option<Quantity> {
        self.entry.content.connections.clone().map(Quantity)
    }

    /// The leaders who were present.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn leaders(&self) -> Vec<LeaderObject> {
        self.entry.content.leaders.iter().cloned().map(LeaderObject::from).collect()
    }

    /// The agreements signed at the event that are visible to the caller.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn outcomes(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, ApiError> {
        let codes = &self.entry.content.outcomes;
        let found = ctx.data_unchecked::<Loaders>().find_by_codes_in_order::<Agreement>(codes).await?;
        Ok(found.into_iter().map(Agreement::into_object).collect())
    }

    /// The projects agreed on at the event, as printed in the source.
    #[graphql(directive = AssumedSize::apply(3), directive = TextSize::apply(80))]
    async fn outcome_projects(&self) -> &[String] {
        &self.entry.content.outcome_projects
    }

    /// The relation that it belongs to: the one that its source names, else, with one participating
    /// locality, that of the same unit with it, chosen as for `Agreement.relation`. Null if there is
    /// none. An event with several localities that names no relation is activity of the relation with
    /// each of them.
    async fn relation(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, ApiError>> {
        let event = &self.entry.content;
        let found = match (&event.relation, &event.partners[..]) {
            (Some(code), _) => ctx.data_unchecked::<Loaders>().find_by_code::<Relation>(code).await,
            (None, [partner]) => find_relation_of(ctx, &self.entry, [*partner].into_iter()).await,
            (None, _) => return None,
        };
        found.transpose().map(|found| found.map(Relation::into_object))
    }

    /// The first of `occasions`. Null if there is none.
    async fn occasion(&self, ctx: &Context<'_>) -> Option<OccasionObject> {
        self.entry.content.occasions.iter().find_map(|id| OccasionObject::find(RequestContext::of(ctx), *id))
    }

    /// The occasions that it commemorated, for example a national day.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn occasions(&self, ctx: &Context<'_>) -> Vec<OccasionObject> {
        let request = RequestContext::of(ctx);
        self.entry.content.occasions.iter().filter_map(|id| OccasionObject::find(request, *id)).collect()
    }

    /// The number of the anniversary that was celebrated, for example 50 for fifty years of
    /// relations. Null if none.
    async fn anniversary_no(&self) -> Option<i32> {
        self.entry.content.anniversary_no
    }
}

/// A leader who was present at an event.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Leader")]
pub(crate) struct LeaderObject {
    /// The name of the leader.
    #[graphql(directive = TextSize::apply(40))]
    name: String,
    /// The post that the leader held at the time.
    post: String,
}

impl From<Leader> for LeaderObject {
    fn from(Leader { name, post }: Leader) -> Self {
        Self { name, post }
    }
}
