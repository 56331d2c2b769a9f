//! The common parts of all entries: kind, key, metadata, publication state and shared content.

pub use crate::lifecycle::Publication;
pub use crate::place::CountryId;
pub use crate::reference::{SourceId, TermId};
pub use crate::unit::UnitId;

use crate::date::Day;
use crate::id::Log;
use crate::locale::Bilingual;
use crate::merged_entry::MergedEntry;
use crate::place::LocalityId;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The kind of an entry; each kind has its own table.
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
pub enum EntryKind {
    /// A relation with a locality abroad.
    Relation,
    /// An agreement, with its parties and acts.
    Agreement,
    /// A diplomatic event.
    Event,
    /// An organization in Vietnam or abroad.
    Organization,
    /// A continuing activity, for example scholarships, exchanges or aid.
    Programme,
    /// A statistic as its source reports it.
    Figure,
    /// A policy or legal document.
    Instrument,
}

impl EntryKind {
    /// Returns the prefix of the codes of manually created entries.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Relation => "REL",
            Self::Agreement => "AGR",
            Self::Event => "EVT",
            Self::Organization => "ORG",
            Self::Programme => "PRG",
            Self::Figure => "FIG",
            Self::Instrument => "INS",
        }
    }

    /// Returns whether statistics count entries of the kind: then each version has a
    /// [`Fact`](crate::fact::Fact).
    #[must_use]
    pub fn is_counted(self) -> bool {
        match self {
            Self::Relation | Self::Agreement | Self::Event | Self::Organization => true,
            Self::Programme | Self::Figure | Self::Instrument => false,
        }
    }
}

/// One of the three pillars of Vietnamese diplomacy.
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
pub enum Pillar {
    /// Party diplomacy (đối ngoại Đảng).
    Party,
    /// State diplomacy (ngoại giao Nhà nước).
    State,
    /// People-to-people diplomacy (đối ngoại nhân dân).
    People,
}

/// The direction of a visit or programme, seen from Vietnam.
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
pub enum Direction {
    /// Into Vietnam: a delegation arrives (đoàn vào) or aid is received.
    In,
    /// Out of Vietnam: a delegation leaves (đoàn ra) or aid is given.
    Out,
    /// Within Vietnam.
    Domestic,
    /// Held online.
    Online,
}

/// The key of an entry: its kind, the log that owns it and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryKey {
    /// The kind.
    pub kind: EntryKind,
    /// The log that owns the entry.
    pub log: Log,
    /// The number within the log, never reused.
    pub number: i32,
}

/// The metadata of one version of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryMeta {
    /// The log that owns the entry.
    pub log: Log,
    /// The number within the log.
    pub number: i32,
    /// The printable code, unique within its kind.
    pub code: String,
    /// The version number, for optimistic locking.
    pub version: i32,
    /// The highest version number of the entry; greater than `version` while a working version
    /// exists or after one was discarded.
    pub last_version: i32,
    /// The publication state of this version.
    pub publication: Publication,
    /// The publication state of the working version; only in a published version that has one.
    pub pending: Option<Publication>,
    /// The time of the first publication, in microseconds since 1970.
    pub published_at_us: Option<i64>,
    /// The time when this version was written, in microseconds since 1970.
    pub updated_at_us: i64,
}

impl EntryMeta {
    /// Returns the metadata of a new entry: a draft in its first version.
    #[must_use]
    pub fn new(log: Log, number: i32, code: String, at_us: i64) -> Self {
        Self {
            log,
            number,
            code,
            version: 1,
            last_version: 1,
            publication: Publication::Draft,
            pending: None,
            published_at_us: None,
            updated_at_us: at_us,
        }
    }
}

/// The content of an entry of one kind, without its metadata.
pub trait Content:
    PartialEq + Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static
{
    /// The kind of the entry.
    const KIND: EntryKind;

    /// Returns the part that entries of every kind share.
    fn common(&self) -> &Common;

    /// Returns the day of the status that its source states; None where it states none.
    fn stated_on(&self) -> Option<Day> {
        None
    }

    /// Returns the content with today as the day of the statement where the stated status differs
    /// from that of `_before`.
    #[must_use]
    fn with_statement_day(self, _before: &Self, _today: Day) -> Self {
        self
    }

    /// Returns the links to entries of the same kind, each with its field. The links of one field
    /// never lead back to the entry.
    fn chain_links(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// Returns the activity that the entry adds to relations of its province; None where it adds
    /// none.
    fn linked_activity(&self) -> Option<LinkedActivity> {
        None
    }

    /// Returns the partner whose linked activity determines the status; None where none does.
    fn activity_partner(&self) -> Option<LocalityId> {
        None
    }

    /// Returns the content with its status computed from these days of activity, in order of time.
    #[must_use]
    fn with_activity_status(self, _activity: &[Day]) -> Self {
        self
    }
}

/// Activity of one day that keeps relations active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedActivity {
    /// The day.
    pub on: Day,
    /// The unit of origin of the entry.
    pub unit: Option<UnitId>,
    /// The code of the relation, where the entry names one.
    pub relation: Option<String>,
    /// The partners to whose relations it may apply, where `relation` is None; see
    /// [`PartnerActivity`](crate::relation::PartnerActivity).
    pub partners: Vec<LocalityId>,
}

/// The part of the content that entries of every kind share.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Common {
    /// The unit of origin, as of the time of the fact; None for entries of the ministry.
    pub origin_unit: Option<UnitId>,
    /// The further owners: units that are parties or hosts too, without the unit of origin, ascending. An
    /// entry of several owners is in the log of one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<UnitId>,
    /// The entries that were merged into this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<MergedEntry>,
    /// The pillar; None where the source does not state it.
    pub pillar: Option<Pillar>,
    /// Fields of cooperation, in the order given.
    pub fields: Vec<TermId>,
    /// The sources of the entry.
    pub sources: Vec<SourceId>,
    /// The first day on which statistics count the entry (see [`counts_from`]).
    pub counts_from: Option<Day>,
    /// A summary for readers; the shipped data has none.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub summary: Bilingual,
    /// Why the entry names no source; empty where it names one.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub no_source_reason: Bilingual,
}

/// One version of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<C> {
    /// The metadata of the version.
    pub meta: EntryMeta,
    /// The content.
    pub content: C,
}

impl<C: Content> Entry<C> {
    /// Returns the key of the entry, the same for all its versions.
    #[must_use]
    pub fn key(&self) -> EntryKey {
        EntryKey { kind: C::KIND, log: self.meta.log, number: self.meta.number }
    }
}

/// Returns the first day on which statistics count an entry: the latest day of its first date;
/// undated, the last day of its evidence year; with neither, the day of the data set it came with.
#[must_use]
pub fn counts_from(first: Option<Day>, evidence_year: Option<i32>, received_on: Day) -> Day {
    first.or_else(|| evidence_year.and_then(|year| Day::from_ymd_opt(year, 12, 31))).unwrap_or(received_on)
}
