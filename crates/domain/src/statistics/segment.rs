//! Segments: some thousand facts of one log in columns.

use super::columns::{AscendingNumbers, DictionaryColumn, ListColumn};
use super::date_column::DateColumn;
use super::day_columns::DayColumn;
use super::status_timeline::StatusTimeline;
use crate::agreement::{Lapse, SigningLevel};
use crate::entry::{
    CountryId, Direction, EntryKey, EntryKind, Pillar, Publication, SourceId, TermId, UnitId,
};
use crate::event::{EventMode, EventRank, EventState};
use crate::fact::Fact;
use crate::id::Log;
use crate::organization::{OrganizationStage, StageStart};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::{ActivityPeriod, RelationTier};

/// The stated stage of an organization, and its dated stages.
pub(super) type Stages = (Option<OrganizationStage>, Vec<StageStart>);

/// Facts of one kind and log, in the order of their numbers. Immutable: a write replaces a segment,
/// and all others are shared.
///
/// Invariant: there is at least one row, and every column has a value for each row.
#[derive(Debug)]
pub(super) struct Segment {
    kind: EntryKind,
    pub(super) log: Log,
    len: usize,
    numbers: AscendingNumbers,
    pub(super) origin_units: DictionaryColumn<Option<UnitId>>,
    pub(super) countries: DictionaryColumn<Option<CountryId>>,
    /// All countries except the main one; most entries have only that.
    pub(super) further_countries: ListColumn<CountryId>,
    pub(super) localities: ListColumn<LocalityId>,
    pub(super) fields: ListColumn<TermId>,
    pub(super) sources: ListColumn<SourceId>,
    pub(super) terms: DictionaryColumn<Option<TermId>>,
    pub(super) pillars: DictionaryColumn<Option<Pillar>>,
    pub(super) tiers: DictionaryColumn<Option<RelationTier>>,
    pub(super) levels: DictionaryColumn<Option<SigningLevel>>,
    pub(super) directions: DictionaryColumn<Option<Direction>>,
    pub(super) event_levels: DictionaryColumn<Option<EventRank>>,
    pub(super) modes: DictionaryColumn<Option<EventMode>>,
    pub(super) states: DictionaryColumn<Option<EventState>>,
    pub(super) series: DictionaryColumn<Option<String>>,
    pub(super) editions: DictionaryColumn<Option<String>>,
    pub(super) delegates: DictionaryColumn<Option<Quantity>>,
    pub(super) connections: DictionaryColumn<Option<Quantity>>,
    pub(super) stages: DictionaryColumn<Stages>,
    pub(super) publications: DictionaryColumn<Publication>,
    pub(super) counts_from: DayColumn,
    pub(super) first: DateColumn,
    pub(super) expires: DateColumn,
    pub(super) published: DateColumn,
    pub(super) timeline: StatusTimeline,
    pub(super) lapses: DictionaryColumn<Vec<Lapse>>,
    pub(super) activity: DictionaryColumn<Vec<ActivityPeriod>>,
    /// Further owners, which few entries have.
    pub(super) shared_units: ListColumn<UnitId>,
    pub(super) shared_logs: ListColumn<Log>,
}

impl Segment {
    /// The maximum number of facts: enough that the overhead per segment is small, and few enough
    /// that a publication, which rebuilds a segment, costs only milliseconds.
    pub(super) const MAX_ROWS: usize = 8_192;

    /// Returns the segment of at least one fact of one kind and log, ordered by number; `None` for
    /// no facts.
    pub(super) fn new(facts: &[Fact]) -> Option<Self> {
        let EntryKey { kind, log, .. } = facts.first()?.key;
        let further = |fact: &Fact| {
            let others = fact.countries.iter().filter(|country| Some(**country) != fact.country);
            others.copied().collect()
        };
        Some(Self {
            kind,
            log,
            len: facts.len(),
            numbers: AscendingNumbers::new(facts.iter().map(|fact| fact.key.number)),
            origin_units: dictionary(facts, |fact| fact.origin_unit),
            countries: dictionary(facts, |fact| fact.country),
            further_countries: ListColumn::new(facts.iter().map(further)),
            localities: ListColumn::new(facts.iter().map(|fact| fact.localities.clone())),
            fields: ListColumn::new(facts.iter().map(|fact| fact.fields.clone())),
            sources: ListColumn::new(facts.iter().map(|fact| fact.sources.clone())),
            terms: dictionary(facts, |fact| fact.term),
            pillars: dictionary(facts, |fact| fact.pillar),
            tiers: dictionary(facts, |fact| fact.tier),
            levels: dictionary(facts, |fact| fact.level),
            directions: dictionary(facts, |fact| fact.direction),
            event_levels: dictionary(facts, |fact| fact.event_level),
            modes: dictionary(facts, |fact| fact.mode),
            states: dictionary(facts, |fact| fact.state),
            series: dictionary(facts, |fact| fact.series.clone()),
            editions: dictionary(facts, |fact| fact.edition.clone()),
            delegates: dictionary(facts, |fact| fact.delegates.clone()),
            connections: dictionary(facts, |fact| fact.connections.clone()),
            stages: dictionary(facts, |fact| (fact.stage, fact.stage_starts.clone())),
            publications: dictionary(facts, |fact| fact.publication),
            counts_from: DayColumn::new(&facts.iter().map(|fact| Some(fact.counts_from)).collect::<Vec<_>>()),
            first: DateColumn::new(facts.iter().map(|fact| fact.first)),
            expires: DateColumn::new(facts.iter().map(|fact| fact.expires)),
            published: DateColumn::new(facts.iter().map(|fact| fact.published)),
            timeline: StatusTimeline::new(facts),
            lapses: dictionary(facts, |fact| fact.lapses.clone()),
            activity: dictionary(facts, |fact| fact.activity.clone()),
            shared_units: ListColumn::new(facts.iter().map(|fact| fact.shared_units.clone())),
            shared_logs: ListColumn::new(facts.iter().map(|fact| fact.shared_logs.clone())),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn key(&self, row: usize) -> EntryKey {
        EntryKey { kind: self.kind, log: self.log, number: self.numbers.at(row) }
    }

    pub(super) fn first_key(&self) -> EntryKey {
        self.key(0)
    }

    /// Returns whether the number of the key is here; the key must be of this log.
    pub(super) fn has(&self, key: EntryKey) -> bool {
        self.numbers.contains(key.number, self.len)
    }

    /// Returns whether an entry here has further owners.
    pub(super) fn is_shared(&self) -> bool {
        !self.shared_units.items.values.is_empty()
    }

    /// Returns the logs of the provinces that own the entry of a row.
    pub(super) fn owners(&self, row: usize) -> impl Iterator<Item = Log> {
        std::iter::once(self.log).chain(self.shared_logs.of(row)).filter(|log| log.is_province())
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        (0..self.len).map(|row| self.fact(row))
    }

    pub(super) fn fact(&self, row: usize) -> Fact {
        let country = *self.countries.at(row);
        let mut countries: Vec<CountryId> = self.further_countries.of(row).chain(country).collect();
        countries.sort_unstable();
        let (stage, stage_starts) = self.stages.at(row).clone();
        Fact {
            key: self.key(row),
            origin_unit: *self.origin_units.at(row),
            pillar: *self.pillars.at(row),
            fields: self.fields.of(row).collect(),
            sources: self.sources.of(row).collect(),
            localities: self.localities.of(row).collect(),
            country,
            countries,
            tier: *self.tiers.at(row),
            level: *self.levels.at(row),
            term: *self.terms.at(row),
            direction: *self.directions.at(row),
            event_level: *self.event_levels.at(row),
            mode: *self.modes.at(row),
            state: *self.states.at(row),
            series: self.series.at(row).clone(),
            edition: self.editions.at(row).clone(),
            delegates: self.delegates.at(row).clone(),
            connections: self.connections.at(row).clone(),
            stage,
            stage_starts,
            counts_from: self.counts_from.at(row).unwrap_or_default(),
            first: self.first.at(row),
            expires: self.expires.at(row),
            published: self.published.at(row),
            publication: *self.publications.at(row),
            spans: self.timeline.spans(row),
            lapses: self.lapses.at(row).clone(),
            activity: self.activity.at(row).clone(),
            shared_units: self.shared_units.of(row).collect(),
            shared_logs: self.shared_logs.of(row).collect(),
        }
    }
}

fn dictionary<T: Clone + Eq + std::hash::Hash>(
    facts: &[Fact],
    value: impl Fn(&Fact) -> T,
) -> DictionaryColumn<T> {
    DictionaryColumn::new(facts.iter().map(value))
}
