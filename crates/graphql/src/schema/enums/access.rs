//! Who asks, in which language, and what they may do.

use async_graphql::Enum;

/// A language in which texts and names are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::locale::Locale")]
pub(crate) enum Locale {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// What somebody is to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::policy::Role")]
pub(crate) enum Role {
    /// Nobody in particular: no token.
    Public,
    /// A system abroad or at home that reads what is published.
    Partner,
    /// Drafts for one province.
    Clerk,
    /// Publishes for one province.
    Publisher,
    /// Reads for the ministry.
    Analyst,
    /// Acts for the ministry.
    Steward,
}

/// What can be done to an entry that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Action {
    /// Change the working version, or open one beside the published version.
    Update,
    /// Record a dated act; of agreements alone.
    RecordAct,
    /// Hand a draft to the publisher.
    Submit,
    /// Hand a submitted version back to its clerk.
    Return,
    /// Show the working version to all.
    Publish,
    /// Take an entry back for good, or discard a version that was never published.
    Withdraw,
}

impl From<Action> for caunoi_domain::policy::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Update => Self::Update,
            Action::RecordAct => Self::RecordAct,
            Action::Submit => Self::Submit,
            Action::Return => Self::Return,
            Action::Publish => Self::Publish,
            Action::Withdraw => Self::Withdraw,
        }
    }
}

/// Classes of secrecy (độ mật). The register takes public matter alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Secrecy {
    /// No state secret (không mật).
    Public,
    /// Confidential (Mật): refused.
    Confidential,
    /// Secret (Tối mật): refused.
    Secret,
    /// Top secret (Tuyệt mật): refused.
    TopSecret,
}
