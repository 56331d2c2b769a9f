//! Filters over entries: one tree that `store` translates to SQL and `statistics` evaluates on
//! facts.
//!
//! Invariant: both accept the same entries. A test compares them with random filters.

mod event_state;

use crate::agreement::SigningLevel;
use crate::date::{Day, DayRange};
use crate::entry::{
    CountryId, Direction, EntryKey, EntryKind, Pillar, Publication, SourceId, TermId, UnitId,
};
use crate::event::{EventMode, EventRank, EventState};
use crate::fact::Fact;
use crate::id::Log;
use crate::place::LocalityId;
use crate::relation::RelationTier;
use crate::search::SearchTerms;
use crate::status::{self, Status};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A condition on entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of these; every entry where the list is empty.
    All(Vec<Filter>),
    /// At least one of these; no entry where the list is empty.
    Any(Vec<Filter>),
    /// The entries that do not match.
    Not(Box<Filter>),
    /// The entries that match this predicate.
    Is(Predicate),
}

impl Default for Filter {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// One predicate on an entry. A list matches any of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// The log that contains the entry.
    Log(Vec<Log>),
    /// The log that contains the entry, or that of a further owner.
    Owner(Vec<Log>),
    /// The unit of origin, or a further owner.
    Unit(Vec<UnitId>),
    /// The country of the partner, or of the place of an event.
    Country(Vec<CountryId>),
    /// Any of the countries of the entry, as in [`Fact::countries`].
    AnyCountry(Vec<CountryId>),
    /// A partner.
    Locality(Vec<LocalityId>),
    /// The pillar.
    Pillar(Vec<Pillar>),
    /// A field of cooperation.
    Field(Vec<TermId>),
    /// A source of the entry.
    Source(Vec<SourceId>),
    /// The form of an agreement, the kind of an event.
    Term(Vec<TermId>),
    /// The tier of a relation.
    Tier(Vec<RelationTier>),
    /// The level of an agreement.
    Level(Vec<SigningLevel>),
    /// The direction of an event.
    Direction(Vec<Direction>),
    /// The level of an event.
    EventRank(Vec<EventRank>),
    /// The mode of an event.
    Mode(Vec<EventMode>),
    /// The stated state of an event; see [`Filter::event_state`].
    EventState(Vec<EventState>),
    /// The series of an event, in the form of [`crate::text::fold_name`].
    Series(Vec<String>),
    /// The edition of an event, in the form of [`crate::text::fold_name`].
    Edition(Vec<String>),
    /// The publication state of the visible version.
    Publication(Vec<Publication>),
    /// The status on a day.
    Status(Vec<Status>, Day),
    /// A date compared with bounds.
    Date(DateField, DateTest),
    /// Is counted on this day.
    CountsOn(Day),
    /// Contains all these words in its texts.
    Words(SearchTerms),
    /// One of these entries, the result of a search.
    OneOf(EntryKind, Arc<HashSet<(Log, i32)>>),
}

/// A date of an entry, or one side of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateField {
    /// Established, signed or held: the whole extent, as written.
    First,
    /// The start of that date.
    FirstStart,
    /// The end of that date.
    FirstEnd,
    /// The last day of an agreement's term.
    Expires,
    /// The day of publication.
    Published,
}

impl DateField {
    /// Returns the days that the date may mean; None where there is none.
    fn of(self, fact: &Fact) -> Option<DayRange> {
        let date = match self {
            Self::First | Self::FirstStart | Self::FirstEnd => fact.first,
            Self::Expires => fact.expires,
            Self::Published => fact.published,
        };
        let range = match self {
            Self::FirstStart => date.start,
            Self::FirstEnd => date.end,
            Self::First | Self::Expires | Self::Published => {
                DayRange { earliest: date.earliest, latest: date.latest }
            }
        };
        date.is_dated.then_some(range)
    }
}

/// A comparison with a date. A partial date matches only where every day that it may mean does;
/// an undated entry matches only [`DateTest::IsUndated`].
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
    /// Is undated (`true`) or dated (`false`).
    IsUndated(bool),
}

impl DateTest {
    /// Returns whether the date matches.
    fn holds(self, date: Option<DayRange>) -> bool {
        match self {
            Self::OnOrAfter(day) => date.is_some_and(|date| date.earliest >= day),
            Self::After(day) => date.is_some_and(|date| date.earliest > day),
            Self::OnOrBefore(day) => date.is_some_and(|date| date.latest <= day),
            Self::Before(day) => date.is_some_and(|date| date.latest < day),
            Self::IsUndated(wanted) => date.is_none() == wanted,
        }
    }
}

impl Filter {
    /// Returns the conjunction of both filters.
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

    /// Returns logs that together record every public change of the matching entries; None where
    /// the filter does not restrict them. An entry of another log matches only if it is shared:
    /// then the log of each owner records its changes.
    #[must_use]
    pub fn logs(&self) -> Option<BTreeSet<Log>> {
        self.log_bound().map(|bound| bound.logs)
    }

    fn log_bound(&self) -> Option<LogBound> {
        match self {
            Self::All(parts) => parts.iter().filter_map(Self::log_bound).reduce(LogBound::and),
            Self::Any(parts) => {
                parts.iter().try_fold(LogBound::default(), |all, part| Some(all.or(&part.log_bound()?)))
            }
            Self::Is(Predicate::Log(logs)) => Some(LogBound::new(logs, false)),
            Self::Is(Predicate::Owner(logs)) => Some(LogBound::new(logs, true)),
            Self::Not(_) | Self::Is(_) => None,
        }
    }

    /// Returns whether the filter depends on the owners of entries.
    #[must_use]
    pub fn names_owners(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::names_owners),
            Self::Not(part) => part.names_owners(),
            Self::Is(predicate) => matches!(predicate, Predicate::Owner(_)),
        }
    }

    /// Returns every search in the tree. `store` runs them before facts are filtered.
    #[must_use]
    pub fn searches(&self) -> Vec<&SearchTerms> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::searches).collect(),
            Self::Not(part) => part.searches(),
            Self::Is(Predicate::Words(words)) => vec![words],
            Self::Is(_) => Vec::new(),
        }
    }

    /// Returns the filter with every search replaced by its result.
    #[must_use]
    pub fn with_found(self, found: &dyn Fn(&SearchTerms) -> Predicate) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.into_iter().map(|part| part.with_found(found)).collect()),
            Self::Any(parts) => Self::Any(parts.into_iter().map(|part| part.with_found(found)).collect()),
            Self::Not(part) => Self::Not(Box::new(part.with_found(found))),
            Self::Is(Predicate::Words(words)) => Self::Is(found(&words)),
            Self::Is(predicate) => Self::Is(predicate),
        }
    }

    /// Returns whether a fact matches. A search not replaced by its result matches nothing.
    #[must_use]
    pub fn accepts(&self, fact: &Fact) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.accepts(fact)),
            Self::Any(parts) => parts.iter().any(|part| part.accepts(fact)),
            Self::Not(part) => !part.accepts(fact),
            Self::Is(predicate) => predicate.holds(fact),
        }
    }
}

/// Logs that record the changes of the entries that match a filter.
#[derive(Default)]
struct LogBound {
    logs: BTreeSet<Log>,
    /// Whether entries of other logs match that are shared with the owners of these.
    includes_shared: bool,
}

impl LogBound {
    fn new(logs: &[Log], includes_shared: bool) -> Self {
        Self { logs: logs.iter().copied().collect(), includes_shared }
    }

    /// Returns the bound of the entries within both. A shared entry may be within both although no
    /// log is in both, so either bound suffices for it.
    fn and(self, other: Self) -> Self {
        if !self.includes_shared && !other.includes_shared {
            return Self { logs: &self.logs & &other.logs, includes_shared: false };
        }
        let rank = |bound: &Self| (bound.includes_shared, bound.logs.len());
        if rank(&other) < rank(&self) { other } else { self }
    }

    fn or(&self, other: &Self) -> Self {
        Self {
            logs: &self.logs | &other.logs,
            includes_shared: self.includes_shared || other.includes_shared,
        }
    }
}

impl Predicate {
    /// Returns whether a fact matches.
    #[must_use]
    pub fn holds(&self, fact: &Fact) -> bool {
        match self {
            Self::Log(logs) => logs.contains(&fact.key.log),
            Self::Owner(logs) => logs.contains(&fact.key.log) || intersects(&fact.shared_logs, logs),
            Self::Unit(units) => {
                fact.origin_unit.is_some_and(|unit| units.contains(&unit))
                    || intersects(&fact.shared_units, units)
            }
            Self::Country(countries) => fact.country.is_some_and(|country| countries.contains(&country)),
            Self::AnyCountry(countries) => intersects(&fact.countries, countries),
            Self::Locality(localities) => intersects(&fact.localities, localities),
            Self::Pillar(pillars) => fact.pillar.is_some_and(|pillar| pillars.contains(&pillar)),
            Self::Field(terms) => intersects(&fact.fields, terms),
            Self::Source(sources) => intersects(&fact.sources, sources),
            Self::Term(terms) => fact.term.is_some_and(|term| terms.contains(&term)),
            Self::Tier(tiers) => fact.tier.is_some_and(|tier| tiers.contains(&tier)),
            Self::Level(levels) => fact.level.is_some_and(|level| levels.contains(&level)),
            Self::Direction(directions) => {
                fact.direction.is_some_and(|direction| directions.contains(&direction))
            }
            Self::Publication(states) => states.contains(&fact.publication),
            Self::EventRank(levels) => fact.event_level.is_some_and(|level| levels.contains(&level)),
            Self::EventState(states) => fact.state.is_some_and(|state| states.contains(&state)),
            Self::Mode(modes) => fact.mode.is_some_and(|mode| modes.contains(&mode)),
            Self::Series(names) => is_named(fact.series.as_deref(), names),
            Self::Edition(names) => is_named(fact.edition.as_deref(), names),
            Self::Status(statuses, day) => {
                status::on(&fact.spans, *day).is_some_and(|now| statuses.contains(&now))
            }
            Self::Date(field, test) => test.holds(field.of(fact)),
            Self::CountsOn(day) => fact.counts_from <= *day,
            Self::Words(_) => false,
            Self::OneOf(kind, found) => {
                let EntryKey { kind: of, log, number } = fact.key;
                of == *kind && found.contains(&(log, number))
            }
        }
    }
}

fn intersects<T: PartialEq>(own: &[T], wanted: &[T]) -> bool {
    own.iter().any(|one| wanted.contains(one))
}

fn is_named(own: Option<&str>, wanted: &[String]) -> bool {
    own.is_some_and(|own| wanted.iter().any(|name| name == own))
}
