//! What every entry carries, whatever it tells of.

use crate::date::Day;
use crate::directory::Directory;
use crate::fact::Fact;
use crate::id::{Id, Log};
use crate::likeness::Likeness;
use crate::place::{Country, LocalityId};
use crate::reference::Source;
use crate::reference::Term;
use crate::unit::AdminUnit;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The key of a unit of administration.
pub type UnitId = Id<AdminUnit>;
/// The key of a country or territory.
pub type CountryId = Id<Country>;
/// The key of a term of a vocabulary.
pub type TermId = Id<Term>;
/// The key of a source.
pub type SourceId = Id<Source>;

/// What an entry tells of; each kind has its table.
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
pub enum EntryKind {
    /// A tie with a locality abroad.
    Relation,
    /// A signed document.
    Agreement,
    /// A diplomatic event.
    Event,
    /// A body at home or abroad.
    Organization,
    /// A standing activity: scholarships, exchanges, aid, heritage.
    Programme,
    /// A reported statistic.
    Figure,
    /// A policy or legal document.
    Instrument,
}

impl EntryKind {
    /// What the codes of entries that people write begin with.
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

    /// Whether statistics count entries of the kind: then each version has a [`Fact`].
    #[must_use]
    pub fn is_counted(self) -> bool {
        match self {
            Self::Relation | Self::Agreement | Self::Event | Self::Organization => true,
            Self::Programme | Self::Figure | Self::Instrument => false,
        }
    }
}

/// The three pillars of diplomacy.
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
pub enum Pillar {
    /// Party diplomacy (đối ngoại Đảng).
    Party,
    /// State diplomacy (ngoại giao Nhà nước).
    State,
    /// People-to-people diplomacy (đối ngoại nhân dân).
    People,
}

/// Which way something goes, seen from Vietnam.
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
pub enum Direction {
    /// Into Vietnam: guests come, aid is received.
    In,
    /// Out of Vietnam: a delegation leaves, aid is given.
    Out,
    /// Within Vietnam.
    Domestic,
    /// Held on line.
    Online,
}

/// How far an entry has come on its way to the public.
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
    /// Seen by its province alone.
    Draft,
    /// Seen by its province and the ministry.
    Submitted,
    /// Seen by all.
    Published,
    /// Taken back for good.
    Withdrawn,
}

/// Names one entry: its kind, the log that owns it and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryKey {
    /// What the entry tells of.
    pub kind: EntryKind,
    /// Whose it is.
    pub log: Log,
    /// Its number within the log, never used twice.
    pub number: i32,
}

/// What the register writes on every version of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Whose entry it is.
    pub log: Log,
    /// Its number within the log.
    pub number: i32,
    /// The printable code, unique within its kind.
    pub code: String,
    /// How many times the entry has been written; the optimistic lock.
    pub version: i32,
    /// How many times the entry has been written in all; beside a working version, or after one
    /// was discarded, more than the version that is shown.
    pub last_version: i32,
    /// How far this version has come.
    pub publication: Publication,
    /// Of a published version: how far the working version beside it has come.
    pub pending: Option<Publication>,
    /// When it was first published, in microseconds since 1970.
    pub published_at_us: Option<i64>,
    /// When this version was written, in microseconds since 1970.
    pub updated_at_us: i64,
}

/// What an entry of one kind tells, apart from its stamp.
pub trait Content:
    PartialEq + Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static
{
    /// The kind of entry that this is the content of.
    const KIND: EntryKind;

    /// The part that entries of every kind share.
    fn common(&self) -> &Common;

    /// The fact of a version that tells this, beginning with what entries of every kind share;
    /// none for kinds that are not counted.
    fn counted(&self, _shared: Fact, _directory: &Directory) -> Option<Fact> {
        None
    }

    /// What makes two entries of this kind look alike; none where doubles are not looked for.
    fn likeness(&self) -> Option<Likeness> {
        None
    }

    /// The day for which its source states a status, where it states one.
    fn stated_on(&self) -> Option<Day> {
        None
    }

    /// The same where its source now states another status than it did before: stated for today.
    #[must_use]
    fn restated(self, _before: &Self, _today: Day) -> Self {
        self
    }

    /// What it shows of relations of its province: that they live.
    fn sign_of_life(&self) -> Option<SignOfLife> {
        None
    }

    /// The partner whose signs of life its status follows from; none where it follows from none.
    fn lives_with(&self) -> Option<LocalityId> {
        None
    }

    /// The same with its status as these days of activity make it, in order of time.
    #[must_use]
    fn with_signs(self, _activity: &[Day]) -> Self {
        self
    }
}

/// That relations live: on which day, and which relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOfLife {
    /// When.
    pub on: Day,
    /// The code of the one relation that it is for, where it names one.
    pub relation: Option<String>,
    /// Else the partners whose relations it is for.
    pub partners: Vec<LocalityId>,
}

impl SignOfLife {
    /// Whether it is for the relation of its province with this code and partner.
    #[must_use]
    pub fn is_for(&self, code: &str, partner: LocalityId) -> bool {
        self.relation.as_ref().map_or_else(|| self.partners.contains(&partner), |named| named == code)
    }
}

/// What the content of every entry shares.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Common {
    /// The unit that the entry came from, as of the time of the fact; none for the ministry's.
    pub origin_unit: Option<UnitId>,
    /// The pillar, where the source says one.
    pub pillar: Option<Pillar>,
    /// Fields of cooperation, in the order given.
    pub fields: Vec<TermId>,
    /// Where the entry was read.
    pub sources: Vec<SourceId>,
    /// The first day on which the entry counts in a number (see [`counts_from`]).
    pub counts_from: Option<Day>,
}

/// One version of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<C> {
    /// What the register wrote on it.
    pub stamp: Stamp,
    /// What it tells.
    pub content: C,
}

impl<C: Content> Entry<C> {
    /// The key that names this entry in all its versions.
    #[must_use]
    pub fn key(&self) -> EntryKey {
        EntryKey { kind: C::KIND, log: self.stamp.log, number: self.stamp.number }
    }
}

/// The first day on which an entry counts: the latest day of its first date; undated, the last
/// day of the year of its evidence; with neither, the day of the data set that brought it.
#[must_use]
pub fn counts_from(first: Option<Day>, evidence_year: Option<i32>, brought_on: Day) -> Day {
    first.or_else(|| evidence_year.and_then(|year| Day::from_ymd_opt(year, 12, 31))).unwrap_or(brought_on)
}
