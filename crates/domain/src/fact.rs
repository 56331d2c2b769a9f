//! Facts: the few values of an entry that numbers are made of.

mod packed;

pub use packed::{FORMAT, Unreadable};

use crate::agreement::AgreementLevel;
use crate::clock::day_in_vietnam;
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Directory;
use crate::entry::{Content, CountryId, Direction, Entry, EntryKey, Pillar, Publication, TermId, UnitId};
use crate::event::{EventLevel, EventMode};
use crate::organization::{OrganizationStage, StageTurn};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::RelationTier;
use crate::status::{Span, Status};
use serde::{Deserialize, Serialize};

/// What statistics know of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Which entry.
    pub key: EntryKey,
    /// The unit that it came from; none for the ministry's own.
    pub origin_unit: Option<UnitId>,
    /// The pillar, where known.
    pub pillar: Option<Pillar>,
    /// Fields of cooperation.
    pub fields: Vec<TermId>,
    /// Partner localities.
    pub localities: Vec<LocalityId>,
    /// The country: the partner's, or that of the place of an event.
    pub country: Option<CountryId>,
    /// Every country that it has to do with, [`Fact::country`] among them.
    pub countries: Vec<CountryId>,
    /// The tier of a relation.
    pub tier: Option<RelationTier>,
    /// The level of an agreement.
    pub level: Option<AgreementLevel>,
    /// The form of an agreement, the kind of an event.
    pub term: Option<TermId>,
    /// Which way an event went.
    pub direction: Option<Direction>,
    /// The level of an event.
    pub event_level: Option<EventLevel>,
    /// How people took part in an event.
    pub mode: Option<EventMode>,
    /// The series of an event, folded.
    pub series: Option<String>,
    /// The edition of an event, folded.
    pub edition: Option<String>,
    /// Delegates at all events that the entry stands for.
    pub delegates: Option<Quantity>,
    /// Connections made at them.
    pub connections: Option<Quantity>,
    /// The stage of an organization.
    pub stage: Option<OrganizationStage>,
    /// The dated turns of that stage, in order of time; none where it was always the same.
    pub stage_turns: Vec<StageTurn>,
    /// The first day on which the entry counts.
    #[serde(with = "packed::day")]
    pub counts_from: Day,
    /// Established, signed or held.
    pub first: Period,
    /// The last day of an agreement's term.
    pub expires: Period,
    /// The day on which it was published.
    pub published: Period,
    /// How far the version has come.
    pub publication: Publication,
    /// The status through time; empty for events.
    #[serde(with = "packed::spans")]
    pub spans: Vec<Span<Status>>,
}

impl Fact {
    /// What statistics know of a version; none of kinds that are not counted.
    #[must_use]
    pub fn of<C: Content>(entry: &Entry<C>, directory: &Directory) -> Option<Self> {
        let (stamp, common) = (&entry.stamp, entry.content.common());
        let mut fields = common.fields.clone();
        fields.sort_unstable();
        let shared = Self {
            key: entry.key(),
            origin_unit: common.origin_unit,
            pillar: common.pillar,
            fields,
            localities: Vec::new(),
            country: None,
            countries: Vec::new(),
            tier: None,
            level: None,
            term: None,
            direction: None,
            event_level: None,
            mode: None,
            series: None,
            edition: None,
            delegates: None,
            connections: None,
            stage: None,
            stage_turns: Vec::new(),
            counts_from: common.counts_from.unwrap_or(UNDATED_FIRST),
            first: Period::UNDATED,
            expires: Period::UNDATED,
            published: stamp.published_at_us.map_or(Period::UNDATED, |at_us| {
                let day = day_in_vietnam(at_us);
                Period { is_dated: true, earliest: day, latest: day }
            }),
            publication: stamp.publication,
            spans: Vec::new(),
        };
        let mut fact = entry.content.counted(shared, directory)?;
        fact.localities.sort_unstable();
        fact.localities.dedup();
        fact.countries.extend(fact.country);
        fact.countries.sort_unstable();
        fact.countries.dedup();
        Some(fact)
    }
}

/// The bounds of a date that may be partial; an undated one has neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Whether there is a date at all.
    pub is_dated: bool,
    /// The earliest day that it may mean.
    #[serde(with = "packed::day")]
    pub earliest: Day,
    /// The latest day that it may mean.
    #[serde(with = "packed::day")]
    pub latest: Day,
}

impl Period {
    /// No date.
    pub const UNDATED: Self = Self { is_dated: false, earliest: UNDATED_FIRST, latest: UNDATED_LAST };

    /// The bounds of this date; an open side reaches as far as time does.
    #[must_use]
    pub fn of(date: Option<&FuzzyDate>) -> Self {
        date.map_or(Self::UNDATED, |date| Self {
            is_dated: true,
            earliest: date.earliest().unwrap_or(UNDATED_FIRST),
            latest: date.latest().unwrap_or(UNDATED_LAST),
        })
    }
}
