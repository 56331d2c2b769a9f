//! What an organization is made of: dated stages, memberships, posts.

use super::super::super::enums::OrganizationStage;
use super::super::super::scalar::Edtf;
use super::super::filling::Drafted;
use async_graphql::InputObject;
use caunoi_domain::draft::{MembershipDraft, PostDraft, StageDraft};

/// A stage and when it began.
#[derive(Debug, Clone, InputObject)]
pub(super) struct StageInput {
    /// The stage.
    stage: OrganizationStage,
    /// When it began; a partial date counts from the last day that it may mean.
    from: Edtf,
}

impl Drafted for StageInput {
    type Draft = StageDraft;

    fn drafted(self) -> StageDraft {
        StageDraft { stage: self.stage.drafted(), from: self.from.drafted() }
    }
}

/// A unit that belongs to a network.
#[derive(Debug, Clone, InputObject)]
pub(super) struct MembershipInput {
    /// The slug of the unit.
    unit: String,
    /// When it joined.
    joined: Option<Edtf>,
    /// The date that the source speaks of.
    as_of: Option<Edtf>,
    /// Where it was read, the code of a source.
    source: Option<String>,
}

impl Drafted for MembershipInput {
    type Draft = MembershipDraft;

    fn drafted(self) -> MembershipDraft {
        MembershipDraft {
            unit: self.unit,
            joined: self.joined.map(Drafted::drafted).unwrap_or_default(),
            as_of: self.as_of.map(Drafted::drafted).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}

/// Who holds which post, at the time of the source.
#[derive(Debug, Clone, InputObject)]
pub(super) struct PostInput {
    /// The official.
    person: String,
    /// The post (chức vụ).
    post: String,
    /// The date that the source speaks of.
    as_of: Option<Edtf>,
    /// Where it was read, the code of a source.
    source: Option<String>,
}

impl Drafted for PostInput {
    type Draft = PostDraft;

    fn drafted(self) -> PostDraft {
        PostDraft {
            person: self.person,
            post: self.post,
            as_of: self.as_of.map(Drafted::drafted).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}
