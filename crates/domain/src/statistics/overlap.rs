//! Overlaps: live relations or agreements with one partner that a unit has from several units.

use super::monitoring::counted_on;
use super::{FactTable, Facts};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::{Entry, EntryKey, UnitId};
use crate::filter::{Filter, Predicate};
use crate::place::LocalityId;
use crate::relation::Relation;
use crate::status::{AgreementStatus, RelationStatus, Status};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The live entries with one partner that a unit has from several units of origin, of which at least
/// one was merged into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The unit on the day.
    pub unit: UnitId,
    /// The partner locality.
    pub partner: LocalityId,
    /// Relations that are active or dormant; none, or of at least two units of origin.
    pub relations: Vec<OriginKey>,
    /// Agreements in force; none, or of at least two units of origin.
    pub agreements: Vec<OriginKey>,
}

/// The unit of origin of an entry, and its key.
pub type OriginKey = (UnitId, EntryKey);

/// The entries with each partner that each unit has on the day.
type ByUnitAndPartner = BTreeMap<(UnitId, LocalityId), Vec<OriginKey>>;

/// Returns the overlaps of a day, by unit and partner. Under the boundaries of the day: units that
/// were merged later do not overlap.
#[must_use]
pub fn find_overlaps(fact_table: &FactTable, directory: &Directory, day: Day) -> Vec<Overlap> {
    let relations = [RelationStatus::Active, RelationStatus::Dormant].map(Status::Relation).to_vec();
    let agreements = vec![Status::Agreement(AgreementStatus::InForce)];
    let mut relations = live(&fact_table.relations, directory, day, relations);
    let mut agreements = live(&fact_table.agreements, directory, day, agreements);
    let places: BTreeSet<_> = relations.keys().chain(agreements.keys()).copied().collect();
    let overlap = |(unit, partner)| Overlap {
        unit,
        partner,
        relations: relations.remove(&(unit, partner)).unwrap_or_default(),
        agreements: agreements.remove(&(unit, partner)).unwrap_or_default(),
    };
    places.into_iter().map(overlap).collect()
}

impl Overlap {
    /// Returns the overlap without the relations that another one of it continues; None where no
    /// overlap is left. `relations` are the entries of its relations, in any order.
    #[must_use]
    pub fn without_continued(mut self, relations: &[Entry<Relation>]) -> Option<Self> {
        let here = |key: EntryKey| self.relations.iter().any(|(_, relation)| *relation == key);
        let continued: HashSet<&str> = relations
            .iter()
            .filter(|relation| here(relation.key()))
            .filter_map(|relation| relation.content.continues.as_deref())
            .collect();
        let ended: HashSet<EntryKey> = relations
            .iter()
            .filter(|relation| continued.contains(relation.meta.code.as_str()))
            .map(Entry::key)
            .collect();
        self.relations.retain(|(_, key)| !ended.contains(key));
        if !are_of_several_units(&self.relations) {
            self.relations.clear();
        }
        (!self.relations.is_empty() || !self.agreements.is_empty()).then_some(self)
    }
}

/// Returns the entries that have one of the statuses on the day, where they are of several units.
fn live(facts: &Facts, directory: &Directory, day: Day, statuses: Vec<Status>) -> ByUnitAndPartner {
    let mut found = ByUnitAndPartner::new();
    let live = facts.select(&counted_on(day).and(Filter::Is(Predicate::Status(statuses, day))));
    for row in facts.rows(&live) {
        let fact = facts.fact(row);
        let Some(origin) = fact.origin_unit else { continue };
        let unit = directory.unit_on(origin, Some(day));
        for partner in fact.localities {
            found.entry((unit, partner)).or_default().push((origin, fact.key));
        }
    }
    found.retain(|_, entries| are_of_several_units(entries));
    for entries in found.values_mut() {
        entries.sort_unstable();
    }
    found
}

fn are_of_several_units(entries: &[OriginKey]) -> bool {
    entries.iter().any(|(unit, _)| Some(unit) != entries.first().map(|(first, _)| first))
}
