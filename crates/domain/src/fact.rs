//! Facts: the few values of an entry that numbers are made of.

use crate::agreement::AgreementLevel;
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::{CountryId, Direction, EntryKey, Pillar, Publication, TermId, UnitId};
use crate::event::{EventLevel, EventMode};
use crate::organization::{OrganizationStage, StageTurn};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::RelationTier;
use crate::status::{Span, Status};

/// What statistics know of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub spans: Vec<Span<Status>>,
}

/// The bounds of a date that may be partial; an undated one has neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Whether there is a date at all.
    pub is_dated: bool,
    /// The earliest day that it may mean.
    pub earliest: Day,
    /// The latest day that it may mean.
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
