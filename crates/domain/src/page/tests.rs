//! Pages of in-memory lists under concurrent inserts, deletes and updates.

use super::*;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a list: sort value by key.
type Rows = BTreeMap<u8, i8>;

/// A write between two pages: an insert, update or delete of one row.
#[derive(Debug, Clone)]
enum Write {
    Put(u8, i8),
    Remove(u8),
}

fn writes() -> impl Strategy<Value = Vec<Write>> {
    let put = (any::<u8>(), -20..20i8).prop_map(|(key, value)| Write::Put(key, value));
    vec(prop_oneof![put, any::<u8>().prop_map(Write::Remove)], 0..12)
}

fn apply(rows: &mut Rows, writes: &[Write]) {
    for write in writes {
        match write {
            Write::Put(key, value) => _ = rows.insert(*key, *value),
            Write::Remove(key) => _ = rows.remove(key),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as range_after calls it")]
fn key_of((value, key): &(i8, u8)) -> SortKey {
    SortKey::default().number(*value).number(*key)
}

fn sorted(rows: &Rows) -> Vec<(i8, u8)> {
    let mut list: Vec<(i8, u8)> = rows.iter().map(|(key, value)| (*value, *key)).collect();
    list.sort_unstable();
    list
}

proptest! {
    #[test]
    fn page_equals_a_scan_over_all_rows(
        rows in btree_map(any::<u8>(), -20..20i8, 0..60),
        after in proptest::option::of((-22..22i8, any::<u8>())),
        size in 1..30u16,
    ) {
        let list = sorted(&rows);
        let behind: Vec<_> =
            list.iter().filter(|row| after.as_ref().is_none_or(|after| *row > after)).collect();
        let page = range_after(&list, key_of, after.as_ref().map(key_of).as_ref(), size);
        let expected: Vec<_> = behind.iter().take(size.into()).copied().collect();
        prop_assert_eq!(list[page.clone()].iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(page.start, list.len() - behind.len());
        prop_assert_eq!(page.end < list.len(), behind.len() > usize::from(size));
    }

    #[test]
    fn unchanged_rows_are_returned_exactly_once(
        mut rows in btree_map(any::<u8>(), -20..20i8, 1..60),
        between in vec(writes(), 1..40),
        size in 1..6u16,
    ) {
        let before = rows.clone();
        let mut touched = BTreeSet::new();
        let (mut met, mut after) = (Vec::new(), None);
        for writes in between.iter().map(Some).chain(std::iter::repeat(None)) {
            let list = sorted(&rows);
            let page = range_after(&list, key_of, after.as_ref().map(key_of).as_ref(), size);
            prop_assert!(list[page.clone()].iter().all(|row| after.is_none_or(|after| *row > after)));
            met.extend_from_slice(&list[page.clone()]);
            let Some(last) = list[page.clone()].last() else { break };
            after = Some(*last);
            if let Some(writes) = writes {
                touched.extend(writes.iter().map(|write| match write {
                    Write::Put(key, _) | Write::Remove(key) => *key,
                }));
                apply(&mut rows, writes);
            } else if page.end == list.len() {
                break;
            }
        }
        for (key, value) in before.iter().filter(|(key, _)| !touched.contains(key)) {
            let times = met.iter().filter(|row| **row == (*value, *key)).count();
            prop_assert_eq!(times, 1, "row {} of value {}", key, value);
        }
    }
}

#[test]
fn first_page_computes_no_key_and_later_pages_few() {
    let rows: Vec<(i8, u8)> = (0..=255).map(|key| (0, key)).collect();
    let asked = std::cell::Cell::new(0);
    let counting = |row: &(i8, u8)| {
        asked.set(asked.get() + 1);
        key_of(row)
    };
    assert_eq!(range_after(&rows, counting, None, 20), 0..20);
    assert_eq!(asked.get(), 0);
    assert_eq!(range_after(&rows, counting, Some(&key_of(&(0, 99))), 20), 100..120);
    assert!(asked.get() <= 9, "{}", asked.get());
}
