//! The keys by which entries are grouped.

use crate::date::DateUnit;
use crate::entry::EntryKind;
use crate::filter::DateField;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A property to group or count entries by. An entry without a value is in no group; an entry with
/// several values is in the group of each.
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
pub enum GroupKey {
    /// The province that owns the entry today; with boundaries `AT_THE_TIME`, the unit that it
    /// counted under at that time. An entry of several owners is in the group of each; entries of
    /// the ministry are in no group.
    Province,
    /// The administrative unit, under the boundaries given.
    Unit,
    /// The country of the partner, or of the place of an event.
    Country,
    /// The region of the world of that country, by UN M49.
    Region,
    /// The partner locality.
    Locality,
    /// The pillar of diplomacy.
    Pillar,
    /// A field of cooperation.
    Field,
    /// The form of an agreement.
    Form,
    /// The kind of an event or organization.
    Kind,
    /// The tier of a relation.
    Tier,
    /// The signing level of an agreement.
    SigningLevel,
    /// The status on the day reported on.
    Status,
    /// The administrative level of the partner locality.
    LocalityLevel,
    /// The stage of an organization on the day reported on.
    Stage,
    /// The direction of an event.
    Direction,
}

/// A date to group entries by.
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
pub enum BucketField {
    /// The date on which agreements were signed.
    SignedOn,
    /// The last day of the term of agreements.
    Expires,
    /// The date on which relations were established.
    Established,
    /// The date on which events were held.
    HeldOn,
    /// The day on which entries were first published.
    Published,
}

/// A group key or a time bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// By a value.
    Key(GroupKey),
    /// By the period of a date.
    ///
    /// An entry is in a bucket when all possible days of its date are in it. Otherwise it is in no
    /// bucket, because the register never makes a date more exact than its source.
    Bucket {
        /// The date.
        field: BucketField,
        /// The length of a bucket.
        unit: DateUnit,
        /// Whether buckets without entries are returned too, see [`super::groups`].
        fill_gaps: bool,
    },
}

impl GroupBy {
    /// Returns the key if it groups by owner.
    #[must_use]
    pub fn owner_key(self) -> Option<GroupKey> {
        match self {
            Self::Key(key @ (GroupKey::Province | GroupKey::Unit)) => Some(key),
            Self::Key(_) | Self::Bucket { .. } => None,
        }
    }

    /// Returns whether entries of this kind can have such a value.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Key(key) => key.is_offered(kind),
            Self::Bucket { field, .. } => field.is_offered(kind),
        }
    }
}

impl GroupKey {
    /// Returns whether entries of this kind can have such a value.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Province
            | Self::Unit
            | Self::Country
            | Self::Region
            | Self::Locality
            | Self::LocalityLevel
            | Self::Pillar
            | Self::Field => is_counted(kind),
            Self::Form | Self::SigningLevel => kind == EntryKind::Agreement,
            Self::Kind => matches!(kind, EntryKind::Event | EntryKind::Organization),
            Self::Direction => kind == EntryKind::Event,
            Self::Tier => kind == EntryKind::Relation,
            Self::Status => matches!(kind, EntryKind::Relation | EntryKind::Agreement),
            Self::Stage => kind == EntryKind::Organization,
        }
    }
}

impl BucketField {
    /// Returns whether entries of this kind can have such a date.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::SignedOn | Self::Expires => kind == EntryKind::Agreement,
            Self::Established => kind == EntryKind::Relation,
            Self::HeldOn => kind == EntryKind::Event,
            Self::Published => is_counted(kind),
        }
    }

    pub(super) fn date_field(self) -> DateField {
        match self {
            Self::SignedOn | Self::Established | Self::HeldOn => DateField::First,
            Self::Expires => DateField::Expires,
            Self::Published => DateField::Published,
        }
    }
}

fn is_counted(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Relation | EntryKind::Agreement | EntryKind::Event | EntryKind::Organization)
}
