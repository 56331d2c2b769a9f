//! Statistics over any slice are what a plain recount over the facts says.

mod beside;
mod examples;
mod naive;
mod world;

use super::{
    Boundaries, FactBook, Facts, Group, GroupBy, GroupKey, GroupOrder, GroupOrderField, KeyValue, Lens,
    QuantityKey, distinct, sort_groups,
};
use crate::date::Day;
use crate::entry::EntryKind;
use crate::fact::Fact;
use crate::filter::{Filter, Predicate};
use crate::page::Sorting;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;
use strum::VariantArray;
use world::{SLUGS, World, boundaries, day, filters, group_by, keys, worlds};

const KINDS: [EntryKind; 3] = [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event];

fn lens(world: &World, as_of: Option<Day>, boundaries: Boundaries) -> Lens<'_> {
    let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
    Lens { directory: &world.directory, as_of, today, boundaries }
}

fn book(world: &World) -> FactBook {
    let of = |kind| Arc::new(Facts::new(kind, world.facts.iter().cloned()));
    FactBook {
        relations: of(EntryKind::Relation),
        agreements: of(EntryKind::Agreement),
        events: of(EntryKind::Event),
        organizations: of(EntryKind::Organization),
    }
}

/// The groups of worlds so small that any gap may be filled.
fn groups(facts: &Facts, rows: &[u32], by: &[GroupBy], lens: &Lens<'_>) -> Vec<Group> {
    super::groups(facts, rows, by, lens).unwrap()
}

fn told(facts: &Facts, rows: &[u32]) -> Vec<Fact> {
    rows.iter().map(|row| facts.fact(*row)).collect()
}

fn owned(facts: &[&Fact]) -> Vec<Fact> {
    facts.iter().map(|fact| (*fact).clone()).collect()
}

proptest! {
    #[test]
    fn columns_hold_what_came_in(world in worlds()) {
        let book = book(&world);
        let everything = Filter::default();
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&everything);
            prop_assert_eq!(facts.len(), rows.len());
            prop_assert_eq!(told(facts, &rows), owned(&naive::select(&world.facts, kind, &everything)));
        }
    }

    #[test]
    fn slices_are_what_a_recount_says(
        world in worlds(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&world.facts, kind, &filter);
            prop_assert_eq!(told(facts, &rows), owned(&recounted));
            let tally = facts.tally(&rows, &lens);
            prop_assert_eq!(tally, naive::tally(&recounted, kind, lens.day()));
            prop_assert!(tally.in_force.unwrap_or(0) <= tally.count);
        }
    }

    #[test]
    fn sums_are_what_a_recount_says(world in worlds(), filter in filters()) {
        let book = book(&world);
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&world.facts, kind, &filter);
            for key in QuantityKey::VARIANTS {
                prop_assert_eq!(facts.sum(&rows, *key), naive::sum(&recounted, *key));
            }
        }
    }

    #[test]
    fn groups_are_what_a_recount_says(
        world in worlds(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        by in vec(group_by(), 1..3),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&Filter::default());
            let found = groups(facts, &rows, &by, &lens);
            let all = naive::select(&world.facts, kind, &Filter::default());
            let recounted = naive::groups(&all, &by, &lens);
            for (keys, members) in &recounted {
                let same: Vec<&Group> = found.iter().filter(|group| group.keys == *keys).collect();
                prop_assert_eq!(same.len(), 1);
                prop_assert_eq!(told(facts, &same[0].rows), owned(members));
                let tally = facts.tally(&same[0].rows, &lens);
                prop_assert!(tally.in_force.unwrap_or(0) <= tally.count);
            }
            let full = found.iter().filter(|group| !group.rows.is_empty());
            prop_assert_eq!(full.count(), recounted.len());
            let offered = by.iter().all(|key| key.is_offered(kind));
            prop_assert!(offered || found.is_empty());
        }
    }

    #[test]
    fn distinct_is_the_number_of_groups(
        world in worlds(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        key in keys(),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted: HashSet<KeyValue> = naive::select(&world.facts, kind, &filter)
                .into_iter()
                .flat_map(|fact| naive::values(fact, GroupBy::Key(key), &lens))
                .collect();
            let count = distinct(facts, &rows, key, &lens);
            prop_assert_eq!(count, recounted.len() as u64);
            prop_assert_eq!(count, groups(facts, &rows, &[GroupBy::Key(key)], &lens).len() as u64);
        }
    }

    #[test]
    fn provinces_sum_to_the_nation_without_the_ministry(
        world in worlds(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let ministry = rows.iter().filter(|row| !facts.key(**row).log.is_province()).count();
            let provinces = groups(facts, &rows, &[GroupBy::Key(GroupKey::Province)], &lens);
            let sum: usize = provinces.iter().map(|group| group.rows.len()).sum();
            prop_assert_eq!(sum, rows.len() - ministry);
        }
    }

    #[test]
    fn a_group_by_province_is_what_its_filter_finds(
        world in worlds(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        slug in 0..SLUGS.len(),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        let slug = SLUGS[slug].to_owned();
        let filter = lens.province_filter(std::slice::from_ref(&slug));
        let is_former = lens.directory.province_by_slug(&slug).is_none();
        let bears = |key: &KeyValue| key.code(lens.directory) == slug;
        // Under today's boundaries the slug of a former unit has no group, but still its entries.
        let (key, lens) = match boundaries {
            Boundaries::Today if is_former => {
                (GroupKey::Unit, Lens { as_of: None, boundaries: Boundaries::AtTheTime, ..lens })
            }
            Boundaries::Today | Boundaries::AtTheTime => (GroupKey::Province, lens),
        };
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&Filter::default());
            let mut grouped: Vec<u32> = groups(facts, &rows, &[GroupBy::Key(key)], &lens)
                .into_iter()
                .filter(|group| bears(&group.keys[0]))
                .flat_map(|group| group.rows)
                .collect();
            grouped.sort_unstable();
            prop_assert_eq!(facts.select(&filter), grouped);
        }
    }

    #[test]
    fn the_unit_filter_follows_only_under_the_boundaries_of_the_time(
        world in worlds(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        slugs in vec(0..SLUGS.len(), 0..3),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        let slugs: Vec<String> = slugs.into_iter().map(|slug| SLUGS[slug].to_owned()).collect();
        let bears = |unit| slugs.contains(&lens.directory.unit(unit).unwrap().slug);
        let rows = book.relations.select(&lens.unit_filter(&slugs));
        let all = naive::select(&world.facts, EntryKind::Relation, &Filter::default());
        let meant = all.into_iter().filter(|fact| fact.origin_unit.is_some_and(|origin| {
            let became = lens.directory.unit_on(origin, as_of.or(Some(Day::MIN)));
            bears(origin) || (boundaries == Boundaries::AtTheTime && bears(became))
        }));
        prop_assert_eq!(told(&book.relations, &rows), meant.cloned().collect::<Vec<_>>());
    }

    #[test]
    fn nothing_counts_before_its_first_day(world in worlds(), filter in filters(), as_of in day()) {
        let filter = filter.and(Filter::Is(Predicate::CountsOn(as_of)));
        let book = book(&world);
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            for fact in told(facts, &facts.select(&filter)) {
                prop_assert!(fact.counts_from <= as_of);
            }
        }
    }

    #[test]
    fn filled_series_have_no_gap_and_equal_length(
        world in worlds(),
        second in option::of(keys().prop_map(GroupBy::Key)),
        unit in 0..4usize,
    ) {
        use crate::date::DateUnit::{Decade, Month, Quarter, Year};
        let unit = [Month, Quarter, Year, Decade][unit];
        let (book, lens) = (book(&world), lens(&world, None, Boundaries::Today));
        let bucket = GroupBy::Bucket { field: super::BucketField::Published, unit, fill_gaps: true };
        let by: Vec<GroupBy> = [bucket].into_iter().chain(second).collect();
        let facts = &book.agreements;
        let found = groups(facts, &facts.select(&Filter::default()), &by, &lens);
        let start = |group: &Group| {
            if let KeyValue::Bucket { start, .. } = group.keys[0] { Some(start) } else { None }
        };
        let starts: Vec<Day> = found.iter().filter_map(start).collect();
        let rest: HashSet<&[KeyValue]> = found.iter().map(|group| &group.keys[1..]).collect();
        let mut expected = starts.first().copied();
        for series in starts.chunks(rest.len().max(1)) {
            prop_assert!(series.iter().all(|start| Some(*start) == expected));
            prop_assert_eq!(series.len(), rest.len());
            expected = expected.and_then(|start| unit.next(start));
        }
    }

    #[test]
    fn an_order_does_not_depend_on_the_one_before(
        world in worlds(),
        by in vec(group_by(), 1..3),
        boundaries in boundaries(),
        is_by_count in any::<bool>(),
        is_descending in any::<bool>(),
    ) {
        let (book, lens) = (book(&world), lens(&world, None, boundaries));
        let order = GroupOrder {
            by: if is_by_count { GroupOrderField::Count } else { GroupOrderField::Key },
            sorting: if is_descending { Sorting::Descending } else { Sorting::Ascending },
        };
        let facts = &book.relations;
        let mut once = groups(facts, &facts.select(&Filter::default()), &by, &lens);
        let mut again = once.clone();
        again.reverse();
        sort_groups(&mut once, order, lens.directory);
        sort_groups(&mut again, order, lens.directory);
        prop_assert_eq!(&once, &again);
        let codes = |group: &Group| -> Vec<String> {
            group.keys.iter().map(|key| key.code(lens.directory)).collect()
        };
        for pair in once.windows(2) {
            let counts = pair[0].rows.len().cmp(&pair[1].rows.len());
            let codes = codes(&pair[0]).cmp(&codes(&pair[1]));
            let told = match (is_by_count, is_descending) {
                (true, true) => counts.reverse().then(codes),
                (true, false) => counts.then(codes),
                (false, true) => codes.reverse(),
                (false, false) => codes,
            };
            prop_assert!(told.is_le());
        }
    }
}
