//! Administrative units: by slug or code on a day, and through their successions.

use super::Directory;
use crate::date::{Day, DayRange};
use crate::entry::UnitId;
use crate::unit::{AdminUnit, Province, SuccessionKind};

impl Directory {
    /// Returns the current province that a unit belongs to, through its successions.
    #[must_use]
    pub fn province_of(&self, unit: UnitId) -> Option<&Province> {
        self.province_of_unit.get(&unit).map(|index| &self.reference.provinces[*index])
    }

    /// Returns the unit with this key.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&AdminUnit> {
        self.unit_by_id.get(&id).map(|index| &self.reference.units[*index])
    }

    /// Returns every unit that has or had this slug.
    #[must_use]
    pub fn units_by_slug(&self, slug: &str) -> &[UnitId] {
        self.units_by_slug.get(slug).map_or(&[], Vec::as_slice)
    }

    /// Returns the unit with this slug on a day, else the first unit that had it.
    #[must_use]
    pub fn unit_by_slug_on(&self, slug: &str, day: Day) -> Option<&AdminUnit> {
        let units = || self.units_by_slug(slug).iter().filter_map(|id| self.unit(*id));
        units().find(|unit| unit.is_valid_on(day)).or_else(|| units().next())
    }

    /// Returns the unit with this slug that existed on some of these days; of several the one of the
    /// last day. A unit that was only renamed is returned under the name that it had then. If none
    /// existed, returns the first unit that had the slug.
    #[must_use]
    pub fn unit_by_slug_in(&self, slug: &str, days: DayRange) -> Option<&AdminUnit> {
        let units = || self.units_by_slug(slug).iter().flat_map(|unit| self.names_in_turn(*unit));
        let existed = |unit: &&AdminUnit| days.overlaps(unit.days());
        units()
            .find(|unit| unit.is_valid_on(days.latest))
            .or_else(|| units().filter(existed).max_by_key(|unit| unit.days().latest))
            .or_else(|| self.units_by_slug(slug).iter().find_map(|unit| self.unit(*unit)))
    }

    /// Returns the days on which a unit existed, under each of its names; `None` for an unknown unit.
    #[must_use]
    pub fn existence(&self, unit: UnitId) -> Option<DayRange> {
        let names = self.names_in_turn(unit);
        let earliest = names.iter().map(|unit| unit.days().earliest).min()?;
        let latest = names.iter().map(|unit| unit.days().latest).max()?;
        Some(DayRange { earliest, latest })
    }

    /// Returns a unit, and before and after it the units that it was only renamed from and to.
    fn names_in_turn(&self, unit: UnitId) -> Vec<&AdminUnit> {
        let renames = || self.successions().iter().filter(|found| found.kind == SuccessionKind::Renamed);
        let mut names: Vec<&AdminUnit> = self.unit(unit).into_iter().collect();
        let mut at = 0;
        while let Some(id) = names.get(at).map(|unit| unit.id) {
            let before = renames().filter(|found| found.successor == id).map(|found| found.predecessor);
            let after = renames().filter(|found| found.predecessor == id).map(|found| found.successor);
            for other in before.chain(after).filter_map(|other| self.unit(other)) {
                if names.iter().all(|known| known.id != other.id) {
                    names.push(other);
                }
            }
            at += 1;
        }
        names
    }

    /// Returns the unit with this code on a day.
    #[must_use]
    pub fn unit_by_code_on(&self, code: &str, day: Day) -> Option<&AdminUnit> {
        self.units().iter().find(|unit| {
            unit.is_valid_on(day) && unit.designation(day).is_some_and(|designation| designation.code == code)
        })
    }

    /// Returns the direct successors of a unit.
    pub fn successors(&self, unit: UnitId) -> impl Iterator<Item = &AdminUnit> {
        self.successions()
            .iter()
            .filter(move |succession| succession.predecessor == unit)
            .filter_map(|succession| self.unit(succession.successor))
    }

    /// Returns the direct predecessors of a unit.
    pub fn predecessors(&self, unit: UnitId) -> impl Iterator<Item = &AdminUnit> {
        self.successions()
            .iter()
            .filter(move |succession| succession.successor == unit)
            .filter_map(|succession| self.unit(succession.predecessor))
    }

    /// Returns the units that were split from a unit, which continued.
    pub fn split_into(&self, unit: UnitId) -> impl Iterator<Item = &AdminUnit> {
        self.units().iter().filter(move |part| part.split_from == Some(unit))
    }

    /// Returns the unit that this one has become by a day, through its successions; without a
    /// day, the current one. Returns the unit itself before its beginning.
    ///
    /// Invariant: the successions have no cycle, so the loop ends.
    #[must_use]
    pub fn unit_on(&self, unit: UnitId, day: Option<Day>) -> UnitId {
        let mut at = unit;
        for _ in 0..self.units().len() {
            let ended = self.unit(at).and_then(|unit| unit.valid_to);
            let has_ended = ended.is_some_and(|last| day.is_none_or(|day| last < day));
            match self.successions().iter().find(|succession| succession.predecessor == at) {
                Some(succession) if has_ended => at = succession.successor,
                _ => return at,
            }
        }
        at
    }
}
