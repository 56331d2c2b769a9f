//! The same numbers, counted over a list of facts with plain loops.

use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::EntryKind;
use crate::fact::{DateBounds, Fact};
use crate::filter::Filter;
use crate::quantity::QuantitySums;
use crate::statistics::{
    Boundaries, BoundaryView, BucketField, GroupBy, GroupKey, GroupKeyValue, QuantityKey, Tally,
};
use crate::status::Status;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub(super) fn select<'a>(facts: &'a [Fact], kind: EntryKind, filter: &Filter) -> Vec<&'a Fact> {
    let mut chosen: Vec<&Fact> =
        facts.iter().filter(|fact| fact.key.kind == kind && filter.accepts(fact)).collect();
    chosen.sort_by_key(|fact| (fact.key.log, fact.key.number));
    chosen
}

pub(super) fn tally(facts: &[&Fact], kind: EntryKind, day: Day) -> Tally {
    let is_in_force = |fact: &&&Fact| {
        fact.spans.iter().any(|span| span.from <= day && day <= span.to && span.status.is_in_force())
    };
    let in_force = facts.iter().filter(is_in_force).count() as u64;
    let status = |fact: &Fact| crate::status::on(&fact.spans, day);
    let unknown = facts.iter().filter(|fact| status(fact).is_none_or(Status::is_unknown)).count() as u64;
    let dated = || facts.iter().filter(|fact| fact.first.is_dated);
    Tally {
        count: facts.len() as u64,
        in_force: (kind != EntryKind::Event).then_some(in_force),
        status_unknown: (kind != EntryKind::Event).then_some(unknown),
        earliest: dated().map(|fact| fact.first.earliest).filter(|day| *day > UNDATED_FIRST).min(),
        latest: dated().map(|fact| fact.first.latest).filter(|day| *day < UNDATED_LAST).max(),
    }
}

/// Returns lower and upper bound of each unit, and the number of entries that state it.
pub(super) fn sums(facts: &[&Fact], key: QuantityKey) -> BTreeMap<String, UnitBounds> {
    let stated = |fact: &&Fact| match key {
        QuantityKey::Delegates => fact.delegates.clone(),
        QuantityKey::Connections => fact.connections.clone(),
    };
    let mut units: BTreeMap<String, UnitBounds> = BTreeMap::new();
    for quantity in facts.iter().filter_map(stated) {
        let (count, lower, upper) = units.entry(quantity.unit).or_insert((0, None, Some(Decimal::ZERO)));
        *count += 1;
        *lower = quantity.lower.map(|own| own + lower.unwrap_or_default()).or(*lower);
        *upper = upper.zip(quantity.upper).map(|(sum, own)| sum + own);
    }
    units
}

/// The number of entries, the lower and the upper bound.
pub(super) type UnitBounds = (u64, Option<Decimal>, Option<Decimal>);

/// Returns the same numbers of sums.
pub(super) fn unit_bounds(sums: &QuantitySums) -> BTreeMap<String, UnitBounds> {
    sums.units.iter().map(|sum| (sum.unit.clone(), (sum.stated(), sum.lower, sum.upper))).collect()
}

/// Returns every value of a fact, each once.
pub(super) fn values(fact: &Fact, by: GroupBy, view: &BoundaryView<'_>) -> Vec<GroupKeyValue> {
    let mut values = match by {
        GroupBy::Key(key) => key_values(fact, key, view),
        GroupBy::Bucket { field, unit, .. } => bucketed(fact, field)
            .filter(|date| date.is_dated && unit.key(date.start.earliest) == unit.key(date.start.latest))
            .map(|date| GroupKeyValue::Bucket { start: unit.start_of(date.start.earliest), unit })
            .into_iter()
            .collect(),
    };
    let all = values.clone();
    let mut at = 0;
    values.retain(|value| {
        at += 1;
        !all[..at - 1].contains(value)
    });
    values
}

fn bucketed(fact: &Fact, field: BucketField) -> Option<DateBounds> {
    match (fact.key.kind, field) {
        (EntryKind::Relation, BucketField::Established)
        | (EntryKind::Agreement, BucketField::SignedOn)
        | (EntryKind::Event, BucketField::HeldOn) => Some(fact.first),
        (EntryKind::Agreement, BucketField::Expires) => Some(fact.expires),
        (_, BucketField::Published) => Some(fact.published),
        _ => None,
    }
}

fn key_values(fact: &Fact, key: GroupKey, view: &BoundaryView<'_>) -> Vec<GroupKeyValue> {
    let directory = view.directory;
    let kind = fact.key.kind;
    let one = |value: Option<GroupKeyValue>| value.into_iter().collect::<Vec<_>>();
    let units = || {
        let owners = fact.origin_unit.iter().chain(&fact.shared_units);
        owners.map(|unit| GroupKeyValue::Unit(view.unit_of(*unit))).collect()
    };
    match key {
        GroupKey::Province if view.boundaries == Boundaries::Today => {
            let own = Some(&fact.key.log).filter(|log| **log != crate::id::Log::MINISTRY);
            own.into_iter().chain(&fact.shared_logs).map(|log| GroupKeyValue::Log(*log)).collect()
        }
        GroupKey::Province | GroupKey::Unit => units(),
        GroupKey::Country => one(fact.country.map(GroupKeyValue::Country)),
        GroupKey::Region => {
            let region = fact.country.and_then(|id| directory.country(id).unwrap().region);
            one(region.map(GroupKeyValue::Region))
        }
        GroupKey::Locality => fact.localities.iter().map(|id| GroupKeyValue::Locality(*id)).collect(),
        GroupKey::LocalityLevel => {
            let levels = fact.localities.iter().filter_map(|id| directory.locality(*id).unwrap().level);
            levels.map(GroupKeyValue::Term).collect()
        }
        GroupKey::Pillar => one(fact.pillar.map(GroupKeyValue::Pillar)),
        GroupKey::Field => fact.fields.iter().map(|id| GroupKeyValue::Term(*id)).collect(),
        GroupKey::Form if kind == EntryKind::Agreement => one(fact.term.map(GroupKeyValue::Term)),
        GroupKey::Kind if kind == EntryKind::Event => one(fact.term.map(GroupKeyValue::Term)),
        GroupKey::Tier if kind == EntryKind::Relation => one(fact.tier.map(GroupKeyValue::Tier)),
        GroupKey::SigningLevel if kind == EntryKind::Agreement => one(fact.level.map(GroupKeyValue::Level)),
        GroupKey::Direction if kind == EntryKind::Event => one(fact.direction.map(GroupKeyValue::Direction)),
        GroupKey::Status => {
            let day = view.as_of.unwrap_or(view.today);
            let span = fact.spans.iter().find(|span| span.from <= day && day <= span.to);
            one(span.map(|span| GroupKeyValue::Status(span.status)))
        }
        GroupKey::Form
        | GroupKey::Kind
        | GroupKey::Tier
        | GroupKey::SigningLevel
        | GroupKey::Direction
        | GroupKey::Stage => Vec::new(),
    }
}

/// Returns the number of facts without a value of a bucket; `None` without a bucket.
pub(super) fn not_known(facts: &[&Fact], by: &[GroupBy], view: &BoundaryView<'_>) -> Option<u64> {
    let buckets = || by.iter().filter(|by| matches!(by, GroupBy::Bucket { .. }));
    let lacks_a_bucket = |fact: &&&Fact| buckets().any(|bucket| values(fact, *bucket, view).is_empty());
    buckets().next().map(|_| facts.iter().filter(lacks_a_bucket).count() as u64)
}

/// Adds 1 divided by the number of owners of each fact, where the facts are grouped by owner.
pub(super) fn share(facts: &[&Fact], by: &[GroupBy], view: &BoundaryView<'_>) -> f64 {
    let owner = by.iter().find(|by| by.owner_key().is_some());
    let owners = |fact: &&Fact| owner.map_or(1, |by| values(fact, *by, view).len());
    facts.iter().map(|fact| 1.0 / f64::from(u32::try_from(owners(fact)).unwrap())).sum()
}

/// Returns every combination of values with its facts, without gap filling.
pub(super) fn groups<'a>(
    facts: &[&'a Fact],
    by: &[GroupBy],
    view: &BoundaryView<'_>,
) -> Vec<(Vec<GroupKeyValue>, Vec<&'a Fact>)> {
    let mut groups: Vec<(Vec<GroupKeyValue>, Vec<&Fact>)> = Vec::new();
    for fact in facts {
        let mut combinations = vec![Vec::new()];
        for key in by {
            let mut longer = Vec::new();
            for combination in &combinations {
                for value in values(fact, *key, view) {
                    let mut keys: Vec<GroupKeyValue> = combination.clone();
                    keys.push(value);
                    longer.push(keys);
                }
            }
            combinations = longer;
        }
        for keys in combinations {
            match groups.iter_mut().find(|group| group.0 == keys) {
                Some(group) => group.1.push(*fact),
                None => groups.push((keys, vec![*fact])),
            }
        }
    }
    groups
}
