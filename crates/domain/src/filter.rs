//! Filters over entries: one tree that `store` turns into SQL and `statistics` asks of facts.
//!
//! Invariant: both readings accept the same entries. A test asks both the same random filters.

use crate::agreement::AgreementLevel;
use crate::date::Day;
use crate::entry::{CountryId, Direction, EntryKey, EntryKind, Pillar, Publication, TermId, UnitId};
use crate::event::{EventLevel, EventMode};
use crate::fact::{Fact, Period};
use crate::id::Log;
use crate::organization::{OrganizationStage, StageTurn};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::RelationTier;
use crate::search::Words;
use crate::statistics::QuantityKey;
use crate::status::{self, Span, Status};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Which entries are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Those that pass every one; all entries where there is none.
    All(Vec<Filter>),
    /// Those that pass at least one; no entry where there is none.
    Any(Vec<Filter>),
    /// Those that do not pass.
    Not(Box<Filter>),
    /// Those of which this holds.
    Is(Predicate),
}

impl Default for Filter {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// One thing that holds of an entry, or does not. A list matches any of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// Written in one of these logs.
    Log(Vec<Log>),
    /// Came from one of these units.
    Unit(Vec<UnitId>),
    /// The country of the partner, or of the place of an event.
    Country(Vec<CountryId>),
    /// Any country that the entry has to do with.
    AnyCountry(Vec<CountryId>),
    /// A partner.
    Locality(Vec<LocalityId>),
    /// The pillar.
    Pillar(Vec<Pillar>),
    /// A field of cooperation.
    Field(Vec<TermId>),
    /// The form of an agreement, the kind of an event.
    Term(Vec<TermId>),
    /// The tier of a relation.
    Tier(Vec<RelationTier>),
    /// The level of an agreement.
    Level(Vec<AgreementLevel>),
    /// Which way an event went.
    Direction(Vec<Direction>),
    /// The level of an event.
    EventLevel(Vec<EventLevel>),
    /// How people took part in an event.
    Mode(Vec<EventMode>),
    /// The series of an event, in the form of [`crate::text::fold_name`].
    Series(Vec<String>),
    /// The edition of an event, in the form of [`crate::text::fold_name`].
    Edition(Vec<String>),
    /// The publication state of the version that is seen.
    Publication(Vec<Publication>),
    /// The status on a day.
    Status(Vec<Status>, Day),
    /// A date against bounds.
    Date(DateField, DateTest),
    /// Counts on this day already.
    CountsOn(Day),
    /// Its texts contain all these words.
    Words(Words),
    /// One of these, as a search found them.
    OneOf(EntryKind, Arc<HashSet<(Log, i32)>>),
}

/// Which date of an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateField {
    /// Established, signed or held.
    First,
    /// The last day of an agreement's term.
    Expires,
    /// The day of publication.
    Published,
}

/// Bounds for a date. A partial date passes only where every day that it may mean does; an
/// undated entry passes none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateTest {
    /// On this day or later.
    OnOrAfter(Day),
    /// Later than this day.
    After(Day),
    /// On this day or earlier.
    OnOrBefore(Day),
    /// Earlier than this day.
    Before(Day),
    /// Whether there is no date.
    IsUndated(bool),
}

impl DateTest {
    /// Whether the date passes.
    #[must_use]
    pub fn holds(self, date: Period) -> bool {
        match self {
            Self::OnOrAfter(day) => date.is_dated && date.earliest >= day,
            Self::After(day) => date.is_dated && date.earliest > day,
            Self::OnOrBefore(day) => date.is_dated && date.latest <= day,
            Self::Before(day) => date.is_dated && date.latest < day,
            Self::IsUndated(wanted) => date.is_dated != wanted,
        }
    }
}

impl Filter {
    /// Those that pass both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut parts = match self {
            Self::All(parts) => parts,
            part @ (Self::Any(_) | Self::Not(_) | Self::Is(_)) => vec![part],
        };
        match other {
            Self::All(others) => parts.extend(others),
            part @ (Self::Any(_) | Self::Not(_) | Self::Is(_)) => parts.push(part),
        }
        Self::All(parts)
    }

    /// The logs that entries which pass can only be in, where the filter says so. None where it
    /// does not: then they may be in any.
    #[must_use]
    pub fn logs(&self) -> Option<BTreeSet<Log>> {
        match self {
            Self::All(parts) => parts.iter().filter_map(Self::logs).reduce(|one, other| &one & &other),
            Self::Any(parts) => {
                parts.iter().try_fold(BTreeSet::new(), |all, part| Some(&all | &part.logs()?))
            }
            Self::Is(Predicate::Log(logs)) => Some(logs.iter().copied().collect()),
            Self::Not(_) | Self::Is(_) => None,
        }
    }

    /// Every search in the tree, so that `store` can find its entries before facts are asked.
    #[must_use]
    pub fn searches(&self) -> Vec<&Words> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::searches).collect(),
            Self::Not(part) => part.searches(),
            Self::Is(Predicate::Words(words)) => vec![words],
            Self::Is(_) => Vec::new(),
        }
    }

    /// The same filter with every search replaced by what it found.
    #[must_use]
    pub fn with_found(self, found: &dyn Fn(&Words) -> Predicate) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.into_iter().map(|part| part.with_found(found)).collect()),
            Self::Any(parts) => Self::Any(parts.into_iter().map(|part| part.with_found(found)).collect()),
            Self::Not(part) => Self::Not(Box::new(part.with_found(found))),
            Self::Is(Predicate::Words(words)) => Self::Is(found(&words)),
            Self::Is(predicate) => Self::Is(predicate),
        }
    }

    /// Whether this fact passes. A search that was not replaced by what it found passes nothing.
    #[must_use]
    pub fn accepts(&self, fact: &impl FactView) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.accepts(fact)),
            Self::Any(parts) => parts.iter().any(|part| part.accepts(fact)),
            Self::Not(part) => !part.accepts(fact),
            Self::Is(predicate) => predicate.holds(fact),
        }
    }
}

impl Predicate {
    /// Whether this holds of a published entry.
    #[must_use]
    pub fn holds(&self, fact: &impl FactView) -> bool {
        match self {
            Self::Log(logs) => logs.contains(&fact.key().log),
            Self::Unit(units) => fact.origin_unit().is_some_and(|unit| units.contains(&unit)),
            Self::Country(countries) => fact.country().is_some_and(|country| countries.contains(&country)),
            Self::AnyCountry(countries) => share(fact.countries(), countries),
            Self::Locality(localities) => share(fact.localities(), localities),
            Self::Pillar(pillars) => fact.pillar().is_some_and(|pillar| pillars.contains(&pillar)),
            Self::Field(terms) => share(fact.fields(), terms),
            Self::Term(terms) => fact.term().is_some_and(|term| terms.contains(&term)),
            Self::Tier(tiers) => fact.tier().is_some_and(|tier| tiers.contains(&tier)),
            Self::Level(levels) => fact.level().is_some_and(|level| levels.contains(&level)),
            Self::Direction(directions) => {
                fact.direction().is_some_and(|direction| directions.contains(&direction))
            }
            Self::Publication(states) => states.contains(&fact.publication()),
            Self::EventLevel(levels) => fact.event_level().is_some_and(|level| levels.contains(&level)),
            Self::Mode(modes) => fact.mode().is_some_and(|mode| modes.contains(&mode)),
            Self::Series(names) => is_named(fact.series(), names),
            Self::Edition(names) => is_named(fact.edition(), names),
            Self::Status(statuses, day) => {
                status::on(fact.spans(), *day).is_some_and(|now| statuses.contains(&now))
            }
            Self::Date(field, test) => test.holds(fact.date(*field)),
            Self::CountsOn(day) => fact.counts_from() <= *day,
            Self::Words(_) => false,
            Self::OneOf(kind, found) => {
                let EntryKey { kind: of, log, number } = fact.key();
                of == *kind && found.contains(&(log, number))
            }
        }
    }
}

fn share<T: PartialEq>(own: &[T], wanted: &[T]) -> bool {
    own.iter().any(|one| wanted.contains(one))
}

fn is_named(own: Option<&str>, wanted: &[String]) -> bool {
    own.is_some_and(|own| wanted.iter().any(|name| name == own))
}

/// A fact as filters ask it, whether it stands alone or in the columns of statistics.
pub trait FactView {
    /// Which entry.
    fn key(&self) -> EntryKey;
    /// The unit that it came from.
    fn origin_unit(&self) -> Option<UnitId>;
    /// The country of the partner, or of the place of an event.
    fn country(&self) -> Option<CountryId>;
    /// Every country that it has to do with.
    fn countries(&self) -> &[CountryId];
    /// Partner localities.
    fn localities(&self) -> &[LocalityId];
    /// The pillar, where known.
    fn pillar(&self) -> Option<Pillar>;
    /// Fields of cooperation.
    fn fields(&self) -> &[TermId];
    /// The form of an agreement, the kind of an event.
    fn term(&self) -> Option<TermId>;
    /// The tier of a relation.
    fn tier(&self) -> Option<RelationTier>;
    /// The level of an agreement.
    fn level(&self) -> Option<AgreementLevel>;
    /// Which way an event went.
    fn direction(&self) -> Option<Direction>;
    /// The level of an event.
    fn event_level(&self) -> Option<EventLevel>;
    /// How people took part in an event.
    fn mode(&self) -> Option<EventMode>;
    /// The series of an event, folded.
    fn series(&self) -> Option<&str>;
    /// The edition of an event, folded.
    fn edition(&self) -> Option<&str>;
    /// What it adds to a sum.
    fn quantity(&self, key: QuantityKey) -> Option<&Quantity>;
    /// The stage of an organization.
    fn stage(&self) -> Option<OrganizationStage>;
    /// How far the version has come.
    fn publication(&self) -> Publication;
    /// The dated turns of that stage.
    fn stage_turns(&self) -> &[StageTurn];
    /// The status through time.
    fn spans(&self) -> &[Span<Status>];
    /// One of its dates.
    fn date(&self, field: DateField) -> Period;
    /// The first day on which it counts.
    fn counts_from(&self) -> Day;
}

impl FactView for Fact {
    fn key(&self) -> EntryKey {
        self.key
    }

    fn origin_unit(&self) -> Option<UnitId> {
        self.origin_unit
    }

    fn country(&self) -> Option<CountryId> {
        self.country
    }

    fn countries(&self) -> &[CountryId] {
        &self.countries
    }

    fn localities(&self) -> &[LocalityId] {
        &self.localities
    }

    fn pillar(&self) -> Option<Pillar> {
        self.pillar
    }

    fn fields(&self) -> &[TermId] {
        &self.fields
    }

    fn term(&self) -> Option<TermId> {
        self.term
    }

    fn tier(&self) -> Option<RelationTier> {
        self.tier
    }

    fn level(&self) -> Option<AgreementLevel> {
        self.level
    }

    fn direction(&self) -> Option<Direction> {
        self.direction
    }

    fn event_level(&self) -> Option<EventLevel> {
        self.event_level
    }

    fn mode(&self) -> Option<EventMode> {
        self.mode
    }

    fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    fn edition(&self) -> Option<&str> {
        self.edition.as_deref()
    }

    fn quantity(&self, key: QuantityKey) -> Option<&Quantity> {
        match key {
            QuantityKey::Delegates => self.delegates.as_ref(),
            QuantityKey::Connections => self.connections.as_ref(),
        }
    }

    fn stage(&self) -> Option<OrganizationStage> {
        self.stage
    }

    fn publication(&self) -> Publication {
        self.publication
    }

    fn stage_turns(&self) -> &[StageTurn] {
        &self.stage_turns
    }

    fn spans(&self) -> &[Span<Status>] {
        &self.spans
    }

    fn date(&self, field: DateField) -> Period {
        match field {
            DateField::First => self.first,
            DateField::Expires => self.expires,
            DateField::Published => self.published,
        }
    }

    fn counts_from(&self) -> Day {
        self.counts_from
    }
}
