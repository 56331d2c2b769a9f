//! Statistics of any selection equal a plain recount over the facts.

mod analytics;
pub(super) mod examples;
mod naive;
mod periods;
mod random_register;

use super::group::sort_groups;
use super::{
    Boundaries, BoundaryView, BucketField, FactTable, Facts, FactsBuilder, Group, GroupBy, GroupKey,
    GroupKeyValue, GroupOrder, QuantityKey, RowSelection, Tally, distinct,
};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::{EntryKey, EntryKind};
use crate::fact::Fact;
use crate::filter::{Filter, Predicate};
use crate::page::Sorting;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use random_register::{RandomRegister, SLUGS, boundaries, day, filters, group_by, keys, registers};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use strum::VariantArray;

const KINDS: [EntryKind; 3] = [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event];

/// Returns random lineages of units.
pub(crate) fn random_directory() -> impl Strategy<Value = Directory> {
    let units = vec((0..4usize, option::of((day(), any::<usize>()))), 1..8);
    units.prop_map(|units| random_register::directory(&units))
}

fn view(register: &RandomRegister, as_of: Option<Day>, boundaries: Boundaries) -> BoundaryView<'_> {
    let today = Day::from_ymd_opt(2026, 11, 22).unwrap();
    BoundaryView { directory: &register.directory, as_of, today, boundaries }
}

fn fact_table(register: &RandomRegister) -> FactTable {
    let of = |kind| {
        Arc::new(Facts::with_segment_size(register.segment_size, kind, register.facts.iter().cloned()))
    };
    FactTable {
        relations: of(EntryKind::Relation),
        agreements: of(EntryKind::Agreement),
        events: of(EntryKind::Event),
        organizations: of(EntryKind::Organization),
    }
}

/// Returns the groups; without gap filling when it would add too many.
fn groups(facts: &Facts, rows: &RowSelection, by: &[GroupBy], view: &BoundaryView<'_>) -> Vec<Group> {
    let unfilled = by.iter().map(|by| match *by {
        GroupBy::Bucket { field, unit, .. } => GroupBy::Bucket { field, unit, fill_gaps: false },
        GroupBy::Key(key) => GroupBy::Key(key),
    });
    let unfilled: Vec<GroupBy> = unfilled.collect();
    super::groups(facts, rows, by, view).or_else(|_| super::groups(facts, rows, &unfilled, view)).unwrap()
}

fn facts_of(facts: &Facts, rows: &RowSelection) -> Vec<Fact> {
    facts.rows(rows).map(|row| facts.fact(row)).collect()
}

fn all(fact_table: &FactTable, kind: EntryKind) -> RowSelection {
    fact_table.of(kind).unwrap().select(&Filter::default())
}

fn owned(facts: &[&Fact]) -> Vec<Fact> {
    facts.iter().map(|fact| (*fact).clone()).collect()
}

proptest! {
    #[test]
    fn columns_contain_the_facts_given(register in registers()) {
        let fact_table = fact_table(&register);
        let everything = Filter::default();
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&everything);
            prop_assert_eq!(facts.len(), rows.len());
            prop_assert_eq!(facts_of(facts, &rows), owned(&naive::select(&register.facts, kind, &everything)));
        }
    }

    #[test]
    fn tallies_equal_a_recount(
        register in registers(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&register.facts, kind, &filter);
            prop_assert_eq!(facts_of(facts, &rows), owned(&recounted));
            let tally = facts.tally(&rows, &view);
            prop_assert_eq!(tally, naive::tally(&recounted, kind, view.day()));
            prop_assert!(tally.in_force.unwrap_or(0) <= tally.count);
        }
    }

    #[test]
    fn sums_equal_a_recount(register in registers(), filter in filters()) {
        let fact_table = fact_table(&register);
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&register.facts, kind, &filter);
            for key in QuantityKey::VARIANTS {
                let sums = facts.sum(&rows, *key);
                prop_assert_eq!(naive::unit_bounds(&sums), naive::sums(&recounted, *key));
                prop_assert!(sums.stated() <= rows.len() as u64);
            }
        }
    }

    #[test]
    fn groups_equal_a_recount(
        register in registers(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        by in vec(group_by(), 1..3),
        key in keys(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let found = groups(facts, &rows, &by, &view);
            let recounted = naive::groups(&naive::select(&register.facts, kind, &filter), &by, &view);
            let in_force = facts.in_force(&rows, &by, &view);
            let status_unknown = facts.status_unknown(&rows, &by, &view);
            let dates = facts.first_and_last(&rows, &by, &view);
            let distinct = facts.distinct(&rows, &by, key, &view);
            let shares = facts.shares(&rows, &by, &view);
            let sums: Vec<_> =
                QuantityKey::VARIANTS.iter().map(|key| (*key, facts.sums(&rows, &by, *key, &view))).collect();
            for (keys, members) in &recounted {
                let same: Vec<&Group> = found.iter().filter(|group| group.keys == *keys).collect();
                prop_assert_eq!(same.len(), 1);
                let group = same[0];
                let (earliest, latest) = dates.of(group);
                let in_force = in_force.as_ref().map(|in_force| in_force.of(group));
                let status_unknown = status_unknown.as_ref().map(|unknown| unknown.of(group));
                let tally = Tally { count: group.count, in_force, status_unknown, earliest, latest };
                prop_assert_eq!(tally, naive::tally(members, kind, view.day()));
                let values: HashSet<GroupKeyValue> =
                    members.iter().flat_map(|fact| naive::values(fact, GroupBy::Key(key), &view)).collect();
                prop_assert_eq!(distinct.of(group), values.len() as u64);
                prop_assert!((shares.of(group) - naive::share(members, &by, &view)).abs() < 1e-6);
                for (quantity, sums) in &sums {
                    prop_assert_eq!(naive::unit_bounds(&sums.of(group)), naive::sums(members, *quantity));
                }
            }
            let (full, empty): (Vec<&Group>, Vec<&Group>) = found.iter().partition(|group| group.count > 0);
            prop_assert_eq!(full.len(), recounted.len());
            for group in empty {
                prop_assert_eq!(dates.of(group), (None, None));
                prop_assert_eq!(distinct.of(group), 0);
                prop_assert_eq!(in_force.as_ref().map_or(0, |in_force| in_force.of(group)), 0);
            }
            let members = naive::select(&register.facts, kind, &filter);
            prop_assert_eq!(
                facts.count_not_known(&rows, &by, &view),
                naive::not_known(&members, &by, &view)
            );
            let offered = by.iter().all(|key| key.is_offered(kind));
            prop_assert!(offered || found.is_empty());
        }
    }

    #[test]
    fn writes_replace_facts_and_keep_old_copies(
        register in registers(),
        writes in vec((vec(any::<usize>(), 0..6), any::<bool>()), 0..8),
        filter in filters(),
        by in vec(group_by(), 1..3),
    ) {
        let view = view(&register, None, Boundaries::Today);
        let mut fact_table = FactTable {
            relations: Arc::new(Facts::with_segment_size(register.segment_size, EntryKind::Relation, [])),
            agreements: Arc::new(Facts::with_segment_size(register.segment_size, EntryKind::Agreement, [])),
            events: Arc::new(Facts::with_segment_size(register.segment_size, EntryKind::Event, [])),
            organizations: Arc::new(Facts::new(EntryKind::Organization, [])),
        };
        let mut known: BTreeMap<EntryKey, Fact> = BTreeMap::new();
        for (choices, is_withdrawal) in writes {
            let chosen = || choices.iter().filter_map(|choice| {
                register.facts.get(choice % register.facts.len().max(1))
            });
            let before: Vec<Vec<Fact>> = KINDS.map(|kind| facts_of(fact_table.of(kind).unwrap(), &all(&fact_table, kind))).into();
            let kept = fact_table.clone();
            for kind in KINDS {
                let own: BTreeMap<EntryKey, Fact> = chosen()
                    .filter(|fact| fact.key.kind == kind)
                    .map(|fact| (fact.key, fact.clone()))
                    .collect();
                let removed = own.keys().copied().collect();
                if is_withdrawal {
                    fact_table.replace(kind, &removed, Vec::new());
                    known.retain(|key, _| !removed.contains(key));
                } else {
                    fact_table.replace(kind, &removed, own.values().cloned().collect());
                    known.extend(own);
                }
            }
            // An older copy of the table is unchanged.
            for (kind, before) in KINDS.into_iter().zip(before) {
                prop_assert_eq!(facts_of(kept.of(kind).unwrap(), &all(&kept, kind)), before);
            }
        }
        let known: Vec<Fact> = known.into_values().collect();
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted = naive::select(&known, kind, &filter);
            prop_assert_eq!(facts_of(facts, &rows), owned(&recounted));
            prop_assert_eq!(facts.tally(&rows, &view), naive::tally(&recounted, kind, view.day()));
            let full = groups(facts, &rows, &by, &view).into_iter().filter(|group| group.count > 0);
            let counts: HashMap<Vec<GroupKeyValue>, u64> = full.map(|group| (group.keys, group.count)).collect();
            let recounted = naive::groups(&recounted, &by, &view).into_iter();
            prop_assert_eq!(counts, recounted.map(|(keys, members)| (keys, members.len() as u64)).collect());
        }
    }

    #[test]
    fn builder_accepts_facts_in_any_order(register in registers()) {
        for kind in KINDS {
            let mut builder = FactsBuilder::with_segment_size(register.segment_size, kind);
            register.facts.iter().cloned().for_each(|fact| builder.push(fact));
            let facts = builder.finish();
            let rows = facts.select(&Filter::default());
            let sorted = owned(&naive::select(&register.facts, kind, &Filter::default()));
            prop_assert_eq!(facts_of(&facts, &rows), sorted);
        }
    }

    #[test]
    fn distinct_equals_the_number_of_groups(
        register in registers(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        key in keys(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let recounted: HashSet<GroupKeyValue> = naive::select(&register.facts, kind, &filter)
                .into_iter()
                .flat_map(|fact| naive::values(fact, GroupBy::Key(key), &view))
                .collect();
            let count = distinct(facts, &rows, key, &view);
            prop_assert_eq!(count, recounted.len() as u64);
            prop_assert_eq!(count, groups(facts, &rows, &[GroupBy::Key(key)], &view).len() as u64);
        }
    }

    #[test]
    fn shares_of_provinces_sum_to_the_nation_except_the_ministry(
        register in registers(),
        filter in filters(),
        as_of in option::of(day()),
        boundaries in boundaries(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            let by = [GroupBy::Key(GroupKey::Province)];
            let owned = facts_of(facts, &rows).into_iter().filter(|fact| !naive::values(fact, by[0], &view).is_empty());
            let provinces = groups(facts, &rows, &by, &view);
            let shares = facts.shares(&rows, &by, &view);
            let sum: f64 = provinces.iter().map(|group| shares.of(group)).sum();
            prop_assert!((sum - f64::from(u32::try_from(owned.count()).unwrap())).abs() < 1e-6);
            let counts: u64 = provinces.iter().map(|group| group.count).sum();
            let owners = facts_of(facts, &rows).iter().map(|fact| naive::values(fact, by[0], &view).len() as u64).sum::<u64>();
            prop_assert_eq!(counts, owners);
        }
    }

    #[test]
    fn province_group_equals_its_filter(
        register in registers(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        slug in 0..SLUGS.len(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        let slug = SLUGS[slug].to_owned();
        let filter = view.province_filter(std::slice::from_ref(&slug));
        let is_former = view.directory.province_by_slug(&slug).is_none();
        let has_slug = |key: &GroupKeyValue| key.code(view.directory) == slug;
        // Under today's boundaries the slug of a former unit has no group, but still selects its
        // entries.
        let (key, view) = match boundaries {
            Boundaries::Today if is_former => {
                (GroupKey::Unit, BoundaryView { as_of: None, boundaries: Boundaries::AtTheTime, ..view })
            }
            Boundaries::Today | Boundaries::AtTheTime => (GroupKey::Province, view),
        };
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let found = facts_of(facts, &facts.select(&filter));
            let is_in_group =
                |fact: &&Fact| naive::values(fact, GroupBy::Key(key), &view).iter().any(has_slug);
            let all = naive::select(&register.facts, kind, &Filter::default());
            let grouped: Vec<&Fact> = all.into_iter().filter(is_in_group).collect();
            prop_assert_eq!(found, owned(&grouped));
        }
    }

    #[test]
    fn unit_filter_includes_former_units_at_the_time_only(
        register in registers(),
        as_of in option::of(day()),
        boundaries in boundaries(),
        slugs in vec(0..SLUGS.len(), 0..3),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, as_of, boundaries));
        let slugs: Vec<String> = slugs.into_iter().map(|slug| SLUGS[slug].to_owned()).collect();
        let has_slug = |unit| slugs.contains(&view.directory.unit(unit).unwrap().slug);
        let rows = fact_table.relations.select(&view.unit_filter(&slugs));
        let all = naive::select(&register.facts, EntryKind::Relation, &Filter::default());
        let expected = all.into_iter().filter(|fact| fact.origin_unit.iter().chain(&fact.shared_units).any(|owner| {
            let became = view.directory.unit_on(*owner, as_of.or(Some(Day::MIN)));
            has_slug(*owner) || (boundaries == Boundaries::AtTheTime && has_slug(became))
        }));
        prop_assert_eq!(facts_of(&fact_table.relations, &rows), expected.cloned().collect::<Vec<_>>());
    }

    #[test]
    fn facts_do_not_count_before_their_first_day(register in registers(), filter in filters(), as_of in day()) {
        let filter = filter.and(Filter::Is(Predicate::CountsOn(as_of)));
        let fact_table = fact_table(&register);
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            for fact in facts_of(facts, &facts.select(&filter)) {
                prop_assert!(fact.counts_from <= as_of);
            }
        }
    }

    #[test]
    fn filled_series_have_no_gaps_and_equal_length(
        register in registers(),
        second in option::of(keys().prop_map(GroupBy::Key)),
        unit in 0..4usize,
    ) {
        use crate::date::DateUnit::{Decade, Month, Quarter, Year};
        let unit = [Month, Quarter, Year, Decade][unit];
        let (fact_table, view) = (fact_table(&register), view(&register, None, Boundaries::Today));
        let bucket = GroupBy::Bucket { field: BucketField::Published, unit, fill_gaps: true };
        let by: Vec<GroupBy> = [bucket].into_iter().chain(second).collect();
        let facts = &fact_table.agreements;
        let found = groups(facts, &facts.select(&Filter::default()), &by, &view);
        let start = |group: &Group| {
            if let GroupKeyValue::Bucket { start, .. } = group.keys[0] { Some(start) } else { None }
        };
        let starts: Vec<Day> = found.iter().filter_map(start).collect();
        let rest: HashSet<&[GroupKeyValue]> = found.iter().map(|group| &group.keys[1..]).collect();
        let mut expected = starts.first().copied();
        for series in starts.chunks(rest.len().max(1)) {
            prop_assert!(series.iter().all(|start| Some(*start) == expected));
            prop_assert_eq!(series.len(), rest.len());
            expected = expected.and_then(|start| unit.next(start));
        }
    }

    #[test]
    fn sorting_ignores_the_previous_order(
        register in registers(),
        by in vec(group_by(), 1..3),
        boundaries in boundaries(),
        by_count in option::of(any::<bool>()),
        is_descending in any::<bool>(),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, None, boundaries));
        let sorting = |is_descending| if is_descending { Sorting::Descending } else { Sorting::Ascending };
        let order = GroupOrder { count: by_count.map(sorting), key: sorting(is_descending), labels: None };
        let facts = &fact_table.relations;
        let mut once = groups(facts, &facts.select(&Filter::default()), &by, &view);
        let mut again = once.clone();
        again.reverse();
        sort_groups(&mut once, order, view.directory);
        sort_groups(&mut again, order, view.directory);
        prop_assert_eq!(&once, &again);
        let codes = |group: &Group| -> Vec<String> {
            group.keys.iter().map(|key| key.code(view.directory).into_owned()).collect()
        };
        for pair in once.windows(2) {
            let counts = pair[0].count.cmp(&pair[1].count);
            let codes = codes(&pair[0]).cmp(&codes(&pair[1]));
            let codes = if is_descending { codes.reverse() } else { codes };
            let ordering = match by_count {
                Some(true) => counts.reverse().then(codes),
                Some(false) => counts.then(codes),
                None => codes,
            };
            prop_assert!(ordering.is_le());
            let code = |value: &GroupKeyValue, _| value.code(view.directory).into_owned();
            let sort_keys = [&pair[0], &pair[1]].map(|group| group.sort_key(order, view.directory, code));
            prop_assert!(sort_keys[0] < sort_keys[1]);
        }
    }
}
