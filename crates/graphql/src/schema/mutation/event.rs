//! Writing events.

use super::super::asking::{Asking, View};
use super::super::connection::Kind as _;
use super::super::enums::{Direction, EventLevel, EventMode, Pillar};
use super::super::event::EventObject;
use super::super::fault::Fault;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor, DateTime, Edtf};
use super::beginning::{Beginning, target};
use super::filling::{CommonFields, Drafted, QuantityInput, TextInput, fill, fill_text};
use super::outcome::{Outcome, usual_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{CommonDraft, EventDraft, LeaderDraft};
use caunoi_domain::event::Event;
use caunoi_domain::policy::Action;
use caunoi_domain::refusal::Refusal;
use caunoi_domain::relation::Relation;
use caunoi_register::{Acted, Objection};

/// A leader who was present.
#[derive(Debug, Clone, InputObject)]
struct LeaderInput {
    /// The person’s name.
    name: String,
    /// The post at the time (chức vụ).
    post: String,
}

impl Drafted for LeaderInput {
    type Draft = LeaderDraft;

    fn drafted(self) -> LeaderDraft {
        LeaderDraft { name: self.name, post: self.post }
    }
}

/// What creating and changing an event share.
#[derive(Debug, Clone, InputObject)]
struct EventFields {
    /// Another title under which the same event was printed.
    other_title: MaybeUndefined<String>,
    /// For visits: which way the delegation went.
    direction: MaybeUndefined<Direction>,
    /// How people took part.
    mode: MaybeUndefined<EventMode>,
    /// The rank of the highest who took part, on either side.
    level: MaybeUndefined<EventLevel>,
    /// When it was held; it may be absent where `startsAt` tells it.
    when: MaybeUndefined<Edtf>,
    /// The instant at which it began, within the days of `when`.
    starts_at: MaybeUndefined<DateTime>,
    /// The instant at which it ended.
    ends_at: MaybeUndefined<DateTime>,
    /// The IANA zone of the place; absent means `Asia/Ho_Chi_Minh`.
    time_zone: MaybeUndefined<String>,
    /// The town or venue.
    place: MaybeUndefined<String>,
    /// The country of the place.
    country: MaybeUndefined<CountryCode>,
    /// Slugs of partner localities.
    partners: MaybeUndefined<Vec<String>>,
    /// Countries addressed.
    audience_countries: MaybeUndefined<Vec<CountryCode>>,
    /// The series that it belongs to.
    series: MaybeUndefined<String>,
    /// The edition within the series.
    edition: MaybeUndefined<String>,
    /// How many events the entry stands for.
    occurrences: MaybeUndefined<i32>,
    /// Delegates at each.
    delegates: MaybeUndefined<QuantityInput>,
    /// Direct connections made, at all of them together.
    connections_made: MaybeUndefined<QuantityInput>,
    /// Leaders present, at most 50.
    leaders: MaybeUndefined<Vec<LeaderInput>>,
    /// Codes of the occasions that it marked.
    occasions: MaybeUndefined<Vec<String>>,
    /// Which anniversary it marked.
    anniversary_no: MaybeUndefined<i32>,
    /// Agreements signed there, by their ids.
    outcomes: MaybeUndefined<Vec<ID>>,
    /// Projects agreed on there.
    outcome_projects: MaybeUndefined<Vec<String>>,
    /// The relation that it serves, by its id; absent means those with its partners.
    relation: MaybeUndefined<ID>,
}

impl EventFields {
    async fn look_up(&mut self, beginning: &mut Beginning<'_>) -> Result<(), Fault> {
        beginning.look_all_up::<Agreement>("outcomes", &mut self.outcomes).await?;
        beginning.look_up::<Relation>(&["relation"], &mut self.relation).await
    }

    fn fill(self, draft: &mut EventDraft) {
        fill(&mut draft.other_title, self.other_title);
        fill(&mut draft.direction, self.direction);
        fill(&mut draft.mode, self.mode);
        fill(&mut draft.level, self.level);
        fill(&mut draft.when, self.when);
        fill(&mut draft.starts_at, self.starts_at);
        fill(&mut draft.ends_at, self.ends_at);
        fill(&mut draft.time_zone, self.time_zone);
        fill(&mut draft.place, self.place);
        fill(&mut draft.country, self.country);
        fill(&mut draft.partners, self.partners);
        fill(&mut draft.audience, self.audience_countries);
        fill(&mut draft.series, self.series);
        fill(&mut draft.edition, self.edition);
        fill(&mut draft.occurrences, self.occurrences);
        fill(&mut draft.delegates, self.delegates);
        fill(&mut draft.connections, self.connections_made);
        fill(&mut draft.leaders, self.leaders);
        fill(&mut draft.occasions, self.occasions);
        fill(&mut draft.anniversary_no, self.anniversary_no);
        fill(&mut draft.outcomes, self.outcomes);
        fill(&mut draft.outcome_projects, self.outcome_projects);
        fill(&mut draft.relation, self.relation);
    }
}

/// A new event.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateEventInput {
    /// The slug of the province, or of a unit that became part of it.
    province: String,
    /// The title, in at least one language.
    title: TextInput,
    /// Its kind, a code of `EVENT_KIND`.
    kind: String,
    /// The pillar of diplomacy.
    pillar: Pillar,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: EventFields,
    /// Whether it is wanted even where other entries look like it.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// Changes to an event. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateEventInput {
    /// Which event.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// The title, in at least one language.
    title: MaybeUndefined<TextInput>,
    /// Its kind, a code of `EVENT_KIND`.
    kind: MaybeUndefined<String>,
    /// The pillar of diplomacy.
    pillar: MaybeUndefined<Pillar>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: EventFields,
}

/// An event as its author sees it now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct EventPayload {
    /// The event; null where nothing was written.
    event: Option<EventObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl EventPayload {
    fn of(ctx: &Context<'_>, acted: Acted<Event>) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::of(ctx, acted, usual_paths, |entry| Event::object(entry, View::NOW));
        Self { event: entry, errors, cursor, query: Query }
    }
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateEventInput) -> Result<EventPayload, Fault> {
    let CreateEventInput { province, title, kind, pillar, common, mut details, allow_duplicate } = input;
    let mut beginning = Beginning::of(ctx, None)?;
    details.look_up(&mut beginning).await?;
    let mut draft = EventDraft {
        common: CommonDraft { unit: province, pillar: pillar.drafted(), ..CommonDraft::default() },
        title: title.drafted(),
        kind,
        ..EventDraft::default()
    };
    details.fill(&mut draft);
    if draft.when.trim().is_empty() && draft.starts_at.trim().is_empty() {
        beginning.note(&["when"], Refusal::Required);
    }
    common.fill(&mut draft.common, beginning.problems);
    let acted = Asking::of(ctx).register().create(beginning.asked, &draft, allow_duplicate).await?;
    Ok(EventPayload::of(ctx, acted))
}

pub(super) async fn update(ctx: &Context<'_>, input: UpdateEventInput) -> Result<EventPayload, Fault> {
    let UpdateEventInput { id, expected_version, title, kind, pillar, common, mut details } = input;
    let target = target::<Event>(&id, expected_version);
    let mut beginning = Beginning::of(ctx, target)?;
    details.look_up(&mut beginning).await?;
    let Beginning { asked, problems, .. } = beginning;
    let amend = |draft: &mut EventDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.kind, kind);
        fill(&mut draft.common.pillar, pillar);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::Update, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(EventPayload::of(ctx, acted))
}
