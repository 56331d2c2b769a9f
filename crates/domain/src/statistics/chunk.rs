//! Some thousand facts of one log in columns.

use super::codes::{Coded, Lists, Rising};
use super::days::{Dates, Days};
use super::turns::Turns;
use crate::agreement::AgreementLevel;
use crate::entry::{CountryId, Direction, EntryKey, EntryKind, Pillar, Publication, TermId, UnitId};
use crate::event::{EventLevel, EventMode};
use crate::fact::Fact;
use crate::id::Log;
use crate::organization::{OrganizationStage, StageTurn};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::RelationTier;

/// The stage of an organization as stated, and its dated turns.
pub(super) type Stages = (Option<OrganizationStage>, Vec<StageTurn>);

/// Facts of one kind and log, in the order of their numbers. Never altered: a write makes a new
/// one in its place, and all others go on to be shared.
///
/// Invariant: there is at least one row, and every column has a value for each.
#[derive(Debug)]
pub(super) struct Chunk {
    kind: EntryKind,
    pub(super) log: Log,
    len: usize,
    numbers: Rising,
    pub(super) origin_units: Coded<Option<UnitId>>,
    pub(super) countries: Coded<Option<CountryId>>,
    /// Every further country, since most entries have to do with one alone.
    pub(super) further_countries: Lists<CountryId>,
    pub(super) localities: Lists<LocalityId>,
    pub(super) fields: Lists<TermId>,
    pub(super) terms: Coded<Option<TermId>>,
    pub(super) pillars: Coded<Option<Pillar>>,
    pub(super) tiers: Coded<Option<RelationTier>>,
    pub(super) levels: Coded<Option<AgreementLevel>>,
    pub(super) directions: Coded<Option<Direction>>,
    pub(super) event_levels: Coded<Option<EventLevel>>,
    pub(super) modes: Coded<Option<EventMode>>,
    pub(super) series: Coded<Option<String>>,
    pub(super) editions: Coded<Option<String>>,
    pub(super) delegates: Coded<Option<Quantity>>,
    pub(super) connections: Coded<Option<Quantity>>,
    pub(super) stages: Coded<Stages>,
    pub(super) publications: Coded<Publication>,
    pub(super) counts_from: Days,
    pub(super) first: Dates,
    pub(super) expires: Dates,
    pub(super) published: Dates,
    pub(super) turns: Turns,
}

impl Chunk {
    /// The most facts of a chunk: enough that a question has little to do beside the rows, and few
    /// enough that a publish, which makes one anew, costs a few milliseconds.
    pub(super) const MOST: usize = 8_192;

    /// Takes facts of one kind and log in the order of their numbers, at least one.
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
            numbers: Rising::new(facts.iter().map(|fact| fact.key.number)),
            origin_units: coded(facts, |fact| fact.origin_unit),
            countries: coded(facts, |fact| fact.country),
            further_countries: Lists::new(facts.iter().map(further)),
            localities: Lists::new(facts.iter().map(|fact| fact.localities.clone())),
            fields: Lists::new(facts.iter().map(|fact| fact.fields.clone())),
            terms: coded(facts, |fact| fact.term),
            pillars: coded(facts, |fact| fact.pillar),
            tiers: coded(facts, |fact| fact.tier),
            levels: coded(facts, |fact| fact.level),
            directions: coded(facts, |fact| fact.direction),
            event_levels: coded(facts, |fact| fact.event_level),
            modes: coded(facts, |fact| fact.mode),
            series: coded(facts, |fact| fact.series.clone()),
            editions: coded(facts, |fact| fact.edition.clone()),
            delegates: coded(facts, |fact| fact.delegates.clone()),
            connections: coded(facts, |fact| fact.connections.clone()),
            stages: coded(facts, |fact| (fact.stage, fact.stage_turns.clone())),
            publications: coded(facts, |fact| fact.publication),
            counts_from: Days::new(&facts.iter().map(|fact| Some(fact.counts_from)).collect::<Vec<_>>()),
            first: Dates::new(facts.iter().map(|fact| fact.first)),
            expires: Dates::new(facts.iter().map(|fact| fact.expires)),
            published: Dates::new(facts.iter().map(|fact| fact.published)),
            turns: Turns::new(facts),
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

    pub(super) fn facts(&self) -> impl Iterator<Item = Fact> {
        (0..self.len).map(|row| self.fact(row))
    }

    pub(super) fn fact(&self, row: usize) -> Fact {
        let country = *self.countries.at(row);
        let mut countries: Vec<CountryId> = self.further_countries.of(row).chain(country).collect();
        countries.sort_unstable();
        let (stage, stage_turns) = self.stages.at(row).clone();
        Fact {
            key: self.key(row),
            origin_unit: *self.origin_units.at(row),
            pillar: *self.pillars.at(row),
            fields: self.fields.of(row).collect(),
            localities: self.localities.of(row).collect(),
            country,
            countries,
            tier: *self.tiers.at(row),
            level: *self.levels.at(row),
            term: *self.terms.at(row),
            direction: *self.directions.at(row),
            event_level: *self.event_levels.at(row),
            mode: *self.modes.at(row),
            series: self.series.at(row).clone(),
            edition: self.editions.at(row).clone(),
            delegates: self.delegates.at(row).clone(),
            connections: self.connections.at(row).clone(),
            stage,
            stage_turns,
            counts_from: self.counts_from.at(row).unwrap_or_default(),
            first: self.first.at(row),
            expires: self.expires.at(row),
            published: self.published.at(row),
            publication: *self.publications.at(row),
            spans: self.turns.spans(row),
        }
    }
}

fn coded<T: Clone + Eq + std::hash::Hash>(facts: &[Fact], value: impl Fn(&Fact) -> T) -> Coded<T> {
    Coded::new(facts.iter().map(value))
}
