//! Facts in columns: one array for each value, so that a count reads only what it asks for.

use super::QuantityKey;
use super::columns::{Bounds, Lists, Rare, cell, column, index, pack, unpack};
use crate::agreement::AgreementLevel;
use crate::date::Day;
use crate::entry::{CountryId, Direction, EntryKey, EntryKind, Pillar, Publication, TermId, UnitId};
use crate::event::{EventLevel, EventMode};
use crate::fact::{Fact, Period};
use crate::filter::{DateField, FactView, Filter};
use crate::id::Log;
use crate::organization::{OrganizationStage, StageTurn};
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::relation::RelationTier;
use crate::status::{Span, Status};
use std::collections::HashSet;
use std::sync::Arc;

/// The published facts of every kind that statistics count.
#[derive(Debug, Clone)]
pub struct FactBook {
    /// Ties with localities abroad.
    pub relations: Arc<Facts>,
    /// Signed documents.
    pub agreements: Arc<Facts>,
    /// Diplomatic events.
    pub events: Arc<Facts>,
    /// Bodies at home and abroad.
    pub organizations: Arc<Facts>,
}

impl FactBook {
    /// Puts facts of a kind in the place of those of these entries.
    pub fn put(&mut self, kind: EntryKind, gone: &HashSet<EntryKey>, facts: Vec<Fact>) {
        let place = match kind {
            EntryKind::Relation => &mut self.relations,
            EntryKind::Agreement => &mut self.agreements,
            EntryKind::Event => &mut self.events,
            EntryKind::Organization => &mut self.organizations,
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => return,
        };
        *place = Arc::new(place.with(gone, facts));
    }

    /// The facts of this kind, where it is counted at all.
    #[must_use]
    pub fn of(&self, kind: EntryKind) -> Option<&Facts> {
        match kind {
            EntryKind::Relation => Some(&self.relations),
            EntryKind::Agreement => Some(&self.agreements),
            EntryKind::Event => Some(&self.events),
            EntryKind::Organization => Some(&self.organizations),
            EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => None,
        }
    }
}

/// All published facts of one kind, ordered by log and number; a row is an index into them.
///
/// Invariant: every column has one value for each row, or none at all where no row has a value.
#[derive(Debug, Clone)]
pub struct Facts {
    kind: EntryKind,
    logs: Vec<Log>,
    numbers: Vec<i32>,
    origin_units: Vec<i32>,
    countries: Vec<i32>,
    terms: Vec<i32>,
    pillars: Vec<Option<Pillar>>,
    tiers: Vec<Option<RelationTier>>,
    levels: Vec<Option<AgreementLevel>>,
    directions: Vec<Option<Direction>>,
    event_levels: Vec<Option<EventLevel>>,
    modes: Vec<Option<EventMode>>,
    series: Rare<String>,
    editions: Rare<String>,
    delegates: Rare<Quantity>,
    connections: Rare<Quantity>,
    stages: Vec<Option<OrganizationStage>>,
    stage_turns: Rare<Vec<StageTurn>>,
    counts_from: Vec<Day>,
    first: Vec<Option<Bounds>>,
    expires: Vec<Option<Bounds>>,
    published: Vec<Option<Bounds>>,
    fields: Lists<TermId>,
    localities: Lists<LocalityId>,
    all_countries: Lists<CountryId>,
    unpublished: Vec<Option<Publication>>,
    spans: Lists<Span<Status>>,
}

impl Facts {
    /// Brings the facts of this kind into order and columns; facts of other kinds are left out.
    #[must_use]
    pub fn new(kind: EntryKind, facts: impl IntoIterator<Item = Fact>) -> Self {
        let mut facts: Vec<Fact> = facts.into_iter().filter(|fact| fact.key.kind == kind).collect();
        facts.sort_by_key(|fact| fact.key);
        Self {
            kind,
            logs: facts.iter().map(|fact| fact.key.log).collect(),
            numbers: facts.iter().map(|fact| fact.key.number).collect(),
            origin_units: facts.iter().map(|fact| pack(fact.origin_unit)).collect(),
            countries: facts.iter().map(|fact| pack(fact.country)).collect(),
            terms: facts.iter().map(|fact| pack(fact.term)).collect(),
            pillars: column(&facts, |fact| fact.pillar),
            tiers: column(&facts, |fact| fact.tier),
            levels: column(&facts, |fact| fact.level),
            directions: column(&facts, |fact| fact.direction),
            event_levels: column(&facts, |fact| fact.event_level),
            modes: column(&facts, |fact| fact.mode),
            series: Rare::new(&facts, |fact| fact.series.as_ref()),
            editions: Rare::new(&facts, |fact| fact.edition.as_ref()),
            delegates: Rare::new(&facts, |fact| fact.delegates.as_ref()),
            connections: Rare::new(&facts, |fact| fact.connections.as_ref()),
            stages: column(&facts, |fact| fact.stage),
            stage_turns: Rare::new(&facts, |fact| Some(&fact.stage_turns).filter(|turns| !turns.is_empty())),
            counts_from: facts.iter().map(|fact| fact.counts_from).collect(),
            first: column(&facts, |fact| Bounds::of(fact.first)),
            expires: column(&facts, |fact| Bounds::of(fact.expires)),
            published: column(&facts, |fact| Bounds::of(fact.published)),
            fields: Lists::new(facts.iter().map(|fact| fact.fields.as_slice())),
            localities: Lists::new(facts.iter().map(|fact| fact.localities.as_slice())),
            all_countries: Lists::new(facts.iter().map(|fact| fact.countries.as_slice())),
            unpublished: column(&facts, |fact| {
                Some(fact.publication).filter(|is| *is != Publication::Published)
            }),
            spans: Lists::new(facts.iter().map(|fact| fact.spans.as_slice())),
        }
    }

    /// The same with these facts in the place of those that had a key in `gone`.
    #[must_use]
    pub fn with(&self, gone: &HashSet<EntryKey>, facts: Vec<Fact>) -> Self {
        let stay = (0..index(self.len())).filter(|row| !gone.contains(&self.key(*row)));
        Self::new(self.kind, stay.map(|row| self.fact(row)).chain(facts))
    }

    /// What these facts tell of.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.logs.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.logs.is_empty()
    }

    /// Which entry stands in a row of [`Facts::select`].
    #[must_use]
    pub fn key(&self, row: u32) -> EntryKey {
        self.row(row).key()
    }

    /// The whole fact in a row of [`Facts::select`].
    #[must_use]
    pub fn fact(&self, row: u32) -> Fact {
        let row = self.row(row);
        Fact {
            key: row.key(),
            origin_unit: row.origin_unit(),
            pillar: row.pillar(),
            fields: row.fields().to_vec(),
            localities: row.localities().to_vec(),
            country: row.country(),
            countries: row.countries().to_vec(),
            tier: row.tier(),
            level: row.level(),
            term: row.term(),
            direction: row.direction(),
            event_level: row.event_level(),
            mode: row.mode(),
            series: row.series().map(str::to_owned),
            edition: row.edition().map(str::to_owned),
            delegates: row.quantity(QuantityKey::Delegates).cloned(),
            connections: row.quantity(QuantityKey::Connections).cloned(),
            stage: row.stage(),
            stage_turns: row.stage_turns().to_vec(),
            counts_from: row.counts_from(),
            first: row.date(DateField::First),
            expires: row.date(DateField::Expires),
            published: row.date(DateField::Published),
            publication: row.publication(),
            spans: row.spans().to_vec(),
        }
    }

    /// The rows that pass, in their order. What [`Filter::accepts`] says of facts holds here.
    #[must_use]
    pub fn select(&self, filter: &Filter) -> Vec<u32> {
        (0..index(self.len())).filter(|row| filter.accepts(&self.row(*row))).collect()
    }

    pub(super) fn quantity(&self, at: usize, key: QuantityKey) -> Option<&Quantity> {
        match key {
            QuantityKey::Delegates => self.delegates.of(at),
            QuantityKey::Connections => self.connections.of(at),
        }
    }

    pub(super) fn row(&self, row: u32) -> Row<'_> {
        Row { facts: self, at: row as usize }
    }
}

/// One row, read from the columns as it is asked.
pub(super) struct Row<'a> {
    facts: &'a Facts,
    at: usize,
}

impl FactView for Row<'_> {
    fn key(&self) -> EntryKey {
        let (log, number) = (self.facts.logs[self.at], self.facts.numbers[self.at]);
        EntryKey { kind: self.facts.kind, log, number }
    }

    fn origin_unit(&self) -> Option<UnitId> {
        unpack(self.facts.origin_units[self.at])
    }

    fn country(&self) -> Option<CountryId> {
        unpack(self.facts.countries[self.at])
    }

    fn countries(&self) -> &[CountryId] {
        self.facts.all_countries.of(self.at)
    }

    fn localities(&self) -> &[LocalityId] {
        self.facts.localities.of(self.at)
    }

    fn pillar(&self) -> Option<Pillar> {
        cell(&self.facts.pillars, self.at)
    }

    fn fields(&self) -> &[TermId] {
        self.facts.fields.of(self.at)
    }

    fn term(&self) -> Option<TermId> {
        unpack(self.facts.terms[self.at])
    }

    fn tier(&self) -> Option<RelationTier> {
        cell(&self.facts.tiers, self.at)
    }

    fn level(&self) -> Option<AgreementLevel> {
        cell(&self.facts.levels, self.at)
    }

    fn direction(&self) -> Option<Direction> {
        cell(&self.facts.directions, self.at)
    }

    fn event_level(&self) -> Option<EventLevel> {
        cell(&self.facts.event_levels, self.at)
    }

    fn mode(&self) -> Option<EventMode> {
        cell(&self.facts.modes, self.at)
    }

    fn series(&self) -> Option<&str> {
        self.facts.series.of(self.at).map(String::as_str)
    }

    fn edition(&self) -> Option<&str> {
        self.facts.editions.of(self.at).map(String::as_str)
    }

    fn quantity(&self, key: QuantityKey) -> Option<&Quantity> {
        self.facts.quantity(self.at, key)
    }

    fn stage(&self) -> Option<OrganizationStage> {
        cell(&self.facts.stages, self.at)
    }

    fn publication(&self) -> Publication {
        cell(&self.facts.unpublished, self.at).unwrap_or(Publication::Published)
    }

    fn stage_turns(&self) -> &[StageTurn] {
        self.facts.stage_turns.of(self.at).map_or(&[], Vec::as_slice)
    }

    fn spans(&self) -> &[Span<Status>] {
        self.facts.spans.of(self.at)
    }

    fn date(&self, field: DateField) -> Period {
        let dates = match field {
            DateField::First => &self.facts.first,
            DateField::Expires => &self.facts.expires,
            DateField::Published => &self.facts.published,
        };
        cell(dates, self.at).map_or(Period::UNDATED, Bounds::period)
    }

    fn counts_from(&self) -> Day {
        self.facts.counts_from[self.at]
    }
}
