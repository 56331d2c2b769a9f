//! Which relation an activity counts to, in a lineage of a merger.

use super::*;
use crate::directory::Reference;
use crate::id::Id;
use crate::statistics::random_directory;
use crate::unit::{AdminUnit, Succession, SuccessionKind};
use proptest::collection::vec;
use proptest::prelude::*;

const DA_NANG_BEFORE: i32 = 1;
const QUANG_NAM: i32 = 2;
const DA_NANG: i32 = 3;
const HUE: i32 = 4;

/// Returns a directory in which two units became a new one, and one did not change.
fn directory() -> Directory {
    let unit = |number, slug: &str| AdminUnit {
        id: Id::new(number),
        slug: slug.to_owned(),
        valid_from: None,
        valid_to: None,
        split_from: None,
        iso_3166_2: None,
        designations: Vec::new(),
        geography: Vec::new(),
    };
    let succession = |predecessor| Succession {
        predecessor: Id::new(predecessor),
        successor: Id::new(DA_NANG),
        kind: SuccessionKind::Merged,
        effective_on: day("2025-07-01"),
        legal_basis: String::new(),
    };
    Directory::new(Reference {
        units: vec![
            unit(DA_NANG_BEFORE, "DA_NANG"),
            unit(QUANG_NAM, "QUANG_NAM"),
            unit(DA_NANG, "DA_NANG"),
            unit(HUE, "HUE"),
        ],
        successions: vec![succession(DA_NANG_BEFORE), succession(QUANG_NAM)],
        ..Reference::default()
    })
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the unit of an entry is optional")]
fn unit(number: i32) -> Option<UnitId> {
    Some(Id::new(number))
}

#[track_caller]
fn assert_nearest(of: i32, among: &[i32], expected: &[i32]) {
    let among: Vec<_> = among.iter().map(|number| unit(*number)).collect();
    let expected: Vec<_> = expected.iter().map(|number| unit(*number)).collect();
    assert_eq!(nearest_units(&directory(), unit(of), &among), expected);
}

#[test]
fn entry_belongs_to_its_own_unit_before_all_others() {
    assert_nearest(QUANG_NAM, &[DA_NANG_BEFORE, QUANG_NAM, DA_NANG], &[QUANG_NAM]);
    assert_nearest(DA_NANG, &[DA_NANG_BEFORE, QUANG_NAM, DA_NANG], &[DA_NANG]);
}

#[test]
fn entry_of_former_unit_belongs_to_its_successor_never_to_the_merged_one() {
    assert_nearest(QUANG_NAM, &[DA_NANG_BEFORE, DA_NANG], &[DA_NANG]);
    assert_nearest(QUANG_NAM, &[DA_NANG_BEFORE], &[]);
    assert_nearest(HUE, &[DA_NANG, QUANG_NAM], &[]);
}

#[test]
fn entry_of_successor_belongs_to_inherited_relations_of_its_namesake_first() {
    assert_nearest(DA_NANG, &[QUANG_NAM, DA_NANG_BEFORE], &[DA_NANG_BEFORE]);
    assert_nearest(DA_NANG, &[QUANG_NAM, HUE], &[QUANG_NAM]);
}

#[test]
fn ministry_is_in_no_lineage() {
    assert_eq!(nearest_units(&directory(), None, &[None, unit(HUE)]), [None]);
    assert_eq!(nearest_units(&directory(), unit(HUE), &[None]), []);
}

#[test]
fn named_relation_takes_precedence_over_lineage() {
    let partner = Id::new(7);
    let on = day("2026-01-14");
    let mut activity = PartnerActivity { other_units: vec![unit(QUANG_NAM)], ..PartnerActivity::default() };
    let linked = |of, relation: Option<&str>, partners: &[LocalityId]| LinkedActivity {
        on,
        unit: unit(of),
        relation: relation.map(str::to_owned),
        partners: partners.to_vec(),
    };
    activity.add(&linked(QUANG_NAM, None, &[partner]), "REL-1", partner);
    activity.add(&linked(QUANG_NAM, Some("REL-2"), &[partner]), "REL-1", partner);
    activity.add(&linked(DA_NANG, None, &[]), "REL-1", partner);
    // The activity of Quảng Nam is that of its own relation with the partner.
    assert_eq!(activity.days_of(unit(DA_NANG), &directory()), []);
    assert_eq!(activity.days_of(unit(QUANG_NAM), &directory()), [on]);
    activity.add(&linked(QUANG_NAM, Some("REL-1"), &[]), "REL-1", partner);
    assert_eq!(activity.days_of(unit(DA_NANG), &directory()), [on]);
}

proptest! {
    /// Whatever the lineage: activity that counts to a relation is of a unit of its lineage, and
    /// activity of a unit that has a relation of its own counts to no other one.
    #[test]
    fn activity_stays_in_its_lineage(directory in random_directory(), relations in vec(0..8usize, 1..5)) {
        let units = directory.units();
        let relations: Vec<_> = relations.iter().map(|at| Some(units[at % units.len()].id)).collect();
        for unit in units {
            let nearest = nearest_units(&directory, Some(unit.id), &relations);
            if relations.contains(&Some(unit.id)) {
                prop_assert_eq!(&nearest, &vec![Some(unit.id)]);
            }
            for found in nearest.into_iter().flatten() {
                let becomes = |from, to| steps_to(&directory, from, to).is_some();
                prop_assert!(becomes(unit.id, found) || becomes(found, unit.id));
                prop_assert_eq!(
                    directory.province_of(found).map(|province| province.log),
                    directory.province_of(unit.id).map(|province| province.log)
                );
            }
        }
    }
}
