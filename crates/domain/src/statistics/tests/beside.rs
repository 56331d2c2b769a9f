//! What is told beside plain numbers is what plain loops over the facts say.

use super::book;
use super::world::{World, day, worlds};
use crate::date::{Day, FuzzyDate};
use crate::entry::{Common, CountryId, Direction, EntryKey, EntryKind, Publication, UnitId};
use crate::fact::Fact;
use crate::figure::{Basis, Figure};
use crate::filter::DateTest;
use crate::id::Id;
use crate::locale::Locale;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::statistics::computed::{DEFINITIONS, Definition, gap};
use crate::statistics::{CalendarPeriod, Clash, clashes, watch};
use crate::status::{self, AgreementStatus, RelationStatus, Status};
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

fn compute(world: &World, indicator: &str, figure: &Figure) -> usize {
    let definition = Definition::of(indicator).unwrap();
    let computed = definition.compute(figure, &book(world), &world.directory, Day::MAX).unwrap();
    usize::try_from(i64::try_from(computed.value.unwrap()).unwrap()).unwrap()
}

/// Whether a fact counts for the unit on the day: it came from it, or from what had become it.
fn is_of(world: &World, fact: &Fact, unit: Option<UnitId>, day: Day) -> bool {
    unit.is_none_or(|unit| {
        fact.origin_unit
            .is_some_and(|origin| origin == unit || world.directory.unit_on(origin, Some(day)) == unit)
    })
}

fn counted(world: &World, kind: EntryKind, unit: Option<UnitId>, day: Day) -> impl Iterator<Item = &Fact> {
    let facts = world.facts.iter().filter(move |fact| {
        fact.key.kind == kind && fact.counts_from <= day && fact.publication != Publication::Withdrawn
    });
    facts.filter(move |fact| is_of(world, fact, unit, day))
}

fn is(fact: &Fact, status: Status, day: Day) -> bool {
    status::on(&fact.spans, day) == Some(status)
}

const IN_FORCE: Status = Status::Agreement(AgreementStatus::InForce);

proptest! {
    #[test]
    fn computed_is_a_recount(
        world in worlds(),
        unit in option::of(0..8usize),
        day in day(),
        period in option::of((day(), 0u64..400)),
    ) {
        let units = world.directory.units();
        let unit = unit.map(|unit| units[unit % units.len()].id);
        let period = period.map(|(first, length)| {
            CalendarPeriod::between(first, first + Days::new(length)).unwrap()
        });
        let figure = figure(unit, day, period);
        let signed = counted(&world, EntryKind::Agreement, unit, day)
            .filter(|fact| period.is_none_or(|period| {
                DateTest::OnOrAfter(period.first()).holds(fact.first)
                    && DateTest::OnOrBefore(period.last()).holds(fact.first)
            }));
        prop_assert_eq!(compute(&world, "total_agreements", &figure), signed.count());
        let in_force = counted(&world, EntryKind::Agreement, unit, day).filter(|fact| is(fact, IN_FORCE, day));
        prop_assert_eq!(compute(&world, "agreements_in_effect", &figure), in_force.count());
        let standing = || counted(&world, EntryKind::Relation, unit, day).filter(|fact| {
            let over = [RelationStatus::Ended, RelationStatus::Proposed].map(Status::Relation);
            !over.iter().any(|status| is(fact, *status, day))
        });
        let places: HashSet<LocalityId> = standing().flat_map(|fact| fact.localities.clone()).collect();
        prop_assert_eq!(compute(&world, "partner_localities", &figure), places.len());
        let countries: HashSet<CountryId> = standing()
            .chain(counted(&world, EntryKind::Agreement, unit, day))
            .filter_map(|fact| fact.country)
            .collect();
        prop_assert_eq!(compute(&world, "partner_countries", &figure), countries.len());
    }

    #[test]
    fn in_effect_is_never_above_signed_and_units_sum_to_the_nation(world in worlds(), day in day()) {
        let nation = figure(None, day, None);
        let signed = compute(&world, "total_agreements", &nation);
        prop_assert!(compute(&world, "agreements_in_effect", &nation) <= signed);
        // Every entry came from one unit, which is one unit on the day; the ministry's are in none.
        let directory = &world.directory;
        let units: HashSet<UnitId> =
            directory.units().iter().map(|unit| directory.unit_on(unit.id, Some(day))).collect();
        let of_units: usize = units
            .iter()
            .map(|unit| {
                let figure = figure(Some(*unit), day, None);
                let of_unit = compute(&world, "total_agreements", &figure);
                assert!(compute(&world, "agreements_in_effect", &figure) <= of_unit);
                of_unit
            })
            .sum();
        let of_ministry =
            counted(&world, EntryKind::Agreement, None, day).filter(|fact| fact.origin_unit.is_none());
        prop_assert_eq!(of_units + of_ministry.count(), signed);
    }

    #[test]
    fn nothing_is_computed_before_anything_counts(world in worlds()) {
        let first = world.facts.iter().map(|fact| fact.counts_from).min();
        let before = first.and_then(|day| day.pred_opt()).unwrap_or_default();
        for indicator in ["total_agreements", "agreements_in_effect", "partner_countries", "partner_localities"] {
            prop_assert_eq!(compute(&world, indicator, &figure(None, before, None)), 0);
        }
    }

    #[test]
    fn what_lapses_soon_is_a_recount(world in worlds(), day in day(), within in 0..500i32) {
        let found = watch::expiring(&book(&world).agreements, day, within).unwrap();
        let after = day + Days::new(u64::from(within.unsigned_abs()) + 1);
        let expired = Status::Agreement(AgreementStatus::Expired);
        let meant: HashSet<EntryKey> = counted(&world, EntryKind::Agreement, None, day)
            .filter(|fact| is(fact, IN_FORCE, day) && is(fact, expired, after))
            .map(|fact| fact.key)
            .collect();
        prop_assert_eq!(found.iter().map(|dated| dated.key).collect::<HashSet<_>>(), meant);
        let sort_keys = || found.iter().map(watch::Dated::sort_key);
        prop_assert!(sort_keys().is_sorted_by(|one, next| one < next));
        let lapse = |dated: &watch::Dated| {
            let fact = world.facts.iter().find(|fact| fact.key == dated.key).unwrap();
            (1..=i64::from(within) + 1).find(|days| is(fact, expired, day + chrono::Duration::days(*days)))
        };
        prop_assert!(found.iter().map(lapse).is_sorted());
    }

    #[test]
    fn clashes_are_a_recount(
        world in worlds(),
        day in day(),
        (first, length) in (day(), 0u64..900),
        within in 0..93i32,
    ) {
        let period = CalendarPeriod::between(first, first + Days::new(length)).unwrap();
        let found = clashes(&book(&world), day, period, within).unwrap();
        let visits: Vec<&Fact> = counted(&world, EntryKind::Event, None, day)
            .filter(|fact| {
                fact.direction == Some(Direction::Out)
                    && fact.key.log.is_province()
                    && period.holds(fact.first.earliest)
                    && period.holds(fact.first.latest)
                    && (fact.first.latest - fact.first.earliest).num_days() < 7
            })
            .collect();
        for partner in (1..5).map(Id::new) {
            let there = || visits.iter().filter(|fact| fact.localities.contains(&partner));
            for (one, other) in there().flat_map(|one| there().map(move |other| (one, other))) {
                let apart = (other.first.earliest - one.first.latest)
                    .max(one.first.earliest - other.first.latest);
                if one.key.log != other.key.log && apart.num_days() <= i64::from(within) {
                    let both = |clash: &Clash| {
                        clash.partner == partner
                            && [one.key, other.key].iter().all(|key| clash.visits.contains(key))
                    };
                    prop_assert_eq!(found.iter().filter(|clash| both(clash)).count(), 1);
                }
            }
        }
        for clash in &found {
            let logs: HashSet<_> = clash.visits.iter().map(|key| key.log).collect();
            prop_assert!(logs.len() > 1);
            prop_assert!(clash.visits.iter().all(|key| visits.iter().any(|fact| fact.key == *key)));
        }
    }

    #[test]
    fn dormant_is_a_recount(world in worlds(), day in day(), months in 1..40i32) {
        let found = watch::dormant(&book(&world), day, months).unwrap();
        let since = day - Months::new(months.unsigned_abs());
        let last = |relation: &Fact| {
            let acts = world.facts.iter().filter(|fact| {
                fact.key.kind != EntryKind::Relation
                    && fact.key.log == relation.key.log
                    && fact.publication != Publication::Withdrawn
                    && fact.first.is_dated
                    && fact.counts_from <= day
                    && fact.localities.iter().any(|place| relation.localities.contains(place))
            });
            acts.map(|fact| fact.counts_from).max()
        };
        let mut meant: Vec<(Day, EntryKey)> = counted(&world, EntryKind::Relation, None, day)
            .filter(|fact| {
                let stands = [RelationStatus::Active, RelationStatus::Dormant].map(Status::Relation);
                fact.key.log.is_province() && stands.iter().any(|status| is(fact, *status, day))
            })
            .filter_map(|fact| Some((last(fact).filter(|last| *last <= since)?, fact.key)))
            .collect();
        meant.sort_unstable();
        prop_assert_eq!(found, meant.into_iter().map(|(day, key)| watch::Dated { day, key }).collect::<Vec<_>>());
    }

    #[test]
    fn framework_only_is_a_recount(world in worlds(), day in day()) {
        let framework = Id::new(4);
        let agreements = || counted(&world, EntryKind::Agreement, None, day);
        let found = watch::framework_only(&book(&world), day, framework);
        let came_of = |one: &Fact| {
            let acts = agreements().chain(counted(&world, EntryKind::Event, None, day));
            let mut others = acts.filter(|fact| fact.term != Some(framework) && fact.first.is_dated);
            others.any(|fact| {
                fact.key.log == one.key.log
                    && fact.counts_from >= one.counts_from
                    && fact.localities.iter().any(|place| one.localities.contains(place))
            })
        };
        let mut meant: Vec<(Day, EntryKey)> = agreements()
            .filter(|fact| fact.key.log.is_province() && fact.term == Some(framework) && is(fact, IN_FORCE, day))
            .filter(|fact| !came_of(fact))
            .map(|fact| (fact.counts_from, fact.key))
            .collect();
        meant.sort_unstable();
        prop_assert_eq!(found, meant.into_iter().map(|(day, key)| watch::Dated { day, key }).collect::<Vec<_>>());
    }
}

#[test]
fn bounds_are_refused_with_what_they_are() {
    let empty = crate::statistics::Facts::new(EntryKind::Agreement, []);
    let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
    let why = watch::expiring(&empty, today, -1).unwrap_err().to_string();
    assert_eq!(why, "-1 is not from 0 to 36525");
    assert!(watch::expiring(&empty, Day::MAX, watch::FURTHEST_DAYS).is_ok());
}

#[test]
fn every_definition_is_written_once_and_in_both_languages() {
    let codes: HashSet<&str> = DEFINITIONS.iter().map(|definition| definition.indicator).collect();
    assert_eq!(codes.len(), DEFINITIONS.len());
    for definition in DEFINITIONS {
        let texts = [Locale::Vi, Locale::En].map(|locale| definition.text(locale));
        assert!(texts[0] != texts[1] && texts.iter().all(|text| text.ends_with('.')), "{definition:?}");
    }
}

#[test]
fn a_gap_is_what_was_reported_less_what_is_computed() {
    let exact = |number: i64| Quantity::exact(number, "agreement").unwrap();
    assert_eq!(gap(&exact(88), &exact(6)), Some(Decimal::from(82)));
    assert_eq!(gap(&exact(6), &exact(88)), Some(Decimal::from(-82)));
}
