//! Groups of rows, and how many there are.

use super::axis::Axis;
use super::{Facts, GroupBy, GroupKey, KeyValue, Lens, gaps};
use crate::directory::Directory;
use crate::page::Sorting;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Entries that have the same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// One value for each key of the question, in its order.
    pub keys: Vec<KeyValue>,
    /// The rows, in their order; none only where a gap was filled.
    pub rows: Vec<u32>,
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
pub fn distinct(facts: &Facts, rows: &[u32], key: GroupKey, lens: &Lens<'_>) -> u64 {
    Axis::new(facts, GroupBy::Key(key), lens).count(rows)
}

/// The groups of these rows by one or two keys, in the order of their codes.
///
/// A key that the kind does not offer has no groups. Where a bucket asks for its gaps to be
/// filled, every period from the first to the last that has entries is told; beside a second key,
/// for every value of that key, so that the series have equal length.
///
/// # Errors
/// `Invalid` where filling the gaps would make more than [`super::LARGEST_FILLED`] groups.
pub fn groups(facts: &Facts, rows: &[u32], by: &[GroupBy], lens: &Lens<'_>) -> Result<Vec<Group>, Refusal> {
    let mut groups = vec![Group { keys: Vec::new(), rows: rows.to_vec() }];
    for key in by {
        let mut axis = Axis::new(facts, *key, lens);
        groups = groups.into_iter().flat_map(|group| split(group, &mut axis)).collect();
    }
    let mut groups = gaps::fill(groups, by)?;
    let order = GroupOrder { by: GroupOrderField::Key, sorting: Sorting::Ascending };
    sort_groups(&mut groups, order, lens.directory);
    Ok(groups)
}

fn split(group: Group, axis: &mut Axis<'_>) -> Vec<Group> {
    let Group { keys, rows } = group;
    let parts = axis.part(&rows).into_iter();
    parts.map(|(value, rows)| Group { keys: [keys.as_slice(), &[value]].concat(), rows }).collect()
}

/// Brings groups into an order that does not depend on the one that they had.
pub fn sort_groups(groups: &mut [Group], order: GroupOrder, directory: &Directory) {
    // Two units that bore one slug in turn have one code; then the older key goes first.
    let codes = |group: &Group| -> (Vec<String>, Vec<i32>) {
        group.keys.iter().map(|key| (key.code(directory), key.number())).unzip()
    };
    match (order.by, order.sorting) {
        (GroupOrderField::Key, Sorting::Ascending) => groups.sort_by_cached_key(codes),
        (GroupOrderField::Key, Sorting::Descending) => {
            groups.sort_by_cached_key(|group| Reverse(codes(group)));
        }
        (GroupOrderField::Count, Sorting::Ascending) => {
            groups.sort_by_cached_key(|group| (group.rows.len(), codes(group)));
        }
        (GroupOrderField::Count, Sorting::Descending) => {
            groups.sort_by_cached_key(|group| (Reverse(group.rows.len()), codes(group)));
        }
    }
}
