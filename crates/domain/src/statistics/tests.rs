//! Statistics over any slice are what a plain recount over the facts says.

mod beside;
pub(super) mod examples;
mod naive;
mod world;

use super::group::sort_groups;
use super::{
    Boundaries, FactBook, Facts, FactsBuilder, Group, GroupBy, GroupKey, GroupOrder, GroupOrderField,
    KeyValue, Lens, QuantityKey, Rows, Tally, distinct,
};
use crate::date::Day;
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use crate::filter::{Filter, Predicate};
use crate::page::Sorting;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use strum::VariantArray;
use world::{SLUGS, World, boundaries, day, filters, group_by, keys, worlds};

const KINDS: [EntryKind; 3] = [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event];

fn lens(world: &World, as_of: Option<Day>, boundaries: Boundaries) -> Lens<'_> {
    let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
    Lens { directory: &world.directory, as_of, today, boundaries }
}

fn book(world: &World) -> FactBook {
    let of = |kind| Arc::new(Facts::in_chunks_of(world.most, kind, world.facts.iter().cloned()));
    FactBook {
        relations: of(EntryKind::Relation),
        agreements: of(EntryKind::Agreement),
        events: of(EntryKind::Event),
        organizations: of(EntryKind::Organization),
    }
}

/// The groups; those that have entries alone, where the gaps would be too many to fill.
fn groups(facts: &Facts, rows: &Rows, by: &[GroupBy], lens: &Lens<'_>) -> Vec<Group> {
    let unfilled = by.iter().map(|by| match *by {
        GroupBy::Bucket { field, unit, .. } => GroupBy::Bucket { field, unit, fill_gaps: false },
        GroupBy::Key(key) => GroupBy::Key(key),
    });
    let unfilled: Vec<GroupBy> = unfilled.collect();
    super::groups(facts, rows, by, lens).or_else(|_| super::groups(facts, rows, &unfilled, lens)).unwrap()
}

fn told(facts: &Facts, rows: &Rows) -> Vec<Fact> {
    facts.rows(rows).map(|row| facts.fact(row)).collect()
}

fn all(book: &FactBook, kind: EntryKind) -> Rows {
    book.of(kind).unwrap().select(&Filter::default())
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
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        by in vec(group_by(), 1..3),
        key in keys(),
    ) {
        let (book, lens) = (book(&world), lens(&world, as_of, boundaries));
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let found = groups(facts, &rows, &by, &lens);
            let recounted = naive::groups(&naive::select(&world.facts, kind, &filter), &by, &lens);
            let in_force = facts.in_force(&rows, &by, &lens);
            let dates = facts.first_and_last(&rows, &by, &lens);
            let distinct = facts.distinct(&rows, &by, key, &lens);
            let sums: Vec<_> =
                QuantityKey::VARIANTS.iter().map(|key| (*key, facts.sums(&rows, &by, *key, &lens))).collect();
            for (keys, members) in &recounted {
                let same: Vec<&Group> = found.iter().filter(|group| group.keys == *keys).collect();
                prop_assert_eq!(same.len(), 1);
                let group = same[0];
                let (earliest, latest) = dates.of(group);
                let in_force = in_force.as_ref().map(|in_force| in_force.of(group));
                let tally = Tally { count: group.count, in_force, earliest, latest };
                prop_assert_eq!(tally, naive::tally(members, kind, lens.day()));
                let values: HashSet<KeyValue> =
                    members.iter().flat_map(|fact| naive::values(fact, GroupBy::Key(key), &lens)).collect();
                prop_assert_eq!(distinct.of(group), values.len() as u64);
                for (quantity, sums) in &sums {
                    prop_assert_eq!(sums.of(group), naive::sum(members, *quantity));
                }
            }
            let (full, empty): (Vec<&Group>, Vec<&Group>) = found.iter().partition(|group| group.count > 0);
            prop_assert_eq!(full.len(), recounted.len());
            for group in empty {
                prop_assert_eq!(dates.of(group), (None, None));
                prop_assert_eq!(distinct.of(group), 0);
                prop_assert_eq!(in_force.as_ref().map_or(0, |in_force| in_force.of(group)), 0);
            }
            let offered = by.iter().all(|key| key.is_offered(kind));
            prop_assert!(offered || found.is_empty());
        }
    }

    #[test]
    fn facts_after_any_writes_are_those_that_were_put_last(
        world in worlds(),
        writes in vec((vec(any::<usize>(), 0..6), any::<bool>()), 0..8),
        filter in filters(),
        by in vec(group_by(), 1..3),
    ) {
        let lens = lens(&world, None, Boundaries::Today);
        let mut book = FactBook {
            relations: Arc::new(Facts::in_chunks_of(world.most, EntryKind::Relation, [])),
            agreements: Arc::new(Facts::in_chunks_of(world.most, EntryKind::Agreement, [])),
            events: Arc::new(Facts::in_chunks_of(world.most, EntryKind::Event, [])),
            organizations: Arc::new(Facts::new(EntryKind::Organization, [])),
        };
        let mut known: BTreeMap<EntryKey, Fact> = BTreeMap::new();
        for (choices, is_withdrawal) in writes {
            let chosen = || choices.iter().filter_map(|choice| {
                world.facts.get(choice % world.facts.len().max(1))
            });
            let before: Vec<Vec<Fact>> = KINDS.map(|kind| told(book.of(kind).unwrap(), &all(&book, kind))).into();
            let kept = book.clone();
            for kind in KINDS {
                let own: BTreeMap<EntryKey, Fact> = chosen()
                    .filter(|fact| fact.key.kind == kind)
                    .map(|fact| (fact.key, fact.clone()))
                    .collect();
                let gone = own.keys().copied().collect();
                if is_withdrawal {
                    book.put(kind, &gone, Vec::new());
                    known.retain(|key, _| !gone.contains(key));
                } else {
                    book.put(kind, &gone, own.values().cloned().collect());
                    known.extend(own);
                }
            }
            // Whoever holds the state before still sees it.
            for (kind, before) in KINDS.into_iter().zip(before) {
                prop_assert_eq!(told(kept.of(kind).unwrap(), &all(&kept, kind)), before);
            }
        }
        let known: Vec<Fact> = known.into_values().collect();
        for kind in KINDS {
            let facts = book.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&known, kind, &filter);
            prop_assert_eq!(told(facts, &rows), owned(&recounted));
            prop_assert_eq!(facts.tally(&rows, &lens), naive::tally(&recounted, kind, lens.day()));
            let full = groups(facts, &rows, &by, &lens).into_iter().filter(|group| group.count > 0);
            let counts: HashMap<Vec<KeyValue>, u64> = full.map(|group| (group.keys, group.count)).collect();
            let recounted = naive::groups(&recounted, &by, &lens).into_iter();
            prop_assert_eq!(counts, recounted.map(|(keys, members)| (keys, members.len() as u64)).collect());
        }
    }

    #[test]
    fn facts_are_built_in_any_order(world in worlds()) {
        for kind in KINDS {
            let mut builder = FactsBuilder::in_chunks_of(world.most, kind);
            world.facts.iter().cloned().for_each(|fact| builder.push(fact));
            let facts = builder.finish();
            let rows = facts.select(&Filter::default());
            let sorted = owned(&naive::select(&world.facts, kind, &Filter::default()));
            prop_assert_eq!(told(&facts, &rows), sorted);
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
            let ministry = facts.rows(&rows).filter(|row| !facts.key(*row).log.is_province()).count();
            let provinces = groups(facts, &rows, &[GroupBy::Key(GroupKey::Province)], &lens);
            let sum: u64 = provinces.iter().map(|group| group.count).sum();
            prop_assert_eq!(sum, (rows.len() - ministry) as u64);
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
            let everything = groups(facts, &rows, &[GroupBy::Key(key)], &lens);
            let found = facts.select(&filter);
            let among = groups(facts, &found, &[GroupBy::Key(key)], &lens);
            let counted = |groups: &[Group]| -> u64 {
                groups.iter().filter(|group| bears(&group.keys[0])).map(|group| group.count).sum()
            };
            prop_assert_eq!(found.len() as u64, counted(&everything));
            prop_assert_eq!(found.len() as u64, counted(&among));
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
            group.keys.iter().map(|key| key.code(lens.directory).into_owned()).collect()
        };
        for pair in once.windows(2) {
            let counts = pair[0].count.cmp(&pair[1].count);
            let codes = codes(&pair[0]).cmp(&codes(&pair[1]));
            let told = match (is_by_count, is_descending) {
                (true, true) => counts.reverse().then(codes),
                (true, false) => counts.then(codes),
                (false, true) => codes.reverse(),
                (false, false) => codes,
            };
            prop_assert!(told.is_le());
            let sort_keys = [&pair[0], &pair[1]].map(|group| group.sort_key(order, lens.directory));
            prop_assert!(sort_keys[0] < sort_keys[1]);
        }
    }
}
