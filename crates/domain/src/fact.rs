//! Facts: the values of an entry that statistics are computed from.

mod packed;
mod source;

pub use packed::{FORMAT, PackedFactError};
pub use source::FactSource;

use crate::agreement::{Lapse, SigningLevel};
use crate::clock::day_in_vietnam;
use crate::date::{Day, DayRange, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Directory;
use crate::entry::{CountryId, Direction, Entry, EntryKey, Pillar, Publication, SourceId, TermId, UnitId};
use crate::event::{EventMode, EventRank, EventState};
use crate::id::Log;
use crate::organization::{OrganizationStage, StageStart};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::{ActivityPeriod, RelationTier};
use crate::status::{Span, Status};
use serde::{Deserialize, Serialize};

/// The values of one version of an entry for statistics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The key of the entry.
    pub key: EntryKey,
    /// The unit of origin; None for entries of the ministry.
    pub origin_unit: Option<UnitId>,
    /// The pillar, where known.
    pub pillar: Option<Pillar>,
    /// Fields of cooperation.
    pub fields: Vec<TermId>,
    /// The sources of the entry.
    pub sources: Vec<SourceId>,
    /// Partner localities.
    pub localities: Vec<LocalityId>,
    /// The country of the partner, or of the place of an event.
    pub country: Option<CountryId>,
    /// All countries of the entry, including [`Fact::country`]; for an event those of its place,
    /// audience and partners.
    pub countries: Vec<CountryId>,
    /// The tier of a relation.
    pub tier: Option<RelationTier>,
    /// The level of an agreement.
    pub level: Option<SigningLevel>,
    /// The form of an agreement, the kind of an event.
    pub term: Option<TermId>,
    /// The direction of an event.
    pub direction: Option<Direction>,
    /// The level of an event.
    pub event_level: Option<EventRank>,
    /// The mode of an event.
    pub mode: Option<EventMode>,
    /// The stated state of an event.
    pub state: Option<EventState>,
    /// The series of an event, folded.
    pub series: Option<String>,
    /// The edition of an event, folded.
    pub edition: Option<String>,
    /// The delegates at all events that the entry counts as.
    pub delegates: Option<Quantity>,
    /// The connections made at them.
    pub connections: Option<Quantity>,
    /// The stage of an organization.
    pub stage: Option<OrganizationStage>,
    /// The first days of the stages, in order of time; empty where no stage is dated.
    pub stage_starts: Vec<StageStart>,
    /// The first day on which the entry is counted.
    #[serde(with = "crate::date::day_number")]
    pub counts_from: Day,
    /// Established, signed or held.
    #[serde(with = "packed::bounds")]
    pub first: DateBounds,
    /// The last day of an agreement's term, after extensions and renewals.
    #[serde(with = "packed::bounds")]
    pub expires: DateBounds,
    /// The day on which it was published.
    #[serde(with = "packed::bounds")]
    pub published: DateBounds,
    /// The publication state of the version.
    pub publication: Publication,
    /// The status over time; empty for events and organizations.
    #[serde(with = "packed::spans")]
    pub spans: Vec<Span<Status>>,
    /// The end of an agreement's term as it became known.
    pub lapses: Vec<Lapse>,
    /// The periods in which a relation is known to be active, in order of time.
    pub activity: Vec<ActivityPeriod>,
    /// The further owners: units other than the unit of origin, ascending.
    pub shared_units: Vec<UnitId>,
    /// The logs of the provinces of these units, without that of the entry itself, ascending.
    pub shared_logs: Vec<Log>,
}

impl Fact {
    /// Returns the fact of a version; None for kinds that are not counted.
    #[must_use]
    pub fn from_entry<C: FactSource>(entry: &Entry<C>, directory: &Directory) -> Option<Self> {
        let (meta, common) = (&entry.meta, entry.content.common());
        let mut fields = common.fields.clone();
        fields.sort_unstable();
        let mut sources = common.sources.clone();
        sources.sort_unstable();
        sources.dedup();
        let shared = Self {
            key: entry.key(),
            origin_unit: common.origin_unit,
            pillar: common.pillar,
            fields,
            sources,
            localities: Vec::new(),
            country: None,
            countries: Vec::new(),
            tier: None,
            level: None,
            term: None,
            direction: None,
            event_level: None,
            mode: None,
            state: None,
            series: None,
            edition: None,
            delegates: None,
            connections: None,
            stage: None,
            stage_starts: Vec::new(),
            counts_from: common.counts_from.unwrap_or(UNDATED_FIRST),
            first: DateBounds::UNDATED,
            expires: DateBounds::UNDATED,
            published: meta
                .published_at_us
                .map_or(DateBounds::UNDATED, |at_us| DateBounds::of_day(day_in_vietnam(at_us))),
            publication: meta.publication,
            spans: Vec::new(),
            lapses: Vec::new(),
            activity: Vec::new(),
            shared_units: common.shared_with.clone(),
            shared_logs: common.shared_logs(meta.log, directory).into_iter().collect(),
        };
        let mut fact = entry.content.complete_fact(shared, directory)?;
        fact.localities.sort_unstable();
        fact.localities.dedup();
        fact.countries.extend(fact.country);
        fact.countries.sort_unstable();
        fact.countries.dedup();
        Some(fact)
    }
}

/// The bounds of a date that may be partial or an interval: of the whole, of its start and of its
/// end. A date from one known day to another has a known start and a known end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateBounds {
    /// Whether there is a date.
    pub is_dated: bool,
    /// The earliest day that it may mean, as written.
    pub earliest: Day,
    /// The latest day that it may mean, as written.
    pub latest: Day,
    /// The days that its start may mean.
    pub start: DayRange,
    /// The days that its end may mean.
    pub end: DayRange,
}

impl DateBounds {
    /// No date.
    pub const UNDATED: Self = Self {
        is_dated: false,
        earliest: UNDATED_FIRST,
        latest: UNDATED_LAST,
        start: DayRange::ANY,
        end: DayRange::ANY,
    };

    /// Returns the bounds of a date; an open side extends to [`UNDATED_FIRST`] or [`UNDATED_LAST`].
    #[must_use]
    pub fn from_date(date: Option<&FuzzyDate>) -> Self {
        date.map_or(Self::UNDATED, |date| Self {
            is_dated: true,
            earliest: date.earliest().unwrap_or(UNDATED_FIRST),
            latest: date.latest().unwrap_or(UNDATED_LAST),
            start: date.start(),
            end: date.end(),
        })
    }

    /// Returns the bounds of a known day.
    #[must_use]
    pub const fn of_day(day: Day) -> Self {
        Self::of_range(DayRange::of_day(day))
    }

    /// Returns the bounds of one point in time within a range.
    #[must_use]
    pub const fn of_range(range: DayRange) -> Self {
        Self { is_dated: true, earliest: range.earliest, latest: range.latest, start: range, end: range }
    }
}
