//! Computed indicators, monitoring and visit conflicts equal plain loops over the facts.

use super::fact_table;
use super::random_register::{RandomRegister, day, registers};
use crate::date::{Day, FuzzyDate};
use crate::entry::{Common, CountryId, Direction, EntryKey, EntryKind, Publication, UnitId};
use crate::fact::Fact;
use crate::figure::{Basis, Figure};
use crate::id::{Id, Log};
use crate::locale::Locale;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::statistics::indicator::{DEFINITIONS, IndicatorDefinition, reported_minus_computed};
use crate::statistics::{
    CalendarPeriod, Overlap, VisitConflict, find_overlaps, find_visit_conflicts, monitoring,
};
use crate::status::{self, AgreementStatus, RelationStatus, Status};
use crate::validation::InvalidReason;
use chrono::{Days, Months};
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::HashSet;

fn figure(unit: Option<UnitId>, day: Day, period: Option<CalendarPeriod>) -> Figure {
    let mut figure = Figure {
        common: Common::default(),
        indicator: Id::new(1),
        quantity: Quantity::exact(10, "agreement").unwrap(),
        basis: Basis::Reported,
        organization: None,
        country: None,
        dimensions: Vec::new(),
        period: period
            .map(|period| FuzzyDate::parse(&format!("{}/{}", period.first(), period.last())).unwrap()),
        as_of: Some(FuzzyDate::parse(&day.to_string()).unwrap()),
        change_percent: None,
        quote: None,
        note: None,
    };
    figure.common.origin_unit = unit;
    figure
}

fn compute(register: &RandomRegister, indicator: &str, figure: &Figure) -> usize {
    let definition = IndicatorDefinition::of(indicator).unwrap();
    let computed = definition.compute(figure, &fact_table(register), &register.directory, Day::MAX).unwrap();
    usize::try_from(i64::try_from(computed.value.unwrap()).unwrap()).unwrap()
}

/// Returns whether a fact counts for the unit on the day: one of its owners is the unit or had
/// become it.
fn is_of(register: &RandomRegister, fact: &Fact, unit: Option<UnitId>, day: Day) -> bool {
    unit.is_none_or(|unit| {
        let mut owners = fact.origin_unit.iter().chain(&fact.shared_units);
        owners.any(|owner| *owner == unit || register.directory.unit_on(*owner, Some(day)) == unit)
    })
}

/// Returns the logs of the provinces that own an entry.
fn owners(fact: &Fact) -> HashSet<Log> {
    let logs = fact.shared_logs.iter().copied().chain([fact.key.log]);
    logs.filter(|log| log.is_province()).collect()
}

fn counted(
    register: &RandomRegister,
    kind: EntryKind,
    unit: Option<UnitId>,
    day: Day,
) -> impl Iterator<Item = &Fact> {
    let facts = register.facts.iter().filter(move |fact| {
        fact.key.kind == kind && fact.counts_from <= day && fact.publication != Publication::Withdrawn
    });
    facts.filter(move |fact| is_of(register, fact, unit, day))
}

fn is(fact: &Fact, status: Status, day: Day) -> bool {
    status::on(&fact.spans, day) == Some(status)
}

const IN_FORCE: Status = Status::Agreement(AgreementStatus::InForce);

proptest! {
    #[test]
    fn indicators_equal_a_recount(
        register in registers(),
        unit in option::of(0..8usize),
        day in day(),
        period in option::of((day(), 0u64..400)),
    ) {
        let units = register.directory.units();
        let unit = unit.map(|unit| units[unit % units.len()].id);
        let period = period.map(|(first, length)| {
            CalendarPeriod::between(first, first + Days::new(length)).unwrap()
        });
        let figure = figure(unit, day, period);
        let signed = counted(&register, EntryKind::Agreement, unit, day)
            .filter(|fact| period.is_none_or(|period| {
                let start = fact.first.start;
                fact.first.is_dated && period.contains(start.earliest) && period.contains(start.latest)
            }));
        prop_assert_eq!(compute(&register, "total_agreements", &figure), signed.count());
        let in_force = counted(&register, EntryKind::Agreement, unit, day).filter(|fact| is(fact, IN_FORCE, day));
        prop_assert_eq!(compute(&register, "agreements_in_effect", &figure), in_force.count());
        let not_ended = || counted(&register, EntryKind::Relation, unit, day).filter(|fact| {
            let ended_or_proposed = [RelationStatus::Ended, RelationStatus::Proposed].map(Status::Relation);
            !ended_or_proposed.iter().any(|status| is(fact, *status, day))
        });
        let places: HashSet<LocalityId> = not_ended().flat_map(|fact| fact.localities.clone()).collect();
        prop_assert_eq!(compute(&register, "partner_localities", &figure), places.len());
        let countries: HashSet<CountryId> = not_ended()
            .chain(counted(&register, EntryKind::Agreement, unit, day))
            .filter_map(|fact| fact.country)
            .collect();
        prop_assert_eq!(compute(&register, "partner_countries", &figure), countries.len());
    }

    #[test]
    fn in_effect_is_at_most_signed_and_units_sum_to_nation(register in registers(), day in day()) {
        let nation = figure(None, day, None);
        let signed = compute(&register, "total_agreements", &nation);
        prop_assert!(compute(&register, "agreements_in_effect", &nation) <= signed);
        // Every entry is of its owners, each of which is one unit on the day; entries that the
        // ministry owns alone are of none.
        let directory = &register.directory;
        let units: HashSet<UnitId> =
            directory.units().iter().map(|unit| directory.unit_on(unit.id, Some(day))).collect();
        let of_units: usize = units
            .iter()
            .map(|unit| {
                let figure = figure(Some(*unit), day, None);
                let of_unit = compute(&register, "total_agreements", &figure);
                assert!(compute(&register, "agreements_in_effect", &figure) <= of_unit);
                of_unit
            })
            .sum();
        let owners = |fact: &Fact| {
            let owners = fact.origin_unit.iter().chain(&fact.shared_units);
            owners.map(|owner| directory.unit_on(*owner, Some(day))).collect::<HashSet<_>>().len()
        };
        let all = || counted(&register, EntryKind::Agreement, None, day);
        prop_assert_eq!(of_units, all().map(owners).sum::<usize>());
        prop_assert_eq!(signed, all().count());
    }

    #[test]
    fn indicators_are_zero_before_the_first_fact(register in registers()) {
        let first = register.facts.iter().map(|fact| fact.counts_from).min();
        let before = first.and_then(|day| day.pred_opt()).unwrap_or_default();
        for indicator in ["total_agreements", "agreements_in_effect", "partner_countries", "partner_localities"] {
            prop_assert_eq!(compute(&register, indicator, &figure(None, before, None)), 0);
        }
    }

    #[test]
    fn expiring_agreements_equal_a_recount(register in registers(), day in day(), within in 0..500i32) {
        let found = monitoring::find_expiring_agreements(&fact_table(&register).agreements, day, within).unwrap();
        let after = day + Days::new(u64::from(within.unsigned_abs()) + 1);
        // The last statement of the end by `day`.
        let end = |fact: &Fact| {
            let known = fact.lapses.iter().filter(|lapse| lapse.known_from <= day);
            known.max_by_key(|lapse| lapse.known_from).map(|lapse| lapse.on)
        };
        let expected: HashSet<EntryKey> = counted(&register, EntryKind::Agreement, None, day)
            .filter(|fact| is(fact, IN_FORCE, day) && end(fact).is_some_and(|end| day < end && end <= after))
            .map(|fact| fact.key)
            .collect();
        prop_assert_eq!(found.iter().map(|dated| dated.key).collect::<HashSet<_>>(), expected);
        let sort_keys = || found.iter().map(monitoring::DatedKey::sort_key);
        prop_assert!(sort_keys().is_sorted_by(|one, next| one < next));
        let lapse = |dated: &monitoring::DatedKey| {
            let fact = register.facts.iter().find(|fact| fact.key == dated.key).unwrap();
            end(fact)
        };
        prop_assert!(found.iter().map(lapse).is_sorted());
    }

    #[test]
    fn visit_conflicts_equal_a_recount(
        register in registers(),
        day in day(),
        (first, length) in (day(), 0u64..900),
        within in 0..93i32,
    ) {
        let period = CalendarPeriod::between(first, first + Days::new(length)).unwrap();
        let found = find_visit_conflicts(&fact_table(&register), day, period, within).unwrap();
        let visits: Vec<&Fact> = counted(&register, EntryKind::Event, None, day)
            .filter(|fact| {
                fact.direction == Some(Direction::Out)
                    && !owners(fact).is_empty()
                    && period.contains(fact.first.start.earliest)
                    && period.contains(fact.first.start.latest)
                    && fact.first.start.days_apart() < 7
                    && fact.first.end.days_apart() < 7
            })
            .collect();
        for partner in (1..5).map(Id::new) {
            let there = || visits.iter().filter(|fact| fact.localities.contains(&partner));
            for (one, other) in there().flat_map(|one| there().map(move |other| (one, other))) {
                let apart = |one: &Fact, other: &Fact| other.first.start.earliest - one.first.end.latest;
                let apart = apart(one, other).max(apart(other, one));
                if owners(one) != owners(other) && apart.num_days() <= i64::from(within) {
                    let both = |conflict: &VisitConflict| {
                        conflict.partner == partner
                            && [one.key, other.key].iter().all(|key| conflict.visits.contains(key))
                    };
                    prop_assert_eq!(found.iter().filter(|conflict| both(conflict)).count(), 1);
                }
            }
        }
        for conflict in &found {
            let of = |key: &EntryKey| visits.iter().find(|fact| fact.key == *key).map(|fact| owners(fact));
            prop_assert!(conflict.visits.iter().any(|key| of(key) != of(&conflict.visits[0])));
            prop_assert!(conflict.visits.iter().all(|key| visits.iter().any(|fact| fact.key == *key)));
        }
    }

    #[test]
    fn overlaps_equal_a_recount(register in registers(), day in day()) {
        let found = find_overlaps(&fact_table(&register), &register.directory, day);
        let unit_of = |fact: &Fact| fact.origin_unit.map(|unit| register.directory.unit_on(unit, Some(day)));
        let overlaps = |kind: EntryKind, live: &[Status]| -> HashSet<(UnitId, LocalityId, EntryKey)> {
            let live: Vec<&Fact> = counted(&register, kind, None, day)
                .filter(|fact| live.iter().any(|status| is(fact, *status, day)))
                .collect();
            let mut expected = HashSet::new();
            for (one, other) in live.iter().flat_map(|one| live.iter().map(move |other| (one, other))) {
                let both = one.localities.iter().filter(|place| other.localities.contains(place));
                if one.origin_unit != other.origin_unit && unit_of(one) == unit_of(other) {
                    expected.extend(both.filter_map(|place| Some((unit_of(one)?, *place, one.key))));
                }
            }
            expected
        };
        let keys_of = |keys: fn(&Overlap) -> &Vec<(UnitId, EntryKey)>| -> HashSet<_> {
            let each = |overlap: &Overlap| {
                let (unit, partner) = (overlap.unit, overlap.partner);
                keys(overlap).iter().map(move |(_, key)| (unit, partner, *key)).collect::<Vec<_>>()
            };
            found.iter().flat_map(each).collect()
        };
        let standing = [RelationStatus::Active, RelationStatus::Dormant].map(Status::Relation);
        prop_assert_eq!(keys_of(|overlap| &overlap.relations), overlaps(EntryKind::Relation, &standing));
        prop_assert_eq!(keys_of(|overlap| &overlap.agreements), overlaps(EntryKind::Agreement, &[IN_FORCE]));
        prop_assert!(found.is_sorted_by_key(|overlap| (overlap.unit, overlap.partner)));
    }

    #[test]
    fn dormant_relations_equal_a_recount(register in registers(), day in day(), months in 1..40i32) {
        let found = |months| {
            monitoring::find_dormant_relations(&fact_table(&register).relations, day, months).unwrap()
        };
        let last = |relation: &Fact| {
            let begun = relation.activity.iter().filter(|period| period.from <= day);
            begun.map(|period| period.to.min(day)).max()
        };
        let is_older = |relation: &Fact| {
            last(relation).is_some_and(|last| last + Months::new(months.unsigned_abs()) < day)
        };
        let mut expected: Vec<(Day, EntryKey)> = counted(&register, EntryKind::Relation, None, day)
            .filter_map(|fact| {
                let span = fact.spans.iter().find(|span| span.from <= day && day <= span.to)?;
                let is_listed = match span.status {
                    Status::Relation(RelationStatus::Dormant) => months <= 24 || is_older(fact),
                    Status::Relation(RelationStatus::Active) => months < 24 && is_older(fact),
                    Status::Relation(_) | Status::Agreement(_) => false,
                };
                is_listed.then(|| (last(fact).unwrap_or(span.from), fact.key))
            })
            .collect();
        expected.sort_unstable();
        let expected: Vec<_> =
            expected.into_iter().map(|(day, key)| monitoring::DatedKey { day, key }).collect();
        prop_assert_eq!(found(months), expected);
        // The status and the list are one rule.
        let dormant = Status::Relation(RelationStatus::Dormant);
        let by_status: HashSet<EntryKey> = counted(&register, EntryKind::Relation, None, day)
            .filter(|fact| is(fact, dormant, day))
            .map(|fact| fact.key)
            .collect();
        prop_assert_eq!(found(24).iter().map(|dated| dated.key).collect::<HashSet<_>>(), by_status);
    }

    #[test]
    fn unused_frameworks_equal_a_recount(register in registers(), day in day()) {
        let framework = Id::new(4);
        let agreements = || counted(&register, EntryKind::Agreement, None, day);
        let found = monitoring::find_unused_frameworks(&fact_table(&register), day, framework);
        let has_later_activity = |one: &Fact| {
            let acts = agreements().chain(counted(&register, EntryKind::Event, None, day));
            let mut others = acts.filter(|fact| fact.term != Some(framework) && fact.first.is_dated);
            others.any(|fact| {
                !owners(fact).is_disjoint(&owners(one))
                    && fact.counts_from >= one.counts_from
                    && fact.localities.iter().any(|place| one.localities.contains(place))
            })
        };
        let mut expected: Vec<(Day, EntryKey)> = agreements()
            .filter(|fact| !owners(fact).is_empty() && fact.term == Some(framework) && is(fact, IN_FORCE, day))
            .filter(|fact| !has_later_activity(fact))
            .map(|fact| (fact.counts_from, fact.key))
            .collect();
        expected.sort_unstable();
        prop_assert_eq!(found, expected.into_iter().map(|(day, key)| monitoring::DatedKey { day, key }).collect::<Vec<_>>());
    }
}

#[test]
fn days_out_of_bounds_are_rejected() {
    let empty = crate::statistics::Facts::new(EntryKind::Agreement, []);
    let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
    let reason = InvalidReason::OutOfRange { least: 0, most: 36_525, given: -1 };
    assert_eq!(monitoring::find_expiring_agreements(&empty, today, -1), Err(reason.into()));
    assert!(monitoring::find_expiring_agreements(&empty, Day::MAX, monitoring::MAX_DAYS_AHEAD).is_ok());
}

#[test]
fn definitions_are_unique_and_in_both_languages() {
    let codes: HashSet<&str> = DEFINITIONS.iter().map(|definition| definition.indicator).collect();
    assert_eq!(codes.len(), DEFINITIONS.len());
    for definition in DEFINITIONS {
        let texts = [Locale::Vi, Locale::En].map(|locale| definition.text(locale));
        assert!(texts[0] != texts[1] && texts.iter().all(|text| text.ends_with('.')), "{definition:?}");
    }
}

#[test]
fn difference_is_reported_minus_computed() {
    let exact = |number: i64| Quantity::exact(number, "agreement").unwrap();
    assert_eq!(reported_minus_computed(&exact(88), &exact(6)), Some(Decimal::from(82)));
    assert_eq!(reported_minus_computed(&exact(6), &exact(88)), Some(Decimal::from(-82)));
}
