//! Changes, and what waits to become one.

use async_graphql::Enum;

/// What was done to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::change::ChangeOperation")]
pub(crate) enum ChangeOperation {
    /// Drafted for the first time.
    Created,
    /// Its content was changed.
    Updated,
    /// An act was recorded.
    ActRecorded,
    /// Handed to a publisher.
    Submitted,
    /// Handed back to its clerk.
    Returned,
    /// Shown to all.
    Published,
    /// A published content was mended.
    Corrected,
    /// Taken back for good.
    Withdrawn,
}

/// How a change moves an entry in the caller’s sight, under the filter that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::feed::Movement")]
pub(crate) enum Movement {
    /// It matches now and did not before.
    Entered,
    /// It matched before and still does.
    Stayed,
    /// It matched before and does no more: it was taken back, or has other marks now.
    Left,
}

/// How far a proposed locality has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::proposal::ProposalState")]
pub(crate) enum ProposalState {
    /// It waits for the ministry.
    Open,
    /// There is a locality for it.
    Accepted,
    /// There will be none.
    Declined,
}
