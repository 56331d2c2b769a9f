//! Groups of rows, and how many there are.

use super::axis::{self, Axis};
use super::count::{Ask, count, slots_of};
use super::rows::Rows;
use super::{Facts, GroupBy, GroupKey, KeyValue, Lens, gaps};
use crate::date::Day;
use crate::directory::Directory;
use crate::page::{SortKey, Sorting};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Entries that have the same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// One value for each key of the question, in its order.
    pub keys: Vec<KeyValue>,
    /// How many entries; none only where a gap was filled.
    pub count: u64,
    /// Where [`super::ByGroup`] has its numbers.
    pub(super) cell: u64,
}

impl Group {
    /// All rows, which are one group where there is no key.
    #[must_use]
    pub fn whole(rows: &Rows) -> Self {
        Self { keys: Vec::new(), count: rows.len() as u64, cell: 0 }
    }

    /// Its sort key, which orders as [`ordered_groups`] does.
    #[must_use]
    pub fn sort_key(&self, order: GroupOrder, directory: &Directory) -> SortKey {
        let codes = |key: SortKey, value: &KeyValue| key.text(value.code(directory).as_bytes());
        let numbers = |key: SortKey, value: &KeyValue| key.number(value.number());
        let values = self.keys.iter().fold(SortKey::default(), codes);
        let values = self.keys.iter().fold(values, numbers);
        let count = SortKey::default().number(i64::try_from(self.count).unwrap_or(i64::MAX));
        match (order.by, order.sorting) {
            (GroupOrderField::Key, Sorting::Ascending) => values,
            (GroupOrderField::Key, Sorting::Descending) => values.reversed(),
            (GroupOrderField::Count, Sorting::Ascending) => count.then(&values),
            (GroupOrderField::Count, Sorting::Descending) => count.reversed().then(&values),
        }
    }

    /// A group without entries.
    pub(super) fn empty(keys: Vec<KeyValue>) -> Self {
        // The first cell has no value of any key, hence no numbers.
        Self { keys, count: 0, cell: 0 }
    }
}

/// What groups are ordered by.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupOrderField {
    /// How many entries they have.
    Count,
    /// The codes of their values, byte by byte.
    Key,
}

/// The order of groups; those that it leaves equal follow by code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupOrder {
    /// By what.
    pub by: GroupOrderField,
    /// Which way.
    pub sorting: Sorting,
}

/// How many different values these rows have; 0 for a key that the kind does not offer.
#[must_use]
pub fn distinct(facts: &Facts, rows: &Rows, key: GroupKey, lens: &Lens<'_>) -> u64 {
    facts.distinct(rows, &[], key, lens).whole()
}

/// The groups of these rows by one or two keys, in the order of their codes.
///
/// # Errors
/// As [`ordered_groups`].
pub fn groups(facts: &Facts, rows: &Rows, by: &[GroupBy], lens: &Lens<'_>) -> Result<Vec<Group>, Refusal> {
    let order = GroupOrder { by: GroupOrderField::Key, sorting: Sorting::Ascending };
    ordered_groups(facts, rows, by, lens, order)
}

/// The groups of these rows by one or two keys.
///
/// A key that the kind does not offer has no groups. Where a bucket asks for its gaps to be
/// filled, every period from the first to the last that has entries is told; beside a second key,
/// for every value of that key, so that the series have equal length.
///
/// # Errors
/// `Invalid` where filling the gaps would make more than [`super::LARGEST_FILLED`] groups.
pub fn ordered_groups(
    facts: &Facts,
    rows: &Rows,
    by: &[GroupBy],
    lens: &Lens<'_>,
    order: GroupOrder,
) -> Result<Vec<Group>, Refusal> {
    let axes: Vec<Axis<'_, KeyValue>> = by.iter().map(|by| axis::by(facts, rows, *by, lens)).collect();
    let keys: Vec<_> = axes.iter().map(|axis| &axis.ways).collect();
    let group = |(cell, count): (u64, u32)| {
        let slots = if count > 0 { slots_of(cell, &keys)? } else { return None };
        let values = axes.iter().zip(slots).map(|(axis, slot)| axis.values[slot - 1].clone());
        Some(Group { keys: values.collect(), count: count.into(), cell })
    };
    let counted = count(facts, rows, &keys, Ask::Count).into_iter();
    let mut groups = gaps::fill(counted.filter_map(group).collect(), by)?;
    sort_groups(&mut groups, order, lens.directory);
    Ok(groups)
}

/// Brings groups into an order that does not depend on the one that they had.
pub(super) fn sort_groups(groups: &mut [Group], order: GroupOrder, directory: &Directory) {
    if groups.iter().all(|group| group.keys.len() <= 1) {
        return sort_by_place(groups, order, |group| group.keys.first().map(|key| Place::of(key, directory)));
    }
    let ranks = ranks(groups, directory);
    sort_by_place(groups, order, |group| -> (Vec<u32>, Vec<i32>) {
        let known = group.keys.iter().zip(&ranks);
        known.filter_map(|(key, ranks)| Some((*ranks.get(key)?, key.number()))).unzip()
    });
}

/// Where a value stands among those of its key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place<'d> {
    /// The codes of periods sort as their first days do.
    Period(Day),
    /// Two units that bore one slug in turn have one code; then the older one goes first.
    Code(Cow<'d, str>, i32),
}

impl<'d> Place<'d> {
    fn of(value: &KeyValue, directory: &'d Directory) -> Self {
        if let KeyValue::Bucket { start, .. } = value {
            return Self::Period(*start);
        }
        Self::Code(value.code(directory), value.number())
    }
}

fn sort_by_place<P: Ord>(groups: &mut [Group], order: GroupOrder, place: impl Fn(&Group) -> P) {
    match (order.by, order.sorting) {
        (GroupOrderField::Key, Sorting::Ascending) => groups.sort_by_cached_key(place),
        (GroupOrderField::Key, Sorting::Descending) => {
            groups.sort_by_cached_key(|group| Reverse(place(group)));
        }
        (GroupOrderField::Count, Sorting::Ascending) => {
            groups.sort_by_cached_key(|group| (group.count, place(group)));
        }
        (GroupOrderField::Count, Sorting::Descending) => {
            groups.sort_by_cached_key(|group| (Reverse(group.count), place(group)));
        }
    }
}

/// Where the code of each value stands among those of its key, so that texts are made and compared
/// once for a value, however many groups have it. Equal codes have one rank.
fn ranks(groups: &[Group], directory: &Directory) -> Vec<HashMap<KeyValue, u32>> {
    let width = groups.iter().map(|group| group.keys.len()).max().unwrap_or(0);
    let rank = |place: usize| {
        let values: HashSet<&KeyValue> = groups.iter().filter_map(|group| group.keys.get(place)).collect();
        let mut coded: Vec<(Cow<'_, str>, &KeyValue)> =
            values.into_iter().map(|value| (value.code(directory), value)).collect();
        coded.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let same = coded.chunk_by(|one, other| one.0 == other.0);
        let ranked =
            (0..).zip(same).flat_map(|(rank, same)| same.iter().map(move |(_, value)| (*value, rank)));
        ranked.map(|(value, rank)| (value.clone(), rank)).collect()
    };
    (0..width).map(rank).collect()
}
