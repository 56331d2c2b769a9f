//! Writing organizations.

mod parts;

use parts::{MembershipInput, PostInput, StageInput};

use super::super::asking::{Asking, View};
use super::super::connection::Kind as _;
use super::super::enums::{OrganizationStage, Pillar};
use super::super::fault::Fault;
use super::super::organization::OrganizationObject;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::beginning::{Beginning, target};
use super::filling::{CommonFields, Drafted, QuantityInput, TextInput, fill, fill_text};
use super::outcome::{Outcome, usual_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{CommonDraft, OrganizationDraft};
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Action;
use caunoi_register::{Acted, Objection};

/// What creating and changing an organization share.
#[derive(Debug, Clone, InputObject)]
struct OrganizationFields {
    /// The pillar of diplomacy.
    pillar: MaybeUndefined<Pillar>,
    /// The short name by which it is known.
    abbreviation: MaybeUndefined<String>,
    /// Its kind, a code of `ORGANIZATION_KIND`.
    kind: MaybeUndefined<String>,
    /// How far it has come; absent means the last of the dated stages. Without any it is
    /// established, or a committee where that is its kind.
    stage: MaybeUndefined<OrganizationStage>,
    /// Its stages as far as they are dated, at most 50.
    stages: MaybeUndefined<Vec<StageInput>>,
    /// Where it sits, for a body abroad.
    country: MaybeUndefined<CountryCode>,
    /// For a friendship association (hội hữu nghị): the country that it befriends.
    target_country: MaybeUndefined<CountryCode>,
    /// The organization above it, by its id.
    parent: MaybeUndefined<ID>,
    /// When it was founded.
    founded: MaybeUndefined<Edtf>,
    /// How many members it has, as of `asOf`.
    members: MaybeUndefined<QuantityInput>,
    /// The date that the source speaks of.
    as_of: MaybeUndefined<Edtf>,
    /// What it does for others, at most 50.
    roles: MaybeUndefined<Vec<String>>,
    /// For a network: the units that belong to it, at most 50.
    memberships: MaybeUndefined<Vec<MembershipInput>>,
    /// Its officials and their posts, at most 50.
    posts: MaybeUndefined<Vec<PostInput>>,
    /// A remark.
    note: MaybeUndefined<String>,
}

impl OrganizationFields {
    async fn look_up(&mut self, beginning: &mut Beginning<'_>) -> Result<(), Fault> {
        beginning.look_up::<Organization>(&["parent"], &mut self.parent).await
    }

    fn fill(self, draft: &mut OrganizationDraft) {
        fill(&mut draft.common.pillar, self.pillar);
        fill(&mut draft.abbreviation, self.abbreviation);
        fill(&mut draft.kind, self.kind);
        fill(&mut draft.stage, self.stage);
        fill(&mut draft.stages, self.stages);
        fill(&mut draft.country, self.country);
        fill(&mut draft.target_country, self.target_country);
        fill(&mut draft.parent, self.parent);
        fill(&mut draft.founded, self.founded);
        fill(&mut draft.members, self.members);
        fill(&mut draft.as_of, self.as_of);
        fill(&mut draft.roles, self.roles);
        fill(&mut draft.memberships, self.memberships);
        fill(&mut draft.posts, self.posts);
        fill(&mut draft.note, self.note);
    }
}

/// A new organization.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateOrganizationInput {
    /// The slug of the province, or of a unit that became part of it.
    province: String,
    /// The name, in at least one language.
    name: TextInput,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: OrganizationFields,
    /// Whether it is wanted even where other entries look like it.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// Changes to an organization. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateOrganizationInput {
    /// Which organization.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// The name, in at least one language.
    name: MaybeUndefined<TextInput>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: OrganizationFields,
}

/// An organization as its author sees it now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct OrganizationPayload {
    /// The organization; null where nothing was written.
    organization: Option<OrganizationObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl OrganizationPayload {
    fn of(ctx: &Context<'_>, acted: Acted<Organization>) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::of(ctx, acted, usual_paths, |entry| Organization::object(entry, View::NOW));
        Self { organization: entry, errors, cursor, query: Query }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateOrganizationInput,
) -> Result<OrganizationPayload, Fault> {
    let CreateOrganizationInput { province, name, common, mut details, allow_duplicate } = input;
    let mut beginning = Beginning::of(ctx, None)?;
    details.look_up(&mut beginning).await?;
    let mut draft = OrganizationDraft {
        common: CommonDraft { unit: province, ..CommonDraft::default() },
        name: name.drafted(),
        ..OrganizationDraft::default()
    };
    details.fill(&mut draft);
    common.fill(&mut draft.common, beginning.problems);
    let acted = Asking::of(ctx).register().create(beginning.asked, &draft, allow_duplicate).await?;
    Ok(OrganizationPayload::of(ctx, acted))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateOrganizationInput,
) -> Result<OrganizationPayload, Fault> {
    let UpdateOrganizationInput { id, expected_version, name, common, mut details } = input;
    let target = target::<Organization>(&id, expected_version);
    let mut beginning = Beginning::of(ctx, target)?;
    details.look_up(&mut beginning).await?;
    let Beginning { asked, problems, .. } = beginning;
    let amend = |draft: &mut OrganizationDraft| {
        fill_text(&mut draft.name, name);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::Update, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(OrganizationPayload::of(ctx, acted))
}
