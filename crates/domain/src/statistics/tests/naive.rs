//! The same numbers, counted over a list of facts with plain loops.

use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::EntryKind;
use crate::fact::{Fact, Period};
use crate::filter::Filter;
use crate::quantity::Quantity;
use crate::statistics::{Boundaries, BucketField, GroupBy, GroupKey, KeyValue, Lens, QuantityKey, Tally};

pub(super) fn select<'a>(facts: &'a [Fact], kind: EntryKind, filter: &Filter) -> Vec<&'a Fact> {
    let mut chosen: Vec<&Fact> =
        facts.iter().filter(|fact| fact.key.kind == kind && filter.accepts(*fact)).collect();
    chosen.sort_by_key(|fact| (fact.key.log, fact.key.number));
    chosen
}

pub(super) fn tally(facts: &[&Fact], kind: EntryKind, day: Day) -> Tally {
    let stands = |fact: &&&Fact| {
        fact.spans.iter().any(|span| span.from <= day && day <= span.to && span.status.is_in_force())
    };
    let in_force = facts.iter().filter(stands).count() as u64;
    let dated = || facts.iter().filter(|fact| fact.first.is_dated);
    Tally {
        count: facts.len() as u64,
        in_force: (kind != EntryKind::Event).then_some(in_force),
        earliest: dated().map(|fact| fact.first.earliest).filter(|day| *day > UNDATED_FIRST).min(),
        latest: dated().map(|fact| fact.first.latest).filter(|day| *day < UNDATED_LAST).max(),
    }
}

/// None without a member, and where two members are of different units.
pub(super) fn sum(facts: &[&Fact], key: QuantityKey) -> Option<Quantity> {
    let quantities: Vec<&Quantity> = facts
        .iter()
        .filter_map(|fact| match key {
            QuantityKey::Delegates => fact.delegates.as_ref(),
            QuantityKey::Connections => fact.connections.as_ref(),
        })
        .collect();
    let is_one_unit = quantities.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    (!quantities.is_empty() && is_one_unit).then(|| Quantity::sum(quantities))
}

/// Every value of a fact, each once.
pub(super) fn values(fact: &Fact, by: GroupBy, lens: &Lens<'_>) -> Vec<KeyValue> {
    let mut values = match by {
        GroupBy::Key(key) => key_values(fact, key, lens),
        GroupBy::Bucket { field, unit, .. } => bucketed(fact, field)
            .filter(|date| date.is_dated && unit.key(date.earliest) == unit.key(date.latest))
            .map(|date| KeyValue::Bucket { start: unit.start_of(date.earliest), unit })
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

fn bucketed(fact: &Fact, field: BucketField) -> Option<Period> {
    match (fact.key.kind, field) {
        (EntryKind::Relation, BucketField::Established)
        | (EntryKind::Agreement, BucketField::Signed)
        | (EntryKind::Event, BucketField::Starts) => Some(fact.first),
        (EntryKind::Agreement, BucketField::Expires) => Some(fact.expires),
        (_, BucketField::Published) => Some(fact.published),
        _ => None,
    }
}

fn key_values(fact: &Fact, key: GroupKey, lens: &Lens<'_>) -> Vec<KeyValue> {
    let directory = lens.directory;
    let kind = fact.key.kind;
    let one = |value: Option<KeyValue>| value.into_iter().collect::<Vec<_>>();
    let unit = || fact.origin_unit.map(|origin| KeyValue::Unit(lens.unit_of(origin)));
    match key {
        GroupKey::Province if fact.key.log == crate::id::Log::MINISTRY => Vec::new(),
        GroupKey::Province if lens.boundaries == Boundaries::Today => {
            vec![KeyValue::Log(fact.key.log)]
        }
        GroupKey::Province | GroupKey::Unit => one(unit()),
        GroupKey::Country => one(fact.country.map(KeyValue::Country)),
        GroupKey::Region => {
            let region = fact.country.map(|id| directory.country(id).unwrap().region.clone());
            one(region.filter(|region| !region.is_empty()).map(KeyValue::Region))
        }
        GroupKey::Locality => fact.localities.iter().map(|id| KeyValue::Locality(*id)).collect(),
        GroupKey::Level => {
            let levels = fact.localities.iter().filter_map(|id| directory.locality(*id).unwrap().level);
            levels.map(KeyValue::Term).collect()
        }
        GroupKey::Pillar => one(fact.pillar.map(KeyValue::Pillar)),
        GroupKey::Field => fact.fields.iter().map(|id| KeyValue::Term(*id)).collect(),
        GroupKey::Form if kind == EntryKind::Agreement => one(fact.term.map(KeyValue::Term)),
        GroupKey::Kind if kind == EntryKind::Event => one(fact.term.map(KeyValue::Term)),
        GroupKey::Tier if kind == EntryKind::Relation => one(fact.tier.map(KeyValue::Tier)),
        GroupKey::AgreementLevel if kind == EntryKind::Agreement => one(fact.level.map(KeyValue::Level)),
        GroupKey::Direction if kind == EntryKind::Event => one(fact.direction.map(KeyValue::Direction)),
        GroupKey::Status => {
            let day = lens.as_of.unwrap_or(lens.today);
            let span = fact.spans.iter().find(|span| span.from <= day && day <= span.to);
            one(span.map(|span| KeyValue::Status(span.status)))
        }
        GroupKey::Form
        | GroupKey::Kind
        | GroupKey::Tier
        | GroupKey::AgreementLevel
        | GroupKey::Direction
        | GroupKey::Stage => Vec::new(),
    }
}

/// Every combination of values with its facts; gaps are left as they are.
pub(super) fn groups<'a>(
    facts: &[&'a Fact],
    by: &[GroupBy],
    lens: &Lens<'_>,
) -> Vec<(Vec<KeyValue>, Vec<&'a Fact>)> {
    let mut groups: Vec<(Vec<KeyValue>, Vec<&Fact>)> = Vec::new();
    for fact in facts {
        let mut combinations = vec![Vec::new()];
        for key in by {
            let mut longer = Vec::new();
            for combination in &combinations {
                for value in values(fact, *key, lens) {
                    let mut keys: Vec<KeyValue> = combination.clone();
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
