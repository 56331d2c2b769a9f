//! The parts of an organization: dated stages, memberships, posts.

use super::super::super::enums::OrganizationStage;
use super::super::super::scalar::Edtf;
use super::super::draft_value::IntoDraftValue;
use async_graphql::InputObject;
use caunoi_domain::draft::{MembershipDraft, PostDraft, StageDraft};

/// A stage of an organization and the date on which it began.
#[derive(Debug, Clone, InputObject)]
pub(super) struct StageInput {
    /// The stage.
    stage: OrganizationStage,
    /// The date on which the stage began, for example `2022-05`. The stage applies from the last
    /// possible day of a partial date, here 2022-05-31.
    from: Edtf,
}

impl IntoDraftValue for StageInput {
    type DraftValue = StageDraft;

    fn into_draft_value(self) -> StageDraft {
        StageDraft { stage: self.stage.into_draft_value(), from: self.from.into_draft_value() }
    }
}

/// A province that is a member of a network.
#[derive(Debug, Clone, InputObject)]
pub(super) struct MembershipInput {
    /// The slug of the province, for example `DONG_NAI`.
    unit: String,
    /// The date on which it joined; absent if unknown.
    joined: Option<Edtf>,
    /// The date for which the source gives this information, for example `2024-06`.
    as_of: Option<Edtf>,
    /// The code of the source of this information.
    source: Option<String>,
}

impl IntoDraftValue for MembershipInput {
    type DraftValue = MembershipDraft;

    fn into_draft_value(self) -> MembershipDraft {
        MembershipDraft {
            unit: self.unit,
            joined: self.joined.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
            as_of: self.as_of.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}

/// An official of an organization and the post held at the time of the source.
#[derive(Debug, Clone, InputObject)]
pub(super) struct PostInput {
    /// The name of the official, at most 500 characters.
    person: String,
    /// The post (chức vụ), at most 500 characters.
    post: String,
    /// The date for which the source gives this information, for example `2024-06`.
    as_of: Option<Edtf>,
    /// The code of the source of this information.
    source: Option<String>,
}

impl IntoDraftValue for PostInput {
    type DraftValue = PostDraft;

    fn into_draft_value(self) -> PostDraft {
        PostDraft {
            person: self.person,
            post: self.post,
            as_of: self.as_of.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
            source: self.source.unwrap_or_default(),
        }
    }
}
