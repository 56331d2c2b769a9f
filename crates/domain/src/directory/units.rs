//! Administrative units: by slug or code on a day, and through their successions.

use super::Directory;
use crate::date::Day;
use crate::entry::UnitId;
use crate::unit::{AdminUnit, Province};

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
