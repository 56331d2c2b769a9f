//! Enums of changes and of proposals for localities.

use async_graphql::Enum;

/// The operation of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::change::ChangeOperation")]
pub(crate) enum ChangeOperation {
    /// The entry was created as a draft.
    Created,
    /// The content was changed.
    Updated,
    /// An act of an agreement was recorded.
    ActRecorded,
    /// The draft was submitted to a publisher.
    Submitted,
    /// The submitted version was returned to the clerk.
    Returned,
    /// The version was published.
    Published,
    /// The content of a published version was corrected.
    Corrected,
    /// The entry was withdrawn permanently.
    Withdrawn,
}

/// The effect of a change on the result of a filter, as visible to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::feed::Movement")]
pub(crate) enum Movement {
    /// The entry matches now and did not match before.
    Entered,
    /// The entry matched before and still matches.
    Stayed,
    /// The entry matched before and does not match any more: it was withdrawn, or its values
    /// changed.
    Left,
}

/// The state of a proposal for a locality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::proposal::ProposalState")]
pub(crate) enum ProposalState {
    /// The ministry has not decided yet.
    Open,
    /// The ministry accepted it and assigned a locality.
    Accepted,
    /// The ministry declined it.
    Declined,
}
