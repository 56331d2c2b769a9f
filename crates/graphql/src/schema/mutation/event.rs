//! Mutations on events.

use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{Direction, EventMode, EventRank, EventState, Pillar};
use super::super::event::EventObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::{CountryCode, Cursor, DateTime, Edtf};
use super::context::{MutationContext, find_target};
use super::draft_value::{
    CommonFields, IntoDraftValue, QuantityInput, TextInput, fill, fill_text, optional_input_fields,
};
use super::participant::ParticipantInput;
use super::payload::{PayloadParts, default_paths};
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{CommonDraft, EventDraft, LeaderDraft};
use caunoi_domain::event::Event;
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::Reason;
use caunoi_register::{CommandOutcome, CommandRefusal};

/// A leader present at an event.
#[derive(Debug, Clone, InputObject)]
struct LeaderInput {
    /// The name of the person, at most 500 characters.
    name: String,
    /// The post that the person held at the time (chức vụ), at most 500 characters.
    post: String,
}

impl IntoDraftValue for LeaderInput {
    type DraftValue = LeaderDraft;

    fn into_draft_value(self) -> LeaderDraft {
        LeaderDraft { name: self.name, post: self.post }
    }
}

optional_input_fields! {
    /// The optional fields that `createEvent` and `updateEvent` share.
    struct EventFields => EventDraft {
        /// Another title of the same event in the sources, at most 500 characters.
        other_title: String => other_title,
        /// For a visit, whether the delegation came to Vietnam or left it.
        direction: Direction => direction,
        /// Whether participants met in person, online or both.
        mode: EventMode => mode,
        /// The state. If it is absent, it follows from the date. An event that is postponed to a new
        /// date keeps its code and gets the new `heldOn`; `POSTPONED` is for one without a new date.
        state: EventState => state,
        /// The highest rank among the participants of both sides.
        rank: EventRank => level,
        /// The date or period of the event, for example `2025-10-30` or `2021-07/..`. If it is absent,
        /// `startsAt` and `endsAt` give it; one of `heldOn` and `startsAt` is required.
        held_on: Edtf => when,
        /// The instant at which the event began. It must lie within `heldOn`, if that is given.
        starts_at: DateTime => starts_at,
        /// The instant at which the event ended; requires `startsAt`.
        ends_at: DateTime => ends_at,
        /// The IANA time zone of the place, for example `Asia/Tokyo`; `Asia/Ho_Chi_Minh` if absent.
        /// Requires `startsAt`.
        time_zone: String => time_zone,
        /// The town or venue, at most 500 characters.
        place: String => place,
        /// The country where the event took place.
        country: CountryCode => country,
        /// The hosts, at most 50, if they are others than the province alone. An event of several
        /// provinces is registered once, by one of them, and belongs to all.
        hosts: Vec<ParticipantInput> => hosts,
        /// Those who organized the event together with the hosts (đồng tổ chức), at most 50. The
        /// event belongs to the provinces among them too.
        co_organizers: Vec<ParticipantInput> => co_organizers,
        /// The slugs or names of the partner localities, for example `kr-gyeongsangnam`; at most 50.
        partner_localities: Vec<String> => partners,
        /// The countries that the event was aimed at, at most 50.
        audience_countries: Vec<CountryCode> => audience,
        /// The name of the series that the event belongs to, at most 500 characters.
        series: String => series,
        /// The edition within the series, as the source prints it: a number or a year.
        edition: String => edition,
        /// The number of events that this entry represents, 1 to 10,000; 1 if absent.
        occurrences: i32 => occurrences,
        /// The number of delegates at each of these events.
        delegates: QuantityInput => delegates,
        /// The number of direct connections made at all of these events together.
        connections_made: QuantityInput => connections,
        /// The leaders who were present, at most 50.
        leaders: Vec<LeaderInput> => leaders,
        /// The codes of the occasions that the event marked, at most 50.
        occasions: Vec<String> => occasions,
        /// The number of the anniversary that the event marked, 1 to 9999, for example `30`.
        anniversary_no: i32 => anniversary_no,
        /// The IDs of the agreements signed at the event, at most 50.
        outcomes: Vec<ID> => outcomes,
        /// The names of the projects agreed at the event, at most 50.
        outcome_projects: Vec<String> => outcome_projects,
        /// The ID or the code of the relation that the event serves. If it is absent, the event counts for the
        /// relations of the province with its partners.
        relation: ID => relation,
    }
}

impl EventFields {
    async fn resolve_ids(&mut self, mutation: &mut MutationContext<'_>) -> Result<(), ApiError> {
        mutation.resolve_id_list::<Agreement>("outcomes", &mut self.outcomes).await?;
        mutation.resolve_id::<Relation>(&["relation"], &mut self.relation).await
    }
}

/// The fields of a new event.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateEventInput {
    /// The slug or name of the province that owns the entry, for example `DONG_NAI`. A former unit is
    /// accepted too, for example `BINH_DUONG`; the entry then belongs to the province that it
    /// became part of.
    province: String,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: TextInput,
    /// The kind of event, a code of the vocabulary `EVENT_KIND`, for example `CONFERENCE`.
    kind: String,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: Pillar,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: EventFields,
    /// Whether to create the entry even if existing entries look like duplicates of it. If false,
    /// such a mutation fails with `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// The fields of an event to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateEventInput {
    /// The ID of the event.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: MaybeUndefined<TextInput>,
    /// The kind of event, a code of the vocabulary `EVENT_KIND`, for example `CONFERENCE`.
    kind: MaybeUndefined<String>,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: MaybeUndefined<Pillar>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: EventFields,
}

/// The result of a mutation on an event.
#[derive(SimpleObject)]
pub(crate) struct EventPayload {
    /// The event as the caller sees it after the write; null if nothing was written.
    event: Option<EventObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The rules of published entries that the written version breaks. They must be corrected
    /// before it is published; empty if nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    warnings: Vec<RuleViolation>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl EventPayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Event>) -> Self {
        let PayloadParts { entry, errors, warnings, cursor } =
            PayloadParts::from_command(ctx, outcome, default_paths, Event::into_object);
        Self { event: entry, errors, warnings, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateEventInput) -> Result<EventPayload, ApiError> {
    let CreateEventInput { province, title, kind, pillar, common, mut details, allow_duplicate } = input;
    let mut mutation = MutationContext::new(ctx, None)?;
    details.resolve_ids(&mut mutation).await?;
    let mut draft = EventDraft {
        common: CommonDraft { unit: province, pillar: pillar.into_draft_value(), ..CommonDraft::default() },
        title: title.into_draft_value(),
        kind,
        ..EventDraft::default()
    };
    details.fill(&mut draft);
    if draft.when.trim().is_empty() && draft.starts_at.trim().is_empty() {
        mutation.add_problem(&["heldOn"], Reason::Required);
    }
    common.fill(&mut draft.common, mutation.problems);
    let outcome =
        RequestContext::of(ctx).register().create(mutation.command, &draft, allow_duplicate).await?;
    Ok(EventPayload::of(ctx, outcome))
}

pub(super) async fn update(ctx: &Context<'_>, input: UpdateEventInput) -> Result<EventPayload, ApiError> {
    let UpdateEventInput { id, expected_version, title, kind, pillar, common, mut details } = input;
    let target = find_target::<Event>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    details.resolve_ids(&mut mutation).await?;
    let MutationContext { command, problems, .. } = mutation;
    let amend = |draft: &mut EventDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.kind, kind);
        fill(&mut draft.common.pillar, pillar);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(EventPayload::of(ctx, outcome))
}
