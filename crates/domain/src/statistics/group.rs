//! Groups of rows, and their order.

use super::count::{CountMode, count, slots_of};
use super::dimension::{self, GroupDimension};
use super::row_selection::RowSelection;
use super::{BoundaryView, Facts, GroupBy, GroupKey, GroupKeyValue, gap_filling};
use crate::collation;
use crate::date::Day;
use crate::directory::Directory;
use crate::locale::Locale;
use crate::page::{SortKey, Sorting};
use crate::validation::Reason;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Entries that have the same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// One value per key of the query, in its order.
    pub keys: Vec<GroupKeyValue>,
    /// The number of entries; 0 only for a filled gap.
    pub count: u64,
    /// The cell of the group in a [`super::GroupMeasure`].
    pub(super) cell: u64,
}

impl Group {
    /// Returns the group of all rows, for a query without keys.
    #[must_use]
    pub fn whole(rows: &RowSelection) -> Self {
        Self { keys: Vec::new(), count: rows.len() as u64, cell: 0 }
    }

    /// Returns the sort key. Without `order.labels` it orders as [`ordered_groups`] does.
    #[must_use]
    pub fn sort_key(
        &self,
        order: GroupOrder,
        directory: &Directory,
        label: impl Fn(&GroupKeyValue, Locale) -> String,
    ) -> SortKey {
        let texts = |key: SortKey, value: &GroupKeyValue| {
            let code = value.code(directory);
            match (order.labels, value) {
                // Codes of periods are in chronological order; their labels are not.
                (None, _) | (_, GroupKeyValue::Bucket { .. }) => key.text(code.as_bytes()),
                (Some(locale), _) => {
                    key.text(collation::key(&label(value, locale), locale)).text(code.as_bytes())
                }
            }
        };
        let numbers = |key: SortKey, value: &GroupKeyValue| key.number(value.number());
        let values = self.keys.iter().fold(SortKey::default(), texts);
        let values = self.keys.iter().fold(values, numbers);
        let count = SortKey::default().number(i64::try_from(self.count).unwrap_or(i64::MAX));
        let values = match order.key {
            Sorting::Ascending => values,
            Sorting::Descending => values.reversed(),
        };
        match order.count {
            None => values,
            Some(Sorting::Ascending) => count.then(&values),
            Some(Sorting::Descending) => count.reversed().then(&values),
        }
    }

    /// Returns a group without entries.
    pub(super) fn empty(keys: Vec<GroupKeyValue>) -> Self {
        // The first cell has no value of any key, so it has no measures.
        Self { keys, count: 0, cell: 0 }
    }
}

/// The order of groups: by count if given, then by the labels of the values if requested, then by
/// their codes, byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupOrder {
    /// The direction of the number of entries; None to order by codes alone.
    pub count: Option<Sorting>,
    /// The direction of the labels and codes. No two groups have the same values, so nothing follows
    /// them.
    pub key: Sorting,
    /// The language of the labels; None to order by codes alone.
    pub labels: Option<Locale>,
}

impl GroupOrder {
    /// The largest groups first.
    pub const LARGEST: Self =
        Self { count: Some(Sorting::Descending), key: Sorting::Ascending, labels: None };
    /// By code alone.
    pub const BY_KEY: Self = Self { count: None, key: Sorting::Ascending, labels: None };
}

/// Returns the number of distinct values of these rows; 0 for a key that the kind does not offer.
#[must_use]
pub fn distinct(facts: &Facts, rows: &RowSelection, key: GroupKey, view: &BoundaryView<'_>) -> u64 {
    facts.distinct(rows, &[], key, view).of_all_rows()
}

/// Returns the groups of these rows by one or two keys, in the order of their codes.
///
/// # Errors
/// As [`ordered_groups`].
pub fn groups(
    facts: &Facts,
    rows: &RowSelection,
    by: &[GroupBy],
    view: &BoundaryView<'_>,
) -> Result<Vec<Group>, Reason> {
    ordered_groups(facts, rows, by, view, GroupOrder::BY_KEY)
}

/// Returns the groups of these rows by one or two keys. `order.labels` is not considered: labels are
/// texts of the caller, which sorts by [`Group::sort_key`].
///
/// A key that the kind does not offer has no groups. A bucket with `fill_gaps` returns every period
/// from the first to the last that has entries; with a second key, for every value of that key, so
/// that all series have the same length.
///
/// # Errors
/// `Invalid` when gap filling would return more than [`super::MAX_FILLED_GROUPS`] groups.
pub fn ordered_groups(
    facts: &Facts,
    rows: &RowSelection,
    by: &[GroupBy],
    view: &BoundaryView<'_>,
    order: GroupOrder,
) -> Result<Vec<Group>, Reason> {
    let dimensions: Vec<GroupDimension<'_, GroupKeyValue>> =
        by.iter().map(|by| dimension::by_group_key(facts, rows, *by, view)).collect();
    let keys: Vec<_> = dimensions.iter().map(|dimension| &dimension.slot_maps).collect();
    let group = |(cell, count): (u64, u32)| {
        let slots = if count > 0 { slots_of(cell, &keys)? } else { return None };
        let values = dimensions.iter().zip(slots).map(|(dimension, slot)| dimension.values[slot - 1].clone());
        Some(Group { keys: values.collect(), count: count.into(), cell })
    };
    let counted = count(facts, rows, &keys, CountMode::Exact).into_iter();
    let mut groups = gap_filling::fill_gaps(counted.filter_map(group).collect(), by)?;
    sort_groups(&mut groups, order, view.directory);
    Ok(groups)
}

/// Sorts groups; the result does not depend on their previous order.
pub(super) fn sort_groups(groups: &mut [Group], order: GroupOrder, directory: &Directory) {
    if groups.iter().all(|group| group.keys.len() <= 1) {
        return sort_by_rank(groups, order, |group| {
            group.keys.first().map(|key| SortRank::of(key, directory))
        });
    }
    let ranks = ranks(groups, directory);
    sort_by_rank(groups, order, |group| -> (Vec<u32>, Vec<i32>) {
        let known = group.keys.iter().zip(&ranks);
        known.filter_map(|(key, ranks)| Some((*ranks.get(key)?, key.number()))).unzip()
    });
}

/// The rank of a value among those of its key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortRank<'d> {
    /// Codes of periods sort as their first days do.
    Period(Day),
    /// Two units that used one slug in succession have one code; the older one goes first.
    Code(Cow<'d, str>, i32),
}

impl<'d> SortRank<'d> {
    fn of(value: &GroupKeyValue, directory: &'d Directory) -> Self {
        if let GroupKeyValue::Bucket { start, .. } = value {
            return Self::Period(*start);
        }
        Self::Code(value.code(directory), value.number())
    }
}

fn sort_by_rank<P: Ord>(groups: &mut [Group], order: GroupOrder, rank: impl Fn(&Group) -> P) {
    let size = |group: &Group| match order.count {
        None => 0,
        Some(Sorting::Ascending) => i128::from(group.count),
        Some(Sorting::Descending) => -i128::from(group.count),
    };
    match order.key {
        Sorting::Ascending => groups.sort_by_cached_key(|group| (size(group), rank(group))),
        Sorting::Descending => groups.sort_by_cached_key(|group| (size(group), Reverse(rank(group)))),
    }
}

/// Returns the rank of the code of each value among those of its key, so that a code is built and
/// compared once per value, not once per group. Equal codes have the same rank.
fn ranks(groups: &[Group], directory: &Directory) -> Vec<HashMap<GroupKeyValue, u32>> {
    let width = groups.iter().map(|group| group.keys.len()).max().unwrap_or(0);
    let ranks_at = |position: usize| {
        let values: HashSet<&GroupKeyValue> =
            groups.iter().filter_map(|group| group.keys.get(position)).collect();
        let mut coded: Vec<(Cow<'_, str>, &GroupKeyValue)> =
            values.into_iter().map(|value| (value.code(directory), value)).collect();
        coded.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let same = coded.chunk_by(|one, other| one.0 == other.0);
        let ranked =
            (0..).zip(same).flat_map(|(rank, same)| same.iter().map(move |(_, value)| (*value, rank)));
        ranked.map(|(value, rank)| (value.clone(), rank)).collect()
    };
    (0..width).map(ranks_at).collect()
}
