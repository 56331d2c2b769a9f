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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as page_range calls it")]
fn key_of((value, key): &(i8, u8)) -> SortKey {
    SortKey::default().number(*value).number(*key)
}

fn window(size: u16, backwards: bool) -> Window {
    Window { size, backwards, cursor: None }
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
        cursor in proptest::option::of((-22..22i8, any::<u8>())),
        size in 1..30u16,
    ) {
        let list = sorted(&rows);
        let key = cursor.as_ref().map(key_of);
        let page = |backwards| page_range(&list, key_of, key.as_ref(), &window(size, backwards));
        let size = usize::from(size);

        let after: Vec<_> = list.iter().filter(|row| cursor.is_none_or(|cursor| **row > cursor)).collect();
        let forwards = page(false);
        prop_assert_eq!(list[forwards.clone()].iter().collect::<Vec<_>>(), after[..size.min(after.len())].to_vec());
        prop_assert_eq!(forwards.start, list.len() - after.len());
        prop_assert_eq!(forwards.end < list.len(), after.len() > size);

        let before: Vec<_> = list.iter().filter(|row| cursor.is_none_or(|cursor| **row < cursor)).collect();
        let backwards = page(true);
        prop_assert_eq!(
            list[backwards.clone()].iter().collect::<Vec<_>>(),
            before[before.len().saturating_sub(size)..].to_vec()
        );
        prop_assert_eq!(backwards.end, before.len());
        prop_assert_eq!(backwards.start > 0, before.len() > size);
    }

    #[test]
    fn unchanged_rows_are_returned_exactly_once(
        mut rows in btree_map(any::<u8>(), -20..20i8, 1..60),
        between in vec(writes(), 1..40),
        size in 1..6u16,
        backwards in any::<bool>(),
    ) {
        let before = rows.clone();
        let mut touched = BTreeSet::new();
        let (mut met, mut cursor) = (Vec::new(), None);
        for writes in between.iter().map(Some).chain(std::iter::repeat(None)) {
            let list = sorted(&rows);
            let key = cursor.as_ref().map(key_of);
            let page = page_range(&list, key_of, key.as_ref(), &window(size, backwards));
            met.extend_from_slice(&list[page.clone()]);
            let next = if backwards { list[page.clone()].first() } else { list[page.clone()].last() };
            let Some(next) = next else { break };
            cursor = Some(*next);
            if let Some(writes) = writes {
                touched.extend(writes.iter().map(|write| match write {
                    Write::Put(key, _) | Write::Remove(key) => *key,
                }));
                apply(&mut rows, writes);
            } else if page.start == 0 && backwards || page.end == list.len() && !backwards {
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
    assert_eq!(page_range(&rows, counting, None, &window(20, false)), 0..20);
    assert_eq!(page_range(&rows, counting, None, &window(20, true)), 236..256);
    assert_eq!(asked.get(), 0);
    assert_eq!(page_range(&rows, counting, Some(&key_of(&(0, 99))), &window(20, false)), 100..120);
    assert!(asked.get() <= 9, "{}", asked.get());
}
