//! The publication states of a version and the actions on entries.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The publication state of a version.
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
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Publication {
    /// Visible to its province only.
    Draft,
    /// Visible to its province and the ministry.
    Submitted,
    /// Visible to everyone.
    Published,
    /// Withdrawn permanently.
    Withdrawn,
}

/// An action on an entry, a province or the reference data.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Draft a new entry.
    Create,
    /// Change the working version, or create one from the published version.
    Update,
    /// Record a dated act of an agreement.
    RecordAct,
    /// Hand a draft to the publisher.
    Submit,
    /// Hand a submitted version back to its clerk.
    Return,
    /// Make the working version public.
    Publish,
    /// Withdraw an entry permanently, or discard its working version.
    Withdraw,
    /// Confirm that the entries of a period are complete.
    Confirm,
    /// Change the reference data: localities, names of countries, terms.
    Maintain,
    /// Propose a missing locality to the ministry.
    Propose,
    /// Accept or decline such a proposal.
    Settle,
}
