//! The relation that an entry belongs to, where the entry names none: that of the same unit with the
//! same partner, else that of the nearest unit in its lineage.

use super::Relation;
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::{LinkedActivity, UnitId};
use crate::place::LocalityId;

/// The place of a unit in the lineage of another one, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    /// It is the same unit.
    Same,
    /// The other one became it, in so many steps.
    Successor(usize),
    /// It became the other one, which has its slug.
    Namesake,
    /// It became the other one.
    Predecessor,
}

/// Returns the units of `units` that are nearest to `unit` in its lineage: itself, else what it
/// became, else what became it, first under the same slug. Returns several only where several units
/// became this one. Units of other lineages, such as one merged into the same province, are never
/// returned. `None` stands for the ministry.
#[must_use]
pub fn nearest_units(
    directory: &Directory,
    unit: Option<UnitId>,
    units: &[Option<UnitId>],
) -> Vec<Option<UnitId>> {
    let with_kinship = |other: &Option<UnitId>| Some((kinship(directory, unit, *other)?, *other));
    let mut related: Vec<_> = units.iter().filter_map(with_kinship).collect();
    related.sort_unstable();
    related.dedup();
    let nearest = related.first().map(|(kinship, _)| *kinship);
    related.retain(|(kinship, _)| Some(*kinship) == nearest);
    related.into_iter().map(|(_, unit)| unit).collect()
}

fn kinship(directory: &Directory, unit: Option<UnitId>, other: Option<UnitId>) -> Option<Kinship> {
    if unit == other {
        return Some(Kinship::Same);
    }
    let (unit, other) = (unit?, other?);
    if let Some(steps) = steps_to(directory, unit, other) {
        return Some(Kinship::Successor(steps));
    }
    steps_to(directory, other, unit)?;
    let slug = |unit| directory.unit(unit).map(|unit| unit.slug.as_str());
    Some(if slug(unit) == slug(other) { Kinship::Namesake } else { Kinship::Predecessor })
}

/// Returns the number of successions from a unit to a later one; None if it did not become it.
fn steps_to(directory: &Directory, unit: UnitId, later: UnitId) -> Option<usize> {
    let next = |unit: &UnitId| directory.successors(*unit).next().map(|successor| successor.id);
    // Invariant: the successions have no cycle, so no unit has more steps than there are units.
    std::iter::successors(Some(unit), next).take(directory.units().len()).position(|unit| unit == later)
}

impl Relation {
    /// Returns whether an entry with this activity may name the relation as its own: it is with one of
    /// the partners, unless the entry has no partner locality, and of the same unit or of one that
    /// became it or that it became.
    #[must_use]
    pub fn accepts(&self, linked: &LinkedActivity, directory: &Directory) -> bool {
        let has_partner = linked.partners.is_empty() || linked.partners.contains(&self.partner);
        has_partner && kinship(directory, linked.unit, self.common.origin_unit).is_some()
    }
}

/// The activity of a province with the partner of a relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerActivity {
    /// The days of entries that name the relation.
    pub named: Vec<Day>,
    /// The days of entries with the partner that name no relation, and their units.
    pub unnamed: Vec<(Option<UnitId>, Day)>,
    /// The units of the other relations of the province with the partner.
    pub other_units: Vec<Option<UnitId>>,
}

impl PartnerActivity {
    /// Adds an activity of the province, if it concerns the relation with this code or its partner.
    pub fn add(&mut self, linked: &LinkedActivity, code: &str, partner: LocalityId) {
        match &linked.relation {
            Some(named) if named == code => self.named.push(linked.on),
            None if linked.partners.contains(&partner) => self.unnamed.push((linked.unit, linked.on)),
            Some(_) | None => {}
        }
    }

    /// Returns the days that count to the relation, which is of `unit`, ascending.
    #[must_use]
    pub fn days_of(&self, unit: Option<UnitId>, directory: &Directory) -> Vec<Day> {
        let units: Vec<_> = self.other_units.iter().copied().chain([unit]).collect();
        let counts = |of: &Option<UnitId>| nearest_units(directory, *of, &units).contains(&unit);
        let unnamed = self.unnamed.iter().filter(|(of, _)| counts(of)).map(|(_, on)| *on);
        let mut days: Vec<Day> = self.named.iter().copied().chain(unnamed).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

#[cfg(test)]
mod tests;
