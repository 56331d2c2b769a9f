//! Enums of callers: language, role, action, secrecy.

use async_graphql::Enum;

/// A language of texts and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::locale::Locale")]
pub(crate) enum Locale {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// The role of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::policy::Role")]
pub(crate) enum Role {
    /// A caller without a token, who reads published data.
    Public,
    /// A partner system at home or abroad that reads published data and can have webhooks.
    Partner,
    /// A clerk who drafts entries for one province.
    Clerk,
    /// A publisher who publishes entries for one province.
    Publisher,
    /// An analyst who reads for the ministry.
    Analyst,
    /// A steward who writes for the ministry and maintains the reference data.
    Steward,
}

/// An action on an existing entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Action {
    /// Change the unpublished version, or start one if the version shown is published.
    Update,
    /// Record a dated act. Only agreements have acts.
    RecordAct,
    /// Submit a draft to the publisher.
    Submit,
    /// Return a submitted version to the clerk.
    Return,
    /// Publish the unpublished version.
    Publish,
    /// Withdraw an entry permanently, or discard its unpublished version.
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

/// A classification of secrecy (độ mật). The register accepts public information only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Secrecy {
    /// Not a state secret (không mật).
    Public,
    /// Confidential (Mật). Rejected with an error.
    Confidential,
    /// Secret (Tối mật). Rejected with an error.
    Secret,
    /// Top secret (Tuyệt mật). Rejected with an error.
    TopSecret,
}
