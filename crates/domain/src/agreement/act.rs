//! Dated acts: the steps in the life of an agreement.

use crate::date::FuzzyDate;
use crate::entry::SourceId;
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The kind of a dated act of an agreement.
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
pub enum ActKind {
    /// It was signed.
    Sign,
    /// It entered into force.
    EnterIntoForce,
    /// Its text was amended.
    Amend,
    /// Its term was extended.
    Extend,
    /// It was renewed for a new term.
    Renew,
    /// It was suspended.
    Suspend,
    /// It was resumed after a suspension.
    Resume,
    /// One party withdrew from it.
    Withdraw,
    /// It was terminated.
    Terminate,
    /// Its term ended.
    Expire,
    /// Another document replaced it.
    Supersede,
    /// A successor unit took it over after a merger of units.
    Succeed,
    /// An error in the register was corrected. The agreement itself did not change.
    Correct,
}

/// One dated act of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Its number within the agreement, from 1; it stays the same when other acts are recorded,
    /// amended or voided.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub id: i32,
    /// The kind.
    pub kind: ActKind,
    /// The date.
    pub on: FuzzyDate,
    /// The last day of the new term, for an extension or renewal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<FuzzyDate>,
    /// A remark.
    #[serde(default)]
    pub note: Bilingual,
    /// The source.
    pub source: Option<SourceId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(super) fn is_zero(number: &i32) -> bool {
    *number == 0
}
