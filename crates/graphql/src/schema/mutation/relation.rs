//! Writing relations.

use super::super::asking::{Asking, View};
use super::super::connection::Kind as _;
use super::super::enums::{Pillar, RelationStatus, RelationTier};
use super::super::fault::Fault;
use super::super::query::Query;
use super::super::relation::RelationObject;
use super::super::scalar::{Cursor, Edtf};
use super::beginning::{Beginning, target};
use super::filling::{CommonFields, Drafted, fill};
use super::outcome::{Outcome, usual_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{CommonDraft, RelationDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_register::{Acted, Objection};

/// What creating and changing a relation share.
#[derive(Debug, Clone, InputObject)]
struct RelationFields {
    /// When it was established.
    established: MaybeUndefined<Edtf>,
    /// When it was ended.
    ended: MaybeUndefined<Edtf>,
    /// The agreement that founded it (văn bản thiết lập quan hệ), by its id.
    founding_agreement: MaybeUndefined<ID>,
    /// The relation that this one continues, by its id.
    continues: MaybeUndefined<ID>,
    /// The year of the source, where nothing else dates the tie.
    evidence_year: MaybeUndefined<i32>,
    /// How well the source knows: `HIGH`, `MEDIUM` or `LOW`.
    confidence: MaybeUndefined<String>,
    /// A remark.
    note: MaybeUndefined<String>,
}

impl RelationFields {
    async fn look_up(&mut self, beginning: &mut Beginning<'_>) -> Result<(), Fault> {
        beginning.look_up::<Agreement>(&["foundingAgreement"], &mut self.founding_agreement).await?;
        beginning.look_up::<Relation>(&["continues"], &mut self.continues).await
    }

    fn fill(self, draft: &mut RelationDraft) {
        fill(&mut draft.established, self.established);
        fill(&mut draft.ended, self.ended);
        fill(&mut draft.founding_agreement, self.founding_agreement);
        fill(&mut draft.continues, self.continues);
        fill(&mut draft.evidence_year, self.evidence_year);
        fill(&mut draft.confidence, self.confidence);
        fill(&mut draft.note, self.note);
    }
}

/// A new relation.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateRelationInput {
    /// The slug of the province, or of a unit that became part of it.
    province: String,
    /// The slug of the partner locality.
    partner: String,
    /// How close the tie is.
    tier: RelationTier,
    /// The pillar of diplomacy.
    pillar: Pillar,
    /// Its state, as known today.
    #[graphql(default_with = "RelationStatus::Active")]
    status: RelationStatus,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: RelationFields,
    /// Whether it is wanted even where other entries look like it.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// Changes to a relation. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateRelationInput {
    /// Which relation.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// The slug of the partner locality.
    partner: MaybeUndefined<String>,
    /// How close the tie is.
    tier: MaybeUndefined<RelationTier>,
    /// The pillar of diplomacy.
    pillar: MaybeUndefined<Pillar>,
    /// Its state, as known on the day for which it was first stated.
    status: MaybeUndefined<RelationStatus>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: RelationFields,
}

/// A relation as its author sees it now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct RelationPayload {
    /// The relation; null where nothing was written.
    relation: Option<RelationObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl RelationPayload {
    fn of(ctx: &Context<'_>, acted: Acted<Relation>) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::of(ctx, acted, usual_paths, |entry| Relation::object(entry, View::NOW));
        Self { relation: entry, errors, cursor, query: Query }
    }
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateRelationInput) -> Result<RelationPayload, Fault> {
    let mut beginning = Beginning::of(ctx, None)?;
    let mut details = input.details;
    details.look_up(&mut beginning).await?;
    let pillar = input.pillar.drafted();
    let mut draft = RelationDraft {
        common: CommonDraft { unit: input.province, pillar, ..CommonDraft::default() },
        partner: input.partner,
        tier: input.tier.drafted(),
        status: input.status.drafted(),
        ..RelationDraft::default()
    };
    details.fill(&mut draft);
    input.common.fill(&mut draft.common, beginning.problems);
    let acted = Asking::of(ctx).register().create(beginning.asked, &draft, input.allow_duplicate).await?;
    Ok(RelationPayload::of(ctx, acted))
}

pub(super) async fn update(ctx: &Context<'_>, input: UpdateRelationInput) -> Result<RelationPayload, Fault> {
    let UpdateRelationInput { id, expected_version, partner, tier, pillar, status, common, mut details } =
        input;
    let target = target::<Relation>(&id, expected_version);
    let mut beginning = Beginning::of(ctx, target)?;
    details.look_up(&mut beginning).await?;
    let Beginning { asked, problems, .. } = beginning;
    let amend = |draft: &mut RelationDraft| {
        fill(&mut draft.partner, partner);
        fill(&mut draft.tier, tier);
        fill(&mut draft.common.pillar, pillar);
        fill(&mut draft.status, status);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::Update, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(RelationPayload::of(ctx, acted))
}
