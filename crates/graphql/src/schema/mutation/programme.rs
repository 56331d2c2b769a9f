//! Writing programmes.

use super::super::asking::{Asking, View};
use super::super::connection::Kind as _;
use super::super::enums::{Direction, Pillar};
use super::super::fault::Fault;
use super::super::programme::ProgrammeObject;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::beginning::{Beginning, target};
use super::filling::{CommonFields, Drafted, QuantityInput, TextInput, fill, fill_text};
use super::outcome::{Outcome, usual_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{CommonDraft, ProgrammeDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::programme::Programme;
use caunoi_register::{Acted, Objection};

/// What creating and changing a programme share.
#[derive(Debug, Clone, InputObject)]
struct ProgrammeFields {
    /// The pillar of diplomacy.
    pillar: MaybeUndefined<Pillar>,
    /// Which way it goes.
    direction: MaybeUndefined<Direction>,
    /// Slugs of partner localities, at most 50.
    partners: MaybeUndefined<Vec<String>>,
    /// A partner that is a body, by its printed name.
    partner_body: MaybeUndefined<String>,
    /// Countries that it is for, at most 50.
    countries: MaybeUndefined<Vec<CountryCode>>,
    /// When it runs or ran.
    period: MaybeUndefined<Edtf>,
    /// The date that the source speaks of.
    as_of: MaybeUndefined<Edtf>,
    /// Seats a year, for scholarships.
    seats_per_year: MaybeUndefined<QuantityInput>,
    /// What it counts: projects, titles, dossiers; never persons by name.
    quantity: MaybeUndefined<QuantityInput>,
    /// What it is worth, with its currency.
    amount: MaybeUndefined<QuantityInput>,
}

impl ProgrammeFields {
    fn fill(self, draft: &mut ProgrammeDraft) {
        fill(&mut draft.common.pillar, self.pillar);
        fill(&mut draft.direction, self.direction);
        fill(&mut draft.partners, self.partners);
        fill(&mut draft.partner_body, self.partner_body);
        fill(&mut draft.countries, self.countries);
        fill(&mut draft.period, self.period);
        fill(&mut draft.as_of, self.as_of);
        fill(&mut draft.seats_per_year, self.seats_per_year);
        fill(&mut draft.quantity, self.quantity);
        fill(&mut draft.amount, self.amount);
    }
}

/// A new programme.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateProgrammeInput {
    /// The slug of the province, or of a unit that became part of it.
    province: String,
    /// The title, in at least one language.
    title: TextInput,
    /// Its kind, a code of `PROGRAMME_KIND`.
    kind: String,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: ProgrammeFields,
    /// Whether it is wanted even where other entries look like it.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// Changes to a programme. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateProgrammeInput {
    /// Which programme.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// The title, in at least one language.
    title: MaybeUndefined<TextInput>,
    /// Its kind, a code of `PROGRAMME_KIND`.
    kind: MaybeUndefined<String>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: ProgrammeFields,
}

/// A programme as its author sees it now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct ProgrammePayload {
    /// The programme; null where nothing was written.
    programme: Option<ProgrammeObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl ProgrammePayload {
    fn of(ctx: &Context<'_>, acted: Acted<Programme>) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::of(ctx, acted, usual_paths, |entry| Programme::object(entry, View::NOW));
        Self { programme: entry, errors, cursor, query: Query }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateProgrammeInput,
) -> Result<ProgrammePayload, Fault> {
    let CreateProgrammeInput { province, title, kind, common, details, allow_duplicate } = input;
    let beginning = Beginning::of(ctx, None)?;
    let mut draft = ProgrammeDraft {
        common: CommonDraft { unit: province, ..CommonDraft::default() },
        title: title.drafted(),
        kind,
        ..ProgrammeDraft::default()
    };
    details.fill(&mut draft);
    common.fill(&mut draft.common, beginning.problems);
    let acted = Asking::of(ctx).register().create(beginning.asked, &draft, allow_duplicate).await?;
    Ok(ProgrammePayload::of(ctx, acted))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateProgrammeInput,
) -> Result<ProgrammePayload, Fault> {
    let UpdateProgrammeInput { id, expected_version, title, kind, common, details } = input;
    let target = target::<Programme>(&id, expected_version);
    let Beginning { asked, problems, .. } = Beginning::of(ctx, target)?;
    let amend = |draft: &mut ProgrammeDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.kind, kind);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::Update, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(ProgrammePayload::of(ctx, acted))
}
