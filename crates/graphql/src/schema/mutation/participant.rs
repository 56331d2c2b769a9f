//! Inputs of participants.

use super::draft_value::IntoDraftValue;
use async_graphql::InputObject;
use caunoi_domain::draft::{ParticipantDraft, VietnamesePartyDraft};

/// A participant: a province or an organization. Exactly one of `province` and `organization` is
/// required.
#[derive(Debug, Clone, InputObject)]
pub(super) struct ParticipantInput {
    /// The slug of a province, or of a former unit at the time of the fact, for example
    /// `DONG_NAI`. The entry then also belongs to that province.
    province: Option<String>,
    /// The code or the printed name of an organization, for example a department, a Party committee
    /// or an association; at most 500 characters.
    organization: Option<String>,
}

impl IntoDraftValue for ParticipantInput {
    type DraftValue = ParticipantDraft;

    fn into_draft_value(self) -> ParticipantDraft {
        ParticipantDraft {
            province: self.province.unwrap_or_default(),
            organization: self.organization.unwrap_or_default(),
        }
    }
}

/// A Vietnamese party to an agreement: a province or an organization. Exactly one of `province` and
/// `organization` is required.
#[derive(Debug, Clone, InputObject)]
pub(super) struct VietnamesePartyInput {
    /// The slug of a province, or of a former unit at the time of the fact, for example
    /// `DONG_NAI`. The agreement then also belongs to that province.
    province: Option<String>,
    /// The code or the printed name of an organization, for example a department, a Party committee
    /// or an association; at most 500 characters.
    organization: Option<String>,
    /// The person who signed for the party, at most 500 characters.
    signatory: Option<String>,
}

impl IntoDraftValue for VietnamesePartyInput {
    type DraftValue = VietnamesePartyDraft;

    fn into_draft_value(self) -> VietnamesePartyDraft {
        let Self { province, organization, signatory } = self;
        VietnamesePartyDraft {
            party: ParticipantInput { province, organization }.into_draft_value(),
            signatory: signatory.unwrap_or_default(),
        }
    }
}
