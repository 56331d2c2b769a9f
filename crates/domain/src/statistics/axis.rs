//! Takes rows to the groups of one key.

use super::facts::Row;
use super::{Boundaries, Facts, GroupBy, GroupKey, KeyValue, Lens};
use crate::agreement::AgreementLevel;
use crate::date::{DateUnit, Day};
use crate::entry::{CountryId, Direction, Pillar, TermId, UnitId};
use crate::fact::Period;
use crate::filter::FactView;
use crate::id::Log;
use crate::organization::{self, OrganizationStage};
use crate::place::LocalityId;
use crate::relation::RelationTier;
use crate::status::{self, Status};
use std::collections::HashMap;

/// A value as the columns hold it, before the directory and the lens say what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Raw {
    Log(Log),
    Unit(UnitId),
    Country(CountryId),
    RegionOf(CountryId),
    Locality(LocalityId),
    LevelOf(LocalityId),
    Term(TermId),
    Pillar(Pillar),
    Tier(RelationTier),
    Level(AgreementLevel),
    Stage(OrganizationStage),
    Status(Status),
    Direction(Direction),
    Bucket(Day, DateUnit),
}

/// One key of a question. Each value gets a slot when it is met first, and each raw value is
/// looked up once, so that a row costs no walk through the directory.
pub(super) struct Axis<'a> {
    facts: &'a Facts,
    lens: &'a Lens<'a>,
    by: GroupBy,
    is_offered: bool,
    values: Vec<KeyValue>,
    slot_of_value: HashMap<KeyValue, usize>,
    slot_of_raw: HashMap<Raw, Option<usize>>,
}

impl<'a> Axis<'a> {
    pub(super) fn new(facts: &'a Facts, by: GroupBy, lens: &'a Lens<'a>) -> Self {
        Self {
            facts,
            lens,
            by,
            is_offered: by.is_offered(facts.kind()),
            values: Vec::new(),
            slot_of_value: HashMap::new(),
            slot_of_raw: HashMap::new(),
        }
    }

    /// The values that these rows have, each with its rows in their order.
    pub(super) fn part(&mut self, rows: &[u32]) -> Vec<(KeyValue, Vec<u32>)> {
        let mut parts: Vec<Vec<u32>> = Vec::new();
        let mut slots = Vec::new();
        for row in rows {
            self.place(*row, &mut slots);
            parts.resize_with(self.values.len().max(parts.len()), Vec::new);
            for slot in &slots {
                parts[*slot].push(*row);
            }
        }
        let values = self.values.iter().cloned().zip(parts);
        values.filter(|(_, rows)| !rows.is_empty()).collect()
    }

    /// How many values these rows have.
    pub(super) fn count(mut self, rows: &[u32]) -> u64 {
        let mut slots = Vec::new();
        for row in rows {
            self.place(*row, &mut slots);
        }
        self.values.len() as u64
    }

    /// The slots of a row, each once.
    fn place(&mut self, row: u32, slots: &mut Vec<usize>) {
        slots.clear();
        if !self.is_offered {
            return;
        }
        let row = self.facts.row(row);
        match self.by {
            GroupBy::Key(key) => self.place_by(&row, key, slots),
            GroupBy::Bucket { field, unit, .. } => {
                let Period { is_dated, earliest, latest } = row.date(field.date_field());
                let start = unit.start_of(earliest);
                if is_dated && start == unit.start_of(latest) {
                    slots.extend(self.slot(Raw::Bucket(start, unit)));
                }
            }
        }
        if slots.len() > 1 {
            slots.sort_unstable();
            slots.dedup();
        }
    }

    fn place_by(&mut self, row: &Row<'_>, key: GroupKey, slots: &mut Vec<usize>) {
        let raw = match key {
            GroupKey::Province => self.province(row),
            GroupKey::Unit => row.origin_unit().map(Raw::Unit),
            GroupKey::Country => row.country().map(Raw::Country),
            GroupKey::Region => row.country().map(Raw::RegionOf),
            GroupKey::Pillar => row.pillar().map(Raw::Pillar),
            GroupKey::Form | GroupKey::Kind => row.term().map(Raw::Term),
            GroupKey::Tier => row.tier().map(Raw::Tier),
            GroupKey::AgreementLevel => row.level().map(Raw::Level),
            GroupKey::Status => status::on(row.spans(), self.lens.day()).map(Raw::Status),
            GroupKey::Direction => row.direction().map(Raw::Direction),
            GroupKey::Stage => self.stage(row).map(Raw::Stage),
            GroupKey::Field => return self.place_all(row.fields(), Raw::Term, slots),
            GroupKey::Locality => return self.place_all(row.localities(), Raw::Locality, slots),
            GroupKey::Level => return self.place_all(row.localities(), Raw::LevelOf, slots),
        };
        slots.extend(raw.and_then(|raw| self.slot(raw)));
    }

    fn place_all<T: Copy>(&mut self, items: &[T], raw: fn(T) -> Raw, slots: &mut Vec<usize>) {
        slots.extend(items.iter().filter_map(|item| self.slot(raw(*item))));
    }

    /// Invariant of facts: a province's entries have an origin unit, the ministry's have none.
    fn province(&self, row: &Row<'_>) -> Option<Raw> {
        match self.lens.boundaries {
            Boundaries::Today => Some(row.key().log).filter(|log| log.is_province()).map(Raw::Log),
            Boundaries::AtTheTime => row.origin_unit().map(Raw::Unit),
        }
    }

    fn stage(&self, row: &Row<'_>) -> Option<OrganizationStage> {
        organization::stage_on(row.stage_turns(), self.lens.day()).or_else(|| row.stage())
    }

    fn slot(&mut self, raw: Raw) -> Option<usize> {
        if let Some(slot) = self.slot_of_raw.get(&raw) {
            return *slot;
        }
        let slot = self.value(raw).map(|value| {
            *self.slot_of_value.entry(value.clone()).or_insert_with(|| {
                self.values.push(value);
                self.values.len() - 1
            })
        });
        self.slot_of_raw.insert(raw, slot);
        slot
    }

    fn value(&self, raw: Raw) -> Option<KeyValue> {
        let directory = self.lens.directory;
        Some(match raw {
            Raw::Log(log) => KeyValue::Log(log),
            Raw::Unit(origin) => KeyValue::Unit(self.lens.unit_of(origin)),
            Raw::Country(id) => KeyValue::Country(id),
            Raw::RegionOf(id) => {
                let region = directory.country(id)?.region.as_str();
                return (!region.is_empty()).then(|| KeyValue::Region(region.to_owned()));
            }
            Raw::Locality(id) => KeyValue::Locality(id),
            Raw::LevelOf(id) => KeyValue::Term(directory.locality(id)?.level?),
            Raw::Term(id) => KeyValue::Term(id),
            Raw::Pillar(pillar) => KeyValue::Pillar(pillar),
            Raw::Tier(tier) => KeyValue::Tier(tier),
            Raw::Level(level) => KeyValue::Level(level),
            Raw::Stage(stage) => KeyValue::Stage(stage),
            Raw::Status(status) => KeyValue::Status(status),
            Raw::Direction(direction) => KeyValue::Direction(direction),
            Raw::Bucket(start, unit) => KeyValue::Bucket { start, unit },
        })
    }
}
