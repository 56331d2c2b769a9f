//! What entries can be grouped by.

use crate::date::DateUnit;
use crate::entry::EntryKind;
use crate::filter::DateField;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A value of entries to count by. An entry without the value is in no group; one with several
/// is in each of their groups, once.
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
pub enum GroupKey {
    /// The province that it counts under; the ministry's own are in none.
    Province,
    /// The unit that it counts under.
    Unit,
    /// The country of the partner, or of the place of an event.
    Country,
    /// The UN region of that country.
    Region,
    /// The partners.
    Locality,
    /// The pillar.
    Pillar,
    /// The fields of cooperation.
    Field,
    /// The form of an agreement.
    Form,
    /// The kind of an event.
    Kind,
    /// The tier of a relation.
    Tier,
    /// The level of an agreement.
    AgreementLevel,
    /// The status on the day asked for.
    Status,
    /// The levels of the partners.
    Level,
    /// The stage of an organization on the day asked for.
    Stage,
    /// Which way an event went.
    Direction,
}

/// A quantity of entries that can be summed.
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
pub enum QuantityKey {
    /// Delegates at events.
    Delegates,
    /// Direct connections made at events.
    Connections,
}

/// A date of entries to count by, as each kind calls it.
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
pub enum BucketField {
    /// When an agreement was signed.
    Signed,
    /// The last day of an agreement's term.
    Expires,
    /// When a relation was established.
    Established,
    /// When an event took place.
    Starts,
    /// When the entry was published.
    Published,
}

/// One thing to group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// By a value.
    Key(GroupKey),
    /// By the period of a date.
    ///
    /// An entry is in a bucket where all days that its date may mean lie in it; else it is in
    /// none, because nothing invents a day.
    Bucket {
        /// Which date.
        field: BucketField,
        /// How long a bucket is.
        unit: DateUnit,
        /// Whether buckets without entries are told too (see [`super::groups`]).
        fill_gaps: bool,
    },
}

impl GroupBy {
    /// Whether entries of this kind can have such a value.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Key(key) => key.is_offered(kind),
            Self::Bucket { field, .. } => field.is_offered(kind),
        }
    }
}

impl GroupKey {
    /// Whether entries of this kind can have such a value.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Province
            | Self::Unit
            | Self::Country
            | Self::Region
            | Self::Locality
            | Self::Level
            | Self::Pillar
            | Self::Field => is_counted(kind),
            Self::Form | Self::AgreementLevel => kind == EntryKind::Agreement,
            Self::Kind => matches!(kind, EntryKind::Event | EntryKind::Organization),
            Self::Direction => kind == EntryKind::Event,
            Self::Tier => kind == EntryKind::Relation,
            Self::Status => matches!(kind, EntryKind::Relation | EntryKind::Agreement),
            Self::Stage => kind == EntryKind::Organization,
        }
    }
}

impl QuantityKey {
    /// Whether entries of this kind can have such a quantity.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Delegates | Self::Connections => kind == EntryKind::Event,
        }
    }
}

impl BucketField {
    /// Whether entries of this kind can have such a date.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Signed | Self::Expires => kind == EntryKind::Agreement,
            Self::Established => kind == EntryKind::Relation,
            Self::Starts => kind == EntryKind::Event,
            Self::Published => is_counted(kind),
        }
    }

    pub(super) fn date_field(self) -> DateField {
        match self {
            Self::Signed | Self::Established | Self::Starts => DateField::First,
            Self::Expires => DateField::Expires,
            Self::Published => DateField::Published,
        }
    }
}

fn is_counted(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Relation | EntryKind::Agreement | EntryKind::Event | EntryKind::Organization)
}
