//! The publication states of a version and the actions on entries.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The publication state of a version of an entry.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Publication {
    /// A draft, visible to its province only.
    Draft,
    /// Submitted, visible to its province and the ministry.
    Submitted,
    /// Published, visible to all.
    Published,
    /// Withdrawn permanently, no longer visible to the public.
    Withdrawn,
}

/// An action on an entry, a province or the reference data.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Draft a new entry.
    Create,
    /// Change the unpublished version, or start one if the version shown is published.
    Update,
    /// Record a dated act. Only agreements have acts.
    RecordAct,
    /// Amend a recorded act.
    AmendAct,
    /// Void a recorded act.
    VoidAct,
    /// Submit a draft to the publisher.
    Submit,
    /// Return a submitted version to the clerk.
    Return,
    /// Publish the unpublished version.
    Publish,
    /// Withdraw an entry permanently, or discard its unpublished version.
    Withdraw,
    /// Discard a draft that was not submitted.
    Discard,
    /// Merge entries that record one document or event, or undo a merge.
    Merge,
    /// Confirm that the entries of a period are complete.
    Confirm,
    /// Change the reference data: localities, names of countries, terms.
    Maintain,
    /// Propose a missing locality to the ministry.
    Propose,
    /// Accept or decline such a proposal.
    Settle,
    /// Give and take access: API keys, revocations, blocked networks.
    Administer,
}

impl Action {
    /// The actions on an existing entry.
    pub const ON_ENTRIES: &'static [Self] = &[
        Self::Update,
        Self::RecordAct,
        Self::AmendAct,
        Self::VoidAct,
        Self::Submit,
        Self::Return,
        Self::Publish,
        Self::Withdraw,
        Self::Discard,
        Self::Merge,
    ];
}
